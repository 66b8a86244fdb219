"""Parts of the article that one of its two forms has alone: the page on the screen, or the paper.

Both are composed together, so that a number means the same in both.
"""

from __future__ import annotations

from lxml.html import HtmlElement

from juchi.core.errors import UserError
from juchi.prose.attributes import Attributes
from juchi.prose.divs import CONDITIONAL, PAPER, WEB

__all__ = ["PAPER", "WEB", "form_around", "form_of", "leave_form", "refuse_parted_references"]

# The same as Quarto has it, by the value of ``when-format``.
_FORMATS = {"html": WEB, "pdf": PAPER}
_OTHER = {WEB: PAPER, PAPER: WEB}


def form_of(attributes: Attributes, place: str) -> str | None:
    """Return the form that a block between colons belongs to; None if it is another block."""
    name = "".join(attributes.classes[:1])
    if name in _OTHER:
        return name
    if name not in CONDITIONAL:
        return None
    conditions = {key: value for key, value in attributes.values.items() if key != "title"}
    key = next(iter(conditions), "")
    if len(conditions) != 1 or key not in ("when-format", "unless-format"):
        raise _refusal(place, f"{name} with {', '.join(conditions) or 'no format'}")
    if conditions[key] not in _FORMATS:
        raise _refusal(place, f"the format {conditions[key]!r}")
    form = _FORMATS[conditions[key]]
    is_hidden = (name == "content-hidden") != (key == "unless-format")
    return _OTHER[form] if is_hidden else form


def _refusal(place: str, found: str) -> UserError:
    return UserError(
        place,
        found,
        'when-format="html" for the page on the screen, or when-format="pdf" for the paper',
        "write `::: {.web-only}` or `::: {.paper-only}`, which say the same",
    )


def leave_form(root: HtmlElement, form: str) -> None:
    """Leave of a page what one form shows: without what only the other one has."""
    for element in root.find_class(_OTHER[form]):
        element.drop_tree()
    for element in root.find_class(form):
        if element.tag == "div":
            element.drop_tag()
        else:
            element.classes.discard(form)


def refuse_parted_references(root: HtmlElement) -> None:
    """Refuse a reference to what only the paper has, from where the screen would show it.

    What only the screen has, paper may name: see `juchi.html.web_parts`.
    """
    places = {each.get("id"): each for each in root.iter() if each.get("id")}
    for link in root.iter("a"):
        target = places.get(link.get("href", "").removeprefix("#"))
        if target is None or form_around(target) != PAPER or form_around(link) == PAPER:
            continue
        source = next((each for each in link.iterancestors("section")), None)
        raise UserError(
            str(source.get("data-source") if source is not None else "the page"),
            f"a reference to {target.get('id')!r}, which only the paper shows",
            "a place that the screen has, too",
            f"refer to it inside of a `::: {{.{PAPER}}}`, or let both show it",
        )


def form_around(element: HtmlElement) -> str | None:
    """Return the form that alone has an element; None if both have it."""
    for each in (element, *element.iterancestors()):
        for form in _OTHER:
            if form in (each.get("class") or "").split():
                return form
    return None
