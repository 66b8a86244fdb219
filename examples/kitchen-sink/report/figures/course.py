"""The mean of the throws so far, and how far it is from what is expected."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import WIDTH, tag_panels


def draw(drawing: Drawing) -> Figure:
    """Draw both, the second one on scales of powers of ten."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.2))
    curves = drawing.curves("die")
    left.plot(curves["throw"], curves["mean"])
    left.set_ylabel("$x_n$")
    right.plot(curves["throw"], np.abs(curves["mean"] - drawing.value("die.expected")))
    right.set_xscale("log")
    right.set_yscale("log")
    right.set_ylabel(r"$|x_n - \mu|$")
    for axis in (left, right):
        axis.set_xlabel("$n$")
    tag_panels([left, right])
    return figure
