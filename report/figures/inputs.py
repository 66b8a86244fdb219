"""What scale and mean of the inputs do: the rate over its bound, and what becomes of the runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out

__all__ = ["draw"]

# What is done to the inputs, and the configurations without and with a bias, from the top down.
_ROWS = (
    ("raw", ("post_long", "biased")),
    ("tenth", ("scaled_inputs_long", "scaled_inputs_biased")),
    ("centred", ("centred_inputs", "centred_inputs_biased")),
    ("standardised", ("standardised_inputs", "standardised_inputs_biased")),
)
# Of a row's two configurations, how far each is drawn from the row's middle, and its marker.
_OFFSETS = (-0.2, 0.2)
_MARKERS = ("o", "s")
# Where the outcomes stand, as fractions of the panel of outcomes: the sign, the share, the loss.
_SIGN, _SHARE, _LOSS = (0.04, 0.2), 0.44, 0.98


def draw(drawing: Drawing) -> Figure:
    """Draw the rate over the bound for each row, and beside it the outcome."""
    figure, axes = lay_out(
        drawing,
        [["ratio", "outcome"]],
        2.7,
        [3.0],
        narrow_rows=[["ratio", "outcome"]],
        width_ratios=[1.5, 1],
    )
    _draw_ratio(axes["ratio"], drawing)
    _draw_outcome(axes["outcome"], drawing)
    for axis in axes.values():
        axis.set_ylim(len(_ROWS) - 0.5, -0.5)
        axis.tick_params(axis="y", length=0)
        axis.grid(visible=False, axis="y")
        for edge in range(1, len(_ROWS)):
            axis.axhline(edge - 0.5, color=drawing.theme.grid, linewidth=0.6)
    words = drawing.words["figures"]["inputs"]
    axes["ratio"].set_yticks(range(len(_ROWS)), [words["rows"][row] for row, _ in _ROWS])
    figure.legend(handles=_key(drawing), loc="outside upper left", ncols=2, handletextpad=0.3)
    return figure


def _places() -> Iterator[tuple[str, float, str]]:
    """Yield each configuration with its height and its marker."""
    for row, (_, configurations) in enumerate(_ROWS):
        for configuration, offset, marker in zip(configurations, _OFFSETS, _MARKERS, strict=True):
            yield configuration, row + offset, marker


def _style(drawing: Drawing, marker: str) -> Mapping[str, Any]:
    """Return the look of a mark, whose shape and colour tell the bias."""
    colour = "sigmoid" if marker == _MARKERS[0] else "batchnorm"
    shade = drawing.theme.colours[colour]
    return {"marker": marker, "linestyle": "", "markersize": 5.5, "color": shade}


def _draw_ratio(axis: Axes, drawing: Drawing) -> None:
    words = drawing.words["figures"]["inputs"]
    for configuration, height, marker in _places():
        ratio = _ratio(drawing, configuration)
        axis.plot(ratio, height, **_style(drawing, marker))
        axis.annotate(
            drawing.numbers.text(ratio, "decimal", 3),
            (ratio, height),
            (7 if ratio > 1 else -7, 0),
            textcoords="offset points",
            ha="left" if ratio > 1 else "right",
            va="center",
            fontsize=8,
        )
    axis.axvline(1, color=drawing.theme.ink, linewidth=0.9, linestyle="--")
    axis.axvspan(1, 10, color=drawing.theme.faint, alpha=0.16, linewidth=0)
    axis.set_xscale("log")
    axis.set_xlim(0.001 if drawing.narrow else 0.003, 10)
    axis.set_xticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    axis.minorticks_off()
    axis.set_xlabel(words["ratio"])


def _ratio(drawing: Drawing, configuration: str) -> float:
    rate, bound = (
        drawing.value(f"{configuration}.{name}") for name in ("learning_rate", "eta_star")
    )
    return rate / bound


def _draw_outcome(axis: Axes, drawing: Drawing) -> None:
    """Draw whether there is a sawtooth, in how many starts, and the least loss there is."""
    words = drawing.words["figures"]["inputs"]
    place: dict[str, Any] = {"ha": "right", "va": "center", "fontsize": 8}
    for configuration, height, marker in _places():
        share = drawing.number(f"{configuration}.sawtooth_share")
        axis.plot(*_sign(height, zigzag=share > 1 / 2), color=_style(drawing, marker)["color"])
        axis.text(_SHARE, height, drawing.numbers.text(share, "percent", 0), **place)
        loss = drawing.value(f"{configuration}.loss_star")
        axis.text(_LOSS, height, drawing.numbers.text(loss, "decimal", 2), **place)
    axis.set_xlim(0, 1)
    axis.set_yticks([])
    axis.set_xticks([(_SIGN[0] + _SHARE) / 2, _LOSS - 0.2], [words["sawtooth"], words["loss"]])
    axis.tick_params(axis="x", length=0)
    axis.grid(visible=False)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)


def _sign(height: float, *, zigzag: bool) -> tuple[Any, Any]:
    """Return the points of a little sawtooth, or of a line that is calm."""
    across = np.linspace(*_SIGN, 8)
    return across, height + 0.13 * (-1.0) ** np.arange(8) * zigzag


def _key(drawing: Drawing) -> list[Line2D]:
    words = drawing.words["figures"]["inputs"]
    return [
        Line2D([], [], label=words[name], **_style(drawing, marker))
        for name, marker in zip(("plain", "biased"), _MARKERS, strict=True)
    ]
