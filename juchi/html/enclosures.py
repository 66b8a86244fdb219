"""Blocks between colons: callouts, theorems and their like, and what one form has alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from juchi.core.errors import UserError
from juchi.html.forms import form_of
from juchi.prose.attributes import Attributes
from juchi.prose.divs import CALLOUTS, THEOREMS, refuse_unknown_kind
from juchi.prose.messages import fill

__all__ = ["enclosed"]


def enclosed(
    attributes: Attributes,
    words: Mapping[str, Any],
    place: str,
    title: Markup | None = None,
) -> tuple[Markup, Markup]:
    """Return the beginning and the end of a block.

    Parameters
    ----------
    attributes
        Its kind as its class, and its identifier.
    words
        The words of the language.
    place
        File and line, for the message.
    title
        Its title as it is printed.
    """
    if form := form_of(attributes, place):
        _refuse_title(title, form, place)
        return Markup('<div class="{}">\n').format(form), Markup("</div>\n")
    name = "".join(attributes.classes[:1]).removeprefix("callout-")
    if name in CALLOUTS:
        return _callout(name, title, words)
    if name in THEOREMS:
        id_ = attributes.named(place, name, THEOREMS[name])
        return _theorem(name, title, id_, words)
    refuse_unknown_kind(attributes, place)
    _refuse_title(title, name, place)
    return Markup('<div class="{}" data-place="{}">').format(name, place), Markup("</div>\n")


def _refuse_title(title: Markup | None, kind: str, place: str) -> None:
    """Refuse a title that nothing would print."""
    if title:
        raise UserError(
            place,
            f"the title {title.striptags()!r} of a block {kind}, which prints none",
            f"a line `::: {kind}`, and the text below it",
            "write the words as a paragraph of the block",
        )


def _callout(name: str, title: Markup | None, words: Mapping[str, Any]) -> tuple[Markup, Markup]:
    heading = title or words["callouts"][name]
    start = Markup('<aside class="callout {}"><p class="callout-title">{}</p>\n').format(
        name, heading
    )
    return start, Markup("</aside>\n")


def _theorem(
    name: str, title: Markup | None, id_: str | None, words: Mapping[str, Any]
) -> tuple[Markup, Markup]:
    named = Markup(' id="{}"').format(id_) if id_ else Markup("")
    shown = fill(escape(words["theorem_title"]), title=title) if title else Markup("")
    start = Markup(
        '<div class="theorem {0}"{1} data-kind="{0}"><p class="theorem-title">'
        '<span class="label"></span>{2}</p>\n'
    ).format(name, named, shown)
    return start, Markup("</div>\n")
