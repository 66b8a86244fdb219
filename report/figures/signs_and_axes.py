"""What makes the way long: for gradient descent the rate, for others the axes as well."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from report.curves import curve

__all__ = ["draw"]

# The configuration, its colour and its marker: shapes tell them apart without colours.
_COORDINATES = {
    "detours_raw": ("features_raw", "sigmoid", "o"),
    "detours_centred": ("features_centred", "centred", "s"),
    "detours_scaled": ("features_scaled", "scaled", "^"),
    "detours_sparse": ("features_sparse", "sparse", "D"),
}
_METHODS = {
    "gradient_descent": ("reference", "o"),
    "heavy_ball": ("momentum", "s"),
    "adam": ("tanh", "^"),
    "rmsprop": ("relu", "D"),
}


def draw(drawing: Drawing) -> Figure:
    """Draw detours over the share of the bound, and steps over the turn of the mean."""
    figure, axes = lay_out(drawing, [["detours", "turns"]], 2.65, 2.7)
    _draw_detours(axes["detours"], drawing)
    _draw_turns(axes["turns"], drawing)
    axes["detours"].legend(loc="upper left", fontsize=7.5)
    axes["turns"].legend(loc="lower left", fontsize=7.5)
    tag_panels(list(axes.values()))
    return figure


def _draw_detours(axis: Axes, drawing: Drawing) -> None:
    words, theme = drawing.words["figures"]["signs_and_axes"], drawing.theme
    for configuration, (name, colour, marker) in _COORDINATES.items():
        measured, shade = curve(drawing.curves(configuration), "detour"), theme.colours[colour]
        axis.fill_between(
            measured.x, measured.low, measured.high, color=shade, alpha=0.2, linewidth=0
        )
        label = drawing.words["configurations"][name]["short"]
        axis.plot(measured.x, measured.value, color=shade, marker=marker, markersize=4, label=label)
    # Up to the legend.
    axis.axvline(1, ymax=0.62, color=theme.faint, linewidth=0.8, linestyle=":")
    axis.set_yscale("log")
    axis.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
    axis.minorticks_off()
    axis.set_title(words["detour"], loc="left")
    axis.set_xlabel(words["share"])


def _draw_turns(axis: Axes, drawing: Drawing) -> None:
    words = drawing.words["figures"]["signs_and_axes"]
    for configuration, (colour, marker) in _METHODS.items():
        runs = drawing.samples(configuration)
        rows = (runs["width"] == runs["width"].max()) & (runs["flipped"] == runs["flipped"].min())
        turns = np.unique(runs["turned"])
        steps = [np.median(runs["best_steps"][rows & (runs["turned"] == turn)]) for turn in turns]
        axis.plot(
            100 * turns,
            steps,
            color=drawing.theme.colours[colour],
            marker=marker,
            markersize=4,
            label=drawing.words["configurations"][configuration]["short"],
        )
    limit = drawing.value("adam.limit")
    axis.axhline(limit, color=drawing.theme.faint, linewidth=0.8, linestyle=":")
    axis.text(100, limit, words["limit"], ha="right", va="bottom", fontsize=7.5)
    axis.set_yscale("log")
    # Room for the legend below the curves.
    axis.set_ylim(0.9, 2.2 * limit)
    axis.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axis.minorticks_off()
    axis.set_title(words["steps"], loc="left")
    axis.set_xlabel(words["turned"])
