"""Networks on handwritten digits: how the loss falls at each one's own rate, and who errs less."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import Theme, tag_panels
from report.curves import curve

__all__ = ["TRIALS", "draw", "plot_band", "stroke"]

# Variants with the name of their colour, their dashes and their marker: for readers without colour.
TRIALS: dict[str, tuple[str, Any, str]] = {
    "digits_sigmoid": ("sigmoid", "-", "o"),
    "digits_centred": ("centred", (0, (5, 1.5)), "s"),
    "digits_scaled": ("scaled", (0, (5, 1.2, 1, 1.2)), "D"),
    "digits_tanh": ("tanh", (0, (1, 1)), "^"),
    "digits_relu": ("relu", (0, (9, 2)), "v"),
}
_PERCENT = 100
_HIGHEST_LOSS = 10.0


def stroke(theme: Theme, trial: str) -> dict[str, Any]:
    """Return the colour and dashes of a configuration."""
    colour, dashes, _ = TRIALS[trial]
    return {"color": theme.colours[colour], "linestyle": dashes}


def plot_band(axis: Axes, drawing: Drawing, trial: str, name: str) -> None:
    """Draw a mean over seeds, and its interval as a band."""
    line, style = curve(drawing.curves(trial), name), stroke(drawing.theme, trial)
    axis.fill_between(line.x, line.low, line.high, color=style["color"], alpha=0.22, linewidth=0)
    axis.plot(line.x, line.value, label=drawing.words["configurations"][trial]["short"], **style)
    drawing.tell_divergence(axis, line.value)


def draw(drawing: Drawing) -> Figure:
    """Draw the training losses on the left, and the accuracy of each seed on the right."""
    figure, axes = lay_out(drawing, [["loss", "accuracy"]], 2.9, 2.4, width_ratios=[1.35, 1])
    loss, accuracy = axes["loss"], axes["accuracy"]
    _draw_losses(loss, drawing)
    _draw_accuracies(accuracy, drawing)
    tag_panels([loss, accuracy])
    return figure


def _draw_losses(axis: Axes, drawing: Drawing) -> None:
    words = drawing.words["figures"]["digits"]
    for trial in TRIALS:
        plot_band(axis, drawing, trial, "loss")
    target = drawing.value("digits_sigmoid.target_loss")
    axis.axhline(target, color=drawing.theme.ink, linewidth=0.9, linestyle="--")
    axis.text(
        0.985,
        target * 1.12,
        words["target"],
        transform=axis.get_yaxis_transform(),
        ha="right",
        fontsize=8,
    )
    axis.set_title(words["loss"], loc="left")
    axis.set_xlabel(drawing.words["axes"]["step"])
    axis.set_yscale("log")
    # A loss that grows without bound would press all others flat.
    if axis.get_ylim()[1] > _HIGHEST_LOSS:
        axis.set_ylim(top=_HIGHEST_LOSS)
    axis.set_yticks([0.001, 0.01, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
    axis.minorticks_off()
    axis.set_xlim(0, curve(drawing.curves("digits_sigmoid"), "loss").x[-1])
    axis.legend(loc="upper right", handlelength=2.8, borderaxespad=0.1)


def _draw_accuracies(axis: Axes, drawing: Drawing) -> None:
    """Draw every seed as a dot, and beside them the mean with its interval."""
    for row, (trial, (_, _, marker)) in enumerate(TRIALS.items()):
        seeds = _PERCENT * drawing.samples(trial)["test_accuracy"]
        colour = stroke(drawing.theme, trial)["color"]
        # Spread in the order of the seeds, so that equal accuracies do not hide each other.
        spread = row + np.linspace(-0.2, 0.2, len(seeds))
        axis.plot(seeds, spread, ".", color=colour, markersize=3.5, alpha=0.5)
        fact = drawing.fact(f"{trial}.test_accuracy")
        mean = _PERCENT * drawing.value(f"{trial}.test_accuracy")
        low, high = (_PERCENT * end for end in fact.interval or (np.nan, np.nan))
        axis.errorbar(
            mean,
            row + 0.36,
            xerr=[[mean - low], [high - mean]],
            fmt=marker,
            color=drawing.theme.ink,
            markersize=4,
            linewidth=1,
            capsize=2,
        )
    names = [drawing.words["configurations"][trial]["short"] for trial in TRIALS]
    axis.set_yticks(range(len(TRIALS)), names)
    axis.set_ylim(len(TRIALS) - 0.4, -0.5)
    axis.set_title(drawing.words["figures"]["digits"]["accuracy"], loc="left")
    axis.set_xlabel(drawing.words["figures"]["digits"]["percent"])
