"""The cures as prescribed and within their bounds: the weight above, the loss below."""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import WIDTH, tag_panels
from report import paths

__all__ = ["draw"]

# Columns of the figure: the configuration, and the colour of what it changes.
_COLUMNS = (
    ("post", "sigmoid"),
    ("batchnorm", "batchnorm"),
    ("momentum", "momentum"),
    ("momentum_within", "momentum"),
    ("tanh", "tanh"),
    ("tanh_small_step", "tanh"),
)
_STARTS = 10
_STEPS = 100


def draw(drawing: Drawing) -> Figure:
    """Draw weights of a few starts above, and the band of losses of all starts below."""
    figure, axes = plt.subplots(4, 3, figsize=(WIDTH, 5.7), sharex=True, sharey="row")
    panels = [(axes[0, i], axes[1, i]) for i in range(3)] + [
        (axes[2, i], axes[3, i]) for i in range(3)
    ]
    for (configuration, colour), (weight_axis, loss_axis) in zip(_COLUMNS, panels, strict=True):
        _draw_weight(weight_axis, drawing, configuration, colour)
        _draw_loss(loss_axis, drawing, configuration, colour)
    for weight_axis, loss_axis in (panels[0], panels[3]):
        weight_axis.set_ylabel(drawing.words["axes"]["weight"])
        loss_axis.set_ylabel(drawing.words["axes"]["loss"])
    for axis in axes[3]:
        axis.set_xlabel(drawing.words["axes"]["step"])
    _legend(panels[0][1], drawing)
    tag_panels([weight_axis for weight_axis, _ in panels])
    figure.align_ylabels(axes[:, 0])
    return figure


def _draw_weight(axis: Axes, drawing: Drawing, configuration: str, colour: str) -> None:
    weight = paths.starts(drawing, configuration, "weight")[:_STARTS, : _STEPS + 1]
    axis.plot(weight.T, color=drawing.theme.colours[colour], linewidth=0.7, alpha=0.75)
    drawing.tell_divergence(axis, weight)
    axis.set_title(drawing.words["configurations"][configuration]["short"], loc="left")
    axis.set_yscale("symlog", linthresh=1, linscale=1.2)
    axis.set_ylim(-2, 60)
    axis.set_yticks([-1, 0, 1, 10], ["−1", "0", "1", "10"])
    axis.set_xlim(0, _STEPS)
    # None at the right end: it would touch the zero of the next panel.
    axis.set_xticks(range(0, _STEPS, 40))


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
