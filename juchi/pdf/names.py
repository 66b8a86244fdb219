"""File names, addresses and identifiers in running text on paper: their letters stay as they are.

A hyphen at the end of a line would become a part of such a name for whoever copies it. Code is
known by its element; what else looks like a name is marked here, and the style sheet leaves it
whole.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import html
from lxml.html import HtmlElement

__all__ = ["keep_names", "open_long_words"]

MARK = "unhyphenated"
_WORD = re.compile(r"[!-~]{4,}")  # without spaces, accents or Chinese
_WITH_WORDS = (
    *("p", "li", "a", "b", "strong", "em", "span"),
    *("h2", "h3", "h4", "figcaption", "dt", "dd"),
)
_LONG = re.compile(r"[!-~\u00ad-\u04ff]{25}")  # of letters that no line breaks between
# Signs of names: a slash, an underscore, a dot or colon between letters, capitals or digits inside.
_SIGN = re.compile(r"[/\\_@=#~]|\w[.:]\w|[a-z][A-Z]|[A-Za-z]\d|\d[A-Za-z]")


def open_long_words(root: HtmlElement) -> None:
    """Mark the elements with words that may be longer than a line: they may be broken anywhere.

    To allow it everywhere would cost a fifth of the time of printing.
    """
    for element in root.iter(*_WITH_WORDS):
        texts = [element.text, *(child.tail for child in element)]
        if any(text and _LONG.search(text) for text in texts):
            element.set("class", f"{element.get('class', '')} breakable".strip())


def keep_names(root: HtmlElement) -> None:
    """Mark the names in the paragraphs of a page as what is never hyphenated."""
    for paragraph in root.iter("p"):
        for element in list(paragraph.iter()):
            if element.tag in ("code", "math"):
                continue
            _mark(element, element, "text", 0)
        for element in list(paragraph.iterdescendants()):
            parent = element.getparent()
            if parent.tag != "code" and element.get("class") != MARK:
                _mark(element, parent, "tail", parent.index(element) + 1)


def _mark(element: Any, parent: Any, slot: str, place: int) -> None:  # noqa: ANN401 - lxml is untyped
    """Mark the names in the text or the tail of an element; `place` is where marks are put."""
    text = getattr(element, slot) or ""
    names = [match for match in _WORD.finditer(text) if _SIGN.search(match[0])]
    if not names:
        return
    setattr(element, slot, text[: names[0].start()])
    ends = [*(match.start() for match in names[1:]), len(text)]
    for offset, (name, end) in enumerate(zip(names, ends, strict=True)):
        span = html.Element("span")
        span.set("class", MARK)
        span.text, span.tail = name[0], text[name.end() : end]
        parent.insert(place + offset, span)
