"""Control-C ends a build at once, in one line.

Snakemake would wait for its jobs and tell how each of them ended, with tracebacks. Nothing needs
that: what a job has finished is kept, what it has not is made again, and no job outlives its build.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from juchi.core.errors import INTERRUPTED

__all__ = ["end_at_once", "leave_to_snakemake"]

# What empties the line that a terminal shows.
_CLEARED = "\r\x1b[K"
_TOLD = "Interrupted. What was finished is kept; the last good site is as it was."


def end_at_once(end_companions: Callable[[], None]) -> None:
    """Have Control-C end this process.

    Parameters
    ----------
    end_companions
        Ends other processes that accompany the jobs, and leaves no file of theirs.
    """

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Past Python's own buffers: what they belong to may have been stopped half-way.
        told = f"{_CLEARED if sys.stderr.isatty() else ''}{_TOLD}\n"
        os.write(sys.stderr.fileno(), told.encode())
        # What jobs and the threads that wait for them say of their end is of no use to anybody.
        silent = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(silent, stream.fileno())
        end_companions()
        os._exit(INTERRUPTED)

    signal.signal(signal.SIGINT, end)


def leave_to_snakemake() -> None:
    """Have Control-C mean what Snakemake makes of it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
