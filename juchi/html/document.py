"""The assembled page as a tree: numbering, cross references, contents, and its visible text."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import html
from lxml.html import HtmlElement

from juchi.prose.messages import fill

__all__ = [
    "LATER",
    "Entry",
    "Look",
    "bind_citations",
    "characters",
    "contents",
    "number",
    "plain_text",
    "resolve_references",
    "serialise",
    "visible_text",
]

# What the style sheets set in another face than the regular serif one of running text.
_MONO = ("code", "pre")
_SANS = ("h1", "h2", "h3", "figcaption", "table", "nav", "footer")
_SANS_CLASSES = (
    *("subtitle", "byline", "bar", "keywords", "skip", "footnote", "cite-formats", "entry"),
    # What an article puts in the place of a figure where scripts run.
    "live-part",
)
# By element, by element and class, or by role and class.
_WEIGHTS = {
    **{"h1": 600, "h2": 600, "h3": 600, "thead": 600, "b": 700, "strong": 700},
    **{"span.bar-name": 600, "p.contents-title": 600, "sans.label": 600, "span.number": 400},
    **{"code.name": 400, "span.k": 700, "span.kn": 700, "span.ow": 700},
}
_SILENT = ("script", "style", "head", "noscript")
# The sections that nobody sees at first, see `juchi.fonts.font_subsets`.
LATER = "later"

NBSP = "\N{NO-BREAK SPACE}"
WORD_JOINER = "\N{WORD JOINER}"


@dataclass(frozen=True)
class Entry:
    """A line of the contents, with the lines of its parts."""

    id: str
    number: str
    title: str
    parts: list[Entry] = field(default_factory=list)


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
            found[element.get("id")] = fill(labels["section"], number=count)
        elif kind:
            counters[kind] = counters.get(kind, 0) + 1
            label = fill(labels[kind], number=counters[kind])
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
    """Return the numbered sections; the first child of each heading is its number."""
    sections: list[Entry] = []
    for heading in root.iter("h2", "h3"):
        if heading.get("id"):
            number = heading[0].text
            entry = Entry(heading.get("id"), number, heading.text_content().removeprefix(number))
            (sections if heading.tag == "h2" else sections[-1].parts).append(entry)
    return sections


def _span(name: str, text: str) -> HtmlElement:
    span: HtmlElement = html.Element("span")
    span.set("class", name)
    span.text = text
    return span


@dataclass(frozen=True)
class Look:
    """How a text is set.

    Attributes
    ----------
    role
        ``serif``, ``sans`` or ``mono``.
    weight
        CSS ``font-weight``.
    emphasis
        Whether it is emphasised, which is italic in one language and bold in another.
    later
        Whether it stands in a section that nobody sees at first.
    """

    role: str = "serif"
    weight: int = 400
    emphasis: bool = False
    later: bool = False


def visible_text(root: HtmlElement) -> Iterator[tuple[Look, str]]:
    """Yield each piece of text that the page shows, with its look."""
    yield from _walk(root, Look())


def _walk(element: Any, look: Look) -> Iterator[tuple[Look, str]]:  # noqa: ANN401 - lxml is untyped
    if element.tag in _SILENT or not isinstance(element.tag, str):
        return
    look = _look(element, look)
    if element.text:
        yield look, element.text
    for child in element:
        yield from _walk(child, look)
        if child.tail:
            yield look, child.tail


def _look(element: Any, around: Look) -> Look:  # noqa: ANN401 - lxml is untyped
    """Return the look of an element's own text, which it inherits in part."""
    classes = (element.get("class") or "").split()
    role = around.role
    if element.tag in _MONO:
        role = "mono"
    elif element.tag in _SANS or set(classes) & set(_SANS_CLASSES):
        role = "sans"
    keys = [f"{kind}.{name}" for kind in (element.tag, role) for name in classes]
    weights = [_WEIGHTS[key] for key in (*keys, element.tag) if key in _WEIGHTS]
    return Look(
        role,
        weights[0] if weights else around.weight,
        around.emphasis or element.tag in ("em", "i"),
        around.later or LATER in classes,
    )


def characters(root: HtmlElement) -> dict[tuple[str, int, str, str], bool]:
    """Return each character that a page shows, by role, weight and style; and if it comes later.

    A character that the first view shows too does not count as a later one.
    """
    found: dict[tuple[str, int, str, str], bool] = {}
    for look, text in visible_text(root):
        # Emphasis is italic or bold, as the language's style sheet has it: both faces get it.
        styles = [(look.weight, "normal")]
        if look.emphasis:
            styles = [(look.weight, "italic"), (700, "normal")]
        for character in set(text) - {"\n", "\t", WORD_JOINER}:
            for weight, style in styles:
                key = (look.role, weight, style, character)
                found[key] = look.later and found.get(key, True)
    return dict(sorted(found.items()))


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
    # Elements of HTML 5 that libxml2 does not know to be empty.
    return text.replace("</source>", "").replace("</wbr>", "") + "\n"
