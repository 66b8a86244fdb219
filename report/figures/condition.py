"""The condition number against the width, and what it costs: steps at each one's own best rate."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from report.curves import curve

__all__ = ["draw"]

# The configuration, its colour and its marker: shapes tell them apart without colours.
_VARIANTS = {
    "fewest_amplified": ("amplified", "v"),
    "features_raw": ("sigmoid", "o"),
    "features_sparse": ("sparse", "D"),
    "features_centred": ("centred", "s"),
    "features_scaled": ("scaled", "^"),
}
# Where its steps at the minimax rate have another name.
_STEPS = {"fewest_amplified": "minimax_steps"}


def draw(drawing: Drawing) -> Figure:
    """Draw the condition number with what theory foretells, and the steps to the tolerance."""
    words = drawing.words["figures"]["condition"]
    figure, axes = lay_out(drawing, [["condition", "steps"]], 2.65, 2.5, sharex=True)
    condition, steps = axes["condition"], axes["steps"]
    for configuration in _VARIANTS:
        _draw_measured(condition, drawing, configuration, "condition")
        _draw_foretold(condition, drawing, configuration)
        _draw_measured(steps, drawing, configuration, _STEPS.get(configuration, "best_steps"))
    for axis, name in ((condition, "condition"), (steps, "steps")):
        axis.set_title(words[name], loc="left")
        axis.set_xlabel(words["width"])
        _logarithmic(axis, drawing)
    _legend(figure, condition, drawing)
    tag_panels([condition, steps])
    return figure


def _draw_measured(axis: Axes, drawing: Drawing, configuration: str, quantity: str) -> None:
    colour, marker = _VARIANTS[configuration]
    measured = curve(drawing.curves(configuration), quantity)
    shade = drawing.theme.colours[colour]
    axis.fill_between(measured.x, measured.low, measured.high, color=shade, alpha=0.25, linewidth=0)
    axis.plot(
        measured.x,
        measured.value,
        color=shade,
        marker=marker,
        markersize=4.5,
        linestyle="none" if quantity == "condition" else "-",
        linewidth=0.8,
        label=drawing.words["configurations"][configuration]["short"],
    )


def _draw_foretold(axis: Axes, drawing: Drawing, configuration: str) -> None:
    for quantity, style in (("population_condition", ":"), ("expected_condition", "-")):
        foretold = curve(drawing.curves(configuration), quantity)
        colour = drawing.theme.colours[_VARIANTS[configuration][0]]
        axis.plot(foretold.x, foretold.value, color=colour, linestyle=style, linewidth=0.9)


def _logarithmic(axis: Axes, drawing: Drawing) -> None:
    """Show each width that was measured, and powers of ten as plain text."""
    axis.set_xscale("log", base=2)
    axis.set_yscale("log")
    widths = curve(drawing.curves("features_raw"), "condition").x
    axis.set_xticks(widths, [f"{width:.0f}" for width in widths])
    powers = ["1", "10", "10²", "10³", "10⁴", "10⁵"]
    axis.set_yticks(10.0 ** np.arange(len(powers)), powers)
    axis.minorticks_off()


def _legend(figure: Figure, axis: Axes, drawing: Drawing) -> None:
    """Name the configurations, and the two lines of theory, above the panels."""
    words, ink = drawing.words["figures"]["condition"], drawing.theme.ink
    axis.plot([], [], color=ink, linestyle=":", linewidth=0.9, label=words["population"])
    axis.plot([], [], color=ink, linestyle="-", linewidth=0.9, label=words["expected"])
    figure.legend(
        *axis.get_legend_handles_labels(),
        loc="outside upper center",
        ncols=1 if drawing.narrow else 3,
    )
