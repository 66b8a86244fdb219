"""Justified Chinese in WeasyPrint: the space that is left is shared by the gaps between characters.

WeasyPrint justifies a line by widening its spaces (U+0020 and U+00A0) alone. A Chinese line has
few of them or none, so it ends short of the edge or falls apart at a single hole. CSS knows the
answer as ``text-justify: inter-character``, which WeasyPrint does not read. Inside the context
`inter_character_justification` a justified line that stands mostly in Chinese is spread over
all its gaps instead:

- a gap beside a wide character (East Asian Width W or F: Han, kana, full-width punctuation) and a
  space each take the same share;
- a gap between two letters, between a letter and a formula, or inside a double dash or ellipsis
  (``——``, ``……``) takes none;
- a line whose spaces outnumber its wide gaps (Latin text that quotes a Chinese word) and a line
  from right to left are left to WeasyPrint.

A line that would have to be spread too far is set ragged: by more than `LETTER_GAP` between
Chinese characters, or to spaces wider than `WORD_SPACES` natural ones. `juchi.pdf.even_lines`
breaks paragraphs so that there are next to none.

No language is named: the characters decide, line by line, and only where the style sheet asks for
``text-align: justify``.

The widening is written into the glyphs that Pango has laid out, not into letter-spacing
attributes: Pango splits its runs at an attribute and halves its spacing on both sides of a
character, which would break kerning and give uneven gaps at the borders of text boxes.

Readers of a PDF take a gap above a tenth of the font size for a space between words. A text that
is spread wider than that (in a line cut short by a long formula) therefore carries its true
characters as ``/ActualText``, and is copied and found without spaces that nobody wrote.

This leans on WeasyPrint's insides, see `juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.ffi import TO_UNITS, ffi
from weasyprint.text.line_break import Layout, _font_style_cache_key, line_size

from juchi.core.characters import is_wide
from juchi.pdf.weasyprint_patches import replaced

__all__ = ["inter_character_justification"]

SPACES = "\u0020\u00a0"
UNBREAKABLE_PAIRS = ("——", "……", "⸺⸺", "――")
OBJECT = "\ufffc"  # stands for an image or another atomic box
THOUSANDTH = 1000  # the finest step of a PDF's glyph positions is 1/1000 of the font size
WORD_GAP = 0.1  # of the font size; from here on readers of a PDF see a space between words
LETTER_GAP = 0.25  # of the font size: the most that two Chinese characters are moved apart
WORD_SPACES = 2.5  # natural ones: the widest space between two words


@contextmanager
def inter_character_justification() -> Iterator[None]:
    """Spread justified Chinese lines over all their gaps while the context is open.

    Layout and drawing (`weasyprint.HTML.write_pdf`) both have to run inside.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that this module was written for.
    """
    place = "juchi/pdf/justification.py"
    with (
        replaced(place, inline, "justify_line", _spreading),
        replaced(place, drawing, "draw_first_line", _marking),
    ):
        yield


def _spreading(plain: Callable[..., None]) -> Callable[..., None]:
    """Return a `justify_line` that notes on the line how far it is spread: 1 is too far."""

    def justify_line(context: object, line: Any, extra_width: float) -> None:  # noqa: ANN401
        leaves, wide, spaces = _find_gaps(line)
        if line.style["direction"] == "rtl" or wide == 0 or wide < spaces:
            count = inline.count_expandable_spaces(line)
            most = (WORD_SPACES - 1) * _space(line.style) * count
            line.stretch = extra_width / most if most else inf
            if line.stretch <= 1:
                plain(context, line, extra_width)
            return
        share = extra_width / (wide + spaces)
        line.stretch = share / (LETTER_GAP * line.style["font_size"])
        if line.stretch <= 1:
            _shift(line, deque(leaves), share, 0.0)

    return justify_line


def _space(style: Any) -> float:  # noqa: ANN401 - WeasyPrint is untyped
    """Return the natural width of a space between words, in pixels."""
    widths = style.cache.setdefault("space", {})
    key = _font_style_cache_key(style, include_size=True)
    if key not in widths:
        layout = Layout(style)
        layout.set_text(" ")
        widths[key] = line_size(layout.get_first_line()[0], style)[0]
    width: float = widths[key]
    return width


def _marking(plain: Callable[..., Any]) -> Callable[..., Any]:
    def draw_first_line(stream: Any, textbox: Any, *rest: object) -> Any:  # noqa: ANN401
        with _actual_text(stream, textbox):
            return plain(stream, textbox, *rest)

    return draw_first_line


@dataclass
class _Leaf:
    """A text or atomic box of a line, with the gaps that take a share.

    Attributes
    ----------
    led
        Whether the gap before the box takes a share.
    gaps
        The gaps inside the text, as UTF-8 offsets of the characters that follow them.
    """

    led: bool = False
    gaps: list[int] = field(default_factory=list)


def in_flow_leaves(box: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the texts and atomic boxes of a line."""
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from in_flow_leaves(child)
    else:
        yield box


def _find_gaps(line: Any) -> tuple[list[_Leaf], int, int]:  # noqa: ANN401
    """Give the line's leaves, and how many wide gaps and how many spaces take a share."""
    leaves: list[_Leaf] = []
    counts = {True: 0, False: 0}
    previous = ""
    for box in in_flow_leaves(line):
        leaf = _Leaf()
        leaves.append(leaf)
        offset = 0
        for character in box.text if isinstance(box, boxes.TextBox) else OBJECT:
            if _stands_alone(character):
                if _takes_share(previous, character):
                    counts[previous in SPACES] += 1
                    if offset:
                        leaf.gaps.append(offset)
                    else:
                        leaf.led = True
                previous = character
            offset += len(character.encode())
    return leaves, counts[False], counts[True]


def _stands_alone(character: str) -> bool:
    """Tell a character from a combining or invisible one, which belongs to the one before it."""
    return unicodedata.category(character) not in {"Mn", "Me", "Mc", "Cf"}


def _takes_share(previous: str, character: str) -> bool:
    """Tell whether the gap between two neighbours is widened; a space is widened after itself."""
    if not previous or character in SPACES or previous + character in UNBREAKABLE_PAIRS:
        return False
    return previous in SPACES or is_wide(previous) or is_wide(character)


def _shift(box: Any, leaves: deque[_Leaf], share: float, shift: float) -> float:  # noqa: ANN401
    """Move a box by `shift` pixels, widen what is in it, and give the shift of what follows.

    A gap at the border of an inline box lies outside it, so that a link's underline or a code
    word's background does not grow.
    """
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        is_led = bool(leaves) and leaves[0].led and any(True for _ in in_flow_leaves(box))
        start = shift + share * is_led
        for child in box.children:
            if child.is_in_normal_flow():
                shift = _shift(child, leaves, share, shift)
        box.position_x += start
        box.width += shift - start
        return shift
    leaf = leaves.popleft()
    shift += share * leaf.led
    if isinstance(box, boxes.TextBox):
        box.position_x += shift
        if leaf.gaps:
            _widen_text(box, leaf.gaps, share)
        return shift + share * len(leaf.gaps)
    box.translate(shift, 0)
    return shift


def _widen_text(box: Any, gaps: list[int], share: float) -> None:  # noqa: ANN401
    font_size = box.style["font_size"]
    layout = _WidenedLayout(box.style, _widths(gaps, share, font_size))
    layout.is_loose = share > WORD_GAP * font_size
    layout.set_text(box.text)
    layout.deactivate()
    box.pango_layout = layout
    box.width += share * len(gaps)


def _widths(gaps: list[int], share: float, font_size: float) -> dict[int, int]:
    """Give each gap its width in Pango units, so that no rounding adds up along the line.

    WeasyPrint cuts glyph positions to whole thousandths of the font size. Each gap therefore gets
    a whole number of them, chosen so that every partial sum is the nearest to the exact one, and
    half a step more, which the cut removes again.
    """
    steps = share * THOUSANDTH / font_size
    ends = [round(steps * count) for count in range(len(gaps) + 1)]
    unit = TO_UNITS * font_size / THOUSANDTH
    return {
        gap: int((end - start + 0.5) * unit)
        for gap, (start, end) in zip(gaps, pairwise(ends), strict=True)
        if end > start
    }


class _WidenedLayout(Layout):  # type: ignore[misc] # WeasyPrint has no types
    """A text layout that widens the gaps before given UTF-8 offsets when it is drawn."""

    def __init__(self, style: object, widths: dict[int, int]) -> None:
        self.widths = widths
        self.is_loose = False
        self.is_pending = False
        super().__init__(style)

    def reactivate(self, style: object) -> None:
        """Lay the text out again to be drawn; the glyphs are new and have their own widths."""
        super().reactivate(style)
        self.is_pending = True

    def get_first_line(self) -> tuple[Any, int | None]:
        """Give the line to draw, its gaps widened once."""
        line, index = super().get_first_line()
        if self.is_pending:
            self.is_pending = False
            _widen_glyphs(line, self.widths)
        return line, index


def _widen_glyphs(line: Any, widths: dict[int, int]) -> None:  # noqa: ANN401 - a Pango structure
    run = line.runs
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        starts = [*glyphs.log_clusters[0 : glyphs.num_glyphs], item.length]
        for index, (start, end) in enumerate(pairwise(starts)):
            if start != end:  # else a later glyph of the same cluster takes the width
                glyphs.glyphs[index].geometry.width += widths.get(item.offset + end, 0)
        run = run.next


@contextmanager
def _actual_text(stream: Any, textbox: Any) -> Iterator[None]:  # noqa: ANN401
    """Mark what is drawn with its characters if the text is spread so wide that readers err."""
    layout = textbox.pango_layout
    if isinstance(layout, _WidenedLayout) and layout.is_loose:
        text = (codecs.BOM_UTF16_BE + layout.text.encode("utf-16-be")).hex()
        stream.begin_marked_content("Span", f"<</ActualText <{text}>>>".encode())
        yield
        stream.end_marked_content()
    else:
        yield
