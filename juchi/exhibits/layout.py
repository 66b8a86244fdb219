"""How the panels of a figure are laid out: side by side, or one below the other on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import NARROW, WIDTH

__all__ = ["lay_out"]

Rows = Sequence[Sequence[str]]


def lay_out(
    drawing: Drawing,
    rows: Rows,
    height: float,
    heights: float | Sequence[float],
    *,
    narrow_rows: Rows = (),
    **options: Any,  # noqa: ANN401
) -> tuple[Figure, Mapping[str, Axes]]:
    """Return a figure with its panels by name.

    Parameters
    ----------
    drawing
        What is drawn, which tells whether for a phone.
    rows
        The names of the panels, row by row, as `matplotlib.pyplot.subplot_mosaic` has them.
    height
        Inches of the whole figure, as wide as the text.
    heights
        Inches of each row on a phone, or of all of them alike.
    narrow_rows
        The rows on a phone; without them each panel has one of its own.
    options
        Of `subplot_mosaic` where the figure is as wide as the text.
    """
    if not drawing.narrow:
        return plt.subplot_mosaic(_lists(rows), figsize=(WIDTH, height), **options)
    below = _lists(narrow_rows or [[name] for name in _names(rows)])
    each = [heights] * len(below) if isinstance(heights, int | float) else list(heights)
    return plt.subplot_mosaic(below, figsize=(NARROW, sum(each)), height_ratios=each)


def _lists(rows: Rows) -> list[Any]:
    return [list(row) for row in rows]


def _names(rows: Rows) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))
