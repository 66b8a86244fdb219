"""Words that an author has written beside a cross reference, which prints them itself."""

from __future__ import annotations

import re

__all__ = ["said_twice"]

# A reference in its parts: its word, a number or a letter, and what Chinese has behind it.
_PRINTED = re.compile(r"(?P<word>[^\W\d_]*)\W*(?P<number>[\dA-Z][\w.]*)\W*(?P<end>[^\W\d_a-zA-Z]*)")
_SHORT = re.compile(r"\b(?:figs?\.?|(?:secs?|tabs?|thm|lst|app)\.)$", re.IGNORECASE)


def said_twice(before: str, printed: str, behind: str) -> str:
    """Return the word right beside a reference that the reference has too; empty where none is.

    Parameters
    ----------
    before, behind
        The text on both sides.
    printed
        What the reference prints, such as ``Figure 1`` or ``第 2 节``.
    """
    match = _PRINTED.match(printed)
    if match is None:
        return ""
    word, end = match["word"], match["end"]
    near = before.rstrip()
    if word:
        found = re.search(rf"(?<![a-zA-Z]){word}s?$", near, re.IGNORECASE)
        if found := found or (_SHORT.search(near) if word.isascii() else None):
            return found[0]
    alone = re.match(rf"\s*{end}(?![\u4e00-\u9fff])|\s*{end}[的中里]", behind)
    return end if end and alone else ""
