"""The themes: the article's colours by name, or colours of the generator's own."""

from __future__ import annotations

from collections.abc import Mapping
from unittest import mock

import matplotlib as mpl
import pytest

from juchi.core.errors import UserError
from juchi.exhibits import style
from juchi.exhibits.style import styled, themes
from report.palette import COLOURS

# The grounds of the pages, `--paper` in article.css and screen.css.
PAPER = {"light": "#ffffff", "dark": "#16181c"}


def of_an_article(palette: Mapping[str, Mapping[str, str]] | None) -> dict[str, style.Theme]:
    """Return the themes of an article with a palette, or without one."""

    def found(module: str, name: str, default: object) -> object:
        assert (module, name) == ("report.palette", "COLOURS")
        return default if palette is None else palette

    with mock.patch.object(style, "article_value", found):
        return themes()


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_article_has_its_own_colours() -> None:
    for name, theme in themes().items():
        assert theme.colours == {key: shades[name] for key, shades in COLOURS.items()}


@pytest.mark.parametrize("name", PAPER)
def test_an_article_without_a_palette_has_colours_that_stand_out(name: str) -> None:
    theme = of_an_article(None)[name]
    assert len(set(theme.colours.values())) == len(theme.colours) > 4
    for colour in theme.colours.values():
        low, high = sorted((luminance(colour), luminance(PAPER[name])))
        assert (high + 0.05) / (low + 0.05) > 4, colour


def test_what_is_drawn_without_a_colour_takes_them_in_turn() -> None:
    theme = of_an_article(None)["light"]
    with styled(theme, ["sans-serif"]):
        cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    assert cycle == list(theme.colours.values())


@pytest.mark.parametrize(
    ("palette", "found"),
    [
        ({}, "no colour"),
        ({"first": {"light": "#000000"}}, r"palette\.py: first\n.*shades for light\n"),
        ({"first": {"light": "#000000", "dark": "#ffffff", "dusk": "#777777"}}, "dusk"),
    ],
)
def test_a_palette_that_lacks_a_theme_is_refused(
    palette: Mapping[str, Mapping[str, str]], found: str
) -> None:
    with pytest.raises(UserError, match=found):
        of_an_article(palette)
