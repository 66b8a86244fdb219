"""How figures look: one style for all of them, light and dark, in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.rcsetup import cycler

from juchi.core.article import article_value
from juchi.core.errors import UserError

__all__ = ["HASH_SALT", "NARROW", "WIDTH", "Theme", "styled", "tag_panels", "themes"]

# Inches; the printed page shows a figure at nine tenths of it, as wide as its text.
WIDTH = 6.53
# And those of a figure on a phone, whose panels stand one below the other.
NARROW = 3.5

# matplotlib derives the ids inside an SVG from this; a fixed one makes the file reproducible.
HASH_SALT = "juchi"

_PALETTE = "report/palette.py"


# Colours for an article that names none. Like those of Okabe and Ito, colour-blind readers can tell
# them apart; each stands out from the ground of its page by a contrast of four to one or more.
_DEFAULT_COLOURS = {
    "blue": {"light": "#0072b2", "dark": "#6cc0f5"},
    "orange": {"light": "#c04a00", "dark": "#ff9a52"},
    "green": {"light": "#1f8a64", "dark": "#6fdcb4"},
    "purple": {"light": "#4b2e83", "dark": "#c3a6ff"},
    "yellow": {"light": "#8a6d00", "dark": "#e6cf6a"},
    "pink": {"light": "#a8326e", "dark": "#f08fc0"},
}


@dataclass(frozen=True)
class Theme:
    """Colours of one page background.

    Attributes
    ----------
    ink, faint, grid
        Text and axes; secondary lines; grid.
    colours
        By name, as ``COLOURS`` in `report/palette.py` has them: by what is shown, for the same
        thing to have the same colour everywhere. What is drawn without a colour takes them in turn.
    """

    ink: str
    faint: str
    grid: str
    colours: Mapping[str, str]


# What all articles have in common of a theme.
_NEUTRAL = {
    "light": {"ink": "#1b1f24", "faint": "#5b6470", "grid": "#dfe2e6"},
    "dark": {"ink": "#e4e6ea", "faint": "#a2aab5", "grid": "#33383f"},
}


def themes() -> dict[str, Theme]:
    """Return the themes by name, ``light`` and ``dark``, in the article's colours.

    Raises
    ------
    UserError
        Where the article names no colour, or names one that some theme lacks.
    """
    palette = article_value("report.palette", "COLOURS", _DEFAULT_COLOURS)
    _require_every_theme(palette)
    return {
        name: Theme(**neutral, colours={key: each[name] for key, each in palette.items()})
        for name, neutral in _NEUTRAL.items()
    }


def _require_every_theme(palette: Mapping[str, Mapping[str, str]]) -> None:
    needed = " and ".join(_NEUTRAL)
    if not palette:
        raise UserError(_PALETTE, "no colour", "one or more", "add one, or delete the file")
    for name, shades in palette.items():
        if shades.keys() != _NEUTRAL.keys():
            found = f"shades for {', '.join(shades) or 'no theme'}"
            raise UserError(
                f"{_PALETTE}: {name}", found, f"one for each of {needed}", "complete the colour"
            )


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
        "axes.prop_cycle": cycler(color=list(theme.colours.values())),
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
