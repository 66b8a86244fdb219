"""An environment of its own in which the project is installed, with nothing fetched."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

__all__ = ["OFFLINE", "fresh_environment", "install"]

# pip asks no index, and builds with the backend that is here.
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_CONFIG_FILE": os.devnull}


def fresh_environment(folder: Path) -> Path:
    """Make an environment that sees the packages of this one; return its programs' folder."""
    python = Path(sys.base_prefix, "bin", "python3.11")
    # Its own pip would bring an older setuptools along, before the one that is shared.
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
    packages = folder / "lib" / "python3.11" / "site-packages"
    (packages / "shared.pth").write_text(f"{Path(sysconfig.get_path('purelib')).resolve()}\n")
    pip = folder / "bin" / "pip"
    pip.write_text(f'#!/bin/sh\nexec "{folder}/bin/python" -m pip "$@"\n')
    pip.chmod(0o755)
    return folder / "bin"


def install(programs: Path, project: Path) -> None:
    """Install a project's folder in editable mode, as the documents say, but offline."""
    done = subprocess.run(
        [programs / "pip", "install", "-c", "constraints.txt", "-e", "."],
        cwd=project,
        env={**os.environ, **OFFLINE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
