"""What stands before the sections: one picture below the title, and a few points to remember."""

from __future__ import annotations

from collections.abc import Mapping

from lxml.html import HtmlElement

from juchi.core.errors import UserError

__all__ = ["check_front"]

_POINTS = range(3, 6)


def check_front(prose: Mapping[str, HtmlElement]) -> None:
    """Refuse a lead that is no figure alone, and key points that are no short list.

    Parameters
    ----------
    prose
        The files of prose, by name.
    """
    lead, points = prose.get("lead"), prose.get("key_points")
    if lead is not None and [each.tag for each in lead] != ["figure"]:
        raise UserError(
            str(lead.get("data-source")),
            f"{_told(lead)}, where the picture below the title stands",
            "one figure with its caption, and nothing besides",
            'write `{% call figure("name", alt="…") %}caption{% endcall %}`; '
            "what is said of it belongs into a section",
        )
    if points is None:
        return
    items = len(points.xpath("./ul/li"))
    if [each.tag for each in points] != ["ul"] or items not in _POINTS:
        raise UserError(
            str(points.get("data-source")),
            f"{_told(points)} with {items} points",
            f"one list of {_POINTS[0]} to {_POINTS[-1]} points, each a sentence",
            "begin each point with a hyphen and a space; whatever else belongs into the abstract",
        )


def _told(element: HtmlElement) -> str:
    return " and ".join(f"<{each.tag}>" for each in element) or "no block of text"
