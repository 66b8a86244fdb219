"""Numbers below each other by their decimal points, in any font, on screen and on paper.

A cell is set flush right, and what it has less behind the units than other cells of its column
follows it unseen: the digits, signs and raised signs that it lacks, as generated content, which
nobody copies. Digits are all of one width, so the points meet exactly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from juchi.prose.printed import NBSP

__all__ = ["aligned", "are_numbers"]

_RAISED = ("sup", "sub")
# A sign and what else may stand before a number, then its units, in groups or not.
_NUMBER = r"[^\w]*?\d+(?:[{groups}]\d{{3}}(?!\d))*"
_GROUPS = ",.'\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"


def are_numbers(cells: Sequence[Markup], point: str) -> bool:
    """Tell whether a column has numbers in one unit, and no other words with digits in them.

    Below ``3 nS/cm²`` the room for its unit would push ``5.92`` to the other edge of the column:
    numbers in several units are set flush right like the words beside them.
    """
    found = [_behind_units(cell, point) for cell in cells if any(map(str.isdigit, _text(cell)))]
    return None not in found and len({_letters(each or []) for each in found}) == 1


def _letters(signs: Sequence[tuple[str, bool]]) -> str:
    """Return the letters behind a number, without those of notes."""
    return "".join(sign for sign, raised in signs if sign.isalpha() and not raised)


def aligned(cells: Sequence[Markup], point: str) -> list[Markup]:
    """Return the cells of a column with what each lacks behind it.

    `point` is the decimal point of the language.
    """
    behind = [_behind_units(cell, point) for cell in cells]
    most: Counter[tuple[str, bool]] = Counter()
    for each in behind:
        most |= _count(each or [])
    digits = {raised: digit for digit, raised in chain(*filter(None, behind)) if digit.isdecimal()}
    return [
        cell if has is None else cell + _pad(most - _count(has), digits)
        for cell, has in zip(cells, behind, strict=True)
    ]


def _count(signs: Sequence[tuple[str, bool]]) -> Counter[tuple[str, bool]]:
    return Counter(("0" if sign.isdecimal() else sign, raised) for sign, raised in signs)


def _pad(lacking: Counter[tuple[str, bool]], digits: dict[bool, str]) -> Markup:
    """Return unseen signs; their digits stand in the column, so that its font has them."""
    level, raised = (
        "".join(
            digits[height] if sign == "0" else sign
            for sign, height in lacking.elements()
            if height == wanted
        ).replace(" ", NBSP)
        for wanted in (False, True)
    )
    if not level and not raised:
        return Markup("")
    parts = Markup(' data-raised="{}"').format(raised) if raised else ""
    return Markup('<span class="pad" data-level="{}"{}></span>').format(level, parts)


def _behind_units(cell: Markup, point: str) -> list[tuple[str, bool]] | None:
    """Return the signs behind the units of a cell's number, each raised or not."""
    signs = list(_signs(html.fragment_fromstring(str(cell), create_parent="span")))
    groups = re.escape(_GROUPS.replace(point, ""))
    match = re.match(_NUMBER.format(groups=groups), "".join(sign for sign, _ in signs))
    return signs[match.end() :] if match else None


def _signs(element: HtmlElement, *, raised: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield the signs that an element shows."""
    raised = raised or element.tag in _RAISED
    yield from ((sign, raised) for sign in element.text or "")
    for child in element:
        yield from _signs(child, raised=raised)
        yield from ((sign, raised) for sign in child.tail or "")


def _text(cell: Markup) -> str:
    root = html.fragment_fromstring(str(cell), create_parent="span")
    return "".join(sign for sign, _ in _signs(root))
