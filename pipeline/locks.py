"""One build at a time in a folder, and none that a killed one keeps waiting.

Snakemake's own locks are files: they outlive a build that is killed, and the next one is refused
until somebody takes them away by hand. The kernel's lock on a file ends with its process, however
that ends; so who has it knows that Snakemake's locks are nobody's.
"""

from __future__ import annotations

import fcntl
from pathlib import Path

from pipeline.errors import UserError

__all__ = ["clear", "hold"]

_held: list[object] = []


def hold(folder: Path) -> None:
    """Hold a folder for this process until it ends, and clear what a killed build has left.

    On a file system without locks nothing is held, and Snakemake's own locks are left to it.

    Parameters
    ----------
    folder
        Snakemake's own, ``.snakemake`` in the project's.

    Raises
    ------
    UserError
        If another build runs in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "build.lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UserError(
            where=str(folder.resolve().parent),
            found="another build, which is running in this folder",
            expected="one build at a time",
            remedy="wait until it has ended, or stop it, then build again",
        ) from error
    except OSError:
        return
    _held.append(lock)
    clear(folder)


def clear(folder: Path) -> None:
    """Take away the locks of a Snakemake that is known to have ended."""
    for left in (folder / "locks").glob("*"):
        left.unlink(missing_ok=True)
