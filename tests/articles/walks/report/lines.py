"""What several figures draw."""

import numpy as np
from matplotlib.axes import Axes

from juchi.exhibits.draw import Drawing


def draw_paths(axes: Axes, drawing: Drawing, name: str) -> None:
    """Draw the paths of some walkers."""
    curves = drawing.curves(name)
    paths = np.reshape(curves["place"], (-1, int(curves["step"].max())))
    axes.plot(paths[:8].T, color=drawing.theme.colours[name], linewidth=0.8)
