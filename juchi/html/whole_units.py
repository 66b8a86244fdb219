"""Units with a slash that stay on one line: browsers and WeasyPrint would break µA/cm² behind it.

A span without breaks keeps them together, and not a character: what is copied and searched is the
unit alone. A unit is known by its look, a letter or a few on either side of a slash, whoever wrote
it; words such as and/or lose nothing by staying whole as well.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement, builder

__all__ = ["keep_units_whole"]

_FACTOR = "[A-Za-zµμΩÅ°%‰′″]{1,4}[⁻⁰¹²³⁴-⁹]*"
_PRODUCT = rf"\({_FACTOR}(?:[\s⋅·]{_FACTOR})*\)"
_UNIT = re.compile(rf"(?<![^\W\d]|[/.])({_FACTOR}/(?:{_FACTOR}|{_PRODUCT}))(?![\w/])")
_LEFT_ALONE = ["head", "code", "pre", "kbd", "script", "style", "svg", "math", "textarea"]


def keep_units_whole(root: HtmlElement) -> None:
    """Put each unit with a slash, wherever a page shows it, into a span that no line parts."""
    apart = " or ".join(f"self::{name}" for name in _LEFT_ALONE)
    for text in root.xpath(f"//text()[contains(., '/')][not(ancestor::*[{apart}])]"):
        before, *rest = _UNIT.split(str(text))
        if rest:
            spans = _spans(rest)
            parent = text.getparent()
            if text.is_tail:
                parent.tail, place = before, parent.getparent().index(parent) + 1
                parent.getparent()[place:place] = spans
            else:
                parent.text = before
                parent[0:0] = spans


def _spans(rest: list[str]) -> list[HtmlElement]:
    """Return units in turn with the text behind each as spans."""
    spans = [builder.SPAN(unit, {"class": "unit"}) for unit in rest[::2]]
    for span, behind in zip(spans, rest[1::2], strict=True):
        span.tail = behind
    return spans
