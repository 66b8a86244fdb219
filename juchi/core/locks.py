"""One build at a time in a folder, and none that a killed one keeps waiting or writes into.

Snakemake's own locks are files: they outlive a build that is killed, and the next one is refused
until somebody takes them away by hand. The kernel's lock on a file ends with the last process that
has it open, however that ends. One lock is the main process's alone: whoever gets it knows that
Snakemake's own locks are nobody's. The other is inherited by every job: whoever gets it knows that
no job of an earlier build is left that could still write.
"""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path
from typing import IO

from juchi.core.errors import UserError

__all__ = ["clear", "hold"]

_held: list[object] = []
# That of the build itself, and that of its jobs.
_LOCKS = ("build.lock", "jobs.lock")


def hold(folder: Path) -> list[int]:
    """Hold a folder for this process until it ends, and clear what a killed build has left.

    Waits for the jobs of a killed build. On a file system without locks nothing is held, and
    Snakemake's own locks are left to it.

    Parameters
    ----------
    folder
        Snakemake's own, ``.snakemake`` in the project's.

    Returns
    -------
    list
        The file descriptors that every job has to inherit.

    Raises
    ------
    UserError
        If another build runs in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    build, jobs = ((folder / name).open("w", encoding="utf-8") for name in _LOCKS)
    try:
        fcntl.flock(build, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _wait(jobs)
    except BlockingIOError as error:
        raise UserError(
            where=str(folder.resolve().parent),
            found="another build, which is running in this folder",
            expected="one build at a time",
            hint="wait until it has ended, or stop it, then build again",
        ) from error
    except OSError:
        return []
    _held.extend([build, jobs])
    clear(folder)
    return [jobs.fileno()]


def _wait(jobs: IO[str]) -> None:
    """Lock the file that every job has open, as soon as no job has."""
    try:
        fcntl.flock(jobs, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for the jobs of a build that was killed to end.", file=sys.stderr)
        fcntl.flock(jobs, fcntl.LOCK_EX)


def clear(folder: Path) -> None:
    """Take away the locks of a Snakemake that is known to have ended."""
    for left in (folder / "locks").glob("*"):
        left.unlink(missing_ok=True)
