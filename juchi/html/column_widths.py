"""What of a table stays on one line, so that a long column does not press the short ones together.

A browser gives a column of remarks the room of all others, down to a date on three lines and a
Chinese head of one character a line. Cells of few characters therefore stay whole as long as the
table fits the paper, and so do units and short Chinese words in heads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from math import ceil

from markupsafe import Markup

__all__ = ["kept_whole", "unbroken"]

# In halves of the em: a Chinese character takes two, a letter about one.
_TINY, _SHORT, _WHOLE, _LONG = 8, 10, 18, 22
# What the widths of the paper and of a phone hold, and the gap between two columns.
_PAPER, _PHONE, _GAP = 90, 40, 2
_CHINESE = 6
_BEFORE_UNIT = re.compile(r"(?<=\S)(\s*)(?=[（(\[])")
_BREAK = "<wbr>"
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_BRACKETS = re.compile(r"[（(\[][^）)\]]+[）)\]]")


def kept_whole(columns: Sequence[tuple[Sequence[str], str]]) -> list[str]:
    """Return the class of the cells of each column, by their texts and the head of the column.

    ``short`` ones stay whole on every screen, ``whole`` ones where there is room, ``long`` ones
    have a least width; the others have no class, nor has a table that fits a phone. As many stay
    whole as the paper has room for.
    """
    widest = [max(map(_width, cells), default=0) for cells, _ in columns]
    heads = [_width(head) for _, head in columns]
    if sum(map(max, widest, heads)) + _GAP * len(columns) <= _PHONE:
        return ["" for _ in columns]
    least = [
        max(max(map(_least, cells), default=0), min(_least(head), _WHOLE))
        for cells, head in columns
    ]
    needed = [
        max(wide, low) if wide <= _WHOLE else low for wide, low in zip(widest, least, strict=True)
    ]
    for _ in columns:
        if sum(needed) + _GAP * len(columns) <= _PAPER:
            break
        at = max(range(len(needed)), key=lambda column: needed[column] - least[column])
        needed[at] = least[at]
    return [_class(wide, room) for wide, room in zip(widest, needed, strict=True)]


def _class(wide: int, room: int) -> str:
    if 0 < wide <= min(room, _WHOLE):
        return "short" if wide <= _SHORT else "whole"
    return "long" if wide > _LONG else ""


def unbroken(head: Markup) -> Markup:
    """Return a head whose unit stays on one line, and whose Chinese words do not fall apart."""
    if "<" in head:
        return head
    if _width(head) <= _TINY:
        return Markup(_together(head))
    words, *others = _BEFORE_UNIT.split(str(head))
    # Then a space or none, and what is between brackets, in turn.
    parts = [_HAN.sub(_in_pieces, words)]
    for space, unit in zip(others[::2], others[1::2], strict=True):
        kept = _together(unit) if _BRACKETS.fullmatch(unit) else unit
        parts += [space or _BREAK, kept]
    return Markup("".join(parts))


def _together(text: str) -> str:
    return f'<span class="unit">{text}</span>' if _width(text) <= _WHOLE else text


def _in_pieces(words: re.Match[str]) -> str:
    """Return Chinese words in pieces of about one length between which a line may end."""
    text = words[0]
    size = ceil(len(text) / ceil(len(text) / _CHINESE))
    return _BREAK.join(_together(text[at : at + size]) for at in range(0, len(text), size))


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def _least(text: str) -> int:
    """Return the width of the longest word; Chinese ones are as long as heads keep them."""
    words = re.split(r"\s+|(?=[（(\[])", text)
    return max(
        min(_width(word), 2 * _CHINESE) if _HAN.search(word) else _width(word) for word in words
    )
