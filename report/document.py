"""The assembled page as a tree: numbering, cross references, contents, and its visible text."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import html
from lxml.html import HtmlElement

__all__ = [
    "Entry",
    "bind_citations",
    "contents",
    "number",
    "plain_text",
    "resolve_references",
    "serialise",
    "visible_text",
]

# What the style sheets set in another face than the serif one of running text.
_MONO = ("code", "pre")
_SANS = ("h1", "h2", "h3", "figcaption", "table", "nav", "footer")
_SANS_CLASSES = ("subtitle", "byline", "bar", "keywords", "skip", "footnote")
_SILENT = ("script", "style", "head")

NBSP = "\N{NO-BREAK SPACE}"
WORD_JOINER = "\N{WORD JOINER}"


@dataclass(frozen=True)
class Entry:
    """A line of the contents."""

    id: str
    number: str
    title: str
    level: int


def number(root: HtmlElement, labels: Mapping[str, str]) -> dict[str, str]:
    """Give sections, figures, tables and equations numbers; return the label of each by its id.

    `labels` holds the patterns, such as ``Figure {number}``.
    """
    found: dict[str, str] = {}
    counters: dict[str, int] = {}
    major = minor = 0
    for element in root.iter("h2", "h3", "figure", "div"):
        kind = element.get("data-kind")
        if element.tag in ("h2", "h3") and element.get("id"):
            major, minor = (major + 1, 0) if element.tag == "h2" else (major, minor + 1)
            count = f"{major}.{minor}" if minor else str(major)
            element.set("data-title", element.text_content())
            element.insert(0, _span("number", count))
            element[0].tail = element.text or ""
            element.text = None
            found[element.get("id")] = labels["section"].format(number=count)
        elif kind:
            counters[kind] = counters.get(kind, 0) + 1
            label = labels[kind].format(number=counters[kind])
            found[element.get("id")] = label
            for place in element.iter("span"):
                if place.get("class") == "label":
                    place.text = label
    return found


def resolve_references(root: HtmlElement, labels: Mapping[str, str]) -> None:
    """Write the label of its target into each cross reference."""
    for link in root.iter("a"):
        if link.get("class") == "reference":
            link.text = labels[link.get("href").removeprefix("#")]


def bind_citations(root: HtmlElement) -> None:
    """Keep each citation on the line of the word before it: bind the space, or join without one."""
    for citation in root.iter("span"):
        if citation.get("class") == "citation":
            before = citation.getprevious()
            text = citation.getparent().text if before is None else before.tail
            text = text or ""
            bound = text[:-1] + NBSP if text[-1:].isspace() else text + WORD_JOINER
            if before is None:
                citation.getparent().text = bound
            else:
                before.tail = bound


def contents(root: HtmlElement) -> list[Entry]:
    """Return the numbered headings; the first child of each is its number."""
    return [
        Entry(
            id=heading.get("id"),
            number=heading[0].text,
            title=heading.text_content().removeprefix(heading[0].text),
            level=int(heading.tag[1]) - 1,
        )
        for heading in root.iter("h2", "h3")
        if heading.get("id")
    ]


def _span(name: str, text: str) -> HtmlElement:
    span: HtmlElement = html.Element("span")
    span.set("class", name)
    span.text = text
    return span


def visible_text(root: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield each piece of text that the page shows, with its role: serif, sans or mono."""
    yield from _walk(root, "serif")


def _walk(element: Any, role: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - lxml is untyped
    if element.tag in _SILENT or not isinstance(element.tag, str):
        return
    if element.tag in _MONO:
        role = "mono"
    elif element.tag in _SANS or element.get("class") in _SANS_CLASSES:
        role = "sans"
    if element.text:
        yield role, element.text
    for child in element:
        yield from _walk(child, role)
        if child.tail:
            yield role, child.tail


def plain_text(root: HtmlElement) -> str:
    """Return the text of a part of the page on one line, each formula as its LaTeX."""
    own = copy.deepcopy(root)
    for formula in own.xpath("//span[@data-tex]"):
        formula.text = f"${formula.get('data-tex')}$"
    text: str = own.text_content()
    return " ".join(text.replace(WORD_JOINER, "").split())


def serialise(root: HtmlElement) -> str:
    """Return the page as HTML text."""
    text: str = html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    return text + "\n"
