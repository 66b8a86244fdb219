"""The tuning of the networks' learning rates: steps, accuracy, and when the path swings."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from report.curves import curve
from report.figures.digits import TRIALS, stroke

__all__ = ["draw"]

_PERCENT = 100
# The others are grey.
_COMPARED = ("digits_sigmoid", "digits_centred")


def draw(drawing: Drawing) -> Figure:
    """Draw steps and accuracy at the target over the rates, and the cosine over the overshoot."""
    words = drawing.words["figures"]["tuning"]
    names = ("steps", "accuracy", "cosine")
    figure, axes = lay_out(drawing, [names], 2.9, 2.3)
    steps, accuracy, cosine = (axes[name] for name in names)
    # The first two, which are compared, lie on top.
    for trial in reversed(TRIALS):
        _draw_tuning(steps, drawing, trial, "criterion")
        _draw_tuning(accuracy, drawing, trial, "validation_accuracy", (1, _PERCENT))
        _draw_tuning(cosine, drawing, trial, "rate_cosine", (_overshoot(drawing, trial), 1))
    horizon = drawing.value("digits_sigmoid.tuning_steps")
    steps.axhline(horizon, color=drawing.theme.faint, linewidth=0.8)
    steps.set_yscale("log")
    steps.set_yticks([20, 50, 100, 150], ["20", "50", "100", "150"])
    steps.set_ylim(14, horizon * 1.12)
    steps.set_title(words["steps"], loc="left")
    accuracy.set_title(words["accuracy"], loc="left")
    accuracy.set_ylabel(words["percent"])
    for axis in (steps, accuracy):
        _logarithmic(axis, [1, 4, 16], words["rate"])
    _finish_cosine(cosine, drawing)
    handles, labels = steps.get_legend_handles_labels()
    columns = 2 if drawing.narrow else 5
    figure.legend(
        handles[::-1], labels[::-1], loc="outside lower center", ncols=columns, handlelength=2.8
    )
    tag_panels([steps, accuracy, cosine])
    return figure


def _overshoot(drawing: Drawing, trial: str) -> float:
    """Return the factor from a rate to the sharpness at the start in units of its bound."""
    return drawing.value(f"{trial}.stability_start") / drawing.value(f"{trial}.learning_rate")


def _finish_cosine(axis: Axes, drawing: Drawing) -> None:
    words, faint = drawing.words["figures"]["tuning"], drawing.theme.faint
    axis.axhline(0, color=faint, linewidth=0.8)
    axis.axvline(1, color=faint, linewidth=0.8, linestyle=":")
    axis.set_ylim(-1.05, 1.05)
    axis.set_title(words["cosine"], loc="left")
    _logarithmic(axis, [0.1, 1, 10], words["overshoot"])


def _logarithmic(axis: Axes, ticks: list[float], label: str) -> None:
    axis.set_xscale("log")
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.minorticks_off()
    axis.set_xlabel(label)


def _draw_tuning(
    axis: Axes, drawing: Drawing, trial: str, name: str, scale: tuple[float, float] = (1, 1)
) -> None:
    """Draw a curve over the rates, both scaled, the chosen one with a marker of its own."""
    line, style = curve(drawing.curves(trial), name), stroke(drawing.theme, trial)
    compared = trial in _COMPARED
    if not compared:
        style |= {"color": drawing.theme.faint, "linewidth": 0.8}
    chosen = int(np.argmin(np.abs(line.x - drawing.value(f"{trial}.learning_rate"))))
    place = scale[0] * line.x
    mean, low, high = (scale[1] * values for values in (line.value, line.low, line.high))
    if compared:
        axis.fill_between(place, low, high, color=style["color"], alpha=0.2, linewidth=0)
    marker = TRIALS[trial][2]
    label = drawing.words["configurations"][trial]["short"]
    axis.plot(place, mean, marker=marker, markersize=2.5, label=label, **style)
    axis.plot(
        place[chosen],
        mean[chosen],
        marker=marker,
        markersize=7 if compared else 5,
        color=style["color"],
        markeredgecolor=drawing.theme.ink,
        zorder=3 if compared else 2,
    )
