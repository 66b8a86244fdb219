"""Build the wheel of the generator into dist/: `make wheel`.

It is built from a copy of the generator's files alone, so that nothing that an earlier build has
left gets into it. The same files give the same bytes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from juchi.core import environment
from juchi.core.errors import UserError, run_command

__all__ = ["build", "main"]

DIST = Path("dist")
_SOURCES = ("pyproject.toml", "requirements-juchi.txt", "LICENSE", "juchi")
# 1980, the first year that a zip knows.
_EPOCH = "315532800"
_OPTIONS = ("--no-deps", "--no-index", "--no-build-isolation", "--quiet")


def build(root: Path, folder: Path) -> Path:
    """Build the wheel of the generator in `root` into a folder; return its path.

    Raises
    ------
    UserError
        Where pip fails.
    """
    with tempfile.TemporaryDirectory(prefix="juchi-wheel-") as name:
        copy = Path(name)
        for source in _SOURCES:
            if (root / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(root / source, copy / source, ignore=ignored)
            else:
                shutil.copy(root / source, copy / source)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", *_OPTIONS]
        done = subprocess.run(
            [*pip, "--wheel-dir", str(copy / DIST), str(copy)],
            env={**environment.for_setup(), "SOURCE_DATE_EPOCH": _EPOCH},
            check=False,
        )
        if done.returncode != 0:
            raise UserError(
                where="pip wheel",
                found=f"it ended with status {done.returncode}; its own message stands above",
                expected="a wheel of juchi/",
                hint="look at pyproject.toml, then run the same command again",
            )
        (wheel,) = (copy / DIST).glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(wheel, folder / wheel.name))


def main() -> None:
    """Build it, and say where it is."""
    print(os.fspath(build(Path(), DIST)))


if __name__ == "__main__":
    run_command(main)
