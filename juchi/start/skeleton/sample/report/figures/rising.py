"""What the guesser sees: the numbers of rising sequences of riffled and of random decks."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import WIDTH


def draw(drawing: Drawing) -> Figure:
    """Draw how many decks of each kind have each number."""
    samples = drawing.samples("deck")
    rising, riffled = np.asarray(samples["rising"]), np.asarray(samples["riffled"])
    figure, axes = plt.subplots(figsize=(WIDTH, 1.9))
    edges = np.arange(rising.min() - 0.5, rising.max() + 1)
    for kind, key in ((1, "riffled"), (0, "random")):
        counts, _ = np.histogram(rising[riffled == kind], edges)
        axes.stairs(counts, edges, fill=True, alpha=0.55, label=drawing.words["kinds"][key])
    axes.set_xlabel(drawing.words["rising"])
    axes.set_ylabel(drawing.words["number"])
    axes.legend(frameon=False)
    return figure
