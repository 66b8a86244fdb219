"""What stays on one line of print: a relation with its number, a number with what it counts.

A line ends badly behind an equals sign, inside a bracket of two numbers, or between a number and
its measure word; and a paragraph ends badly in a line of a single short word. There a space
becomes a no-break space, or a word joiner stands between two characters of a script without spaces.
The screen, where lines may be short, keeps its spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml.html import HtmlElement

from juchi.core.characters import WORD_JOINER

__all__ = ["bind"]

NBSP = "\N{NO-BREAK SPACE}"
FORMULA, RELATION = "\N{OBJECT REPLACEMENT CHARACTER}", "\ue000"  # stand for formulas
LAST_WORD = 6  # letters and marks; a longer word may have the last line of a paragraph to itself

_OPEN_RELATION = re.compile(r"(?:[=<>]|\\(?:approx|le|ge))\s*$")
_HAN = "\u4e00-\u9fff"
_BOUND_SPACE = re.compile(
    rf"(?<={RELATION}) "  # $\eta =$ 0.65
    rf"|(?<=\d) (?=[{_HAN}])"  # 512 个
    r"|(?<=\bp\.) (?=\d)|(?<=\bpp\.) (?=\d)"  # [1, p. 460]
    r"|(?<=\d,) (?=[^\[\]\s]+\])|(?<=%,) (?=[^\[\]\s]+\])"  # [78.5, 87.7], [25, 26]
)
_INNER_SPACE = re.compile(r"(?<!,) ")  # 83.1 steps, but a list of numbers goes on
_LAST_SPACE = re.compile(rf" (?=[^\s{FORMULA}{RELATION}]{{1,{LAST_WORD}}}\s*$)")
_LAST_PAIR = re.compile(rf"(?<=[{_HAN}])(?=[{_HAN}]\W?\s*$)")


def bind(root: HtmlElement) -> None:
    """Put no-break spaces and word joiners into the composed page, formulas still in LaTeX."""
    for whole in root.xpath("//a[@class='reference'] | //data"):
        _rewrite(whole, lambda text: _INNER_SPACE.sub(NBSP, text))
    for block in root.iter("p", "figcaption", "td"):
        _rewrite(block, lambda text: _BOUND_SPACE.sub(NBSP, text))
    for paragraph in root.iter("p"):
        _rewrite(paragraph, lambda text: _LAST_SPACE.sub(NBSP, text))
        _join_last_pair(paragraph)


def _rewrite(block: HtmlElement, change: Callable[[str], str]) -> None:
    """Change the text of a block, as long as it was, wherever in the block its parts stand."""
    slots = list(_slots(block))
    text = change("".join(text for _, _, text in slots))
    start = 0
    for element, where, old in slots:
        if where:
            setattr(element, where, text[start : start + len(old)])
        start += len(old)


def _slots(element: Any) -> Iterator[tuple[Any, str, str]]:  # noqa: ANN401 - lxml is untyped
    """Yield the pieces of text in an element, each with where it is kept; '' for a formula."""
    tex = element.get("data-tex")
    if tex is not None:
        yield element, "", RELATION if _OPEN_RELATION.search(tex) else FORMULA
    if element.text:
        yield element, "text", element.text
    for child in element:
        if isinstance(child.tag, str):
            yield from _slots(child)
        if child.tail:
            yield child, "tail", child.tail


def _join_last_pair(paragraph: HtmlElement) -> None:
    """Keep the last two characters of a paragraph without spaces together."""
    slots = list(_slots(paragraph))
    if slots and slots[-1][1]:
        element, where, text = slots[-1]
        setattr(element, where, _LAST_PAIR.sub(WORD_JOINER, text))
