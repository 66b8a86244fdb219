"""What a linear layer draws by default, by its fan-in."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out

__all__ = ["draw"]

Array = NDArray[np.float64]

# The narrower a distribution, the higher it stands: more than three would not fit one scale.
_HISTOGRAMS = 3


def draw(drawing: Drawing) -> Figure:
    """Draw a histogram for each of the smallest fan-ins."""
    figure, axes = lay_out(drawing, [["histograms"]], 2.7, 2.7)
    _draw_histograms(axes["histograms"], drawing)
    return figure


def _fan_ins(drawing: Drawing) -> list[int]:
    return sorted(set(drawing.curves("default_draws")["fan_in"].tolist()))


def _column(drawing: Drawing, fan_in: int, name: str) -> Array:
    series = drawing.curves("default_draws")
    return np.asarray(series[name][series["fan_in"] == fan_in])


def _draw_histograms(axis: Axes, drawing: Drawing) -> None:
    words, theme = drawing.words["figures"]["initialisation"], drawing.theme
    fan_ins = _fan_ins(drawing)[:_HISTOGRAMS]
    for fan_in in fan_ins:
        _draw_histogram(axis, drawing, fan_in)
    expected = axis.plot([], [], color=theme.ink, linestyle="--", linewidth=0.9)[0]
    derived = axis.plot([], [], color=theme.ink, marker=">", markersize=4, linewidth=0.6)[0]
    axis.legend([expected, derived], [words["uniform"], words["derived"]], loc="upper right")
    axis.set_xlabel(drawing.words["axes"]["weight"])
    axis.set_ylabel(words["density"])
    widest, highest = math.sqrt(3 / fan_ins[0]), math.sqrt(fan_ins[-1]) / 2
    axis.set_xlim(-1.07 * widest, 1.07 * widest)
    axis.set_ylim(0, 1.45 * highest)


def _draw_histogram(axis: Axes, drawing: Drawing, fan_in: int) -> None:
    theme = drawing.theme
    colour = theme.colours["batchnorm"]
    low, high, density = (_column(drawing, fan_in, name) for name in ("low", "high", "density"))
    edges = np.append(low, high[-1])
    axis.stairs(density, edges, fill=True, color=colour, alpha=0.25, linewidth=0)
    axis.stairs(density, edges, color=colour, linewidth=1)
    bound = 1 / math.sqrt(fan_in)
    level = 1 / (2 * bound)
    axis.stairs([level], [-bound, bound], color=theme.ink, linestyle="--", linewidth=0.9)
    axis.annotate(
        f"n = {fan_in}", (0, level), (0, -10), textcoords="offset points", ha="center", va="top"
    )
    derived = bound * math.sqrt(3)
    axis.plot([-derived, derived], [level, level], color=theme.ink, linewidth=0.6)
    for end, marker in ((-derived, "<"), (derived, ">")):
        axis.plot(end, level, marker, color=theme.ink, markersize=4)
