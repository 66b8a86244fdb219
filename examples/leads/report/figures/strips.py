"""Who leads in each of some games, from the first toss to the last."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import WIDTH


def draw(drawing: Drawing) -> Figure:
    """Draw a strip for each game, those that Tails leads for longest on top."""
    leads = {name: np.asarray(column) for name, column in drawing.curves("long").items()}
    length, heads = leads["end"] - leads["begin"], leads["heads"].astype(bool)
    row = np.argsort(np.argsort(np.bincount(leads["game"], length * heads), kind="stable"))
    figure, axes = plt.subplots(figsize=(WIDTH, 3.1))
    colours = (drawing.theme.colours["blue"], drawing.theme.colours["orange"])
    for leader, colour in zip((heads, ~heads), colours, strict=True):
        axes.barh(
            row[leads["game"][leader]],
            length[leader],
            left=leads["begin"][leader],
            height=0.78,
            color=colour,
            linewidth=0,
        )
    axes.set(xlim=(0, leads["end"].max()), ylim=(-0.6, row.max() + 0.6), yticks=[])
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.xaxis.set_major_formatter(
        lambda value, _: drawing.numbers.text(int(value), "decimal", None)
    )
    axes.set_xlabel(drawing.words["tosses"])
    axes.set_ylabel(drawing.words["games"])
    names = drawing.words["players"]
    handles = [
        Patch(color=colour, label=names[player])
        for player, colour in zip(("heads", "tails"), colours, strict=True)
    ]
    axes.legend(handles=handles, ncols=2, loc="lower right", bbox_to_anchor=(1, 1), frameon=False)
    return figure
