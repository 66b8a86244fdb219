"""What the end of a page does not tear: derivations, listings, and what a colon leads to.

The elements are marked here by classes; the style sheet keeps them together.
"""

from __future__ import annotations

from math import ceil

from lxml.html import HtmlElement

__all__ = ["keep_together"]

# Of the listings that are kept whole: a page has room for them, in lines of so many characters.
LINES, WIDTH = 60, 85
JOINING = 80  # characters of a paragraph that joins two formulas, such as "so that"
_LED = ("ol", "ul", "dl", "pre", "blockquote")


def keep_together(root: HtmlElement) -> None:
    """Mark the paragraphs of a page that go with what follows or precedes, and whole listings."""
    for paragraph in root.iter("p"):
        before, after = paragraph.getprevious(), paragraph.getnext()
        text = paragraph.text_content().strip()
        if _is_led(after) and text.endswith((":", "：")):
            paragraph.classes.add("leads")
        if _is_equation(before) and _is_equation(after) and len(text) <= JOINING:
            paragraph.classes.add("joins")
    for code in root.iter("pre"):
        lines = code.text_content().rstrip("\n").split("\n")
        if sum(max(1, ceil(len(line) / WIDTH)) for line in lines) <= LINES:
            code.classes.add("whole")
        elif _is_listing(code.getparent()):
            code.getparent().classes.add("long")


def _is_led(element: HtmlElement | None) -> bool:
    """Tell whether a sentence that ends in a colon may lead to a block, which does not float."""
    if element is None or _is_listing(element):
        return element is not None and not element.get("data-kind")
    return element.tag in _LED


def _is_listing(element: HtmlElement) -> bool:
    return "listing" in element.classes


def _is_equation(element: HtmlElement | None) -> bool:
    return element is not None and "equation" in element.classes
