"""The folders that a build writes to: that it may, and that nothing in them is in its way.

That is what a killed build has begun, and files from the future.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from juchi.core.errors import UserError

__all__ = ["bring_home_the_log", "correct_clock_skew", "delete_begun", "require_writable"]

# So far, in seconds, the clock of a machine that serves the files may be ahead of this one's.
_AHEAD = 2.0


def require_writable(project: Path, folders: Iterable[Path]) -> None:
    """Refuse to begin where a folder takes no files.

    Parameters
    ----------
    project
        The project's own folder, in which others are made.
    folders
        Those that the build writes to, with all folders in them, as far as there are any yet.

    Raises
    ------
    UserError
        That names the first such folder.
    """
    tops = [folder for folder in folders if folder.is_dir()]
    below = [path for top in tops for path in top.rglob("*") if path.is_dir()]
    for folder in (project, *tops, *below):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UserError(
                where=str(folder.resolve()),
                found="a folder that takes no files: it is read-only, or another user's",
                expected="a folder that this build may write to",
                hint="fix its permissions or how it is mounted, then build again; "
                "the last good site is untouched",
            )


def correct_clock_skew(folders: Iterable[Path]) -> int:
    """Where the clock was set back, give files from the future the present time.

    Else what is made next would seem older than what it was made from.

    Parameters
    ----------
    folders
        Hold everything that the build makes.

    Returns
    -------
    int
        How many files were from the future.
    """
    now = time.time()
    files = [path for folder in folders for path in _files(folder)]
    late = [path for path in files if path.lstat().st_mtime > now + _AHEAD]
    for path in late:
        os.utime(path, (now, now), follow_symlinks=False)
    return len(late)


def delete_begun(folders: Iterable[Path]) -> None:
    """Delete what a killed build has begun to write, see `juchi.core.atomic`.

    Parameters
    ----------
    folders
        Hold everything that the build makes, and no other build may be writing to.
    """
    begun = [path for folder in folders for path in folder.rglob(".*.part")]
    for path in begun:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def bring_home_the_log(started: Path, project: Path) -> None:
    """Move the log that Snakemake has begun where it was started, if it left nothing else there."""
    begun = started / ".snakemake"
    if (
        started == project
        or not begun.is_dir()
        or {path.name for path in begun.iterdir()} != {"log"}
    ):
        return
    logs = project / ".snakemake" / "log"
    logs.mkdir(parents=True, exist_ok=True)
    for log in (begun / "log").iterdir():
        shutil.move(log, logs / log.name)
    shutil.rmtree(begun)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
