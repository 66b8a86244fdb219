"""The opening view of the live model, for where it does not run: weight, loss and cobweb."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Array, Drawing
from juchi.exhibits.style import WIDTH, tag_panels
from report import paths
from report.figures.cobweb import staircase

__all__ = ["draw"]

_CONFIGURATION = "post"
# The cobweb study's case at the post's rate: the map, over the weights that the run visits.
_TRIAL, _CASE = "one_step", "post_rate"
_LOSSES = (0.04, 0.06, 0.08, 0.1)


def draw(drawing: Drawing) -> Figure:
    """Draw the post's run from the initial weight that the live model opens with."""
    figure, axes = plt.subplot_mosaic(
        [["weight", "map"], ["loss", "map"]], figsize=(WIDTH, 3.4), width_ratios=[1.35, 1]
    )
    weights = paths.starts(drawing, _CONFIGURATION, "weight")
    start = int(np.abs(weights[:, 0] - drawing.value(f"{_CONFIGURATION}.opening_weight")).argmin())
    _draw_curves(
        drawing, axes, weights[start], paths.starts(drawing, _CONFIGURATION, "loss")[start]
    )
    _draw_map(drawing, axes["map"], weights[start])
    tag_panels([axes[name] for name in ("weight", "loss", "map")])
    figure.align_ylabels([axes[name] for name in ("weight", "loss")])
    return figure


def _mark(drawing: Drawing, line: str) -> dict[str, Any]:
    return {"color": drawing.theme.ink, "linewidth": 0.9, "linestyle": line}


def _draw_curves(drawing: Drawing, axes: dict[str, Axes], weight: Array, loss: Array) -> None:
    words, colour = drawing.words["axes"], drawing.theme.colours["sigmoid"]
    axes["weight"].plot(weight, color=colour, marker="o", markersize=2, linewidth=1)
    axes["loss"].plot(loss, color=colour)
    axes["loss"].set_yscale("log")
    axes["loss"].set_yticks(_LOSSES, [drawing.numbers.text(v, "decimal", None) for v in _LOSSES])
    axes["loss"].minorticks_off()
    for name, fact, line in (
        ("weight", "w_star", "--"),
        ("loss", "loss_star", "--"),
        ("loss", "constant_loss", ":"),
    ):
        axes[name].axhline(drawing.value(f"{_CONFIGURATION}.{fact}"), **_mark(drawing, line))
        axes[name].set_ylabel(words[name])
        axes[name].set_xlim(0, len(weight) - 1)
    drawing.tell_divergence(axes["weight"], weight)
    axes["weight"].tick_params(labelbottom=False)
    axes["loss"].set_xlabel(words["step"])


def _draw_map(drawing: Drawing, axis: Axes, weight: Array) -> None:
    words, theme = drawing.words["axes"], drawing.theme
    series = drawing.curves(_TRIAL)
    rows = (series["case"] == _CASE) & (series["kind"] == "map")
    grid, after = series["weight"][rows], series["next"][rows]
    ends = (grid[0], grid[-1])
    axis.plot(ends, ends, **_mark(drawing, "--"))
    axis.plot(grid, after, color=theme.colours["sigmoid"], linewidth=1.9)
    axis.plot(*staircase(weight[:-1], weight[1:]), color=theme.ink, linewidth=0.55, alpha=0.8)
    axis.set_xlim(ends)
    axis.set_ylim(ends)
    axis.set_aspect("equal")
    axis.set_xlabel(words["weight"])
    axis.set_ylabel(words["next_weight"])
