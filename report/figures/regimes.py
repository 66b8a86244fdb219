"""The map of regimes over learning rate and momentum, and how many starts reach the minimum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from juchi.core.tables import Columns
from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels

__all__ = ["draw"]

_TRIAL, _BOUNDARY = "regime_map", "stability"
# From light to dark, so that they stay apart in grey; the same on both backgrounds, as a picture.
_SHADES = {
    "unsettled": "#ffffff",
    "converged": "#f6ecc4",
    "periodic": "#eda63f",
    "chaotic": "#bf4a36",
    "saturated": "#413a73",
    "diverged": "#241536",
}
_INK, _PALE = "#1b1f24", "#ffffff"
# From no start that converges to all: as dark and as light as the regimes, but never as the page.
_SHARES = ("#413a73", "#b5657a", "#f6ecc4")
# Where the names of the regimes stand in the map: rate and momentum; their colour; their slant.
_LABELS = {
    "converged": (0.45, 0.5, _INK, 0),
    "periodic": (0.99, 0.3, _INK, 77),
    "chaotic": (1.45, 0.12, _PALE, 0),
    "saturated": (1.8, 0.6, _PALE, 0),
}
# The configurations that the map is marked with, where their labels stand, in points, the colour of
# these, and the regime on whose shade they stand.
_PLACES = {
    "post": ("o", (7, 5), _PALE, "chaotic"),
    "momentum": ("s", (7, -3), _PALE, "saturated"),
    "momentum_within": ("^", (-7, -3), _INK, "converged"),
}


def draw(drawing: Drawing) -> Figure:
    """Draw the most frequent regime of each cell, and the share of starts that converge."""
    figure, axes = lay_out(drawing, [["regimes", "share"]], 3.0, 3.1, sharex=True, sharey=True)
    regimes, share = axes["regimes"], axes["share"]
    words = drawing.words["figures"]["regimes"]
    cells = drawing.curves(_TRIAL)
    _draw_regimes(regimes, cells, words)
    image = _draw_share(share, cells)
    beside = share if drawing.narrow else [regimes, share]
    bar = figure.colorbar(image, ax=beside, location="right", fraction=0.035, pad=0.01)
    bar.set_label(drawing.words["axes"]["converged_share"])
    bar.outline.set_visible(False)
    for axis in (regimes, share):
        _draw_bound(axis, drawing)
        axis.grid(visible=False)
        axis.spines[["top", "right"]].set_visible(True)
        axis.set_ylim(0, 1)
        axis.set_xlabel(drawing.words["axes"]["rate"])
        for configuration in _PLACES:
            _draw_place(axis, drawing, configuration)
    for configuration in _PLACES:
        _name_place(regimes, drawing, configuration)
    for axis in (regimes, share) if drawing.narrow else [regimes]:
        axis.set_ylabel(drawing.words["axes"]["momentum"])
    for axis, name in ((regimes, "regimes"), (share, "share")):
        axis.set_title(words[name], loc="left")
    share.legend(loc="lower right", frameon=True, facecolor=_PALE, labelcolor=_INK, framealpha=0.9)
    tag_panels([regimes, share])
    return figure


def _pixels(cells: Columns, values: NDArray[Any]) -> dict[str, Any]:
    """Return values of the cells as a picture, one pixel for each, momentum upwards."""
    rates, momenta = np.unique(cells["learning_rate"]), np.unique(cells["momentum"])
    wide, high = ((side[1] - side[0]) / 2 for side in (rates, momenta))
    return {
        "X": values.reshape(len(momenta), len(rates)),
        "extent": (rates[0] - wide, rates[-1] + wide, momenta[0] - high, momenta[-1] + high),
        "origin": "lower",
        "aspect": "auto",
        "interpolation": "none",
    }


def _draw_regimes(axis: Axes, cells: Columns, words: Mapping[str, Any]) -> None:
    most = np.argmax([cells[name] for name in _SHADES], axis=0).astype(np.uint8)
    shades = ListedColormap(list(_SHADES.values()))
    axis.imshow(**_pixels(cells, most), cmap=shades, vmin=-0.5, vmax=len(_SHADES) - 0.5)
    for name, (rate, momentum, colour, slant) in _LABELS.items():
        axis.text(
            rate,
            momentum,
            words[name],
            color=colour,
            rotation=slant,
            ha="center",
            va="center",
            fontsize=8,
        )


def _draw_share(axis: Axes, cells: Columns) -> AxesImage:
    starts = np.sum([cells[name] for name in _SHADES], axis=0)
    shades = LinearSegmentedColormap.from_list("shares", _SHARES)
    return axis.imshow(**_pixels(cells, cells["converged"] / starts), cmap=shades, vmin=0, vmax=1)


def _draw_bound(axis: Axes, drawing: Drawing) -> None:
    """Draw the bound of the theory, and the boundary that runs have."""
    words, rows = drawing.words["figures"]["regimes"], drawing.samples(_BOUNDARY)
    halo = [withStroke(linewidth=2.6, foreground=_PALE)]
    axis.plot(
        rows["predicted"],
        rows["momentum"],
        color=_INK,
        linestyle="--",
        path_effects=halo,
        label=words["bound"],
    )
    axis.plot(
        rows["measured"],
        rows["momentum"],
        linestyle="none",
        marker="o",
        markersize=3.2,
        color=_INK,
        markerfacecolor=_PALE,
        label=words["measured"],
    )


def _place(drawing: Drawing, configuration: str) -> tuple[float, float]:
    return drawing.value(f"{configuration}.learning_rate"), drawing.value(
        f"{configuration}.momentum"
    )


def _draw_place(axis: Axes, drawing: Drawing, configuration: str) -> None:
    axis.plot(
        *_place(drawing, configuration),
        marker=_PLACES[configuration][0],
        markersize=5.5,
        color=_PALE,
        markeredgecolor=_INK,
        clip_on=False,
        zorder=3,
    )


def _name_place(axis: Axes, drawing: Drawing, configuration: str) -> None:
    _, (right, up), colour, regime = _PLACES[configuration]
    axis.annotate(
        drawing.words["figures"]["regimes"][configuration],
        _place(drawing, configuration),
        (right, up),
        textcoords="offset points",
        ha="left" if right > 0 else "right",
        fontsize=8,
        color=colour,
        bbox={"facecolor": _SHADES[regime], "edgecolor": "none", "pad": 1},
    )
