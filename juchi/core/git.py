"""Git asked about the project: with none of the caller's settings, and its refusals told."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from juchi.core import environment
from juchi.core.errors import UserError

__all__ = ["SETTINGS", "failure", "git", "is_repository", "run"]

# Settings of a user or of a repository with which Git does not look at every file.
SETTINGS = {
    "core.fsmonitor": "false",
    "core.ignoreStat": "false",
    "core.sparseCheckout": "false",
    "core.untrackedCache": "false",
}


def is_repository(root: Path) -> bool:
    """Tell whether a folder is the top of a Git repository, a worktree or a submodule.

    A folder somewhere inside a repository, such as a copy of the project, is not.
    """
    return os.path.lexists(root / ".git")


def git(root: Path, *arguments: str, index: Path | None = None) -> str:
    """Return what Git prints about the repository whose top is the folder `root`.

    Parameters
    ----------
    index
        The index that Git uses; its own unless one is given.

    Raises
    ------
    UserError
        With Git's own words where it refuses, or where there is no Git.
    """
    done = run(root, *arguments, index=index)
    if done.returncode != 0:
        raise failure(root, done)
    return os.fsdecode(done.stdout)


def run(
    root: Path, *arguments: str, index: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run Git as `git` does, and return how it ended.

    Raises
    ------
    UserError
        Where there is no Git.
    """
    root = root.resolve()
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    # A build takes no lock that a commit made meanwhile would have to wait for. A submodule's own
    # settings name the folder of its files; a copy has another one.
    options = ["--no-optional-locks", "-C", str(root), f"--work-tree={root}", *settings]
    own = {
        # Where the repository is damaged, that around it is not taken instead.
        "GIT_CEILING_DIRECTORIES": str(root.parent),
        **({} if index is None else {"GIT_INDEX_FILE": str(index)}),
    }
    try:
        return subprocess.run(
            ["git", *options, *arguments],
            env={**environment.for_git(), **own},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise _refused(root, f"git does not start: {error.strerror}", "install Git") from error


def failure(root: Path, done: subprocess.CompletedProcess[bytes]) -> UserError:
    """Return the message about a Git that refused, in its own words."""
    said = os.fsdecode(done.stderr).strip() or f"git ended with status {done.returncode}"
    return _refused(root, said, "do as Git says, or repair the repository")


def _refused(root: Path, found: str, hint: str) -> UserError:
    lines = [line.strip() for line in found.splitlines() if line.strip()]
    return UserError(
        where=f"{root / '.git'}, which tells the commit that the article is built from",
        found="\n            ".join(lines),
        expected="a repository that Git reads",
        hint=f"{hint}; without .git the article is built as of no commit at all",
    )
