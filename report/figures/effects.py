"""Paired differences between activations, with their intervals."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels

__all__ = ["draw"]

# Each forest with the factor that its numbers are drawn with: accuracies in percentage points.
_FORESTS = {"steps": 1, "accuracy": 100}


def draw(drawing: Drawing) -> Figure:
    """Draw the differences in steps and in accuracy, with their intervals."""
    figure, axes = lay_out(drawing, [list(_FORESTS)], 2.3, 2.3)
    words = drawing.words["figures"]["effects"]
    for (measure, factor), axis in zip(_FORESTS.items(), axes.values(), strict=True):
        _draw_forest(axis, drawing, measure, factor)
        axis.set_title(words[measure], loc="left")
        axis.set_xlabel(words[f"{measure}_unit"], loc="right" if drawing.narrow else "center")
    if not drawing.narrow:
        axes["accuracy"].tick_params(labelleft=False)
    tag_panels(list(axes.values()))
    return figure


def _draw_forest(axis: Axes, drawing: Drawing, measure: str, factor: float) -> None:
    """Draw a row for each pair; a filled marker where the difference is beyond chance.

    Both the interval, which allows for the tuning, and the family's correction have to say so.
    """
    table = drawing.samples("comparison")
    names = drawing.words["figures"]["effects"]["pairs"]
    level = drawing.value("threshold.family_error")
    ink = drawing.theme.ink
    for place, pair in enumerate(names):
        (row,) = np.flatnonzero((table["measure"] == measure) & (table["pair"] == pair))
        mean, low, high = (factor * table[key][row] for key in ("mean_difference", "low", "high"))
        is_beyond_chance = table["p_holm"][row] <= level and not low <= 0 <= high
        filled = ink if is_beyond_chance else "none"
        axis.plot([low, high], [place, place], color=ink, linewidth=1.2, zorder=2)
        axis.plot(mean, place, marker="o", markersize=5, color=ink, markerfacecolor=filled)
    axis.axvline(0, color=ink, linewidth=0.9, linestyle="--")
    axis.set_yticks(range(len(names)), list(names.values()))
    axis.set_ylim(len(names) - 0.5, -0.5)
