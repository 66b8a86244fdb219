"""Updates that networks take to the target, by activation, normalisation and method."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels

__all__ = ["draw"]

# The configuration, its colour and its marker: shapes tell them apart without colours.
_METHODS = {
    "later_descent": ("reference", "o"),
    "later_momentum": ("momentum", "s"),
    "later_adam": ("tanh", "^"),
    "later_batches": ("relu", "D"),
}
# Within a row the methods stand below each other.
_OFFSETS = (-0.27, -0.09, 0.09, 0.27)
# The networks of each panel, from the top down; `same_start` is told in the text.
_PANELS = {
    "plain": ("sigmoid", "amplified", "centred", "scaled", "tanh", "relu", "gelu", "silu"),
    "normalised": (
        *(f"{name}_layer" for name in ("sigmoid", "centred", "tanh", "relu", "gelu", "silu")),
        "batch_before",
        "batch_before_centred",
        "batch_behind",
        "batch_mean",
        "layer_mean",
        "relu_batch_mean",
    ),
}


def draw(drawing: Drawing) -> Figure:
    """Draw a row for each network: for each method the mean of the seeds, and their range."""
    words = drawing.words["figures"]["later_layers"]
    figure, axes = lay_out(drawing, [list(_PANELS)], 3.0, 3.5, sharex=True)
    for name, networks in _PANELS.items():
        _draw_networks(axes[name], drawing, networks)
        axes[name].set_title(words[name], loc="left")
        axes[name].set_xlabel(words["updates"])
    # Outside: within a panel its markers would be taken for networks.
    figure.legend(
        *axes["plain"].get_legend_handles_labels(),
        loc="outside upper center",
        ncols=2 if drawing.narrow else 4,
        fontsize=7.5,
        handlelength=1,
    )
    tag_panels(list(axes.values()))
    return figure


def _draw_networks(axis: Axes, drawing: Drawing, networks: Sequence[str]) -> None:
    labels = drawing.words["figures"]["later_layers"]["networks"]
    for offset, (configuration, (colour, marker)) in zip(_OFFSETS, _METHODS.items(), strict=True):
        runs = drawing.samples(configuration)
        # A method leaves some networks out.
        trained = [(row, runs["network"] == name) for row, name in enumerate(networks)]
        steps = {row + offset: runs["steps"][own] for row, own in trained if own.any()}
        shade = drawing.theme.colours[colour]
        axis.hlines(
            [*steps],
            [each.min() for each in steps.values()],
            [each.max() for each in steps.values()],
            color=shade,
            linewidth=0.8,
        )
        axis.plot(
            [np.exp(np.log(each).mean()) for each in steps.values()],
            [*steps],
            color=shade,
            marker=marker,
            markersize=4,
            linestyle="none",
            label=drawing.words["configurations"][configuration]["short"],
        )
    axis.set_xscale("log")
    axis.set_xlim(3, 300)
    axis.set_xticks([5, 10, 20, 50, 100, 200], ["5", "10", "20", "50", "100", "200"])
    axis.minorticks_off()
    axis.set_yticks(range(len(networks)), [labels[each] for each in networks])
    axis.set_ylim(len(networks) - 0.5, -0.5)
