"""The Z-shaped path: gradient descent in the ravine that bias and weights make together."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from juchi.prose.messages import fill
from report.curves import curve

__all__ = ["draw", "draw_ravine"]

Array = NDArray[np.float64]

_COLUMNS = {"features_raw": "sigmoid", "features_centred": "centred", "features_scaled": "scaled"}
# Contours at these shares of the loss at the start.
_LEVELS = (0.02, 0.08, 0.25, 0.6, 1.2, 2.2, 4)
_GRID = 121
# So many steps are drawn: with more of them the way would be a blot.
_SHOWN = 20
# Half the width of a panel, in half the way's largest extent.
_MARGIN = 1.42


def draw(drawing: Drawing) -> Figure:
    """Draw a ravine for each set of features, with the way at its own best rate."""
    words = drawing.words["figures"]["zpath"]
    figure, axes = lay_out(drawing, [list(_COLUMNS)], 2.35, 3.2)
    for configuration, colour in _COLUMNS.items():
        axis = axes[configuration]
        draw_ravine(axis, drawing, configuration, "ravine", colour)
        axis.set_title(words["cases"][configuration], loc="left")
        axis.set_xlabel(words["common"])
    for axis in axes.values() if drawing.narrow else [axes["features_raw"]]:
        axis.set_ylabel(words["bias"])
    tag_panels(list(axes.values()))
    return figure


def draw_ravine(
    axis: Axes, drawing: Drawing, configuration: str, prefix: str, colour: str
) -> Array:
    """Draw the contours of a loss, the way in it, start and minimum; return the way, ``(T, 2)``."""
    series, theme = drawing.curves(configuration), drawing.theme
    way = _way(drawing, configuration, prefix, "best")
    minimum = curve(series, f"{prefix}_minimum").value
    _frame(axis, np.vstack([way, minimum]))
    _draw_contours(axis, drawing, curve(series, f"{prefix}_hessian").value, minimum, way[0])
    shade = theme.colours[colour]
    shown = way[: _SHOWN + 1]
    axis.plot(*shown.T, color=shade, linewidth=0.8, marker="o", markersize=2)
    axis.plot(*way[0], marker="s", markersize=5.5, color=theme.ink, linestyle="none")
    axis.plot(*minimum, marker="x", markersize=6.5, mew=1.6, color=theme.ink, linestyle="none")
    number = drawing.numbers.text(len(way) - 1, "decimal", None)
    # Beside the title, where neither contours nor the way are.
    told = fill(str(drawing.words["figures"]["zpath"]["steps"]), number=number)
    axis.set_title(told, loc="right", fontsize=8, fontweight="normal")
    return way


def _way(drawing: Drawing, configuration: str, prefix: str, name: str) -> Array:
    series = drawing.curves(configuration)
    return np.column_stack(
        [curve(series, f"{prefix}_{name}_{part}").value for part in ("common", "bias")]
    )


def _frame(axis: Axes, places: Array) -> None:
    """Give a panel equal scales, and all that is drawn in it a margin."""
    low, high = places.min(axis=0), places.max(axis=0)
    middle, half = (low + high) / 2, _MARGIN * max(high - low) / 2
    axis.set_xlim(middle[0] - half, middle[0] + half)
    axis.set_ylim(middle[1] - half, middle[1] + half)
    axis.set_box_aspect(1)
    axis.set_anchor("N")
    axis.grid(visible=False)


def _draw_contours(
    axis: Axes, drawing: Drawing, hessian: Array, minimum: Array, start: Array
) -> None:
    def loss(u: Array, v: Array) -> Array:
        a, b, _, c = hessian
        return np.asarray(a * u**2 + 2 * b * u * v + c * v**2)

    u, v = np.meshgrid(np.linspace(*axis.get_xlim(), _GRID), np.linspace(*axis.get_ylim(), _GRID))
    levels = np.array(_LEVELS) * loss(*(start - minimum))
    axis.contour(
        u,
        v,
        loss(u - minimum[0], v - minimum[1]),
        levels,
        colors=drawing.theme.faint,
        linewidths=0.6,
        alpha=0.8,
    )
