"""The post and the cures as it prescribes them: the weight above, the loss below."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from report import paths
from report.figures.sawtooth import first_to_oscillate

__all__ = ["draw"]

# Columns of the figure: the configuration, the colour of what it changes, and limits of the weight.
_COLUMNS = {
    "post": ("sigmoid", (0, 0.6)),
    "batchnorm": ("batchnorm", (-1.1, 1.1)),
    "momentum": ("momentum", (-2, 45)),
    "tanh": ("tanh", (-2, 25)),
}
_STARTS = 10
_ACROSS = 2
# Letters of a line of a title on a phone.
_TITLE = 14
_STEPS = 100


def draw(drawing: Drawing) -> Figure:
    """Draw weights of a few starts above, and the band of losses of all starts below."""
    names = list(_COLUMNS)
    rows = [
        [f"{part}_{name}" for name in names[at : at + _ACROSS]]
        for at in range(0, len(names), _ACROSS)
        for part in ("weight", "loss")
    ]
    figure, axes = lay_out(drawing, rows, 3.65, 1.4, narrow_rows=rows)
    for configuration, (colour, limits) in _COLUMNS.items():
        weight = axes[f"weight_{configuration}"]
        _draw_weight(weight, drawing, configuration, colour)
        weight.set_ylim(*limits)
        _draw_loss(axes[f"loss_{configuration}"], drawing, configuration, colour)
    _name_axes(rows, axes, drawing)
    _legend(axes["loss_post"], drawing)
    tag_panels([axes[f"weight_{name}"] for name in names])
    figure.align_ylabels([axes[row[0]] for row in rows])
    return figure


def _name_axes(rows: list[list[str]], axes: Mapping[str, Axes], drawing: Drawing) -> None:
    """Name the axes at the left and at the bottom, and leave the others their ticks at most."""
    for row in rows:
        part = row[0].partition("_")[0]
        axes[row[0]].set_ylabel(drawing.words["axes"][part])
        for name in row:
            axes[name].set_xlim(0, _STEPS)
            axes[name].set_xticks(range(0, _STEPS + 1, 50))
            axes[name].tick_params(labelbottom=row is rows[-1])
        if part == "loss":
            for name in row[1:]:
                axes[name].tick_params(labelleft=False)
    for name in rows[-1]:
        axes[name].set_xlabel(drawing.words["axes"]["step"])


def _draw_weight(axis: Axes, drawing: Drawing, configuration: str, colour: str) -> None:
    weight = paths.starts(drawing, configuration, "weight")[:_STARTS, : _STEPS + 1]
    shade = drawing.theme.colours[colour]
    axis.plot(weight.T, color=shade, linewidth=0.6, alpha=0.3)
    axis.plot(weight[first_to_oscillate(weight)], color=shade, linewidth=1)
    drawing.tell_divergence(axis, weight)
    title = drawing.words["configurations"][configuration]["short"]
    axis.set_title(textwrap.fill(title, _TITLE) if drawing.narrow else title, loc="left")


def _draw_loss(axis: Axes, drawing: Drawing, configuration: str, colour: str) -> None:
    low, median, high = (
        paths.band(drawing, configuration, f"loss_{part}", _STEPS)
        for part in ("low", "median", "high")
    )
    steps = np.arange(len(median))
    shade = drawing.theme.colours[colour]
    axis.fill_between(steps, low, high, color=shade, alpha=0.25, linewidth=0)
    axis.plot(steps, median, color=shade)
    drawing.tell_divergence(axis, high)
    best = drawing.value(f"{configuration}.loss_star")
    axis.axhline(best, color=drawing.theme.ink, linewidth=0.9, linestyle="--")
    constant = drawing.value("post.constant_loss")
    axis.axhline(constant, color=drawing.theme.ink, linewidth=0.9, linestyle=":")
    axis.set_yscale("log")
    axis.set_ylim(3e-5, 2)
    axis.set_yticks([1e-4, 1e-2, 1], ["0.0001", "0.01", "1"])
    axis.minorticks_off()


def _legend(axis: Axes, drawing: Drawing) -> None:
    words = drawing.words["figures"]["cures"]
    ink = drawing.theme.ink
    constant = axis.plot([], [], color=ink, linewidth=0.9, linestyle=":")[0]
    best = axis.plot([], [], color=ink, linewidth=0.9, linestyle="--")[0]
    axis.legend(
        [constant, best],
        [words["constant"], words["best"]],
        loc="lower left",
        handlelength=1.8,
        borderaxespad=0.1,
    )
