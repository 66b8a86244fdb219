"""The appendix on paper: links to the page of provenance become links to its rows here."""

from __future__ import annotations

from lxml import html
from lxml.html import HtmlElement

__all__ = ["append"]

_PAGE = "provenance.html"


def append(root: HtmlElement, appendix: str) -> None:
    """Put the appendix behind the references of a composed page, and bind the page's links to it.

    What the appendix does not repeat is no link on paper: the claims, whose evidence stands in
    their own table, and the files of data, which are attached.
    """
    root.get_element_by_id("content").append(html.fragment_fromstring(appendix))
    for files in root.find_class("files"):
        files.drop_tree()
    for link in list(root.iter("a")):
        page, _, target = link.get("href", "").partition("#")
        if page == _PAGE and target.startswith("claim-"):
            link.drop_tag()
        elif page == _PAGE:
            link.set("href", f"#{target or 'provenance'}")
