"""The citations of a page, set when all of them are known, and its list of references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from juchi.core.characters import WORD_JOINER, is_wide
from juchi.html.composer import Composer
from juchi.html.forms import form_around
from juchi.prose.bibliography import Bibliography, Citation, Entry, bibliography
from juchi.prose.citeproc import Cluster
from juchi.prose.csl_style import load_style
from juchi.prose.formats import NBSP

__all__ = ["bind", "set_citations"]

# What moves in front of the call of a note that a style makes of a citation.
_STOPS = ".,;:!?”’"


def set_citations(parts: Sequence[HtmlElement], composer: Composer) -> list[Entry]:
    """Fill the places of all citations of a page, in its order; return the list of references.

    Parameters
    ----------
    parts
        The parts of the page in their order.
    composer
        What has composed them.
    """
    style = composer.entry["citation"]["style"]
    places: list[HtmlElement] = []
    clusters: list[Cluster] = []
    notes = 0
    for element in (each for part in parts for each in part.iter("span")):
        notes += element.get("class") == "note-call"
        if number := element.get("data-cited"):
            in_note = bool(element.xpath("ancestor::span[@class='footnote']"))
            notes += load_style(style).notes and not in_note
            places.append(element)
            clusters.append(Cluster(composer.citations[int(number)], notes, in_note))
    if not clusters:
        return []
    done = _bibliography(composer, clusters)
    forms = _forms(places, clusters)
    for place, cluster, citation in zip(places, clusters, done.citations, strict=True):
        narrative = cluster.mentions[0].mode == "@"
        _fill(place, citation)
        if citation.html.striptags().endswith(".") and (place.tail or "").startswith("."):
            place.tail = (place.tail or "")[1:]
        bind(place, narrative=narrative and not citation.before)
        if narrative and is_wide((place.tail or "").lstrip()[:1]):
            place.tail = (place.tail or "").lstrip()
    return [replace(entry, form=forms.get(entry.key)) for entry in done.entries]


def _forms(places: Sequence[HtmlElement], clusters: Sequence[Cluster]) -> dict[str, str | None]:
    """Return of each work the form that alone cites it; its number is the same in both."""
    found: dict[str, set[str | None]] = {}
    for place, cluster in zip(places, clusters, strict=True):
        for mention in cluster.mentions:
            found.setdefault(mention.key, set()).add(form_around(place))
    return {key: forms.pop() if len(forms) == 1 else None for key, forms in found.items()}


def _bibliography(composer: Composer, clusters: Sequence[Cluster]) -> Bibliography:
    return bibliography(
        composer.references,
        clusters,
        **composer.entry["citation"],
        language=composer.entry["tag"],
        words=composer.words,
    )


def _fill(place: HtmlElement, citation: Citation) -> None:
    """Write a citation into its place; before it what is part of the sentence."""
    del place.attrib["data-cited"]
    if citation.before:
        _append(place, citation.before)
    text = citation.html
    if citation.is_note:
        call = '<span class="note-call"></span><span class="footnote" role="note">{}</span>'
        text = Markup(call).format(text)
        _move_stop(place)
    filled = html.fragment_fromstring(str(text), "span")
    place.text = filled.text
    place.extend(list(filled))


def _move_stop(place: HtmlElement) -> None:
    """Put the stop that follows a citation before the note that it becomes."""
    tail = place.tail or ""
    if tail[:1] in _STOPS and tail[:1]:
        place.tail = tail[1:]
        twice = _before(place).rstrip().endswith(tail[0])
        _append(place, "" if twice else tail[0], strip=True)


def bind(place: HtmlElement, *, narrative: bool = False) -> None:
    """Keep a citation on the line of the word before it: bind the space, or join without one.

    A raised one has no space before it; and the name that a narrative one begins with is a word
    like any other.
    """
    if narrative:
        return
    text = _before(place)
    first = place[0] if len(place) and not (place.text or "").strip() else None
    raised = first is not None and (first.tag == "sup" or first.get("class") == "note-call")
    if text[-1:].isspace():
        _set_before(place, text.rstrip() + WORD_JOINER if raised else text[:-1] + NBSP)
    else:
        _set_before(place, text + WORD_JOINER)


def _append(place: HtmlElement, text: str, *, strip: bool = False) -> None:
    before = _before(place)
    _set_before(place, (before.rstrip() if strip else before) + text)


def _before(place: HtmlElement) -> str:
    before = place.getprevious()
    return (place.getparent().text if before is None else before.tail) or ""


def _set_before(place: HtmlElement, text: str) -> None:
    before = place.getprevious()
    if before is None:
        place.getparent().text = text
    else:
        before.tail = text
