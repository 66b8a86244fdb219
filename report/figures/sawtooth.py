"""The sawtooth itself: the weight of one start, of many, and its one-step map's overshoot."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from report import paths

__all__ = ["draw", "first_to_oscillate"]


def draw(drawing: Drawing) -> Figure:
    """Draw the weight of the first start above, and those of many starts below."""
    words, theme = drawing.words["figures"]["sawtooth"], drawing.theme
    weight = paths.starts(drawing, "post", "weight")
    figure, axes = lay_out(drawing, [["single"], ["many"]], 2.5, 1.8, sharex=True)
    single, many = axes["single"], axes["many"]
    steps = np.arange(weight.shape[1])
    start = first_to_oscillate(weight)
    single.plot(
        steps, weight[start], color=theme.colours["sigmoid"], marker="o", markersize=2, linewidth=1
    )
    single.set_title(words["single"], loc="left")
    for path in weight:
        many.plot(steps, path, color=theme.colours["sigmoid"], linewidth=0.6, alpha=0.55)
    many.set_title(words["many"], loc="left")
    drawing.tell_divergence(single, weight[start])
    drawing.tell_divergence(many, weight)
    for axis in (single, many):
        axis.axhline(drawing.value("post.w_star"), color=theme.ink, linewidth=0.9, linestyle="--")
        axis.set_ylabel(drawing.words["axes"]["weight"])
    single.text(
        1.008,
        drawing.value("post.w_star"),
        words["minimum"],
        transform=single.get_yaxis_transform(),
        va="center",
        fontsize=8,
    )
    many.set_xlabel(drawing.words["axes"]["step"])
    for axis in (single, many):
        axis.set_xlim(0, steps[-1])
    single.tick_params(labelbottom=False)
    tag_panels([single, many])
    return figure


def first_to_oscillate(weight: np.ndarray) -> int:
    """Return the first start that never leaves the neighbourhood of the sawtooth."""
    calm = np.abs(weight).max(axis=1) < 1
    return int(np.argmax(calm)) if calm.any() else 0
