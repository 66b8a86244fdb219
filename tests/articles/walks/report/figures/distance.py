"""The mean square of the distance."""

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing


def draw(drawing: Drawing) -> Figure:
    """Draw it step by step, and what theory has for the last one."""
    figure, axes = plt.subplots(figsize=(6, 2.4))
    curves = drawing.curves("distance")
    for name, colour in drawing.theme.colours.items():
        rows = curves["configuration"] == name
        label = drawing.words["configurations"][name]["name"]
        axes.plot(curves["step"][rows], curves["square"][rows], color=colour, label=label)
        axes.plot(curves["step"][rows][-1], drawing.value(f"{name}.expected"), "o", color=colour)
    axes.set_xlabel(drawing.words["step"])
    axes.legend()
    return figure
