"""The paths of some walkers."""

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from report.lines import draw_paths


def draw(drawing: Drawing) -> Figure:
    """Draw those who always step beside those who pause."""
    figure, axes = plt.subplots(1, 2, figsize=(6, 2), sharey=True)
    for axis, name in zip(axes, ("drunk", "lazy"), strict=True):
        draw_paths(axis, drawing, name)
        axis.set_title(drawing.words["configurations"][name]["name"], loc="left")
        axis.set_xlabel(drawing.words["step"])
    return figure
