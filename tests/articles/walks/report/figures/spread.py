"""How the squares at the end are spread."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing


def draw(drawing: Drawing) -> Figure:
    """Draw the share of walkers above each square."""
    figure, axes = plt.subplots(figsize=(6, 2))
    for name, square in (
        ("drunk", drawing.samples("distance")["square"]),
        ("long", drawing.samples("long")["square"]),
    ):
        share = np.linspace(1, 0, len(square))
        axes.step(np.sort(square), share, color=drawing.theme.colours[name])
    axes.axhline(drawing.samples("fair")["heads"].mean(), color=drawing.theme.faint)
    axes.set_xlabel(drawing.words["step"])
    return figure
