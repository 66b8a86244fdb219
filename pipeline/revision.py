"""The commit that a build is made from, as Git tells it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TypedDict

__all__ = ["Revision", "revision"]


class Revision(TypedDict):
    """The commit, None outside of a Git repository, and whether files differ from it."""

    commit: str | None
    dirty: bool


def revision(root: Path) -> Revision:
    """Return the commit of the folder `root` and whether its files differ from it.

    A folder inside some other repository, such as a copy of the project, has no commit of its own.
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != root.resolve():
        return Revision(commit=None, dirty=False)
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    return Revision(commit=commit, dirty=bool(_git(root, "status", "--porcelain")))


def _git(root: Path, *arguments: str) -> str | None:
    """Return what Git prints; None where there is no Git or it refuses."""
    # Without optional locks: a build must not stand in the way of a commit made meanwhile.
    command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
