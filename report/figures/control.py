"""The centring control: two paths that are one, and the rounding that parts them in the end."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from report.paths import starts

__all__ = ["draw"]

_START = 1


def draw(drawing: Drawing) -> Figure:
    """Draw both weights above, and their difference over all starts below."""
    figure, axes = lay_out(
        drawing, [["paths"], ["difference"]], 3.8, [1.9, 2.3], sharex=True, height_ratios=[1, 1.15]
    )
    paths, difference = axes["paths"], axes["difference"]
    _draw_paths(paths, drawing)
    _draw_difference(difference, drawing)
    difference.set_xlabel(drawing.words["axes"]["step"])
    difference.set_xlim(paths.get_xlim())
    paths.tick_params(labelbottom=False)
    tag_panels([paths, difference])
    return figure


def _draw_paths(axis: Axes, drawing: Drawing) -> None:
    words, theme = drawing.words["figures"]["control"], drawing.theme
    styles: dict[str, dict[str, Any]] = {
        "post": {"color": theme.colours["sigmoid"], "linewidth": 2.6, "alpha": 0.6},
        "control": {"color": theme.ink, "linewidth": 0.8},
    }
    for configuration, style in styles.items():
        weight = starts(drawing, configuration, "weight")[_START]
        axis.plot(weight, label=words[configuration], **style)
        drawing.tell_divergence(axis, weight)
    axis.set_title(words["paths"], loc="left")
    axis.set_ylabel(drawing.words["axes"]["weight"])
    axis.set_xlim(0, drawing.value("post.steps"))
    axis.legend(loc="upper right", ncols=2, borderaxespad=0.2)


def _draw_difference(axis: Axes, drawing: Drawing) -> None:
    words, theme = drawing.words["figures"]["control"], drawing.theme
    table = drawing.curves("trajectory_comparison")
    step = table["step"][1:]
    # A difference of exactly zero has no logarithm; it is drawn at half the spacing of float64.
    floor = np.finfo(float).eps / 2
    largest = np.maximum(table["largest_difference"][1:], floor)
    axis.plot(
        step,
        table["largest_rounding_error"][1:],
        color=theme.ink,
        linestyle="--",
        label=words["predicted"],
    )
    axis.plot(step, largest, color=theme.colours["sigmoid"], label=words["largest"])
    drawing.tell_divergence(axis, largest)
    limit = drawing.value("measures.meaningful_error")
    meaningful = drawing.value("control.meaningful_steps")
    axis.axhline(limit, color=theme.faint, linewidth=0.8)
    axis.axvspan(0, meaningful, color=theme.colours["batchnorm"], alpha=0.1, linewidth=0)
    axis.text(meaningful / 2, 3e-5, words["meaningful"], ha="center", va="bottom", fontsize=8)
    axis.set_title(words["difference"], loc="left")
    axis.set_yscale("log")
    axis.set_ylim(5e-17, 1e2)
    axis.set_yticks([1e-16, 1e-12, 1e-8, 1e-4, 1])
    axis.minorticks_off()
    axis.set_ylabel(words["size"])
    axis.legend(loc="lower right", borderaxespad=0.2)
