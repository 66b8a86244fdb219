"""How wide a picture is that says nothing of its width: as wide as its file says."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from PIL import Image

from juchi.exhibits.svg import length_of, open_svg

__all__ = ["natural_width"]

# Of a CSS pixel, in inches and in points of PDF.
_AN_INCH = 96
# Dots an inch beyond which nobody prints, and which a file tells by mistake.
_DENSEST = 1200
_A_POINT = _AN_INCH / 72
_ORIENTATION, _LYING = 0x0112, 5
_QUARTER = 90


def natural_width(path: Path, place: str) -> float | None:
    """Return the width of a picture in CSS pixels; None for a drawing that does not say it.

    Pixels are as small as the file says, and none larger than those of a screen. A file that
    cannot be read was refused before, see `juchi.exhibits.pictures`.
    """
    suffix = path.suffix.lower()
    if suffix == ".svg":
        return length_of(open_svg(path.read_bytes(), f"{place}: {path}"), "width")
    return _of_page(path) if suffix == ".pdf" else _of_pixels(path)


def _of_page(path: Path) -> float:
    """Return the width of the only page of a PDF, as it is cropped."""
    with pikepdf.open(path) as pdf:
        page = pdf.pages[0]
        left, low, right, high = map(float, page.cropbox)
        turned = int(page.get("/Rotate", 0)) % (2 * _QUARTER) == _QUARTER
        return (abs(high - low) if turned else abs(right - left)) * _A_POINT


def _of_pixels(path: Path) -> float:
    with Image.open(path) as picture:
        turned = picture.getexif().get(_ORIENTATION, 1) >= _LYING
        density = float(picture.info.get("dpi", (_AN_INCH,))[0])
        is_told = _AN_INCH < density <= _DENSEST
        return picture.size[turned] * _AN_INCH / (density if is_told else _AN_INCH)
