"""Formulas on paper that can be selected, copied and searched, though they are pictures.

On each picture that has ``data-plain`` stands the same text, set in a font that shows nothing and
as wide as the picture: as programs that recognise text set theirs on the scan of a page. Readers of
PDF leave alone what tags say of a formula when they copy and search.

A code of the font is the code point of its character; those of the mathematical alphabets, which
have more bits, take the place of private characters.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import weasyprint.draw
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from juchi.pdf.weasyprint_patches import replaced

__all__ = ["add_invisible_font", "invisible_text", "shared_out"]

_NAME = "InvisibleText"
_UNITS_PER_EM = 1000
_ALPHABETS = range(0x1D400, 0x1D800)
_PRIVATE = 0xE000
_HALVES = range(0xD800, 0xE000)  # of characters
_LAST_CODE = 0xFFFF
# Of a displayed formula, which stands in the middle of its line: its baseline below the middle.
_BELOW_MIDDLE = 0.25


def shared_out(text: str, widths: Sequence[float]) -> list[str]:
    """Return the parts of a text for pieces of these widths, between which a line may end.

    Each piece but the first begins with a sign between spaces; where there are not as many of
    these as pieces, each gets a share of the text by its width.
    """
    parts = re.split(r" (?=[^\w\s] (?![^(]*\)))", text)
    if len(parts) == len(widths):
        return parts
    ends, at, total = [0], 0.0, sum(widths)
    for width in widths:
        at += width
        ends.append(round(len(text) * at / total))
    return [text[start:end] for start, end in pairwise(ends)]


@contextmanager
def invisible_text() -> Iterator[None]:
    """Let pictures have their text while they are printed; `add_invisible_font` completes it."""

    def make(draw: Any) -> Any:  # noqa: ANN401 - WeasyPrint has no types
        def draw_with_text(stream: Any, box: Any) -> None:  # noqa: ANN401
            draw(stream, box)
            text = box.element.get("data-plain") if box.element is not None else None
            if text and box.width:
                _write(stream, box, text)

        return draw_with_text

    with replaced("juchi/pdf/searchable.py", weasyprint.draw, "draw_replacedbox", make):
        yield


def _write(stream: Any, box: Any, text: str) -> None:  # noqa: ANN401
    codes = [code for code in map(_code, text) if code]
    if not codes:
        return
    size = float(box.style["font_size"])
    stretch = 100 * box.width / (size * len(codes))
    written = "".join(f"{code:04x}" for code in codes)
    place = f"1 0 0 -1 {box.content_box_x():.3f} {_baseline(box, size):.3f}"
    with stream.stacked():
        stream.stream.append(
            f"BT 3 Tr /{_NAME} {size:.3f} Tf {stretch:.3f} Tz {place} Tm <{written}> Tj ET".encode()
        )


def _baseline(box: Any, size: float) -> float:  # noqa: ANN401
    bottom: float = box.content_box_y() + box.height
    raised = box.style["vertical_align"]
    if isinstance(raised, int | float):
        return bottom + float(raised)
    return bottom - float(box.height) / 2 + _BELOW_MIDDLE * size


def _code(character: str) -> int:
    point = ord(character)
    if point in _ALPHABETS:
        return _PRIVATE + point - _ALPHABETS.start
    return point if point <= _LAST_CODE else 0


def add_invisible_font(pdf: Pdf) -> None:
    """Add the font to the fonts of a printed PDF whose pictures have text."""
    for page in pdf.pages:
        fonts = page.Resources.get("/Font")
        if fonts is not None and f"/{_NAME}" not in fonts:
            fonts[f"/{_NAME}"] = pdf.make_indirect(_font(pdf))


def _font(pdf: Pdf) -> Dictionary:
    program = _program()
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{_NAME}"),
        Flags=4,
        FontBBox=Array([0, 0, _UNITS_PER_EM, _UNITS_PER_EM]),
        ItalicAngle=0,
        Ascent=_UNITS_PER_EM,
        Descent=0,
        CapHeight=_UNITS_PER_EM,
        StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, program, Length1=len(program))),
    )
    every_code_to_the_blank = struct.pack(">H", 1) * (_LAST_CODE + 1)
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(f"/{_NAME}"),
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=_UNITS_PER_EM,
        CIDToGIDMap=pdf.make_indirect(Stream(pdf, every_code_to_the_blank)),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name(f"/{_NAME}"),
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode())),
    )


def _program() -> bytes:
    """Return a TrueType font with a blank glyph, the same bytes every time."""
    builder = FontBuilder(_UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({0x20: "blank"})
    builder.setupGlyf({".notdef": Glyph(), "blank": Glyph()})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "blank"), (_UNITS_PER_EM, 0)))
    builder.setupHorizontalHeader(ascent=_UNITS_PER_EM, descent=0)
    builder.setupOS2()
    builder.setupNameTable({"familyName": _NAME, "styleName": "Regular"})
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()


def _to_unicode() -> bytes:
    """Return the map from codes to characters, in ranges of one high byte."""
    alphabets = {
        _PRIVATE + start: chr(_ALPHABETS.start + start) for start in range(0, len(_ALPHABETS), 256)
    }
    ranges = []
    for start in range(0, _LAST_CODE + 1, 256):
        if start in _HALVES:
            continue
        first = alphabets.get(start, chr(start)).encode("utf-16-be").hex()
        ranges.append(f"<{start:04x}> <{start + 255:04x}> <{first}>")
    parts = [ranges[at : at + 100] for at in range(0, len(ranges), 100)]
    mapped = "".join(
        f"{len(part)} beginbfrange\n" + "\n".join(part) + "\nendbfrange\n" for part in parts
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CMapName /{_NAME} def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{mapped}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
