"""How machines find the parts of the site: the sitemap, `robots.txt`, and the linkset."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from juchi.core.atomic import write_bytes, write_text
from juchi.core.errors import run_command
from juchi.core.folders import replacing_folder
from juchi.core.records import read_json, write_json
from juchi.site.localized_metadata import LocalizedMetadata, read_metadata
from juchi.site.metadata import LINKSET, signposts

__all__ = ["linkset", "main", "robots", "sitemap"]

SITEMAP = "sitemap.xml"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"

# The way back of a typed link.
_BACK = {"item": "collection", "describedby": "describes"}

Links = dict[str, list[dict[str, str]]]


def sitemap(editions: Sequence[LocalizedMetadata]) -> bytes:
    """Return the sitemap: the page that chooses, and each page with its twins.

    After https://www.sitemaps.org/protocol.html, with the alternates that search engines read.
    """
    site = editions[0].site
    root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap={None: _SITEMAP, "xhtml": _XHTML})
    alternates = [("x-default", site), *((each.tag, each.page) for each in editions)]
    for address in (site, *(each.page for each in editions)):
        entry = etree.SubElement(root, f"{{{_SITEMAP}}}url")
        etree.SubElement(entry, f"{{{_SITEMAP}}}loc").text = address
        etree.SubElement(entry, f"{{{_SITEMAP}}}lastmod").text = editions[0].date.isoformat()
        for tag, twin in alternates:
            attributes = {"rel": "alternate", "hreflang": tag, "href": twin}
            etree.SubElement(entry, f"{{{_XHTML}}}link", attributes)
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return xml


def robots(edition: LocalizedMetadata) -> str:
    """Return `robots.txt` (RFC 9309): everything may be read, and here is the sitemap.

    Robots ask for it at the root of a host only; below that it says what holds anyway. What is not
    published yet is nothing for them, wherever somebody shows it.
    """
    if not edition.site:
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nAllow: /\n\nSitemap: {edition.site}{SITEMAP}\n"


def linkset(editions: Sequence[LocalizedMetadata]) -> dict[str, Any]:
    """Return the typed links of all pages as a linkset (RFC 9264), FAIR Signposting's level 2.

    With the ways back, from each file to the page that it belongs to or describes.
    """
    contexts: dict[str, Links] = {}
    for edition in editions:
        for link in signposts(edition):
            target = {"href": urljoin(edition.page, link["href"])}
            if "type" in link:
                target["type"] = link["type"]
            relation = link["rel"]
            if relation == "linkset":
                continue
            _add(contexts, edition.page, relation, target)
            page = {"href": edition.page, "type": "text/html"}
            if relation in _BACK:
                _add(contexts, target["href"], _BACK[relation], page)
    return {"linkset": [{"anchor": anchor, **links} for anchor, links in contexts.items()]}


def _add(
    contexts: dict[str, Links],
    anchor: str,
    relation: str,
    target: dict[str, str],
) -> None:
    contexts.setdefault(anchor, {}).setdefault(relation, []).append(target)


def main() -> None:
    """Write the files into the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("article", "templates", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    editions = list(read_metadata(read_json(arguments.article), arguments.templates).values())
    with replacing_folder(arguments.output) as part:
        write_text(part / "robots.txt", robots(editions[0]))
        if editions[0].site:  # both tell where on the web things stand
            write_bytes(part / SITEMAP, sitemap(editions))
            write_json(part / LINKSET, linkset(editions))


if __name__ == "__main__":
    run_command(main)
