"""Stamps: what a finished step leaves behind, so that the next call does nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from juchi.core.atomic import write_text

__all__ = ["digest", "is_current", "remove", "write"]


def digest(files: list[Path], *facts: str) -> str:
    """Return a key that changes with the content of `files` or with a fact about the machine."""
    key = hashlib.sha256()
    for part in [*(path.read_bytes() for path in files), *(fact.encode() for fact in facts)]:
        key.update(hashlib.sha256(part).digest())
    return key.hexdigest()


def is_current(stamp: Path, key: str) -> bool:
    """Say whether the step that writes `stamp` was finished under this key."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == key


def remove(*stamps: Path) -> None:
    """Take stamps away before the work that they vouch for begins again."""
    for stamp in stamps:
        stamp.unlink(missing_ok=True)


def write(stamp: Path, key: str) -> None:
    """Leave the stamp of a finished step."""
    write_text(stamp, key + "\n")
