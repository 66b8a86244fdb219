"""The four samples, and the curve that comes nearest to them in each model."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.prose.messages import fill

__all__ = ["draw"]

_CONFIGURATION = "best_fits"
# The models: colour, line, and the configuration whose least loss it has.
_CASES: dict[str, tuple[str, Any, str]] = {
    "sigmoid": ("sigmoid", "-", "post"),
    "tanh": ("tanh", (0, (5, 1.5)), "tanh"),
    "biased": ("batchnorm", (0, (2, 1)), "biased"),
}


def draw(drawing: Drawing) -> Figure:
    """Draw the curves, named with their losses, and the samples on top."""
    figure, axes = lay_out(drawing, [["fits"]], 2.5, 3.2)
    axis, words = axes["fits"], drawing.words["figures"]["fits"]
    for case in _CASES:
        _draw_case(axis, drawing, case)
    inputs, targets = (
        np.array(drawing.fact(f"post.{name}").value) for name in ("inputs", "targets")
    )
    axis.plot(
        inputs,
        targets,
        "o",
        color=drawing.theme.ink,
        markersize=6,
        label=words["samples"],
        zorder=4,
    )
    axis.set_xlim(0, 23)
    axis.set_ylim(0, 1.05)
    axis.set_xlabel(words["input"])
    axis.set_ylabel(words["output"])
    if drawing.narrow:
        figure.legend(loc="outside lower center", handlelength=3)
    else:
        axis.legend(loc="lower right", handlelength=3)
    return figure


def _draw_case(axis: Axes, drawing: Drawing, case: str) -> None:
    words, table = drawing.words["figures"]["fits"], drawing.curves(_CONFIGURATION)
    rows = table["case"] == case
    colour, line, configuration = _CASES[case]
    loss = drawing.numbers.text(drawing.value(f"{configuration}.loss_star"), "decimal", 2)
    axis.plot(
        table["input"][rows],
        table["output"][rows],
        color=drawing.theme.colours[colour],
        linestyle=line,
        linewidth=2,
        label=fill(str(words["named"]), name=words["cases"][case], loss=loss),
    )
