"""The mean of the throws so far."""

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing


def draw(drawing: Drawing) -> Figure:
    """Draw the mean after each throw, and that of all."""
    figure, axes = plt.subplots(figsize=(4, 2))
    curves = drawing.curves("die")
    axes.plot(curves["throw"], curves["mean"])
    axes.axhline(drawing.value("die.mean"))
    axes.set_xlabel(drawing.words["throw"])
    return figure
