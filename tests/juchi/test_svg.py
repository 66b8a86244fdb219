"""The pictures of the site draw, and can do nothing else: what they may be made of is listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.project import Project
from tests.samples import Sample, copied

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
ELEMENTS = {
    *(f"{SVG}{name}" for name in ("svg", "g", "defs", "path", "use", "rect", "clipPath", "image")),
    *(f"{SVG}{name}" for name in ("style", "metadata")),
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF",
    "{http://creativecommons.org/ns#}Work",
    "{http://purl.org/dc/elements/1.1/}type",
    "{http://purl.org/dc/elements/1.1/}format",
}
ATTRIBUTES = {
    *("id", "style", "transform", "x", "y", "width", "height", "viewBox", "version", "d", "type"),
    *("clip-path", "fill", "rx", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap"),
    *(LINK, RESOURCE),
}
# What a picture may call on: a part of itself, a picture in it, and the name of what it is.
INNER = re.compile(r"#[\w.-]+|data:image/png;base64,[\sA-Za-z0-9+/=]+")
STILL = "http://purl.org/dc/dcmitype/StillImage"
# What a style may call on: a part of the picture.
OUTWARD = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression|\\\\", re.IGNORECASE)


def faults_of_svg(content: bytes) -> list[str]:
    """Return what in a picture could do something, or is none of the few things that draw it."""
    tree = etree.fromstring(content)
    found = [f"entity {each.name}" for each in _entities(tree)]
    for element in tree.iter(etree.Element, etree.ProcessingInstruction):
        if element.tag not in ELEMENTS:
            found.append(f"element {element.tag}")
            continue
        found += [f"attribute {name}" for name in element.attrib if name not in ATTRIBUTES]
        if not INNER.fullmatch(element.get(LINK, "#x")):
            found.append(f"link {element.get(LINK)}")
        if element.get(RESOURCE, STILL) != STILL:
            found.append(f"resource {element.get(RESOURCE)}")
        styles = [*element.attrib.values()] if element.tag != f"{SVG}image" else []
        styles += [element.text or ""] if element.tag == f"{SVG}style" else []
        found += [f"style {each}" for each in styles if OUTWARD.search(each)]
    return found


def _entities(tree: Any) -> Iterator[Any]:
    doctype = tree.getroottree().docinfo.internalDTD
    return iter(()) if doctype is None else doctype.iterentities()


def test_no_picture_of_the_site_can_do_anything(built: Project) -> None:
    pictures = sorted((built.folder / "build" / "site").rglob("*.svg"))
    assert len(pictures) > 60
    for picture in pictures:
        assert faults_of_svg(picture.read_bytes()) == [], picture


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ("<script>alert()</script>", "element {http://www.w3.org/2000/svg}script"),
        ("<foreignObject/>", "element {http://www.w3.org/2000/svg}foreignObject"),
        ('<animate attributeName="href"/>', "element {http://www.w3.org/2000/svg}animate"),
        ("<a/>", "element {http://www.w3.org/2000/svg}a"),
        ('<g onload="alert()"/>', "attribute onload"),
        ('<use href="#a"/>', "attribute href"),
        ('<use xlink:href="javascript:alert()"/>', "link javascript:alert()"),
        ('<use xlink:href="other.svg#a"/>', "link other.svg#a"),
        ('<image xlink:href="https://example.org/a.png"/>', "link https://example.org/a.png"),
        ('<image xlink:href="data:image/svg+xml;base64,AA"/>', "link data:image/svg+xml;base64,AA"),
        ('<g style="fill: url(https://example.org/)"/>', "style fill: url(https://example.org/)"),
        ("<style>@import 'x'</style>", "style @import 'x'"),
    ],
)
def test_what_a_picture_could_do_is_seen(inside: str, fault: str) -> None:
    svg = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    assert faults_of_svg(f"<svg {svg}>{inside}</svg>".encode()) == [fault]


def test_an_entity_in_a_picture_is_seen() -> None:
    text = '<!DOCTYPE svg [<!ENTITY e "x">]><svg xmlns="http://www.w3.org/2000/svg"/>'
    assert faults_of_svg(text.encode()) == ["entity e"]


def test_hostile_words_are_drawn_as_letters(tmp_path: Path) -> None:
    copy = Sample(copied(tmp_path / "sources"), tmp_path / "output")
    text = "\"'--><script>\\$\\foo\\$"

    def spoil(words: dict[str, Any]) -> None:
        words["figures"]["sawtooth"] = dict.fromkeys(words["figures"]["sawtooth"], text)
        words["axes"] = dict.fromkeys(words["axes"], text)

    copy.edit("templates/en/messages.yaml", spoil)
    drawing = copy.figure("sawtooth", ["en"]) / "en" / "sawtooth.light.svg"
    assert faults_of_svg(drawing.read_bytes()) == []
