"""Draw one figure in every language and theme: ``python -m juchi.exhibits.draw``."""

from __future__ import annotations

import argparse
import io
import math
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure, FigureBase
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from juchi.core.atomic import write_bytes
from juchi.core.errors import UserError, run_command
from juchi.core.records import read_json
from juchi.core.tables import Columns, read_table
from juchi.core.theme import theme_file
from juchi.exhibits.figure_text import set_texts_as_text, set_ticks_as_text
from juchi.exhibits.style import NARROW, WIDTH, Theme, styled, themes
from juchi.fonts.typefaces import Usage, check_glyphs, load_catalogue, matplotlib_families, resolve
from juchi.plan.figures import drawing_of
from juchi.prose.calls import read_messages
from juchi.prose.formats import NumberFormat
from juchi.results.facts import DIVERGED, Fact, matching, read_facts

__all__ = ["Drawing", "main", "require_panels", "save"]

# What matplotlib calls a clip path.
_CLIP = re.compile(rb"\bp[0-9a-f]{10}\b")

Array = NDArray[np.float64]
_ROUNDING = 0.01  # inches
_LETTERED = re.compile(r"\(([a-z])\)")


@dataclass(frozen=True)
class Drawing:
    """What a figure is drawn from.

    Attributes
    ----------
    tables
        The tables that the figure declares in `config/article.yaml`: ``mine.samples`` and
        ``mine.curves`` of a configuration or an analysis named ``mine``.
    facts
        Those facts that the figure declares in `config/article.yaml`, for marks at measured values.
    words
        The language's words.
    numbers
        How the language prints numbers.
    theme
        The colours.
    narrow
        Whether the figure is drawn for a phone: as wide as ``NARROW`` of `juchi.exhibits.style`.
    place
        The file of the figure's module, for messages.
    """

    tables: Mapping[str, Columns]
    facts: Mapping[str, Fact]
    words: Mapping[str, Any]
    numbers: NumberFormat
    theme: Theme
    narrow: bool = False
    place: str = "report/figures/"

    def samples(self, name: str) -> Columns:
        """Return the samples of a configuration or an analysis, one row for each replicate."""
        return self._table(f"{name}.samples")

    def curves(self, name: str) -> Columns:
        """Return the curves of a configuration or an analysis, in long form."""
        return self._table(f"{name}.curves")

    def _table(self, name: str) -> Columns:
        """Return a table; one that was not declared is a `UserError`."""
        if name not in self.tables:
            raise UserError(
                f"{self.place}: {name!r}",
                "a figure that draws from a result which it does not declare",
                f"one of {', '.join(self.tables)}",
                "name the configuration or the analysis under figures in config/article.yaml",
            )
        return self.tables[name]

    def fact(self, name: str) -> Fact:
        """Return a fact; one that was not declared is a `UserError`."""
        if name not in self.facts:
            raise UserError(
                f"{self.place}: fact {name!r}",
                "a figure that quotes a fact which it does not declare",
                "a fact that config/article.yaml names under figures, by itself or by a pattern",
                "name it there, or fix the figure",
            )
        return self.facts[name]

    def number(self, fact: str) -> float:
        """Return the value of a fact; NaN, which draws nothing, where its runs have diverged."""
        return math.nan if self.fact(fact).value == DIVERGED else self.value(fact)

    def tell_divergence(self, axis: Axes, *drawn: ArrayLike) -> None:
        """Say in a panel that runs have diverged, where what is drawn there ends in NaN."""
        if any(np.isnan(values).any() for values in drawn):
            axis.text(
                0.97,
                0.5,
                self.words["no_number"][DIVERGED],
                transform=axis.transAxes,
                ha="right",
                va="center",
                fontsize=8,
            )

    def value(self, fact: str) -> float:
        """Return the value of a fact that is a single number."""
        value = self.fact(fact).value
        if isinstance(value, list | str):
            raise UserError(
                f"{self.place}: fact {fact!r}",
                f"a figure that marks a fact which is {_no_number(value)}",
                "a single number",
                "mark another fact, or change the settings at which runs diverge",
            )
        return value


def _no_number(value: list[float] | str) -> str:
    return f"{value}: its runs have left all bounds" if isinstance(value, str) else "a list"


def save(
    figure: Figure,
    path: Path,
    place: str,
    fonts: Mapping[str, Any],
    numbers: NumberFormat,
    *,
    width: float = WIDTH,
) -> None:
    """Write a figure as SVG without a date, all its words as text of the given fonts.

    What Matplotlib counts off on the axes is printed as the language prints `numbers`.

    Raises
    ------
    UserError
        If no font has a character, a formula cannot be said in text, the figure is wider than the
        text of the page (or than `width`, in inches), or anything is warned of while it is drawn.
    """
    _require_width(figure, place, width)
    set_texts_as_text(figure, place, numbers)
    set_ticks_as_text(figure, place, numbers)
    drawing = _as_svg(figure, place, fonts)
    if set_ticks_as_text(figure, place, numbers):
        drawing = _as_svg(figure, place, fonts)
    write_bytes(path, drawing)


def _require_width(figure: Figure, place: str, most: float) -> None:
    width = figure.get_size_inches()[0]
    if width > most + _ROUNDING:
        wide = most == WIDTH
        raise UserError(
            place,
            f"a figure of {width:g} inches in width",
            f"at most {most} inches, as wide as {'the text is printed' if wide else 'a phone'}",
            "draw it with figsize=(WIDTH, ...); wider, its words would be printed too small"
            if wide
            else "let lay_out() of juchi.exhibits.layout lay out its panels, or leave out `narrow`",
        )


def require_panels(figure: Figure, letters: str, place: str) -> None:
    """Refuse a figure that does not show the letters of the panels that it is declared to have.

    Each stands in parentheses at the beginning of a title or of another text: see `tag_panels`.
    """
    texts = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    shown = sorted({match[1] for text in texts if (match := _LETTERED.match(text))})
    if letters and shown != list(letters):
        raise UserError(
            place,
            f"panels with the letters {', '.join(shown)}" if shown else "panels without letters",
            f"(a) to ({letters[-1]}), as panels: {letters} in config/article.yaml has it",
            "let tag_panels() of juchi.exhibits.style letter them, or correct `panels`",
        )


def _as_svg(figure: Figure, place: str, fonts: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    warning = None
    _make_transparent(figure)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            # savefig() would draw it twice: once for the layout alone, which drawing makes as well.
            metadata = {"Date": None, "Creator": None}
            FigureCanvasSVG(figure).print_svg(buffer, metadata=metadata)  # type: ignore[no-untyped-call]
        except Warning as error:
            warning = error
    # Drawn first: only then do the ticks have their labels.
    texts = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    check_glyphs([Usage("sans", text, place) for text in texts if text], fonts)
    if warning:
        raise UserError(
            place,
            f"a warning: {warning}",
            "a figure that is drawn without a warning",
            "change the module of the figure so that the warning goes",
        ) from warning
    return _with_numbered_clips(buffer.getvalue())


def _make_transparent(figure: Figure) -> None:
    """Leave the figure and its panels without a ground: that of the page is seen."""

    def has_ground(artist: Artist) -> bool:
        return isinstance(artist, FigureBase | Axes)

    for each in figure.findobj(has_ground):
        each.patch.set(facecolor="none", edgecolor="none")  # type: ignore[attr-defined]


def _with_numbered_clips(drawing: bytes) -> bytes:
    """Return a drawing whose clip paths are numbered as they appear.

    Matplotlib names each after the places of its corners, to the last bit, and the solver of the
    layout may leave another last bit in another run; what is drawn is rounded far before that.
    """
    names: dict[bytes, bytes] = {}
    return _CLIP.sub(
        lambda found: names.setdefault(found[0], b"clip-%d" % (len(names) + 1)), drawing
    )


def main() -> None:
    """Draw the figure that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figure", required=True)
    parser.add_argument("--words", required=True, type=Path, nargs="+")
    parser.add_argument("--tables", required=True, type=Path, nargs="*")
    parser.add_argument("--facts", type=Path, nargs="?", help="none for a figure without facts")
    parser.add_argument("--panels", default="", help="the letters of its panels")
    parser.add_argument("--quoted", required=True, nargs="*", help="the facts, or patterns of them")
    parser.add_argument("--catalogue", type=Path, default=theme_file("fonts.yaml"))
    for name in ("languages", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    name, narrow = drawing_of(arguments.figure)
    draw = _draw_function(name)
    catalogue = load_catalogue(arguments.catalogue)
    tables = {path.stem: _read_drawn(path, name) for path in arguments.tables}
    facts = _quoted(arguments.facts, arguments.quoted)
    languages = read_json(arguments.languages)
    for words_path in arguments.words:
        language = languages[words_path.parent.name]
        fonts = resolve(language["fonts"], catalogue)
        families = matplotlib_families(fonts["sans"])
        words = read_messages(words_path)
        numbers = NumberFormat(language["locale"], words["list_separator"])
        for theme_name, theme in themes().items():
            path = arguments.output / words_path.parent.name
            with styled(theme, families):
                module = f"report/figures/{name}.py"
                drawing = Drawing(tables, facts, words, numbers, theme, narrow, module)
                figure = draw(drawing)
                place = f"{module} with {words_path}"
                require_panels(figure, arguments.panels, place)
                file = path / f"{arguments.figure}.{theme_name}.svg"
                width = NARROW if narrow else WIDTH
                save(figure, file, place, fonts, numbers, width=width)


def _read_drawn(path: Path, figure: str) -> Columns:
    """Read a table that a figure declares; an empty one, which is not published, is refused."""
    table = read_table(path)
    if not table:
        name, _, empty = path.stem.rpartition(".")
        other = {"samples": "curves", "curves": "samples"}[empty]
        raise UserError(
            f"config/article.yaml: figures.{figure}",
            f"{name}, which has no {empty}",
            "results with something in them",
            f"write {name}:{other}",
        )
    return table


def _quoted(path: Path | None, patterns: Sequence[str]) -> dict[str, Fact]:
    """Return the facts that a figure declares, by name or by a pattern of names."""
    facts = read_facts(path) if path else {}
    return {name: facts[name] for name in matching(facts, patterns)}


def _draw_function(name: str) -> Any:  # noqa: ANN401 - a function of a Drawing
    try:
        return import_module(f"report.figures.{name}").draw
    except ModuleNotFoundError as error:
        if error.name != f"report.figures.{name}":
            raise
        raise UserError(
            f"config/article.yaml: figures.{name}",
            f"no module report/figures/{name}.py",
            "one module with draw() for each figure",
            "write the module, or fix the name",
        ) from error


if __name__ == "__main__":
    run_command(main)
