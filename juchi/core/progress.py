"""How far the long loop of a job is, told to the build that started the job.

The build names a folder in ``JUCHI_PROGRESS``; without one, nothing is told.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from juchi.core.atomic import write_text

__all__ = ["FOLDER", "name_job", "read_share", "track"]

Item = TypeVar("Item")

FOLDER = "JUCHI_PROGRESS"
# Often enough for an eye, and too rarely to cost anything.
_SECONDS = 0.5


class _Telling:
    """What this process tells: it is one job, so it has one name and one loop at a time."""

    name: str | None = None
    busy = False


def name_job(name: str) -> None:
    """Say which job this process is: the value of its rule's wildcard."""
    _Telling.name = name


def track(items: Iterable[Item], total: int) -> Iterator[Item]:
    """Yield items, and tell before each how many of the `total` are done.

    Of loops within one another only the outermost tells.
    """
    folder, name = os.environ.get(FOLDER), _Telling.name
    if folder is None or name is None or _Telling.busy or not Path(folder).is_dir():
        yield from items
        return
    _Telling.busy = True
    told = 0.0
    try:
        for done, item in enumerate(items):
            if time.monotonic() - told >= _SECONDS:
                write_text(Path(folder, name), f"{done / total:.3f}")
                told = time.monotonic()
            yield item
    finally:
        _Telling.busy = False


def read_share(folder: Path, name: str) -> float | None:
    """Return the share of its loop that a job has done; None if it has told nothing.

    A job of a rule without a wildcard has no name, and tells nothing. What cannot be read is not
    worth a build: this is for show.
    """
    try:
        return float((folder / name).read_text("utf-8"))
    except (OSError, ValueError):
        return None
