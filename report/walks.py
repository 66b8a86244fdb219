"""Losses of one weight and the walks on them, out of the curves of the experiment with them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from juchi.exhibits.draw import Array, Drawing

__all__ = [
    "WALKS",
    "bound_ratio",
    "draw_loss",
    "draw_parabola",
    "draw_walk",
    "minimum",
    "points",
    "whole",
]

# The configuration that has them.
WALKS = "loss_walks"


def points(drawing: Drawing, case: str, kind: str, column: str = "loss") -> tuple[Array, Array]:
    """Return the weights of a case with another column: kind ``loss`` or ``walk``."""
    table = drawing.curves(WALKS)
    rows = (table["case"] == case) & (table["kind"] == kind)
    return np.asarray(table["weight"][rows]), np.asarray(table[column][rows])


def minimum(drawing: Drawing, case: str) -> dict[str, float]:
    """Return learning rate, minimiser, least loss, sharpness and bound of a case."""
    table = drawing.samples(WALKS)
    (row,) = np.flatnonzero(table["case"] == case)
    return {name: float(values[row]) for name, values in table.items() if name != "case"}


def bound_ratio(drawing: Drawing, case: str) -> float:
    """Return the learning rate of a case in units of its bound."""
    found = minimum(drawing, case)
    return found["learning_rate"] / found["eta_star"]


def whole(value: float) -> float:
    """Return a whole number as an integer, which is printed as 1 and not as 1.0."""
    return int(value) if value.is_integer() else value


def draw_loss(axis: Axes, drawing: Drawing, case: str, colour: str, *, width: float = 1.9) -> None:
    """Draw the loss of a case over its window."""
    weight, loss = points(drawing, case, "loss")
    axis.plot(weight, loss, color=drawing.theme.colours[colour], linewidth=width)
    axis.set_xlim(weight[0], weight[-1])


def draw_parabola(
    axis: Axes, drawing: Drawing, case: str, reach: float, *, width: float = 1
) -> None:
    """Draw the parabola that the loss is at its minimum, so far to either side."""
    at = minimum(drawing, case)
    side = np.linspace(-reach, reach, 61)
    height = at["loss_star"] + at["sharpness"] * side**2 / 2
    ink: dict[str, Any] = {"color": drawing.theme.ink, "linestyle": (0, (4, 2))}
    axis.plot(at["w_star"] + side, height, linewidth=width, **ink)


def draw_walk(axis: Axes, drawing: Drawing, case: str, steps: int, *, size: float = 4) -> None:
    """Draw the first steps of a case as arrows from place to place, later ones fainter."""
    weight, loss = (values[: steps + 1] for values in points(drawing, case, "walk"))
    ink = drawing.theme.ink
    for step in range(len(weight) - 1):
        ends = [(values[step + 1], values[step]) for values in (weight, loss)]
        axis.annotate(
            "",
            (ends[0][0], ends[1][0]),
            (ends[0][1], ends[1][1]),
            arrowprops={
                "arrowstyle": "-|>",
                "color": ink,
                "linewidth": size / 5,
                "mutation_scale": 3 + size,
                "shrinkA": 0,
                "shrinkB": size / 2,
            },
        )
    axis.plot(weight, loss, "o", color=ink, markersize=size, zorder=3)
