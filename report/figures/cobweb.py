"""Cobwebs: the map of one step, the diagonal, and an orbit that climbs between them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Array, Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from juchi.prose.messages import fill

__all__ = ["draw", "staircase"]

_TRIAL = "one_step"
# Cases in the order of their panels, and the colour of the activation.
_CASES = (
    ("creeping", "sigmoid"),
    ("alternating", "sigmoid"),
    ("two_cycle", "sigmoid"),
    ("post_rate", "sigmoid"),
    ("tanh_rate", "tanh"),
)
# Half the length of the tangent at the minimiser, as a share of the panel's width.
_TANGENT = 0.16


def draw(drawing: Drawing) -> Figure:
    """Draw a panel for each case, and the key in the place of a sixth."""
    names = [case for case, _ in _CASES]
    rows = [[*names[:3]], [*names[3:], "key"]]
    figure, axes = lay_out(drawing, rows, 4.75, [2.7] * len(names) + [1.3])
    panels = [axes[name] for name in names]
    for axis, (case, colour) in zip(panels, _CASES, strict=True):
        _draw_case(axis, drawing, case, drawing.theme.colours[colour])
    for name in names if drawing.narrow else [row[0] for row in rows]:
        axes[name].set_ylabel(drawing.words["axes"]["next_weight"])
    for axis in panels:
        axis.set_xlabel(drawing.words["axes"]["weight"])
    _draw_key(axes["key"], panels[0])
    tag_panels(panels)
    return figure


def staircase(weight: Array, after: Array) -> tuple[Array, Array]:
    """Return the corners of a cobweb: up to the map, across to the diagonal, and so on.

    From the diagonal at ``w[0]`` to the map at ``(w[0], F(w[0]))``, to the diagonal at ``w[1]``...
    """
    across = np.column_stack([weight, weight]).ravel()
    up = np.column_stack([weight, after]).ravel()
    return np.append(across, after[-1]), np.append(up, after[-1])


def _points(drawing: Drawing, case: str, kind: str) -> tuple[Array, Array]:
    series = drawing.curves(_TRIAL)
    rows = (series["case"] == case) & (series["kind"] == kind)
    return series["weight"][rows], series["next"][rows]


def _draw_case(axis: Axes, drawing: Drawing, case: str, colour: str) -> None:
    theme, words = drawing.theme, drawing.words["figures"]["cobweb"]
    weight, after = _points(drawing, case, "map")
    ends = (weight[0], weight[-1])
    axis.plot(ends, ends, color=theme.faint, linewidth=0.8, linestyle="--", label=words["diagonal"])
    axis.plot(weight, after, color=colour, linewidth=1.9, label=words["map"])
    corners = staircase(*_points(drawing, case, "orbit"))
    axis.plot(*corners, color=theme.ink, linewidth=0.55, alpha=0.8, label=words["orbit"])
    first: dict[str, Any] = {
        "marker": "s",
        "linestyle": "",
        "markersize": 4,
        "markerfacecolor": "none",
    }
    axis.plot(*(side[0] for side in corners), color=theme.ink, label=words["first"], **first)
    _draw_tangent(axis, drawing, case, ends)
    axis.set_xlim(ends)
    axis.set_ylim(ends)
    axis.set_aspect("equal")
    axis.set_title(words["cases"][case], loc="left")
    text = fill(
        words["slope"],
        **{
            name: drawing.numbers.text(drawing.value(f"{_TRIAL}.{case}_{fact}"), "decimal", digits)
            for name, fact, digits in (("rate", "learning_rate", None), ("slope", "slope", 3))
        },
    )
    place: dict[str, Any] = {
        "transform": axis.transAxes,
        "ha": "right",
        "va": "bottom",
        "fontsize": 8,
    }
    axis.text(0.97, 0.04, text, **place)
    if case in words["remarks"]:
        axis.text(0.97, 0.3, words["remarks"][case], **place)


def _draw_tangent(axis: Axes, drawing: Drawing, case: str, ends: tuple[float, float]) -> None:
    """Draw the tangent of the map at the minimiser, of the same length in every panel."""
    w_star, slope = (drawing.value(f"{_TRIAL}.{case}_{name}") for name in ("w_star", "slope"))
    half = _TANGENT * (ends[1] - ends[0]) / np.hypot(1, slope)
    across = np.array([-half, half])
    words = drawing.words["figures"]["cobweb"]
    style: dict[str, Any] = {"color": drawing.theme.ink, "linewidth": 1.1, "linestyle": (0, (2, 1))}
    axis.plot(w_star + across, w_star + slope * across, label=words["tangent"], **style)
    axis.plot(w_star, w_star, "o", color=drawing.theme.ink, markersize=3.2, label=words["minimum"])


def _draw_key(axis: Axes, source: Axes) -> None:
    axis.set_axis_off()
    handles, labels = source.get_legend_handles_labels()
    axis.legend(handles, labels, loc="center left", handlelength=2.4, labelspacing=0.9)
