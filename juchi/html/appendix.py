"""Where the numbers come from, as paper has it: half a page behind its last section."""

from __future__ import annotations

from lxml import html
from lxml.html import HtmlElement

__all__ = ["append"]


def append(root: HtmlElement, appendix: str) -> None:
    """Put it behind the last section of a composed page, before the licence."""
    root.get_element_by_id("content").append(html.fragment_fromstring(appendix))
