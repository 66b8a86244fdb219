"""How figures look: one style for all of them, light and dark, in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

__all__ = ["HASH_SALT", "THEMES", "WIDTH", "Theme", "styled", "tag_panels"]

# Inches; the printed page shows a figure at nine tenths of it, as wide as its text.
WIDTH = 6.53

# matplotlib derives the ids inside an SVG from this; a fixed one makes the file reproducible.
HASH_SALT = "juchi"


@dataclass(frozen=True)
class Theme:
    """Colours of one page background.

    Attributes
    ----------
    ink, faint, grid
        Text and axes; secondary lines; grid.
    colours
        By what is shown: the same thing has the same colour everywhere. The four differ in
        lightness too, so that they can be told apart in grey, and follow Okabe and Ito's palette
        for colour-blind readers.
    """

    ink: str
    faint: str
    grid: str
    colours: Mapping[str, str]


THEMES = {
    "light": Theme(
        ink="#1b1f24",
        faint="#5b6470",
        grid="#dfe2e6",
        colours={
            "sigmoid": "#c04a00",
            "batchnorm": "#0072b2",
            "momentum": "#4b2e83",
            "tanh": "#2f9e77",
            "centred": "#8a6d00",
            "scaled": "#1f77a8",
            "relu": "#a8326e",
            "sparse": "#6a3d9a",
            "reference": "#1b1f24",
        },
    ),
    "dark": Theme(
        ink="#e4e6ea",
        faint="#a2aab5",
        grid="#33383f",
        colours={
            "sigmoid": "#ff9a52",
            "batchnorm": "#6cc0f5",
            "momentum": "#c3a6ff",
            "tanh": "#6fdcb4",
            "centred": "#e6cf6a",
            "scaled": "#7fb8e6",
            "relu": "#f08fc0",
            "sparse": "#c3a6ff",
            "reference": "#e4e6ea",
        },
    ),
}


def _parameters(theme: Theme, families: list[str]) -> dict[Any, Any]:
    return {
        "svg.hashsalt": HASH_SALT,
        "svg.fonttype": "path",
        "font.family": families,
        "font.size": 8.5,
        "axes.titlesize": 8.5,
        "axes.titleweight": 600,
        "axes.titlelocation": "left",
        "axes.labelsize": 8.5,
        "legend.fontsize": 8,
        "legend.frameon": False,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "text.color": theme.ink,
        "axes.labelcolor": theme.ink,
        "axes.edgecolor": theme.faint,
        "axes.linewidth": 0.7,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": theme.grid,
        "grid.linewidth": 0.6,
        "xtick.color": theme.faint,
        "ytick.color": theme.faint,
        "xtick.labelcolor": theme.ink,
        "ytick.labelcolor": theme.ink,
        "xtick.major.width": 0.7,
        "ytick.major.width": 0.7,
        "lines.linewidth": 1.2,
        "figure.constrained_layout.use": True,
        "savefig.transparent": True,
        "axes.unicode_minus": True,
        # Powers of ten as 10⁻² and not 1e−2; `juchi.exhibits.figure_text` sets them as text.
        "axes.formatter.use_mathtext": True,
        "text.parse_math": False,
    }


@contextmanager
def styled(theme: Theme, families: list[str]) -> Iterator[None]:
    """Draw in a theme, with a stack of font families; every figure is closed at the end."""
    with mpl.rc_context():
        # Nothing of a matplotlibrc, which matplotlib also reads in the folder that it starts in.
        mpl.rcdefaults()
        mpl.rcParams.update(_parameters(theme, families))
        try:
            yield
        finally:
            plt.close("all")


def tag_panels(axes: list[Axes]) -> None:
    """Letter the panels, for the caption to name them."""
    for letter, axis in zip("abcdefgh", axes, strict=False):
        axis.set_title(f"({letter})  {axis.get_title(loc='left')}".rstrip(), loc="left")
