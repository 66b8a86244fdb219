"""What the picture of a shared link shows: some walks."""

from matplotlib.axes import Axes

from juchi.exhibits.draw import Drawing
from report.lines import draw_paths

RESULTS = ["drunk"]


def draw(axes: Axes, drawing: Drawing) -> None:
    """Draw the paths of some walkers."""
    draw_paths(axes, drawing, "drunk")
