"""One way in two mirrored frames: the signs of the gradients change, the way's length does not."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from juchi.prose.messages import fill
from report.figures.zpath import draw_ravine

__all__ = ["draw"]

_SHOWN = "features_raw"
# The panels of the way, and whether in mirrored coordinates.
_FRAMES = {"ravine": 0, "mirrored": 1}
# Of each configuration its colour, its marker, and how far its name stands above its line.
_CONFIGURATIONS = {
    "features_raw": ("sigmoid", "o", 5),
    "features_centred": ("centred", "s", 5),
    "features_scaled": ("scaled", "^", -14),
    "features_sparse": ("sparse", "D", 7),
}
# Farther right a name would leave the panel.
_LAST_NAME = 0.8
# Quartiles.
_QUANTILES = (25, 50, 75)


def draw(drawing: Drawing) -> Figure:
    """Draw the way and its mirror image, and detours over shares of one-signed gradients."""
    words = drawing.words["figures"]["signs"]
    figure, axes = lay_out(
        drawing, [[*_FRAMES, "detours"]], 2.85, [3.3, 3.3, 2.8], width_ratios=[1, 1, 1.15]
    )
    for name, mirrored in _FRAMES.items():
        draw_ravine(axes[name], drawing, _SHOWN, name, "sigmoid")
        axes[name].set_title(words[name], loc="left")
        axes[name].set_xlabel(_told(drawing, mirrored), fontsize=8)
        axes[name].tick_params(labelbottom=False, labelleft=False, length=0)
    _draw_detours(axes["detours"], drawing)
    tag_panels(list(axes.values()))
    return figure


def _numbers(drawing: Drawing, configuration: str, mirrored: int) -> tuple[float, Any]:
    """Return the share of one-signed sample gradients, and quartiles of the detour."""
    runs = drawing.samples(configuration)
    detours = runs["best_trail_detour"]
    rows = (runs["mirrored"] == mirrored) & np.isfinite(detours)
    share = float(runs["sample_one_sign_all"][rows].mean())
    return share, np.percentile(detours[rows], _QUANTILES)


def _told(drawing: Drawing, mirrored: int) -> str:
    """Say of a frame how many gradients have one sign, and how long the way is."""
    share, (_, detour, _) = _numbers(drawing, _SHOWN, mirrored)
    return fill(
        str(drawing.words["figures"]["signs"]["told"]),
        share=drawing.numbers.text(share, "percent", 0),
        detour=drawing.numbers.text(float(detour), "decimal", 3),
    )


def _draw_detours(axis: Axes, drawing: Drawing) -> None:
    """Draw each configuration as it is, filled, and mirrored, open; bars over the drawings."""
    words, theme = drawing.words["figures"]["signs"], drawing.theme
    for configuration in _CONFIGURATIONS:
        _draw_pair(axis, drawing, configuration)
    axis.axhline(drawing.value("threshold.zigzag_path"), color=theme.faint, linewidth=0.8)
    axis.set_yscale("log")
    axis.set_ylim(0.8, 60)
    axis.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
    axis.minorticks_off()
    axis.set_xlim(0, 1.05)
    axis.set_xlabel(words["share"])
    axis.set_ylabel(words["detour"])
    axis.set_title(words["all"], loc="left")


def _draw_pair(axis: Axes, drawing: Drawing, configuration: str) -> None:
    colour, marker, above = _CONFIGURATIONS[configuration]
    shade = drawing.theme.colours[colour]
    places = [_numbers(drawing, configuration, mirrored) for mirrored in (0, 1)]
    shares = [share for share, _ in places]
    medians = [detour[1] for _, detour in places]
    axis.plot(shares, medians, color=shade, linewidth=0.8, linestyle="--", zorder=1)
    for fill_colour, (share, (low, middle, high)) in zip((shade, "none"), places, strict=True):
        axis.plot([share, share], [low, high], color=shade, linewidth=1)
        axis.plot(share, middle, color=shade, marker=marker, markerfacecolor=fill_colour)
    axis.annotate(
        drawing.words["figures"]["zpath"]["cases"][configuration],
        (min(float(np.mean(shares)), _LAST_NAME), medians[0]),
        (0, above),
        textcoords="offset points",
        ha="center",
        fontsize=8,
    )
