"""What kind a character is of."""

from __future__ import annotations

import unicodedata

__all__ = ["WORD_JOINER", "is_wide"]

# Takes no room, and lets no line end.
WORD_JOINER = "\N{WORD JOINER}"


def is_wide(character: str) -> bool:
    """Tell whether a character is as wide as it is high, as Chinese ones are."""
    return bool(character) and unicodedata.east_asian_width(character) in ("W", "F")
