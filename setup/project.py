"""The project's own command in its own environment: ``juchi``, run from the files of this folder.

An environment that another clone lends by a link, or that `VENV` names, is left as it is. There
``python -m juchi`` is the command, and a ``juchi`` of another clone hands over to this one's.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from juchi.core import environment
from juchi.core.errors import UserError
from setup import pins, stamp

__all__ = ["STAMP", "ensure"]

STAMP = ".project-stamp"
_FILES = [Path("pyproject.toml"), pins.GENERATOR_REQUIREMENTS]
# Nothing is fetched: what it needs and what builds it are there by the lock file.
_OPTIONS = ("--no-input", "--quiet", "--no-index", "--no-deps", "--no-build-isolation")


def ensure(venv: Path) -> None:
    """Have the command in an environment; done once, and again when the distribution changes.

    Raises
    ------
    UserError
        Where pip cannot install it.
    """
    if venv.is_symlink():
        return
    path, key = venv / STAMP, stamp.digest(_FILES, str(Path.cwd()))
    if stamp.is_current(path, key) and (venv / "bin" / "juchi").is_file():
        return
    stamp.remove(path)
    print(f"installing the command juchi into {venv}", flush=True)
    _install(venv)
    stamp.write(path, key)


def _install(venv: Path) -> None:
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "install", *_OPTIONS, "--editable", "."],
        env={**environment.for_setup(), "PIP_CONFIG_FILE": os.devnull},
        check=False,
    )
    if done.returncode != 0:
        raise UserError(
            where="pip install --editable .",
            found=f"it ended with status {done.returncode}; its own message stands above",
            expected=f"the command juchi in {venv}",
            hint="look at pyproject.toml and the free disk space, then run the command again",
        )
