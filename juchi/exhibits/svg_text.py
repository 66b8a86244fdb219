"""The words of a drawing as outlines in the fonts of the article, as those of Matplotlib's figures.

A browser shows words of an SVG file in whatever font the reader has. As outlines they look the same
everywhere, and a character that no font has is refused here. What they say is for the alternative
text to tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from lxml import etree
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath, text_to_path

from juchi.core.errors import UserError
from juchi.exhibits.svg_style import SPACE, SVG, style_of
from juchi.fonts.typefaces import Stack, Usage, check_glyphs, matplotlib_families

__all__ = ["Outliner"]

_NUMBER = re.compile(r"\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(px|pt|em|%|)\s*")
_COMMANDS = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE3: "Q", Outline.CURVE4: "C"}
_WEIGHTS = {"normal": 400, "bold": 700, "bolder": 700, "lighter": 300}
_SIZES = {"small": 13, "medium": 16, "large": 18}
# How far the line of letters is below what a baseline of another kind stands on, in em.
_BASELINES = {
    **dict.fromkeys(("auto", "alphabetic", "baseline", "after-edge", "text-after-edge"), 0.0),
    **dict.fromkeys(("middle", "central"), 0.35),
    **dict.fromkeys(("hanging", "text-before-edge", "before-edge"), 0.8),
}
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
# What is set for words alone, and would mean something else at an outline.
_OF_WORDS = ("x", "y", "dx", "dy", "textLength", "lengthAdjust")


@dataclass(frozen=True)
class _Look:
    """How words are set."""

    size: float = 16
    weight: int = 400
    style: str = "normal"
    anchor: float = 0
    baseline: float = 0
    keeps_spaces: bool = False


@dataclass
class _Run:
    """Words of one look, and where they begin if that is told."""

    text: str
    element: Any
    look: _Look
    at: dict[str, float] = field(default_factory=dict)
    length: float | None = None


class Outliner:
    """Sets words as outlines.

    Parameters
    ----------
    stack
        The fonts, the first one first.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._families: list[str] = []

    def outline(self, root: Any, place: str) -> None:  # noqa: ANN401 - lxml is untyped
        """Replace the words of a drawing by their outlines.

        Raises
        ------
        UserError
            If no font has a character, or words stand in a way that is not known here.
        """
        for text in list(root.iter(f"{SVG}text")):
            runs = _collapsed(_runs(text, _look_above(text, place), place))
            check_glyphs([Usage("sans", run.text, place) for run in runs], {"sans": self._stack})
            paths = self._set(runs)
            text.tag = f"{SVG}g"
            text.text = None
            for child in list(text):
                text.remove(child)
            for name in _OF_WORDS:
                text.attrib.pop(name, None)
            text.extend(paths)

    def _set(self, runs: Sequence[_Run]) -> list[Any]:
        """Return the outlines of the runs of one text."""
        paths: list[Any] = []
        x = y = 0.0
        for chunk in _chunks(runs):
            widths = [self._width(run) for run in chunk]
            x = chunk[0].at.get("x", x)
            x -= chunk[0].look.anchor * sum(widths)
            for run, width in zip(chunk, widths, strict=True):
                x += run.at.get("dx", 0)
                y = run.at.get("y", y) + run.at.get("dy", 0)
                paths += self._outlined(run, x, y + run.look.baseline * run.look.size, width)
                x += width
        return paths

    def _font(self, look: _Look) -> FontProperties:
        if not self._families:
            self._families = matplotlib_families(self._stack)
        slant: Any = look.style
        return FontProperties(
            family=self._families, size=look.size, weight=look.weight, style=slant
        )

    def _natural(self, run: _Run) -> float:
        # Measured without the spaces at its ends, which Matplotlib drops.
        font = self._font(run.look)
        measured = (
            text_to_path.get_text_width_height_descent(f"|{run.text}|", font, ismath=False)[0]
            - text_to_path.get_text_width_height_descent("||", font, ismath=False)[0]
        )
        return float(measured)

    def _width(self, run: _Run) -> float:
        return self._natural(run) if run.length is None else run.length

    def _outlined(self, run: _Run, x: float, y: float, width: float) -> list[Any]:
        if not run.text.strip():
            return []
        outline = TextPath((0, 0), run.text, size=run.look.size, prop=self._font(run.look))
        natural = self._natural(run)
        stretch = width / natural if natural else 1
        scaled = np.array([x, y]) + outline.vertices * np.array([stretch, -1])
        path = etree.Element(f"{SVG}path")
        path.set("d", _drawn(scaled, outline.codes))
        element = run.element
        if element.tag == f"{SVG}tspan":  # what is told of the text stays at the text
            for name, value in element.attrib.items():
                if name not in _OF_WORDS:
                    path.set(name, value)
        return [path]


def _drawn(vertices: Any, codes: Any) -> str:  # noqa: ANN401 - arrays
    """Return the path of an outline in the words of SVG."""
    parts: list[str] = []
    last = None
    for (x, y), code in zip(vertices, codes, strict=True):
        if code == Outline.CLOSEPOLY:
            parts.append("Z")
            last = None
            continue
        if code != last or code in (Outline.MOVETO, Outline.LINETO):
            parts.append(_COMMANDS[code])
            last = code
        parts.append(f"{x:.2f} {y:.2f}")
    return " ".join(parts)


# --- reading ---


def _look_above(element: Any, place: str) -> _Look:  # noqa: ANN401
    """Return the look that an element has of those around it."""
    look = _Look()
    for each in reversed([element, *element.iterancestors()]):
        look = _look(each, look, place)
    return look


def _look(element: Any, around: _Look, place: str) -> _Look:  # noqa: ANN401
    told = style_of(element)
    if "font" in told:
        told = {**_shorthand(told["font"]), **told}
    changes: dict[str, Any] = {}
    if size := told.get("font-size"):
        changes["size"] = _SIZES.get(size) or _length(size, around.size, place, around.size)
    if weight := told.get("font-weight"):
        changes["weight"] = int(_WEIGHTS.get(weight, weight))
    if style := told.get("font-style"):
        changes["style"] = style.split()[0]
    for key, name, known in (
        ("anchor", "text-anchor", _ANCHORS),
        ("baseline", "dominant-baseline", _BASELINES),
        ("baseline", "alignment-baseline", _BASELINES),
    ):
        if value := told.get(name):
            if value not in known:
                raise _unknown(place, f"{name}: {value}")
            changes[key] = known[value]
    pre = told.get("white-space", "").startswith("pre")
    if pre or element.get(SPACE) == "preserve":
        changes["keeps_spaces"] = True
    return replace(around, **changes)


def _shorthand(font: str) -> dict[str, str]:
    """Return what the shorthand ``font`` of CSS says: ``bold 11px sans-serif``."""
    found: dict[str, str] = {}
    for part in font.split():
        if part in ("italic", "oblique"):
            found["font-style"] = part
        elif part in _WEIGHTS or re.fullmatch(r"[1-9]00", part):
            found["font-weight"] = part
        elif match := re.match(r"[\d.]+(px|pt|em)", part):
            found["font-size"] = match[0]
            break
    return found


def _runs(element: Any, look: _Look, place: str) -> list[_Run]:  # noqa: ANN401
    """Return the runs of a text, or of a part of it, in their order."""
    at = {
        name: _length(element.get(name), look.size, place)
        for name in ("x", "y", "dx", "dy")
        if element.get(name) is not None
    }
    if element.get("rotate"):
        raise _unknown(place, "letters that are turned one by one")
    first = _Run(element.text or "", element, look, at)
    if length := element.get("textLength"):
        first.length = _length(length, look.size, place)
    runs = [first]
    for child in element:
        runs += _runs(child, _look(child, look, place), place)
        if child.tail:
            runs.append(_Run(child.tail, element, look))
    return runs


def _collapsed(runs: list[_Run]) -> list[_Run]:
    """Return runs without the spaces that nobody means, and without empty ones that only move."""
    after_space = True
    for run in runs:
        if run.look.keeps_spaces:
            run.text = re.sub(r"[\t\n\r]", " ", run.text)
        else:
            run.text = re.sub(r"\s+", " ", run.text)
            if after_space:
                run.text = run.text.removeprefix(" ")
        if run.text:
            after_space = run.text.endswith(" ") and not run.look.keeps_spaces
    for run in reversed(runs):
        if run.text:
            if not run.look.keeps_spaces:
                run.text = run.text.rstrip(" ")
            break
    moved: dict[str, float] = {}
    kept = []
    for run in runs:
        run.at = _moved(moved, run.at)
        moved = {}
        if run.text:
            kept.append(run)
        else:
            moved = run.at
    return kept


def _moved(before: Mapping[str, float], own: Mapping[str, float]) -> dict[str, float]:
    """Return where a run begins behind empty ones: places are replaced, shifts are added."""
    both = {**before, **own}
    for name, shift in (("x", "dx"), ("y", "dy")):
        if name not in own and shift in before and shift in own:
            both[shift] = before[shift] + own[shift]
    return both


def _chunks(runs: Sequence[_Run]) -> list[list[_Run]]:
    """Return the runs that are centred or set flush together: each begins at a place of its own."""
    chunks: list[list[_Run]] = []
    for run in runs:
        if "x" in run.at or not chunks:
            chunks.append([run])
        else:
            chunks[-1].append(run)
    return chunks


def _length(text: str, size: float, place: str, whole: float | None = None) -> float:
    match = _NUMBER.fullmatch(text)
    if match is None or (match[2] == "%" and whole is None):
        raise _unknown(place, f"words at {text[:40]!r}")
    factor = {"": 1.0, "px": 1.0, "pt": 4 / 3, "em": size, "%": (whole or 0) / 100}[match[2]]
    return float(match[1]) * factor


def _unknown(place: str, found: str) -> UserError:
    return UserError(
        place,
        f"a drawing with {found}",
        "words at one place each, along a straight line",
        "convert the words to paths in the program that drew it",
    )
