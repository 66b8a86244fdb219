"""The last page of a short paper: a few lines alone on it are brought to the page before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml.html import HtmlElement

__all__ = ["without_short_end"]

# A longer paper is printed once: its last page is one of many, and printing takes its time.
_PAGES = 8
# Of the height of a page: what is no more is a few lines.
_SHARE = 0.25
# What print.css sets with less space.
_TIGHT = "tight"


def without_short_end(root: HtmlElement, document: Any, render: Callable[[], Any]) -> Any:  # noqa: ANN401 - WeasyPrint has no types
    """Return a document laid out with less space where that spares it a nearly empty last page.

    Parameters
    ----------
    root
        The page, which has the class `tight` from then on.
    document
        As it is laid out with all its space.
    render
        Lays the page out again.
    """
    pages = document.pages
    if not 1 < len(pages) <= _PAGES or _filled(pages[-1]) > _SHARE:
        return document
    root.classes.add(_TIGHT)
    tight = render()
    if len(tight.pages) < len(pages):
        return tight
    root.classes.discard(_TIGHT)
    return document


def _filled(page: Any) -> float:  # noqa: ANN401
    """Return which share of the height of a page its text takes; notes at its foot are no text."""
    box = page._page_box
    return float(box.children[0].height / box.height)
