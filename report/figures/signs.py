"""The signs of the gradient against the width, and what they have to do with the way's length."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import WIDTH, tag_panels
from report.curves import curve

__all__ = ["draw"]

_COLOURS = {
    "features_raw": "sigmoid",
    "features_centred": "centred",
    "features_scaled": "scaled",
    "features_sparse": "sparse",
}
_MARKERS = {
    "features_raw": "o",
    "features_centred": "s",
    "features_scaled": "^",
    "features_sparse": "D",
}
# Whose gradient: a single sample's, or the batch's on the way, at the largest calm rate.
_LINES: dict[str, dict[str, Any]] = {
    "sample": {"linestyle": "-"},
    "calm": {"linestyle": "--", "markerfacecolor": "none"},
}
# Quartiles: the bars of two configurations that share a column stay apart.
_QUANTILES = (25, 50, 75)
# Where a name stands: above its line, or below it where another line is close above.
_NAME_OFFSETS = {
    "features_raw": 5,
    "features_centred": -12,
    "features_scaled": -14,
    "features_sparse": 7,
}


def draw(drawing: Drawing) -> Figure:
    """Draw shares and coherences above, and detours over shares below."""
    words = drawing.words["figures"]["signs"]
    figure, axes = plt.subplots(2, 2, figsize=(WIDTH, 5.2), sharey="row", sharex="row")
    for axis, quantity in zip(axes[0], ("one_sign", "coherence"), strict=True):
        _draw_widths(axis, drawing, quantity)
        axis.set_title(words[quantity], loc="left")
    for axis, way in zip(axes[1], ("best", "single"), strict=True):
        _draw_detours(axis, drawing, way)
        axis.set_title(words[way], loc="left")
    axes[1, 0].set_ylabel(words["detour"])
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    tag_panels(list(axes.flat))
    return figure


def _draw_widths(axis: Axes, drawing: Drawing, quantity: str) -> None:
    words = drawing.words["figures"]["signs"]
    for configuration in ("features_raw", "features_centred"):
        style: dict[str, Any] = {
            "color": drawing.theme.colours[_COLOURS[configuration]],
            "marker": _MARKERS[configuration],
            "markersize": 4,
        }
        for whose, line in _LINES.items():
            measured = curve(drawing.curves(configuration), f"{whose}_{quantity}_mean")
            label = f"{drawing.words['configurations'][configuration]['short']}{words[whose]}"
            axis.plot(measured.x, measured.value, **style, **line, label=label)
    chance = curve(drawing.curves("features_raw"), f"chance_{quantity}")
    axis.plot(
        chance.x,
        chance.value,
        color=drawing.theme.ink,
        linestyle=":",
        linewidth=1.6,
        label=words["chance"],
    )
    axis.set_xscale("log", base=2)
    axis.set_xticks(chance.x, [f"{width:.0f}" for width in chance.x])
    axis.minorticks_off()
    axis.set_ylim(-0.04, 1.04)
    axis.set_xlabel(words["width"])


def _draw_detours(axis: Axes, drawing: Drawing, way: str) -> None:
    """Draw each configuration as it is, filled, and mirrored, open; bars over the drawings."""
    words, theme = drawing.words["figures"]["signs"], drawing.theme
    for configuration, colour in _COLOURS.items():
        places = [_place(axis, drawing, configuration, way, mirrored) for mirrored in (0, 1)]
        shares, detours = zip(*places, strict=True)
        shade = theme.colours[colour]
        axis.plot(shares, detours, color=shade, linewidth=0.8, linestyle="--", zorder=1)
        for fill, (share, detour) in zip((shade, "none"), places, strict=True):
            axis.plot(
                share, detour, color=shade, marker=_MARKERS[configuration], markerfacecolor=fill
            )
        axis.annotate(
            drawing.words["configurations"][configuration]["short"],
            (float(np.mean(shares)), places[0][1]),
            (0, _NAME_OFFSETS[configuration]),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    axis.axhline(drawing.value("threshold.zigzag_path"), color=theme.faint, linewidth=0.8)
    axis.set_yscale("log")
    axis.set_ylim(0.8, 60)
    axis.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
    axis.minorticks_off()
    axis.set_xlim(0, 1.05)
    axis.set_xlabel(words["share"])


def _place(
    axis: Axes, drawing: Drawing, configuration: str, way: str, mirrored: int
) -> tuple[float, float]:
    """Draw the bar of the detours of one form of features; return its share and its median."""
    runs = drawing.samples(configuration)
    detours = runs[f"{way}_trail_detour"]
    rows = (runs["mirrored"] == mirrored) & np.isfinite(detours)
    low, middle, high = np.percentile(detours[rows], _QUANTILES)
    share = float(runs["sample_one_sign_all"][rows].mean())
    axis.plot(
        [share, share],
        [low, high],
        color=drawing.theme.colours[_COLOURS[configuration]],
        linewidth=1,
    )
    return share, float(middle)
