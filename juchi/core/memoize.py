"""What was worked out of a text once and depends on that text alone, kept from build to build.

Reading the settings and the code of all modules takes longer than all else when there is nothing
to do. What is kept is known by a digest of all that it was made of; where nothing is kept, or what
is kept is damaged, it is made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from juchi.core.atomic import write_text

__all__ = ["memoize", "recall", "save"]

_kept: dict[str, Any] = {}
_used: dict[str, Any] = {}


def recall(path: Path) -> None:
    """Take up what a file keeps, for this process."""
    try:
        digest, text = path.read_text("utf-8").split("\n", 1)
    except (OSError, ValueError):
        return
    if digest == _digest(text):
        _kept.update(json.loads(text))


def memoize(work_out: Callable[[], Any], *made_of: str | bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return what a function works out, which is JSON, or what is kept of it.

    Parameters
    ----------
    made_of
        All that the result depends on, and what kind of result it is.
    """
    digest = hashlib.sha256()
    for part in made_of:
        text = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(text)} ".encode() + text)
    key = digest.hexdigest()
    if key not in _used:
        _used[key] = _kept[key] if key in _kept else work_out()
    return _used[key]


def save(path: Path) -> None:
    """Keep what this process has used, and nothing else, behind its digest."""
    if _used.keys() != _kept.keys():
        # In the order in which it was worked out, which may have a meaning.
        text = json.dumps(_used)
        write_text(path, f"{_digest(text)}\n{text}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
