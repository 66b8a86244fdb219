"""Full-width marks that meet, in fonts that know how to halve a mark but not when.

A Chinese mark stands in half of its square; where two meet, the blank halves between them make a
hole. The OpenType feature ``chws`` closes it. A font that lacks it gets one here, made from the
widths of its marks.
"""

from __future__ import annotations

import io

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTFont

__all__ = ["squeezed"]

_CLOSING = "，。、；：）》」』】〉〕”’"
_OPENING = "（《「『【〈〔“‘"


def squeezed(font: bytes) -> bytes:
    """Return a font in which full-width marks that meet are squeezed, the same on every run."""
    with TTFont(io.BytesIO(font), recalcBBoxes=False, recalcTimestamp=False) as opened:
        em = opened["head"].unitsPerEm
        closing, opening = (_wide(opened, marks, em) for marks in (_CLOSING, _OPENING))
        if _has_features(opened) or not closing + opening:
            return font
        addOpenTypeFeaturesFromString(opened, _rules(closing, opening, em // 2), tables=["GPOS"])
        written = io.BytesIO()
        opened.save(written, reorderTables=False)
    return written.getvalue()


def _has_features(font: TTFont) -> bool:
    """Tell whether a font places glyphs by itself: then it is left to do so."""
    return "GPOS" in font and bool(font["GPOS"].table.FeatureList.FeatureRecord)


def _wide(font: TTFont, marks: str, em: int) -> list[str]:
    """Return the glyphs of those marks that fill a square."""
    glyphs = [font.getBestCmap().get(ord(mark)) for mark in marks]
    return [glyph for glyph in glyphs if glyph and font["hmtx"][glyph][0] == em]


def _rules(closing: list[str], opening: list[str], half: int) -> str:
    """Return the feature in Adobe's notation: the first of two marks, or an opening one, yields."""
    rules = []
    if closing:
        rules += [f"pos [{' '.join(closing)}]' <0 0 -{half} 0> [{' '.join(closing + opening)}];"]
    if opening:
        rules += [
            f"pos [{' '.join(opening)}] [{' '.join(opening)}]' <-{half} 0 -{half} 0>;",
        ]
    return f"feature chws {{ {' '.join(rules)} }} chws;"
