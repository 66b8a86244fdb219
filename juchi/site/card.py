"""The picture that a shared link shows: the name of the site, the title, and below it a drawing.

It is made for each language on the ground of the dark page, which stands out in a list of messages;
the same bytes on every build. What stands below the title is for the article to say, by ``draw`` in
`report/social_card.py`: a function of axes as wide as the picture, and of a `Drawing` with all
facts and the tables of what ``RESULTS`` names there. An article without that module has the title
alone.
"""

from __future__ import annotations

import argparse
import io
import warnings
from collections.abc import Callable
from pathlib import Path

from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

from juchi.core.article import article_value
from juchi.core.atomic import write_bytes
from juchi.core.errors import run_command
from juchi.core.records import read_json
from juchi.core.tables import read_table
from juchi.core.theme import theme_file
from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import styled, themes
from juchi.fonts.typefaces import Usage, check_glyphs, load_catalogue, matplotlib_families, resolve
from juchi.prose.formats import NumberFormat
from juchi.results.facts import read_facts
from juchi.site.localized_metadata import read_metadata
from juchi.site.metadata import PREVIEW_SIZE

__all__ = ["as_png", "draw", "main"]

_DPI = 100
# The ground of the dark page, `--paper` in screen.css.
_PAPER = "#16181c"
# Points. A preview is often shown a third of its size.
_TITLE, _NAME = 50, 24
# Fractions of the picture: the margin, and the height up to which the article draws.
_MARGIN, _DRAWN = 0.06, 0.6


def draw(drawing: Drawing, name: str, title: str, below: Callable[..., None] | None) -> Figure:
    """Draw the name of the site, the title as large as it fits, and what the article draws below.

    Parameters
    ----------
    drawing
        The results, and the theme.
    name, title
        The names of the site and of the article.
    below
        The article's function of axes and `drawing`; None leaves the place empty.
    """
    width, height = (pixels / _DPI for pixels in PREVIEW_SIZE)
    figure = plt.figure(figsize=(width, height), dpi=_DPI, layout="none", facecolor=_PAPER)
    ink, faint = drawing.theme.ink, drawing.theme.faint
    figure.text(_MARGIN, 0.87, name, size=_NAME, color=faint, va="center")
    heading = figure.text(_MARGIN, 0.73, title, size=_TITLE, weight=600, color=ink, va="center")
    _fit(heading, (1 - 2 * _MARGIN) * PREVIEW_SIZE[0])
    if below:
        axes = figure.add_axes((0, _MARGIN, 1, _DRAWN - _MARGIN))
        axes.set_axis_off()
        below(axes, drawing)
    return figure


def _fit(text: Text, room: float) -> None:
    """Make a text smaller until it is no wider than `room`, in pixels."""
    extent = text.get_window_extent().width
    text.set_fontsize(float(text.get_fontsize()) * min(1.0, room / extent))


def as_png(figure: Figure) -> bytes:
    """Return the picture as PNG, without a note of the program that drew it."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(buffer, format="png", transparent=False, metadata={"Software": None})
    return buffer.getvalue()


def main() -> None:
    """Draw the picture of the language that the command line names."""
    arguments = _arguments()
    edition = read_metadata(read_json(arguments.article), arguments.templates)[arguments.language]
    fonts = resolve(
        edition.article["languages"][edition.code]["fonts"], load_catalogue(arguments.catalogue)
    )
    place = str(arguments.templates / edition.code / "messages.yaml")
    check_glyphs([Usage("sans", edition.title + edition.words["site"], place)], fonts)
    drawing = Drawing(
        tables={path.stem: read_table(path) for path in arguments.results},
        facts=read_facts(arguments.facts),
        words=edition.words,
        numbers=NumberFormat(str(edition.locale), edition.words["list_separator"]),
        theme=themes()["dark"],
        place="report/social_card.py",
    )
    below = article_value("report.social_card", "draw", None)
    with styled(drawing.theme, matplotlib_families(fonts["sans"])):
        figure = draw(drawing, edition.words["site"], edition.title, below)
        write_bytes(arguments.output, as_png(figure))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", required=True)
    parser.add_argument("--catalogue", type=Path, default=theme_file("fonts.yaml"))
    for name in ("article", "templates", "facts", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--results", nargs="*", default=[], type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    run_command(main)
