"""What paper leaves to the web: whole appendices, blocks, the page of provenance; and its links."""

from __future__ import annotations

from lxml.html import HtmlElement

from juchi.html.forms import PAPER, WEB, leave_form

__all__ = ["ADDRESS", "leave_to_web"]

# Of the page: where it stands for good, once it is published.
ADDRESS = "data-permanent"
_PROVENANCE = "provenance.html"


def leave_to_web(root: HtmlElement) -> None:
    """Leave of a composed page what paper has, and lead to the rest where it is published.

    A link to what only the web has keeps its words. It leads to the published page, or nowhere
    where there is none.
    """
    address = root.get(ADDRESS, "")
    parts = root.find_class(WEB)
    elsewhere = {id_ for part in parts for id_ in part.xpath("descendant-or-self::*/@id")}
    leave_form(root, PAPER)
    for part in root.xpath("//span[@class='screen-only']"):
        part.drop_tree()
    if not address:
        _leave_out_origins(root)
    for link in list(root.iter("a")):
        file, _, target = link.get("href", "").partition("#")
        if file == _PROVENANCE and not target:
            link.set("href", "#provenance")  # the paper's own section of it
        elif file == _PROVENANCE or (not file and target in elsewhere):
            _lead(link, f"{address}{file}#{target}" if address else "")


def _lead(link: HtmlElement, address: str) -> None:
    if address:
        link.set("href", address)
    else:
        link.drop_tag()


def _leave_out_origins(root: HtmlElement) -> None:
    """Leave out of captions the words that are nothing but a link to the origin."""
    for origin in root.xpath("//span[@class='origin']"):
        origin.drop_tree()
