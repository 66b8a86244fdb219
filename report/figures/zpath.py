"""The Z-shaped path: the same functions in three coordinates, on the same contours of the loss."""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from juchi.core.tables import Columns
from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import WIDTH, tag_panels
from report.curves import curve

__all__ = ["draw"]

_COLUMNS = {"features_raw": "sigmoid", "features_centred": "centred", "features_scaled": "scaled"}
# Updates whose mean error is drawn: few enough to see each one.
_STEPS = 24
# Contours at these shares of the loss at the start.
_LEVELS = (0.005, 0.03, 0.1, 0.25, 0.5, 1.0)
_GRID = 81
# A small rate makes thousands of updates; the curve needs no more than each of so many.
_THIN = 5


def draw(drawing: Drawing) -> Figure:
    """Draw full batches above, single samples below them, and what the plane hides last."""
    words = drawing.words["figures"]["zpath"]
    figure, axes = plt.subplots(
        3, 3, figsize=(WIDTH, 6.1), sharex="row", sharey="row", height_ratios=[1.25, 1.25, 0.8]
    )
    for column, (configuration, colour) in enumerate(_COLUMNS.items()):
        series, shade = drawing.curves(configuration), drawing.theme.colours[colour]
        batch, single, error = axes[:, column]
        for axis, ways in ((batch, ("small", "best")), (single, ("single",))):
            _draw_contours(axis, drawing, series)
            for way in ways:
                _draw_way(axis, drawing, series, way, shade)
            _draw_ends(axis, drawing, series)
            axis.set_xlabel(words["weight_1"])
        _draw_error(error, drawing, series, shade)
        batch.set_title(drawing.words["configurations"][configuration]["short"], loc="left")
        error.set_xlabel(drawing.words["axes"]["step"])
    _frame(list(axes[:2].flat), drawing)
    for axis, name in zip(axes[:, 0], ("batch", "single", "error"), strict=True):
        axis.set_ylabel(words[name])
    _legend(axes[0, 0], drawing)
    tag_panels(list(axes[:, 0]))
    figure.align_ylabels(axes[:, 0])
    return figure


def _plane(series: Columns, way: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return curve(series, f"{way}_weight_1").value, curve(series, f"{way}_weight_2").value


def _loss(series: Columns, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the loss with the best bias at weights of the plane: the parabola of the series."""
    a, b, _, c = curve(series, "loss_matrix").value
    at_first, at_second = curve(series, "minimum").value
    u, v = first - at_first, second - at_second
    return np.asarray(a * u**2 + 2 * b * u * v + c * v**2)


def _draw_contours(axis: Axes, drawing: Drawing, series: Columns) -> None:
    """Draw the loss around the minimum, as wide as the ways need it."""
    first, second = (curve(series, f"small_weight_{weight}").value for weight in (1, 2))
    reach = 1.5 * max(np.ptp(first), np.ptp(second))
    at_first, at_second = curve(series, "minimum").value
    line = np.linspace(-reach, reach, _GRID)
    u, v = np.meshgrid(at_first + line, at_second + line)
    levels = np.array(_LEVELS) * _loss(series, first[0], second[0])
    axis.contour(
        u, v, _loss(series, u, v), levels, colors=drawing.theme.faint, linewidths=0.5, alpha=0.7
    )
    axis.grid(visible=False)


def _draw_way(axis: Axes, drawing: Drawing, series: Columns, way: str, colour: str) -> None:
    first, second = _plane(series, way)
    if way == "small":
        axis.plot(
            first[::_THIN],
            second[::_THIN],
            color=drawing.theme.ink,
            linewidth=1.1,
            linestyle=(0, (4, 2)),
        )
    else:
        axis.plot(first, second, color=colour, linewidth=0.8, marker="o", markersize=1.6)


def _draw_ends(axis: Axes, drawing: Drawing, series: Columns) -> None:
    """Mark the start with a square and the minimum with a cross."""
    ink = drawing.theme.ink
    first, second = _plane(series, "small")
    axis.plot(first[0], second[0], marker="s", markersize=5, color=ink, linestyle="none")
    axis.plot(
        *curve(series, "minimum").value, marker="x", markersize=6, color=ink, linestyle="none"
    )


def _draw_error(axis: Axes, drawing: Drawing, series: Columns, colour: str) -> None:
    """Draw the mean error, which the plane does not show, over the first updates."""
    error = curve(series, "best_error")
    axis.axhline(0, color=drawing.theme.faint, linewidth=0.7)
    axis.plot(
        error.x[: _STEPS + 1],
        error.value[: _STEPS + 1],
        color=colour,
        linewidth=0.9,
        marker="o",
        markersize=2,
    )
    axis.set_xlim(-0.5, _STEPS + 0.5)


def _frame(axes: list[Axes], drawing: Drawing) -> None:
    """Give all planes the same frame: what the ways need, and a margin; equal scales."""
    ways = [
        _plane(drawing.curves(configuration), way)
        for configuration in _COLUMNS
        for way in ("small", "best", "single")
    ]
    first, second = (np.concatenate([way[part] for way in ways]) for part in (0, 1))
    middle = [(values.min() + values.max()) / 2 for values in (first, second)]
    half = 0.58 * max(np.ptp(first), np.ptp(second))
    for axis in axes:
        axis.set_xlim(middle[0] - half, middle[0] + half)
        axis.set_ylim(middle[1] - half, middle[1] + half)
        axis.set_box_aspect(1)


def _legend(axis: Axes, drawing: Drawing) -> None:
    words, ink = drawing.words["figures"]["zpath"], drawing.theme.ink
    axis.plot(
        [],
        [],
        color=drawing.theme.colours["sigmoid"],
        marker="o",
        markersize=2,
        linewidth=0.8,
        label=words["best"],
    )
    axis.plot([], [], color=ink, linestyle=(0, (4, 2)), linewidth=1.1, label=words["small"])
    axis.legend(loc="lower left", borderaxespad=0.1, handlelength=1.8)
