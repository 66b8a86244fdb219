"""Links of the prose to places of its own page: to what is there, or refused with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from juchi.core.errors import UserError
from juchi.prose.citing import TARGETS, target

__all__ = ["require_address", "resolve_own_links"]

# What stands beside the pages of the site.
_BESIDE = ("../data/", "../supplement/", "provenance.html")


def require_address(address: str, place: str) -> None:
    """Refuse a link to a file that is not part of the site."""
    url = urlsplit(address)
    if url.scheme or url.netloc or not url.path or address.startswith(_BESIDE):
        return
    raise UserError(
        where=place,
        found=f"a link to {address}, which is no page of the site",
        expected="an address with https://, or a place of this page as `#name`",
        hint="to attach a file, name it in config/article.yaml: supplements; to refer to a section,"
        " figure or table write @sec-name, @fig-name or @tbl-name",
    )


def resolve_own_links(root: HtmlElement) -> None:
    """Let each link to a place of the page lead there, whatever kind of place it is.

    A heading with the identifier `mean` is at ``#sec-mean``: an author may write ``#mean``.
    """
    ids = set(map(str, root.xpath("//@id")))
    for link in root.xpath("//a[@data-place]"):
        place, wanted = link.attrib.pop("data-place"), unquote(link.get("href")[1:])
        found = next((each for each in _candidates(wanted) if each in ids), None)
        if found is None:
            near = get_close_matches(wanted, [_short(each) for each in ids], 1)
            raise UserError(
                where=place,
                found=f"a link to #{wanted}, and no place of the page has that name",
                expected="the name of a heading, figure, table, listing or equation",
                hint=f"did you mean #{near[0]}?" if near else "name the heading: `# Title {#name}`",
            )
        link.set("href", f"#{found}")


def _candidates(wanted: str) -> Iterator[str]:
    yield wanted
    yield target(wanted)
    yield from (f"{kind}-{wanted}" for kind in dict.fromkeys(TARGETS.values()))


def _short(identifier: str) -> str:
    return identifier.removeprefix("sec-")
