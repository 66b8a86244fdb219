"""Fonts, mathematics and the checkers of pages: what npm brings, see `juchi.toolchain.packages`.

It runs in the environment, which has been set up before.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from juchi.core import environment

__all__ = ["ensure"]


def ensure(venv: Path, *, tests: bool) -> None:
    """Have in ``node_modules/`` what the lock file says, with `tests` also the checkers of pages.

    A failure ends the set-up with the message that was told.
    """
    command = [str(venv / "bin" / "python"), "-m", "juchi.toolchain.packages"]
    options = ["--checkers"] if tests else []
    done = subprocess.run([*command, *options], env=environment.for_setup(), check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)
