"""The picture that a shared link shows: the title, and below it the sawtooth itself.

Drawn for each language from the measured weight of one start, on the dark page's ground, which
stands out in a list of messages; the same bytes on every build.
"""

from __future__ import annotations

import argparse
import io
import warnings
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

from juchi.core.atomic import write_bytes
from juchi.core.errors import run_command
from juchi.core.records import read_json
from juchi.core.tables import read_table
from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import styled, themes
from juchi.fonts.typefaces import Usage, check_glyphs, load_catalogue, matplotlib_families, resolve
from juchi.prose.formats import NumberFormat
from juchi.results.facts import read_facts
from juchi.site.edition import read_editions
from juchi.site.metadata import PREVIEW_SIZE
from report.figures.sawtooth import first_to_oscillate

__all__ = ["as_png", "draw", "main"]

_DPI = 100
# The ground of the dark page, `--paper` in screen.css.
_PAPER = "#16181c"
# Points. A preview is often shown a third of its size.
_TITLE, _NAME = 50, 24
# Fractions of the picture: the margin, and how high the curve reaches.
_MARGIN, _CURVE = 0.06, 0.6
# The last steps of the path: few and wide teeth can be told apart when the picture is small.
_STEPS = 36


def draw(drawing: Drawing, name: str, title: str) -> Figure:
    """Draw the name of the site, the title as large as it fits, and the path of one start."""
    width, height = (pixels / _DPI for pixels in PREVIEW_SIZE)
    figure = plt.figure(figsize=(width, height), dpi=_DPI, layout="none", facecolor=_PAPER)
    ink, faint = drawing.theme.ink, drawing.theme.faint
    figure.text(_MARGIN, 0.87, name, size=_NAME, color=faint, va="center")
    heading = figure.text(_MARGIN, 0.73, title, size=_TITLE, weight=600, color=ink, va="center")
    _fit(heading, (1 - 2 * _MARGIN) * PREVIEW_SIZE[0])
    _draw_path(figure, drawing)
    return figure


def _fit(text: Text, room: float) -> None:
    """Make a text smaller until it is no wider than `room`, in pixels."""
    extent = text.get_window_extent().width
    text.set_fontsize(float(text.get_fontsize()) * min(1.0, room / extent))


def _draw_path(figure: Figure, drawing: Drawing) -> None:
    weight = drawing.starts("seed", "weight")
    path = weight[first_to_oscillate(weight)][-_STEPS - 1 :]
    axis = figure.add_axes((0, 0.06, 1, _CURVE - 0.06))
    axis.set_axis_off()
    colour = drawing.theme.colours["sigmoid"]
    minimum = drawing.value("seed.w_star")
    axis.axhline(minimum, color=drawing.theme.faint, linewidth=1.5, linestyle=(0, (6, 5)))
    axis.plot(np.arange(len(path)), path, color=colour, linewidth=3.2, marker="o", markersize=8)
    axis.set_xlim(0, len(path) - 1)


def as_png(figure: Figure) -> bytes:
    """Return the picture as PNG, without a note of the program that drew it."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(buffer, format="png", transparent=False, metadata={"Software": None})
    return buffer.getvalue()


def main() -> None:
    """Draw the picture of the language that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", required=True)
    for name in ("article", "templates", "catalogue", "facts", "paths", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    edition = read_editions(read_json(arguments.article), arguments.templates)[arguments.language]
    fonts = resolve(
        edition.article["languages"][edition.code]["fonts"], load_catalogue(arguments.catalogue)
    )
    place = str(arguments.templates / edition.code / "words.yaml")
    check_glyphs([Usage("sans", edition.title + edition.words["site"], place)], fonts)
    drawing = Drawing(
        tables={"paths": read_table(arguments.paths)},
        facts=read_facts(arguments.facts),
        words=edition.words,
        numbers=NumberFormat(str(edition.locale), edition.words["list_separator"]),
        theme=themes()["dark"],
    )
    with styled(drawing.theme, matplotlib_families(fonts["sans"])):
        figure = draw(drawing, edition.words["site"], edition.title)
        write_bytes(arguments.output, as_png(figure))


if __name__ == "__main__":
    run_command(main)
