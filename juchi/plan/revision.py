"""The commit that a build is made from, as Git tells it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TypedDict

from juchi.core.git import failure, git, is_repository, run

__all__ = ["Revision", "revision", "source_files"]

# Of the rules for files that do not count, the project's own: a user's could hide a new module.
_IGNORED = "--exclude-per-directory=.gitignore"


class Revision(TypedDict):
    """The commit, None where there is none, and whether files differ from it."""

    commit: str | None
    dirty: bool


def revision(root: Path) -> Revision:
    """Return the commit of the folder `root` and whether its files differ from it.

    A folder inside some other repository, such as a copy of the project, has no commit of its own;
    a repository without any commit differs from it.

    Raises
    ------
    UserError
        Where there is a repository that Git cannot or will not read.
    """
    if not is_repository(root):
        return Revision(commit=None, dirty=False)
    found = run(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if found.returncode == 0:
        return Revision(commit=found.stdout.decode().strip(), dirty=_is_dirty(root))
    told = run(root, "-c", "log.showSignature=false", "log", "-1")
    if b"does not have any commits yet" in told.stderr:
        return Revision(commit=None, dirty=True)
    raise failure(root, told)


def _is_dirty(root: Path) -> bool:
    """Return whether a file differs from that of the commit, or is not in it and not ignored.

    The index of the repository is left aside, and with it all its marks by which a file is not
    looked at: assume-unchanged, skip-worktree, what a file system monitor has told.
    """
    with tempfile.TemporaryDirectory(prefix="juchi-") as folder:
        index = Path(folder, "index")
        git(root, "read-tree", "HEAD", index=index)
        tracked = ("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=none")
        untracked = ("ls-files", "--others", _IGNORED)
        return any(git(root, *asked, index=index) for asked in (tracked, untracked))


def source_files(root: Path) -> list[str]:
    """Return the files of a repository's folder, committed or not, without those ignored.

    Raises
    ------
    UserError
        Where Git cannot or will not read the repository.
    """
    listed = git(root, "ls-files", "-z", "--cached", "--others", _IGNORED)
    return [name for name in listed.split("\0") if name]
