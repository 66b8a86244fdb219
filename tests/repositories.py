"""Git for tests: with settings of its own, so that no user's and no hook's matter."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from juchi.core import environment

__all__ = ["git"]

_SETTINGS = ("user.name=Test", "user.email=test@example.org", "protocol.file.allow=always")


def git(folder: Path, *arguments: str) -> str:
    """Return what Git prints when it runs in a folder; its failure fails the test."""
    words = [word for setting in _SETTINGS for word in ("-c", setting)]
    done = subprocess.run(
        ["git", *words, *arguments],
        cwd=folder,
        env={**environment.for_git(), "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
