"""Paired differences between activations, and the signs and angles that go with them."""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import WIDTH, tag_panels
from report.figures.digits import TRIALS, plot_band

__all__ = ["draw"]

# Each forest with the factor that its numbers are drawn with: accuracies in percentage points.
_FORESTS = (("steps", 1), ("accuracy", 100))
# Curves with their limits; those of the update angle swing most.
_CURVES = (("coherence_2", (0, 1)), ("update_cosine", (-1.05, 1.05)))


def draw(drawing: Drawing) -> Figure:
    """Draw the differences with their intervals above, coherence and cosine along the way below."""
    figure, axes = plt.subplots(2, 2, figsize=(WIDTH, 5.0), height_ratios=[1, 1.15])
    words = drawing.words["figures"]["effects"]
    for axis, (measure, factor) in zip(axes[0], _FORESTS, strict=True):
        _draw_forest(axis, drawing, measure, factor)
        axis.set_title(words[measure], loc="left")
        axis.set_xlabel(words[f"{measure}_unit"])
    axes[0, 1].tick_params(labelleft=False)
    for axis, (name, limits) in zip(axes[1], _CURVES, strict=True):
        for trial in TRIALS:
            plot_band(axis, drawing, trial, name)
        axis.set_title(words[name], loc="left")
        axis.set_xlabel(drawing.words["axes"]["step"])
        axis.set_xlim(0, _span(drawing))
        axis.set_ylim(*limits)
    _mark_chance(axes[1, 0], drawing)
    axes[1, 1].axhline(0, color=drawing.theme.ink, linewidth=0.9)
    handles, labels = axes[1, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=5, handlelength=2.8)
    tag_panels(list(axes.flat))
    return figure


def _draw_forest(axis: Axes, drawing: Drawing, measure: str, factor: float) -> None:
    """Draw a row for each pair; a filled marker where the family's correction leaves a verdict."""
    table = drawing.samples("comparison")
    names = drawing.words["figures"]["effects"]["pairs"]
    level = drawing.value("threshold.family_error")
    ink = drawing.theme.ink
    for place, pair in enumerate(names):
        (row,) = np.flatnonzero((table["measure"] == measure) & (table["pair"] == pair))
        mean, low, high = (factor * table[key][row] for key in ("mean_difference", "low", "high"))
        filled = ink if table["p_holm"][row] <= level else "none"
        axis.plot([low, high], [place, place], color=ink, linewidth=1.2, zorder=2)
        axis.plot(mean, place, marker="o", markersize=5, color=ink, markerfacecolor=filled)
    axis.axvline(0, color=ink, linewidth=0.9, linestyle="--")
    axis.set_yticks(range(len(names)), list(names.values()))
    axis.set_ylim(len(names) - 0.5, -0.5)


def _span(drawing: Drawing) -> float:
    """Return the steps shown: until even the slowest activation has reached the target."""
    slowest = max(drawing.samples(trial)["steps_to_target"].max() for trial in TRIALS)
    return float(slowest)


def _mark_chance(axis: Axes, drawing: Drawing) -> None:
    chance = drawing.value("digits_sigmoid.chance_coherence")
    axis.axhline(chance, color=drawing.theme.ink, linewidth=0.9, linestyle="--")
    axis.text(
        0.985,
        chance - 0.02,
        drawing.words["figures"]["effects"]["chance"],
        transform=axis.get_yaxis_transform(),
        ha="right",
        va="top",
        fontsize=8,
    )
