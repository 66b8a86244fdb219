"""The page for paper: the composed HTML with its formulas as pictures, as a PDF by WeasyPrint.

The PDF is PDF/A-3a and PDF/UA-1 in one: `report.tagging` builds its structure while it is printed,
`report.archive` completes it.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from lxml import html
from lxml.html import HtmlElement
from weasyprint import HTML

from pipeline.atomic import write_bytes
from pipeline.errors import UserError, run_command
from report.appendix import append
from report.archive import complete, read_record
from report.binding import bind
from report.document import serialise
from report.floats import floating_figures
from report.formula_text import formula_text
from report.justification import inter_character_justification
from report.linebreaks import full_lines
from report.mathematics import as_image, formula_key, read_typeset
from report.prose import read_words
from report.tagging import logical_structure
from report.word_breaks import spelt_word_breaks

__all__ = ["draw_formulas", "main", "plain_fonts", "print_pdf"]


class _Warnings(logging.Handler):
    """Keeps what WeasyPrint only warns of: a missing image, an unknown property, a lost glyph."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


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
    for place in list(root.iter("span")):
        tex = place.attrib.pop("data-tex", None)
        if tex is not None:
            display = "display" in place.get("class")
            alternative = place.attrib.pop("data-alt", None) or formula_text(tex)
            image = as_image(typeset[formula_key(tex, display)], alternative)
            place.append(html.fragment_fromstring(image))
    return root


def print_pdf(root: HtmlElement, base: Path, source: Path) -> bytes:
    """Return the PDF/A-3a of a page whose relative addresses start from the folder `base`.

    Tagged by the page's elements; anything that WeasyPrint warns of is a `UserError`.
    """
    warnings = _Warnings()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(warnings)
    logger.propagate = False
    try:
        with (
            inter_character_justification(),
            full_lines(),
            floating_figures(),
            spelt_word_breaks(),
            logical_structure(),
        ):
            document = HTML(string=serialise(root), base_url=f"{base.resolve()}/index.html")
            # The identifier would otherwise be drawn at random; the content decides all the rest.
            pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=b"juchi")
    finally:
        logger.removeHandler(warnings)
    if warnings.messages:
        raise UserError(
            where=str(source),
            found="; ".join(dict.fromkeys(warnings.messages)),
            expected="a page that WeasyPrint prints without a warning",
            remedy="mend the style sheet, the picture or the character that it names",
        )
    return pdf


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
    arguments = parser.parse_args()
    root = draw_formulas(arguments.page, arguments.mathematics)
    append(root, arguments.appendix.read_text(encoding="utf-8"))
    plain_fonts(root, arguments.fonts)
    record = read_record(root, arguments.page)
    printed = print_pdf(root, arguments.base, arguments.page)
    descriptions = read_words(arguments.words)["attachments"]
    write_bytes(
        arguments.output,
        complete(printed, record, arguments.packet, arguments.data, descriptions),
    )


if __name__ == "__main__":
    run_command(main)
