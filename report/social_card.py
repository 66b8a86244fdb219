"""What the picture of a shared link shows below the title: the sawtooth itself.

It is drawn from the measured weight of one start.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from juchi.exhibits.draw import Drawing
from report import paths
from report.figures.sawtooth import first_to_oscillate

__all__ = ["RESULTS", "draw"]

# What it is drawn from.
RESULTS = ["paths:curves"]
# The last steps of the path: few and wide teeth can be told apart when the picture is small.
_STEPS = 36


def draw(axes: Axes, drawing: Drawing) -> None:
    """Draw the path of one start, and the minimum that it leaps over."""
    weight = paths.starts(drawing, "post", "weight")
    path = weight[first_to_oscillate(weight)][-_STEPS - 1 :]
    colour = drawing.theme.colours["sigmoid"]
    minimum = drawing.value("post.w_star")
    axes.axhline(minimum, color=drawing.theme.faint, linewidth=1.5, linestyle=(0, (6, 5)))
    axes.plot(np.arange(len(path)), path, color=colour, linewidth=3.2, marker="o", markersize=8)
    axes.set_xlim(0, len(path) - 1)
