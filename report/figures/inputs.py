"""What scale and mean of the inputs do: bound, sawtooth and loss, with a bias and without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import WIDTH, tag_panels
from juchi.prose.messages import fill
from report import paths

__all__ = ["draw"]

# What is done to the inputs, and the configurations without and with a bias, from the top down.
_ROWS = (
    ("raw", ("post_long", "biased")),
    ("tenth", ("scaled_inputs_long", "scaled_inputs_biased")),
    ("centred", ("centred_inputs", "centred_inputs_biased")),
    ("standardised", ("standardised_inputs", "standardised_inputs_biased")),
)
# Of a row's two configurations, how far each is drawn from the row's middle, and its marker.
_OFFSETS = (-0.19, 0.19)
# And how far the early step and the last one from there.
_EARLY, _LATE = -0.085, 0.085
_MARKERS = ("o", "s")


def draw(drawing: Drawing) -> Figure:
    """Draw a row for each treatment of the inputs in three panels, and the key above them."""
    figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 2.9), sharey=True, width_ratios=[1, 0.8, 1.5])
    words = drawing.words["figures"]["inputs"]
    _draw_ratio(axes[0], drawing)
    _draw_sawtooth(axes[1], drawing)
    _draw_loss(axes[2], drawing)
    axes[0].set_yticks(range(len(_ROWS)), [words["rows"][row] for row, _ in _ROWS])
    axes[0].set_ylim(len(_ROWS) - 0.5, -0.5)
    for axis in axes:
        axis.tick_params(axis="y", length=0)
        axis.grid(visible=False, axis="y")
        for edge in range(1, len(_ROWS)):
            axis.axhline(edge - 0.5, color=drawing.theme.grid, linewidth=0.6)
    figure.legend(
        handles=_key(drawing),
        loc="outside upper center",
        ncols=4,
        handletextpad=0.3,
        columnspacing=1.4,
    )
    tag_panels(list(axes))
    return figure


def _places() -> Iterator[tuple[str, float, str]]:
    """Yield each configuration with its height and its marker."""
    for row, (_, configurations) in enumerate(_ROWS):
        for configuration, offset, marker in zip(configurations, _OFFSETS, _MARKERS, strict=True):
            yield configuration, row + offset, marker


def _style(drawing: Drawing, marker: str, *, late: bool) -> dict[str, Any]:
    """Return the look of a mark: its shape tells the bias, its filling the step."""
    colour = drawing.theme.colours["sigmoid"] if marker == _MARKERS[0] else drawing.theme.ink
    return {
        "marker": marker,
        "linestyle": "",
        "markersize": 4.5,
        "color": colour,
        "markerfacecolor": colour if late else "none",
    }


def _draw_ratio(axis: Axes, drawing: Drawing) -> None:
    for configuration, height, marker in _places():
        rate, bound = (
            drawing.value(f"{configuration}.{name}") for name in ("learning_rate", "eta_star")
        )
        axis.plot(rate / bound, height, **_style(drawing, marker, late=True))
    axis.axvline(1, color=drawing.theme.ink, linewidth=0.9, linestyle="--")
    axis.set_xscale("log")
    axis.set_xlim(0.008, 3)
    axis.set_xticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    axis.minorticks_off()
    axis.set_title(drawing.words["figures"]["inputs"]["ratio"], loc="left")
    axis.set_xlabel("η / η*")


def _draw_sawtooth(axis: Axes, drawing: Drawing) -> None:
    for configuration, height, marker in _places():
        early, late = (
            100 * drawing.number(f"{configuration}.{name}")
            for name in ("early_sawtooth_share", "sawtooth_share")
        )
        axis.plot(late, height + _LATE, **_style(drawing, marker, late=True))
        axis.plot(early, height + _EARLY, **_style(drawing, marker, late=False))
        drawing.tell_divergence(axis, early, late)
    axis.set_xlim(-7, 107)
    axis.set_xticks([0, 50, 100])
    axis.set_title(drawing.words["figures"]["inputs"]["sawtooth"], loc="left")
    axis.set_xlabel(drawing.words["axes"]["starts_percent"])


def _draw_loss(axis: Axes, drawing: Drawing) -> None:
    early = int(drawing.value("measures.early_step"))
    for configuration, height, marker in _places():
        style = _style(drawing, marker, late=True)
        low, median, high = (
            paths.band(
                drawing,
                configuration,
                f"loss_{part}",
                int(drawing.value(f"{configuration}.length")),
            )
            for part in ("low", "median", "high")
        )
        drawing.tell_divergence(axis, high)
        best = drawing.value(f"{configuration}.loss_star")
        axis.vlines(best, height - 0.17, height + 0.17, color=drawing.theme.ink, linewidth=1.1)
        for step, shift in ((min(early, len(median) - 1), _EARLY), (-1, _LATE)):
            axis.hlines(height + shift, low[step], high[step], color=style["color"], linewidth=0.8)
            look = _style(drawing, marker, late=shift == _LATE)
            axis.plot(median[step], height + shift, **look)
    constant = drawing.value("post.constant_loss")
    axis.axvline(constant, color=drawing.theme.ink, linewidth=0.9, linestyle=":")
    axis.set_xscale("log")
    axis.set_xlim(4e-5, 2)
    axis.set_xticks([1e-4, 1e-3, 1e-2, 0.1, 1], ["0.0001", "0.001", "0.01", "0.1", "1"])
    axis.minorticks_off()
    axis.set_title(drawing.words["figures"]["inputs"]["loss"], loc="left")
    axis.set_xlabel(drawing.words["axes"]["loss"])


def _key(drawing: Drawing) -> list[Line2D]:
    words, theme = drawing.words["figures"]["inputs"], drawing.theme
    ink: dict[str, Any] = {"color": theme.ink, "linewidth": 0.9}
    plain, biased = (_style(drawing, marker, late=True) for marker in _MARKERS)
    early, late = ({**biased, "marker": "D", "markersize": 4.2} for _ in range(2))
    early["markerfacecolor"] = "none"
    return [
        Line2D([], [], label=words["plain"], **plain),
        Line2D([], [], label=words["biased"], **biased),
        Line2D([], [], label=_steps(drawing, "measures.early_step"), **early),
        Line2D([], [], label=_steps(drawing, "post_long.length"), **late),
        Line2D([], [], label=words["bound"], linestyle="--", **ink),
        Line2D(
            [], [], label=words["best"], marker="|", linestyle="", markersize=8, color=theme.ink
        ),
        Line2D([], [], label=words["constant"], linestyle=":", **ink),
    ]


def _steps(drawing: Drawing, fact: str) -> str:
    number = drawing.numbers.text(drawing.value(fact), "decimal", None)
    return fill(str(drawing.words["figures"]["inputs"]["steps"]), number=number)
