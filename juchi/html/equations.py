"""Displayed formulas as HTML, with a number for the whole or numbers for their lines."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.prose.displays import Line, read_display

__all__ = ["equation"]


def equation(
    tex: str, id_: str | None, alt: str | None, place: str, noted: Callable[[str, str], None]
) -> Markup:
    """Return a displayed formula; with a number where it has an identifier.

    Parameters
    ----------
    tex
        LaTeX without macros.
    id_, alt
        Its identifier, and words that are said in its place.
    place
        Where it is written, for messages.
    noted
        Takes the LaTeX of each part that the page has, and the whole that it is of.
    """
    display = read_display(tex, place)
    for line in [display.whole] if display.whole else display.lines:
        for number, cell in enumerate(line.cells):
            noted(_cell(cell, number), tex)
    if display.whole is not None:
        return _whole(display.whole, id_, alt)
    if id_ or alt:
        raise UserError(
            place,
            f"a name or words for a formula whose lines have numbers: {id_ or alt}",
            r"\label{eq-name} in the lines that are referred to, each of which is read by itself",
            "write aligned or gathered instead of align or gather for one number for all lines",
        )
    rows = Markup("").join(map(_line, display.lines))
    return Markup(
        '<div class="equation lines" data-tex="{}"><div class="rows">{}</div></div>\n'
    ).format(tex, rows)


def _whole(line: Line, id_: str | None, alt: str | None) -> Markup:
    said = Markup(' data-alt="{}"').format(" ".join(alt.split())) if alt else Markup("")
    formula = Markup('<span class="math display" data-tex="{}"{}></span>').format(
        line.cells[0], said
    )
    name = id_ or line.id
    if not (name or line.tag):
        return Markup('<div class="equation">{}</div>\n').format(formula)
    return Markup(
        '<div class="equation"{} data-kind="equation"{}>{}<span class="label"></span></div>\n'
    ).format(_id(name), _tag(line), formula)


def _cell(cell: str, number: int) -> str:
    """Return the LaTeX of a cell: behind nothing, a sign stands as between two things."""
    return f"{{}}{cell}" if cell and number % 2 else cell


def _line(line: Line) -> Markup:
    cells = Markup("").join(
        Markup('<span class="math display" data-tex="{}"></span>').format(_cell(cell, number))
        if cell
        else Markup('<span class="display"></span>')
        for number, cell in enumerate(line.cells)
    )
    if not line.numbered:
        return Markup('<div class="line">{}</div>').format(cells)
    return Markup(
        '<div class="line"{} data-kind="equation"{}>{}<span class="label"></span></div>'
    ).format(_id(line.id), _tag(line), cells)


def _id(name: str | None) -> Markup:
    return Markup(' id="{}"').format(name) if name else Markup("")


def _tag(line: Line) -> Markup:
    return Markup(' data-tag="{}"').format(line.tag) if line.tag else Markup("")
