"""The variance from layer to layer: measured marks on the lines of the limit of wide layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels

__all__ = ["draw"]

Array = NDArray[np.float64]

# The cases of each panel.
_PANELS = {
    "linear": ("default_linear", "derived_linear"),
    "saturating": ("default_sigmoid", "derived_sigmoid", "derived_tanh"),
    "relu": ("default_relu", "he_relu"),
}


@dataclass(frozen=True)
class _Look:
    """Colour by activation, marker by scheme, and where the line has room for its name.

    The name stands at a layer of the line of a sense, off by so many points across and up.
    """

    colour: str
    marker: str
    layer: int
    sense: str
    across: int
    up: int


_LOOKS = {
    "default_linear": _Look("reference", "o", 7, "over_samples", -4, -4),
    "derived_linear": _Look("reference", "s", 6, "over_samples", 0, -11),
    "default_sigmoid": _Look("sigmoid", "o", 5, "over_samples", -5, -4),
    "derived_sigmoid": _Look("sigmoid", "s", 6, "over_samples", 6, 4),
    "derived_tanh": _Look("tanh", "s", 8, "over_weights", 0, -11),
    "default_relu": _Look("relu", "o", 6, "over_samples", -5, -6),
    "he_relu": _Look("relu", "^", 8, "over_samples", 0, -12),
}
_LOWEST = 1e-11


def draw(drawing: Drawing) -> Figure:
    """Draw a panel for each kind of activation, with both senses of the variance."""
    figure, axes = lay_out(drawing, [list(_PANELS)], 3.1, 2.3, sharey=True)
    for panel, cases in _PANELS.items():
        axis = axes[panel]
        for case in cases:
            _draw_case(axis, drawing, case)
            _name(axis, drawing, case)
        axis.set_title(drawing.words["figures"]["variance"][panel], loc="left")
        axis.set_xlabel(drawing.words["axes"]["layer"])
    axes["saturating"].text(
        12.4,
        1,
        drawing.words["figures"]["variance"]["sigmoid"],
        color=drawing.theme.colours["sigmoid"],
        ha="right",
        va="center",
        fontsize=8,
    )
    for axis in axes.values() if drawing.narrow else [axes["linear"]]:
        _set_scales(axis, drawing)
    _senses(axes["linear"], drawing)
    tag_panels(list(axes.values()))
    return figure


def _column(drawing: Drawing, case: str, name: str) -> Array:
    series = drawing.curves("layer_variance")
    return np.asarray(series[name][series["case"] == case])


def _draw_case(axis: Axes, drawing: Drawing, case: str) -> None:
    look = _LOOKS[case]
    colour = drawing.theme.colours[look.colour]
    layer = _column(drawing, case, "layer")
    for sense, line, face in (("over_weights", "-", colour), ("over_samples", "--", "none")):
        # The inputs have variance one.
        expected = np.append(1, _column(drawing, case, f"{sense}_expected"))
        axis.plot(np.append(0, layer), expected, color=colour, linestyle=line, linewidth=0.9)
        axis.plot(
            layer,
            _column(drawing, case, f"{sense}_median"),
            look.marker,
            color=colour,
            markerfacecolor=face,
            markersize=3.6,
        )


def _name(axis: Axes, drawing: Drawing, case: str) -> None:
    look = _LOOKS[case]
    height = _column(drawing, case, f"{look.sense}_expected")[look.layer - 1]
    side = "center" if look.across == 0 else "left" if look.across > 0 else "right"
    axis.annotate(
        drawing.words["figures"]["variance"]["cases"][case],
        (look.layer, height),
        xytext=(look.across, look.up),
        textcoords="offset points",
        ha=side,
        va="center",
        color=drawing.theme.colours[look.colour],
        fontsize=8,
    )


def _set_scales(axis: Axes, drawing: Drawing) -> None:
    axis.set_yscale("log")
    axis.set_ylim(_LOWEST, 10)
    axis.set_yticks([1, 1e-3, 1e-6, 1e-9], ["1", "10⁻³", "10⁻⁶", "10⁻⁹"])
    axis.minorticks_off()
    axis.set_xlim(0, 12.6)
    axis.set_ylabel(drawing.words["figures"]["variance"]["variance"])


def _senses(axis: Axes, drawing: Drawing) -> None:
    words, ink = drawing.words["figures"]["variance"], drawing.theme.ink
    looks: list[dict[str, Any]] = [
        {"linestyle": "-"},
        {"linestyle": "--", "markerfacecolor": "none"},
    ]
    handles = [
        axis.plot([], [], color=ink, marker="o", markersize=3.6, linewidth=0.9, **look)[0]
        for look in looks
    ]
    labels = [words["over_weights"], words["over_samples"]]
    axis.legend(handles, labels, loc="lower left", borderaxespad=0.2, handlelength=2.4)
