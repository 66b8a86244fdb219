"""How straight the sigmoid is: its best line, the deviation beneath, and both by the interval."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels

__all__ = ["draw"]

_CONFIGURATION = "sigmoid_line"


def draw(drawing: Drawing) -> Figure:
    """Draw the curve with its best line, the deviation, and how both grow with the interval."""
    figure, axes = lay_out(
        drawing,
        [["curve", "shares"], ["deviation", "shares"]],
        3.3,
        [2.2, 1.4, 2.4],
        narrow_rows=[["curve"], ["deviation"], ["shares"]],
        height_ratios=[1.7, 1],
        width_ratios=[1.25, 1],
    )
    axes["deviation"].sharex(axes["curve"])
    _draw_curve(axes["curve"], drawing)
    _draw_deviation(axes["deviation"], drawing)
    _draw_shares(axes["shares"], drawing)
    tag_panels([axes["curve"], axes["deviation"], axes["shares"]])
    figure.align_ylabels([axes["curve"], axes["deviation"]])
    return figure


def _draw_curve(axis: Axes, drawing: Drawing) -> None:
    words, theme = drawing.words["figures"]["linear_range"], drawing.theme
    series = drawing.curves(_CONFIGURATION)
    half = drawing.value(f"{_CONFIGURATION}.half_width")
    within = np.abs(series["z"]) <= half
    z, output, line = (series[name][within] for name in ("z", "output", "line"))
    axis.fill_between(z, output, line, color=theme.faint, alpha=0.3, linewidth=0)
    axis.plot(z, line, color=theme.ink, linestyle="--", label=words["line"])
    axis.plot(series["z"], series["output"], color=theme.colours["sigmoid"], label="σ(z)")
    reached = drawing.value("post.w_star") * np.array(drawing.fact("post.inputs").value)
    outputs = np.interp(reached, series["z"], series["output"])
    axis.plot(
        reached,
        outputs,
        "o",
        color=theme.colours["sigmoid"],
        markeredgecolor=theme.ink,
        markersize=4.5,
        label=words["inputs"],
    )
    axis.set_title(words["curve"], loc="left")
    axis.set_ylabel(words["output"])
    axis.set_xlim(series["z"][0], series["z"][-1])
    axis.legend(loc="upper left", borderaxespad=0, fontsize=7, handlelength=1.6)
    axis.tick_params(labelbottom=False)


def _draw_deviation(axis: Axes, drawing: Drawing) -> None:
    words, theme = drawing.words["figures"]["linear_range"], drawing.theme
    series = drawing.curves(_CONFIGURATION)
    within = np.abs(series["z"]) <= drawing.value(f"{_CONFIGURATION}.half_width")
    z, deviation = series["z"][within], series["deviation"][within]
    axis.fill_between(z, 0, deviation, color=theme.faint, alpha=0.3, linewidth=0)
    axis.plot(z, deviation, color=theme.ink)
    axis.axhline(0, color=theme.faint, linewidth=0.7)
    axis.set_ylabel(words["deviation"])
    axis.set_xlabel("z")


def _draw_shares(axis: Axes, drawing: Drawing) -> None:
    words, theme = drawing.words["figures"]["linear_range"], drawing.theme
    _draw_share(axis, drawing, "slope_share", "--", ("slope_kept", "steep_half_width"))
    _draw_share(axis, drawing, "deviation_share", "-", ("linear_deviation", "straight_half_width"))
    axis.text(2.25, 46, words["slope_share"], ha="left", va="center", fontsize=8)
    axis.text(5.2, 20, words["deviation_share"], ha="left", va="bottom", fontsize=8)
    half = drawing.value(f"{_CONFIGURATION}.half_width")
    axis.axvline(half, color=theme.colours["sigmoid"], linewidth=0.9)
    axis.text(half - 0.1, 74, words["claimed"], ha="right", va="center", fontsize=8)
    axis.set_title(words["shares"], loc="left")
    axis.set_xlabel(words["half_width"])
    axis.set_ylabel(words["share"])
    axis.set_xlim(0, drawing.curves(_CONFIGURATION)["z"][-1])
    axis.set_ylim(0, 100)


def _draw_share(
    axis: Axes, drawing: Drawing, name: str, style: str, facts: tuple[str, str]
) -> None:
    """Draw a share against the half-width, and the point where it passes its threshold."""
    series, theme = drawing.curves(_CONFIGURATION), drawing.theme
    right = series["z"] >= 0
    axis.plot(series["z"][right], 100 * series[name][right], color=theme.ink, linestyle=style)
    threshold, crossing = facts
    level = 100 * drawing.value(f"threshold.{threshold}")
    end = drawing.value(f"{_CONFIGURATION}.{crossing}")
    axis.plot([0, end], [level, level], color=theme.faint, linestyle=":", linewidth=0.9)
    axis.plot(end, level, "o", color=theme.ink, markersize=4)
