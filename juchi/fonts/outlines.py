"""Outlines of single letters, for formulas: words in a script that the mathematics font lacks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import uharfbuzz as hb

from juchi.fonts.typefaces import Stack, open_font, serving

__all__ = ["outlines"]

_UNITS_PER_EM = 1000
_WEIGHTS = (400, 700)


def outlines(stack: Stack, letters: Iterable[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the outlines of some letters by weight and letter, those that no family has left out.

    Each has its ``width`` and its ``path`` in the syntax of SVG, upwards, in thousandths of an em.
    """
    families = serving(stack, sorted(letters))
    return {
        str(weight): {
            letter: _outline(letter, hb.Font(open_font(family.face(weight, "normal").file)))
            for letter, family in families.items()
        }
        for weight in _WEIGHTS
    }


def _outline(letter: str, font: hb.Font) -> dict[str, Any]:
    font.scale = (_UNITS_PER_EM, _UNITS_PER_EM)
    glyph = font.get_nominal_glyph(ord(letter))
    pen = _Path()
    font.draw_glyph_with_pen(glyph, pen)
    return {"width": font.get_glyph_h_advance(glyph), "path": "".join(pen.steps)}


class _Path:
    """A pen that writes the path of an SVG."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def _step(self, command: str, *points: tuple[float, float]) -> None:
        places = " ".join(f"{round(x)} {round(y)}" for x, y in points)
        self.steps.append(f"{command}{places}")

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - as pens of fonts
        self._step("M", point)

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._step("L", point)

    def qCurveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._step("Q", *points)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._step("C", *points)

    def closePath(self) -> None:  # noqa: N802
        self.steps.append("Z")
