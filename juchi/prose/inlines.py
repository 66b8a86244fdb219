"""Inlines of Pandoc's syntax tree: from words to them, and from them to safe HTML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

__all__ = [
    "Inline",
    "as_html",
    "as_it_stands",
    "as_printed",
    "changed",
    "element",
    "from_words",
    "printed",
    "walk",
]

Inline = Mapping[str, Any]

_TAGS = {
    **{kind: (f"<{tag}>", f"</{tag}>") for kind, tag in [("Emph", "i"), ("Strong", "b")]},
    **{"Superscript": ("<sup>", "</sup>"), "Subscript": ("<sub>", "</sub>")},
    **{"Underline": ("<u>", "</u>"), "Strikeout": ("<s>", "</s>")},
    "SmallCaps": ('<span class="small-caps">', "</span>"),
}
# Mark a text, and printed prose, that pass for a formula.
_TEXT, _PRINTED = "\ue008", "\ue009"
# The parts of an entry that a style sets apart from each other.
_APART = ("csl-block", "csl-indent")


def element(kind: str, content: object = None) -> dict[str, Any]:
    """Return an element of the tree."""
    return {"t": kind} if content is None else {"t": kind, "c": content}


def from_words(text: str) -> Iterator[Inline]:
    """Yield words and the spaces between them."""
    for space, characters in groupby(text, str.isspace):
        yield element("Space") if space else element("Str", "".join(characters))


def as_it_stands(text: str) -> Inline:
    """Return a text in which Pandoc looks for nothing, such as a page: it passes for a formula."""
    return element("Math", [element("InlineMath"), f"{_TEXT}{text}"])


def as_printed(prose: str) -> Inline:
    """Return prose that is HTML already, such as a fact."""
    return element("Math", [element("InlineMath"), f"{_PRINTED}{prose}"])


def printed(inlines: Sequence[Inline]) -> Iterator[str]:
    """Yield what is HTML already."""
    for inline in inlines:
        if inline["t"] == "Math" and inline["c"][1].startswith(_PRINTED):
            yield inline["c"][1].removeprefix(_PRINTED)


def walk(inlines: Sequence[Inline]) -> Iterator[Inline]:
    """Yield inlines and those within them."""
    for inline in inlines:
        yield inline
        yield from walk(_inner(inline))


def changed(inlines: Sequence[Inline], change: Callable[[Inline], Inline]) -> list[Inline]:
    """Return inlines, each of them and of those within them changed."""
    return [change(_with_inner(inline, changed(_inner(inline), change))) for inline in inlines]


def _inner(inline: Inline) -> Sequence[Inline]:
    """Return the inlines within an inline; a note has none, but blocks."""
    content: Any = inline.get("c")
    if inline["t"] in ("Link", "Span", "Cite", "Quoted"):
        inner: Sequence[Inline] = content[1]
        return inner
    return content if inline["t"] in _TAGS else ()


def _with_inner(inline: Inline, inner: list[Inline]) -> Inline:
    if not inner:
        return inline
    content: Any = inline["c"]
    return {**inline, "c": inner if inline["t"] in _TAGS else [content[0], inner, *content[2:]]}


def as_html(
    inlines: Sequence[Inline], link: Callable[[str], str] = str, raw: Container[str] = ()
) -> Markup:
    """Return inlines as HTML that holds no markup but what stands in the tree.

    Parameters
    ----------
    link
        Returns the address of a link for what the tree has; empty where it is none.
    raw
        What may stand as HTML: nothing else is taken for it.
    """
    return Markup("").join(_one(inline, link, raw) for inline in inlines)


def _one(inline: Inline, link: Callable[[str], str], raw: Container[str]) -> Markup:
    kind: str = inline["t"]
    content: Any = inline.get("c")
    leaf = _LEAVES.get(kind)
    if leaf:
        return leaf(content)
    if kind == "Math":
        return _formula(content[1], raw)
    inner = as_html(_inner(inline), link, raw)
    if kind == "Link":
        address = link(content[2][0])
        return Markup('<a href="{}">{}</a>').format(address, inner) if address else inner
    if kind == "Span":
        return _span(content[0][1], inner)
    opening, closing = _TAGS.get(kind, ("", ""))
    return Markup(opening) + inner + Markup(closing)


def _formula(tex: str, raw: Container[str]) -> Markup:
    """Return a formula, or what passes for one."""
    if tex.startswith(_TEXT):
        return escape(tex.removeprefix(_TEXT))
    if tex.startswith(_PRINTED):
        prose = tex.removeprefix(_PRINTED)
        return Markup(prose) if prose in raw else escape(prose)
    return Markup('<span class="math" data-tex="{}"></span>').format(tex.strip())


def _span(classes: Sequence[str], text: Markup) -> Markup:
    if "nodecor" in classes:
        return Markup('<span class="plain">{}</span>').format(text)
    if set(classes) & set(_APART):
        return Markup('<span class="{}">{}</span>').format(classes[0], text)
    return text


def _raised(text: str) -> Markup:
    """Return a text with its raised letters, as of 1ʳᵉ, raised by markup: few fonts have them."""
    parts = []
    for raised, characters in groupby(text, _is_raised):
        part = "".join(characters)
        plain = unicodedata.normalize("NFKC", part)
        parts.append(Markup("<sup>{}</sup>").format(plain) if raised else escape(part))
    return Markup("").join(parts)


def _is_raised(character: str) -> bool:
    decomposed = unicodedata.decomposition(character)
    return bool(re.match(r"<super> 00[46][0-9A-F]|<super> 00[57][0-9A]", decomposed))


# What holds no other inlines.
_LEAVES: dict[str, Callable[[Any], Markup]] = {
    "Str": _raised,
    "Space": lambda _: Markup(" "),
    "SoftBreak": lambda _: Markup(" "),
    "LineBreak": lambda _: Markup("<br>"),
    "Code": lambda content: Markup("<code>{}</code>").format(content[1]),
    "RawInline": lambda content: escape(content[1]),
}
