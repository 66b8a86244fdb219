"""The page for paper: the composed HTML with its formulas as pictures, as a PDF by WeasyPrint.

The PDF is PDF/A-3a and PDF/UA-1 in one: `juchi.pdf.tagging` builds its structure while it is
printed, `juchi.pdf.archive` completes it.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any

from lxml import html
from lxml.html import HtmlElement
from weasyprint import HTML

from juchi.core.atomic import write_bytes
from juchi.core.errors import run_command
from juchi.html.appendix import append
from juchi.html.document import serialise
from juchi.html.mathematics import LINE, as_image, formula_key, read_typeset
from juchi.html.web_parts import leave_to_web
from juchi.pdf.archive import complete, read_record
from juchi.pdf.breaks import keep_together
from juchi.pdf.broken_words import whole_words
from juchi.pdf.contents import LONG, without_contents
from juchi.pdf.even_lines import even_lines
from juchi.pdf.figure_pdfs import empty_places
from juchi.pdf.floats import floating_figures
from juchi.pdf.footnotes import notes_with_their_calls, refuse_parted_notes
from juchi.pdf.justification import inter_character_justification
from juchi.pdf.last_page import without_short_end
from juchi.pdf.linebreaks import full_lines
from juchi.pdf.long_tables import continued_tables
from juchi.pdf.names import keep_names, open_long_words
from juchi.pdf.nonbreaking_spaces import bind
from juchi.pdf.overfull import find_overfull, refuse_overfull, shrink_tables
from juchi.pdf.searchable import invisible_text, shared_out
from juchi.pdf.tagging import logical_structure
from juchi.pdf.weasyprint_patches import without_leftovers, without_warnings
from juchi.pdf.word_breaks import spelt_word_breaks
from juchi.prose.calls import read_messages

__all__ = ["draw_formulas", "main", "plain_fonts", "print_pdf"]


def plain_fonts(root: HtmlElement, fonts: Path) -> None:
    """Let the page take its fonts from a folder of plain files instead of the packed ones."""
    for link in root.iter("link"):
        if link.get("href", "").endswith("/fonts.css") and link.get("media") != "screen":
            link.set("href", (fonts.resolve() / "fonts.css").as_uri())


def draw_formulas(page: Path, mathematics: Path) -> HtmlElement:
    """Return the composed page with every formula as a picture with alternative text."""
    typeset = read_typeset(mathematics)
    root: HtmlElement = html.parse(str(page), html.HTMLParser(encoding="utf-8")).getroot()
    bind(root)
    keep_together(root)
    keep_names(root)
    open_long_words(root)
    for place in list(root.iter("span")):
        tex = place.get("data-tex")
        if tex is not None:
            display = "display" in place.get("class")
            drawn = typeset[formula_key(tex, display)]
            alternative = place.attrib.pop("data-alt", None) or drawn.speech
            pieces = drawn.pieces or [drawn]
            texts = shared_out(drawn.plain, [piece.width for piece in pieces])
            for piece, text in zip(pieces, texts, strict=True):
                image = as_image(piece, alternative, room=LINE if display else inf)
                place.append(html.fragment_fromstring(image))
                place[-1].set("data-plain", text)
                place[-1].tail = " "  # a line may end here
            place[-1].tail = None
    return root


@contextmanager
def _without_collection() -> Iterator[None]:
    """Collect no garbage in this context.

    Nearly all that WeasyPrint makes lives until the last page is printed; to look through it again
    and again for what does not takes a sixth of the time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def print_pdf(
    root: HtmlElement, base: Path, source: Path, figure_pdfs: Mapping[str, Path]
) -> bytes:
    """Return the PDF/A-3a of a page whose relative addresses start from the folder `base`.

    Tagged by the page's elements. Pictures whose addresses are in `figure_pdfs` leave their places
    empty, see `juchi.pdf.figure_pdfs`.

    Raises
    ------
    UserError
        If WeasyPrint warns of anything, something sticks out of its place, or a note does not stand
        on the page of its call.
    """
    with (
        _without_collection(),
        without_leftovers(),
        without_warnings(source),
        inter_character_justification(),
        full_lines(),
        even_lines(),
        floating_figures(),
        continued_tables(),
        notes_with_their_calls(),
        spelt_word_breaks(),
        whole_words(),
        logical_structure(),
        empty_places(figure_pdfs),
        invisible_text(),
    ):
        document = _lay_out(root, base, source)
        # The identifier would otherwise be drawn at random; the content decides all the rest.
        pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=b"juchi")
    return pdf


def _lay_out(root: HtmlElement, base: Path, source: Path) -> Any:  # noqa: ANN401 - no types
    """Return the page laid out, nothing sticking out and each note on the page of its call."""

    def render() -> Any:  # noqa: ANN401
        page = HTML(string=serialise(root), base_url=f"{base.resolve()}/index.html")
        return page.render(pdf_variant="pdf/a-3a")

    _count_from_start(root)
    listed = without_contents(root)
    document = render()
    if listed is not None and len(document.pages) >= LONG:
        listed()
        document = render()
    document = without_short_end(root, document, render)
    overfull = find_overfull(document.pages)
    if shrink_tables(root, overfull):
        document = render()
        overfull = find_overfull(document.pages)
    refuse_overfull(overfull, source)
    refuse_parted_notes(document.pages, source)
    return document


def _count_from_start(root: HtmlElement) -> None:
    """Let each list begin with the number that it is given, of which WeasyPrint takes no notice."""
    for numbered in root.iter("ol"):
        if start := numbered.get("start"):
            numbered.set("style", f"counter-reset: list-item {int(start) - 1}")


def _attached(root: HtmlElement, supplements: Iterable[Path]) -> dict[Path, str]:
    """Return the titles of the supplements that the page says are attached, by their paths."""
    titles = {item.get("data-attached"): item.findtext("b") or "" for item in root.iter("li")}
    return {path: titles[str(path)] for path in supplements if str(path) in titles}


def main() -> None:
    """Print the page that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = (
        "page",
        "appendix",
        "mathematics",
        "fonts",
        "base",
        "words",
        "packet",
        "data",
        "output",
    )
    for name in names:
        parser.add_argument(f"--{name}", required=True, type=Path)
    for name in ("pictures", "figure_pdfs", "supplements"):
        parser.add_argument(f"--{name}", required=True, type=Path, nargs="*")
    arguments = parser.parse_args()
    root = draw_formulas(arguments.page, arguments.mathematics)
    append(root, arguments.appendix.read_text(encoding="utf-8"))
    leave_to_web(root)
    words = read_messages(arguments.words)
    plain_fonts(root, arguments.fonts)
    record = read_record(root, arguments.page)
    addresses = (picture.resolve().as_uri() for picture in arguments.pictures)
    figure_pdfs = dict(zip(addresses, arguments.figure_pdfs, strict=True))
    printed = print_pdf(root, arguments.base, arguments.page, figure_pdfs)
    write_bytes(
        arguments.output,
        complete(
            printed,
            record,
            arguments.packet,
            arguments.data,
            words["attachments"],
            supplements=_attached(root, arguments.supplements),
        ),
    )


if __name__ == "__main__":
    run_command(main)
