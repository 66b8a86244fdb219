"""A picture that others have made, as the site shows it: ``python -m juchi.exhibits.pictures``.

PNG and JPEG see `juchi.exhibits.raster`; SVG see `juchi.exhibits.svg`. A PDF becomes an SVG by
pdftocairo of poppler: both web and paper then show the same drawing.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf

from juchi.core.atomic import write_bytes
from juchi.core.errors import UserError, run_command
from juchi.core.records import read_json
from juchi.core.theme import theme_file
from juchi.exhibits.raster import normalized_raster, open_raster
from juchi.exhibits.style import WIDTH
from juchi.exhibits.svg import normalized_svg, open_svg, size_of
from juchi.exhibits.svg_text import Outliner
from juchi.fonts.typefaces import Catalogue, Member, Stack, load_catalogue, resolve

__all__ = [
    "LEAST",
    "check_picture",
    "main",
    "normalized",
    "sans_of_all",
]

# Dots an inch on paper below which a picture looks coarse, and the inches of the text's width.
LEAST = 150
_TEXT = WIDTH * 0.9
_CONVERTER = "pdftocairo"


def normalized(path: Path, place: str, stack: Stack) -> bytes:
    """Return a picture as the site shows it.

    Parameters
    ----------
    path
        PNG, JPEG, SVG or PDF.
    place
        Where the picture is named, for messages.
    stack
        The fonts of the words in drawings.
    """
    if path.suffix.lower() in (".svg", ".pdf"):
        content = _as_svg(path, place) if path.suffix.lower() == ".pdf" else path.read_bytes()
        return normalized_svg(content, f"{place}: {path}", Outliner(stack))
    return normalized_raster(path, place)


def check_picture(path: Path, part: float | None, place: str) -> None:
    """Refuse a picture that cannot be shown, or that has too few pixels for its width on paper.

    `part` is the part of the text's width that it is to take; None for one as wide as it is.
    """
    suffix = path.suffix.lower()
    if suffix == ".svg":
        size_of(open_svg(path.read_bytes(), f"{place}: {path}"), f"{place}: {path}")
    elif suffix == ".pdf":
        _require_one_page(path, place)
    else:
        with open_raster(path, place) as picture:
            if part is not None:
                turned = picture.getexif().get(0x0112, 1)
                _require_pixels(path, picture.size, turned, part, place)


def _require_pixels(
    path: Path, size: tuple[int, int], orientation: int, part: float, place: str
) -> None:
    width = size[1] if orientation >= 5 else size[0]  # noqa: PLR2004 - from there on it lies
    density = width / (part * _TEXT)
    if density < LEAST:
        most = int(100 * part * density / LEAST)
        raise UserError(
            place,
            f"{path}: {width} pixels in width, which are {density:.0f} an inch on paper",
            f"{LEAST} an inch or more",
            f"take a picture of {LEAST * part * _TEXT:.0f} pixels"
            + (f", or show it smaller: {most} percent of the text's width at most" * (most > 0)),
        )


def _require_one_page(path: Path, place: str) -> None:
    try:
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise UserError(
            place,
            f"{path}: no PDF that can be read ({error})",
            "a PDF of one page, without a password",
            "export it again",
        ) from error
    if pages != 1:
        raise UserError(
            place, f"{path}: {pages} pages", "a PDF of one page", "export the page that is meant"
        )


def _as_svg(path: Path, place: str) -> bytes:
    """Return the page of a PDF as SVG, by poppler."""
    _require_one_page(path, place)
    program = shutil.which(_CONVERTER)
    if program is None:
        raise UserError(
            place,
            f"{path}, but no {_CONVERTER} on this machine",
            "a picture in SVG, PNG or JPEG, or poppler's program that converts a PDF to SVG",
            "install poppler-utils (poppler with Homebrew or conda), or export the picture as SVG",
        )
    with _cropped(path) as sheet:
        done = subprocess.run([program, "-svg", str(sheet), "-"], capture_output=True, check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise UserError(
            place,
            f"{path}: {_CONVERTER} says: {said}",
            "a PDF of one page",
            "export the picture again, or as SVG",
        )
    return done.stdout


@contextmanager
def _cropped(path: Path) -> Iterator[Path]:
    """Give a PDF whose sheet is what it was cropped to: poppler draws all of the sheet as SVG."""
    with pikepdf.open(path) as pdf, TemporaryDirectory() as folder:
        page = pdf.pages[0]
        if page.cropbox == page.mediabox:
            yield path
            return
        page.mediabox = page.cropbox
        pdf.save(Path(folder) / path.name)
        yield Path(folder) / path.name


def sans_of_all(languages: Mapping[str, Mapping[str, Any]], catalogue: Catalogue) -> Stack:
    """Return the sans families of all languages, the default one's first."""
    families = {
        member.family.name: member.family
        for entry in languages.values()
        for member in resolve(entry["fonts"], catalogue)["sans"]
    }
    return tuple(map(Member, families.values()))


def main() -> None:
    """Write the picture that the command line names as the site shows it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", required=True, help="where it is named, for messages")
    for name in ("picture", "languages"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--catalogue", type=Path, default=theme_file("fonts.yaml"))
    parser.add_argument("--output", required=True, type=Path, nargs="+")
    arguments = parser.parse_args()
    languages, catalogue = read_json(arguments.languages), load_catalogue(arguments.catalogue)
    stack = sans_of_all(languages, catalogue)
    content = normalized(arguments.picture, arguments.place, stack)
    for output in arguments.output:
        write_bytes(output, content)


if __name__ == "__main__":
    run_command(main)
