"""The list of contents on paper: a short paper is found through without one."""

from __future__ import annotations

from collections.abc import Callable

from lxml.html import HtmlElement

__all__ = ["LONG", "without_contents"]

# From so many pages on a paper has a list of contents; bookmarks every paper has.
LONG = 24


def without_contents(root: HtmlElement) -> Callable[[], None] | None:
    """Take the list of contents out of a page; return what puts it back, if there is one."""
    lists = root.xpath("//nav[@class='contents']")
    if not lists:
        return None
    (contents,) = lists
    parent = contents.getparent()
    place = parent.index(contents)
    parent.remove(contents)
    return lambda: parent.insert(place, contents)
