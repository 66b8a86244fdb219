"""Each figure of the paper drawn once, in a PDF of its own, and laid in as it is.

WeasyPrint takes longer to draw the figures than to set the text; a changed sentence changes no
figure. While the paper is printed, each figure that has a PDF leaves its place empty; when it is
printed, the PDF is laid into that place, scaled and not drawn again.
"""

from __future__ import annotations

import argparse
import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
import pydyf
from lxml import etree
from pikepdf import Dictionary, Name, Pdf
from weasyprint import HTML, images

from juchi.core.atomic import write_bytes
from juchi.core.errors import run_command
from juchi.core.records import damaged
from juchi.pdf.weasyprint_patches import replaced, without_leftovers, without_warnings

__all__ = ["draw_figure_pdf", "empty_places", "lay_in", "main"]

_FIGURE_PDF = Name("/FigurePDF")
# What stands between a figure's PDF and its digest.
_MARK = b"% SHA-256 "


def draw_figure_pdf(picture: Path) -> bytes:
    """Return a PDF of one page, as large as an SVG picture and with nothing but it.

    Raises
    ------
    UserError
        If the picture is damaged or does not tell its size, or WeasyPrint warns of anything in it.
    """
    expected = "an SVG picture that tells its width and height, as Matplotlib writes it"
    try:
        root = etree.parse(picture).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise damaged(picture, error, expected) from error
    width, height = root.get("width"), root.get("height")
    if width is None or height is None:
        raise damaged(picture, ValueError("a picture without width or height"), expected)
    style = f"@page {{ size: {width} {height}; margin: 0 }} html, body {{ margin: 0 }}"
    style += " img { display: block }"
    page = f'<style>{style}</style><img src="{picture.name}" alt="">'
    with without_leftovers(), without_warnings(picture):
        document = HTML(string=page, base_url=picture.resolve().as_uri())
        figure_pdf: bytes = document.write_pdf(pdf_identifier=b"juchi")
    # Readers of PDF pass over a comment behind the end; a damaged drawing could look like a result.
    return figure_pdf + _MARK + _digest(figure_pdf)


def _digest(figure_pdf: bytes) -> bytes:
    return hashlib.sha256(figure_pdf).hexdigest().encode()


def _open_figure_pdf(path: Path) -> Pdf:
    """Open what `draw_figure_pdf` returned; a damaged or missing file is a `UserError`."""
    expected = "a figure's whole PDF with the digest of its content at its end"
    try:
        figure_pdf, _, digest = path.read_bytes().rpartition(_MARK)
    except OSError as error:
        raise damaged(path, error, expected) from error
    if digest != _digest(figure_pdf):
        raise damaged(path, ValueError("other bytes than those that were made"), expected)
    return pikepdf.open(io.BytesIO(figure_pdf))


@contextmanager
def empty_places(figure_pdfs: Mapping[str, Path]) -> Iterator[None]:
    """Leave the places of some pictures empty, for `lay_in`; the rest is drawn as ever.

    `figure_pdfs` tells the PDFs of pictures by the pictures' addresses (URL).
    """

    def make(draw: Any) -> Any:  # noqa: ANN401 - WeasyPrint has no types
        def draw_or_leave_empty(
            image: Any,  # noqa: ANN401
            stream: Any,  # noqa: ANN401
            width: float,
            height: float,
            style: Any,  # noqa: ANN401
        ) -> None:
            figure_pdf = figure_pdfs.get(image._base_url)
            if figure_pdf is None:
                draw(image, stream, width, height, style)
                return
            place = stream.add_group(0, 0, width, height)
            place.extra["FigurePDF"] = pydyf.String(str(figure_pdf))
            stream.draw_x_object(place.id)

        return draw_or_leave_empty

    with replaced("juchi/pdf/figure_pdfs.py", images.SVGImage, "draw", make):
        yield


def lay_in(pdf: Pdf) -> None:
    """Fill the places that `empty_places` left in a PDF; a damaged figure is a `UserError`."""
    places = [
        each for each in pdf.objects if isinstance(each, pikepdf.Stream) and _FIGURE_PDF in each
    ]
    for place in places:
        with _open_figure_pdf(Path(str(place[_FIGURE_PDF]))) as figure_pdf:
            form = pdf.copy_foreign(figure_pdf.pages[0].as_form_xobject())
        _, _, width, height = (float(each) for each in place.BBox)
        _, _, natural_width, natural_height = (float(each) for each in form.BBox)
        # The place is measured downwards, as on a screen; the PDF upwards, as on paper.
        scale = f"{width / natural_width:.6f} 0 0 {-height / natural_height:.6f} 0 {height:.6f} cm"
        place.write(f"{scale} /Figure Do".encode())
        place.Resources = Dictionary(XObject=Dictionary(Figure=form))
        # As a group of its own it would be rounded to whole pixels of the screen.
        del place[_FIGURE_PDF], place[Name.Group]


def main() -> None:
    """Draw the PDF of the picture that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    arguments = parser.parse_args()
    write_bytes(arguments.output, draw_figure_pdf(arguments.picture))


if __name__ == "__main__":
    run_command(main)
