"""The article in four frames, for the picture that stands first and for shared links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from juchi.exhibits.draw import Drawing
from report import paths
from report.figures.sawtooth import first_to_oscillate
from report.walks import draw_loss, draw_parabola, draw_walk, points

__all__ = ["FRAMES", "RESULTS", "draw_frame"]

# What the frames are drawn from.
RESULTS = ["paths:curves", "loss_walks"]
# Steps of the first frame, and of the two paths that lie on each other.
_TEETH, _TOGETHER = 30, 16


def draw_frame(axis: Axes, drawing: Drawing, name: str, *, scale: float = 1) -> None:
    """Draw a frame by its name in `FRAMES`, without numbers; `scale` is that of its lines."""
    FRAMES[name](axis, drawing, scale)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.grid(visible=False)
    axis.set_facecolor("none")


def _sawtooth(axis: Axes, drawing: Drawing, scale: float) -> None:
    weight = paths.starts(drawing, "post", "weight")
    path = weight[first_to_oscillate(weight)][-_TEETH - 1 :]
    colour = drawing.theme.colours["sigmoid"]
    axis.axhline(drawing.value("post.w_star"), **_dashed(drawing, scale))
    axis.plot(path, color=colour, linewidth=1.2 * scale, marker="o", markersize=2.4 * scale)
    _label(axis, drawing, "step", "weight")


def _step(axis: Axes, drawing: Drawing, scale: float) -> None:
    draw_loss(axis, drawing, "near", "sigmoid", width=2 * scale)
    draw_parabola(axis, drawing, "near", 0.085, width=scale)
    draw_walk(axis, drawing, "near", 2, size=3.6 * scale)
    axis.set_ylim(0.0368, 0.0515)
    _label(axis, drawing, "weight", "loss")


def _shifted(axis: Axes, drawing: Drawing, scale: float) -> None:
    words, theme = drawing.words["figures"]["abstract_picture"], drawing.theme
    looks: dict[str, dict[str, Any]] = {
        "post": {"color": theme.colours["sigmoid"], "linewidth": 4.2 * scale, "alpha": 0.55},
        "control": {"color": theme.ink, "linewidth": scale, "marker": "o", "markersize": 2 * scale},
    }
    start = first_to_oscillate(paths.starts(drawing, "post", "weight"))
    for configuration, look in looks.items():
        path = paths.starts(drawing, configuration, "weight")[start][: _TOGETHER + 1]
        axis.plot(path, label=words[configuration], **look)
    axis.margins(y=0.08)
    low, high = axis.get_ylim()
    axis.set_ylim(low, high + 0.45 * (high - low))
    size = 8 * scale
    axis.legend(loc="upper right", fontsize=size, handlelength=1.5, borderaxespad=0.1)
    _label(axis, drawing, "step", "weight")


def _stranded(axis: Axes, drawing: Drawing, scale: float) -> None:
    words, theme = drawing.words["figures"]["abstract_picture"], drawing.theme
    draw_loss(axis, drawing, "steep", "tanh", width=2 * scale)
    draw_walk(axis, drawing, "steep", 2, size=3.6 * scale)
    size = 8 * scale
    end, height = axis.get_xlim()[1], points(drawing, "steep", "walk")[1][2] + 0.012
    axis.text(end, height, words["stranded"], ha="right", va="bottom", fontsize=size)
    learned = float(np.median(paths.starts(drawing, "tanh_small_step", "weight")[:, -1]))
    loss = np.interp(learned, *points(drawing, "steep", "loss"))
    axis.plot(learned, loss, "*", color=theme.ink, markersize=9 * scale, zorder=4)
    axis.text(learned + 0.3, loss, words["learned"], ha="left", va="center", fontsize=size)
    axis.set_ylim(-0.035, 0.26)
    _label(axis, drawing, "weight", "loss")


FRAMES: dict[str, Callable[[Axes, Drawing, float], None]] = {
    "sawtooth": _sawtooth,
    "overshoot": _step,
    "shifted": _shifted,
    "stranded": _stranded,
}


def _dashed(drawing: Drawing, scale: float) -> dict[str, Any]:
    return {"color": drawing.theme.ink, "linewidth": 0.9 * scale, "linestyle": "--"}


def _label(axis: Axes, drawing: Drawing, across: str, up: str) -> None:
    axis.set_xlabel(drawing.words["axes"][across])
    axis.set_ylabel(drawing.words["axes"][up])
