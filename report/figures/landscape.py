"""The loss of one weight and the walk of gradient descent on it: in its valley, and from afar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from juchi.prose.messages import fill
from report.walks import bound_ratio, draw_loss, draw_parabola, draw_walk, minimum, points, whole

__all__ = ["draw"]

# Steps of the walk in the valley; all of its places are numbered, with the number so many points
# away: those on the left lie close together.
_STEPS = 4
_AWAY = {1: (-8, -7), 3: (-3, -12)}
_FILM = ("film_1", "film_2", "film_3", "film_4")
_FRAME_STEPS = 22
# Limits of the loss in the valley, and in a frame, whose lower half the steps take.
_VALLEY, _FRAME = (0.0372, 0.0525), (0.0245, 0.0525)
# The plateau is where as large a share of the samples is saturated.
_SATURATED = 0.75


def draw(drawing: Drawing) -> Figure:
    """Draw the valley, both plateaus beside it, and a film of four rates."""
    film = [name for name in _FILM for _ in range(2)]
    figure, axes = lay_out(
        drawing,
        [["near"] * 5 + ["far"] * 3, ["near"] * 5 + ["steep"] * 3, film],
        3.9,
        [2.5, 1.8, 1.8, 1.9, 1.9],
        narrow_rows=[["near"] * 2, ["far"] * 2, ["steep"] * 2, [*_FILM[:2]], [*_FILM[2:]]],
        height_ratios=[1, 1, 1.35],
    )
    _draw_near(axes["near"], drawing)
    _draw_far(axes["far"], drawing, "far", "sigmoid", 12)
    _draw_far(axes["steep"], drawing, "steep", "tanh", 2)
    for case in _FILM:
        _draw_frame(axes[case], drawing, case)
    _name_axes(axes, drawing)
    tag_panels([axes[name] for name in ("near", "far", "steep", _FILM[0])])
    return figure


def _draw_near(axis: Axes, drawing: Drawing) -> None:
    words, theme = drawing.words["figures"]["landscape"], drawing.theme
    draw_loss(axis, drawing, "near", "sigmoid")
    draw_parabola(axis, drawing, "near", 0.12)
    draw_walk(axis, drawing, "near", _STEPS)
    at = minimum(drawing, "near")
    weight, loss = points(drawing, "near", "walk")
    for step in range(_STEPS + 1):
        axis.annotate(
            f"{step}",
            (weight[step], loss[step]),
            _AWAY.get(step, (6, -5)),
            textcoords="offset points",
            ha="right" if step in _AWAY else "left",
        )
    axis.axvline(at["w_star"], color=theme.ink, linewidth=0.9, linestyle=":")
    axis.text(at["w_star"], _VALLEY[0], f" {words['minimum']}", ha="left", va="bottom")
    edge = at["w_star"] + 0.084
    axis.text(edge, 0.0509, words["parabola"], ha="right", va="center")
    axis.set_ylim(*_VALLEY)
    axis.set_yticks([0.04, 0.045, 0.05])
    axis.set_title(words["near"], loc="left")


def _draw_far(axis: Axes, drawing: Drawing, case: str, colour: str, steps: int) -> None:
    words, theme = drawing.words["figures"]["landscape"], drawing.theme
    draw_loss(axis, drawing, case, colour)
    draw_walk(axis, drawing, case, steps, size=3)
    weight, saturated = points(drawing, case, "loss", "saturated")
    edge, end = weight[(weight > 0) & (saturated >= _SATURATED)][[0, -1]]
    axis.axvspan(edge, end, color=theme.faint, alpha=0.16, linewidth=0)
    axis.text((edge + end) / 2, 0.24, words["plateau"], ha="center", va="center")
    axis.set_ylim(0, 0.3)
    axis.set_yticks([0, 0.1, 0.2], ["0", "0.1", "0.2"])
    axis.set_title(words[case], loc="left")


def _draw_frame(axis: Axes, drawing: Drawing, case: str) -> None:
    """Draw the loss above, and below it the steps, downwards."""
    words, theme = drawing.words["figures"]["landscape"], drawing.theme
    draw_loss(axis, drawing, case, "sigmoid")
    weight, loss = (values[: _FRAME_STEPS + 1] for values in points(drawing, case, "walk"))
    look: dict[str, Any] = {"color": theme.ink, "marker": "o", "markersize": 2}
    axis.plot(weight, loss, linestyle="none", **look)
    below = axis.twinx()
    below.plot(weight, np.arange(len(weight)), linewidth=0.8, **look)
    below.set_ylim(_FRAME_STEPS + 1, -1.15 * _FRAME_STEPS)
    below.set_axis_off()
    at = minimum(drawing, case)
    axis.axvline(at["w_star"], color=theme.ink, linewidth=0.9, linestyle=":")
    rate = drawing.numbers.text(whole(at["learning_rate"]), "decimal", None)
    ratio = drawing.numbers.text(bound_ratio(drawing, case), "decimal", 3)
    told = fill(str(words["rate"]), rate=rate, ratio=ratio)
    axis.set_title(f"{told}\n{words[case]}", loc="left", fontsize=8)
    axis.set_ylim(*_FRAME)
    axis.set_yticks([])
    axis.set_xticks([0.1, 0.2, 0.3])


def _name_axes(axes: Mapping[str, Axes], drawing: Drawing) -> None:
    words = drawing.words["figures"]["landscape"]
    for name in ("near", "far", "steep"):
        axes[name].set_ylabel(drawing.words["axes"]["loss"])
    for name in ("near", "steep", *_FILM):
        axes[name].set_xlabel(drawing.words["axes"]["weight"])
    for name in _FILM[::2] if drawing.narrow else _FILM[:1]:
        axes[name].set_ylabel(f"{words['steps']}        {words['loss']}")
