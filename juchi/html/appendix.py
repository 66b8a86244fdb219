"""The appendix on paper: links to the page of provenance become links to its rows here."""

from __future__ import annotations

from lxml import html
from lxml.html import HtmlElement

__all__ = ["append"]

_PAGE = "provenance.html"


def append(root: HtmlElement, appendix: str) -> None:
    """Put the appendix behind the last line of a composed page, and bind the page's links to it.

    What leads elsewhere is left to the screen: to the claims, whose evidence stands in their own
    table, and to the files of data, which are attached.
    """
    main = root.get_element_by_id("content")
    # The licence stands where the article ends; behind the appendix it would fill a page alone.
    main.extend([*root.body.iterchildren("footer"), html.fragment_fromstring(appendix)])
    for part in root.xpath("//span[@class='screen-only']"):
        part.drop_tree()
    for link in list(root.iter("a")):
        page, _, target = link.get("href", "").partition("#")
        if page == _PAGE:
            link.set("href", f"#{target or 'provenance'}")
    _unlink_what_the_screen_has(main)


def _unlink_what_the_screen_has(main: HtmlElement) -> None:
    """Leave the names of figures and tables without a link that only the screen shows."""
    ids = {each.get("id") for each in main.getroottree().iter() if each.get("id")}
    for link in main[-1].xpath(".//table[contains(@class, 'displays')]//a"):
        if link.get("href").removeprefix("#") not in ids:
            link.drop_tag()
