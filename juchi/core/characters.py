"""What kind a character is of."""

from __future__ import annotations

import unicodedata

__all__ = ["is_wide"]


def is_wide(character: str) -> bool:
    """Tell whether a character is as wide as it is high, as Chinese ones are."""
    return bool(character) and unicodedata.east_asian_width(character) in ("W", "F")
