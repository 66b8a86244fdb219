"""How much sharper the loss of a network begins with a mean than without, against the width."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from report.curves import curve

__all__ = ["draw"]


def draw(drawing: Drawing) -> Figure:
    """Draw each seed, their mean with its interval, and a line of the first power."""
    words, theme = drawing.words["figures"]["layer_widths"], drawing.theme
    figure, axes = lay_out(drawing, [["ratio"]], 2.2, 2.6)
    axis = axes["ratio"]
    series = drawing.curves("network_widths")
    for name in sorted({str(each) for each in series["quantity"]} - {"ratio"}):
        seed = curve(series, name)
        axis.plot(seed.x, seed.value, color=theme.faint, linewidth=0.7)
    mean = curve(series, "ratio")
    axis.errorbar(
        mean.x,
        mean.value,
        yerr=[mean.value - mean.low, mean.high - mean.value],
        color=theme.colours["sigmoid"],
        marker="o",
        markersize=4.5,
        linewidth=1.2,
        label=words["measured"],
    )
    first_power = mean.value[0] * mean.x / mean.x[0]
    axis.plot(mean.x, first_power, color=theme.ink, linestyle=":", label=words["first_power"])
    _logarithmic(axis, mean.x.tolist())
    axis.set_title(words["ratio"], loc="left")
    axis.set_xlabel(words["width"])
    axis.legend(loc="upper left")
    return figure


def _logarithmic(axis: Axes, widths: list[float]) -> None:
    axis.set_xscale("log", base=2)
    axis.set_yscale("log")
    axis.set_xticks(widths, [f"{width:.0f}" for width in widths])
    axis.set_yticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
    axis.minorticks_off()
