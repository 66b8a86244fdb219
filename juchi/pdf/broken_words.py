"""Words that the end of a line breaks, whole for those who search and copy the text of a PDF.

A word that is broken at the end of a line, with or without a hyphen, is two words in the text of
the page: neither a search nor a copy gives the word. Inside the context `whole_words` its first
part carries the whole word as ``/ActualText`` (ISO 32000-1, 14.9.4, has a hyphen as its example),
and the other parts carry the space behind it. Readers that know no ActualText join the parts by the
hyphen, which is that of the keyboard (``hyphenate-character`` in the style sheet).

Between two Chinese characters no word is broken. A word that goes on in another element is whole as
far as its own element goes.

This leans on WeasyPrint's insides, see `juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any, NamedTuple

from weasyprint.draw import text as drawing
from weasyprint.layout import inline
from weasyprint.text.ffi import ffi, pango

from juchi.core.characters import is_wide
from juchi.pdf.weasyprint_patches import replaced

__all__ = ["whole_words"]

# Stands for the end of a word that no space follows: some readers pass over an empty text.
NOTHING = "\N{ZERO WIDTH SPACE}"
_UNSEEN = str.maketrans("", "", "\N{WORD JOINER}\N{SOFT HYPHEN}")
_TEXT_SHOWN = re.compile(rb"\[(.*)\] TJ", re.DOTALL)
_GLYPHS_OR_SHIFT = re.compile(rb"<([0-9a-f]*)>|[^<>]+")
_DIGITS = 4  # of a glyph in a PDF's text


@contextmanager
def whole_words() -> Iterator[None]:
    """Let broken words be whole in the text of the PDF while the context is open.

    Layout and drawing (`weasyprint.HTML.write_pdf`) both have to run inside.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that this module was written for.
    """
    place = "juchi/pdf/broken_words.py"
    with (
        replaced(place, inline, "split_text_box", _noting),
        replaced(place, drawing, "draw_first_line", _marking),
    ):
        yield


class _Part(NamedTuple):
    """A part of a line: the place of its bytes in the line's text, and the text it stands for."""

    start: int
    end: int
    text: str


def _noting(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `split_text_box` that notes which part of which text a piece is."""

    def split_text_box(
        context: object,
        box: Any,  # noqa: ANN401 - WeasyPrint is untyped
        width: float | None,
        skip: int,
        is_line_start: bool = True,
    ) -> Any:  # noqa: ANN401
        piece, end, forced = plain(context, box, width, skip, is_line_start)
        if piece is not None:
            piece.part_of = box.text, skip, end
        return piece, end, forced

    return split_text_box


def _marking(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `draw_first_line` that marks the parts of broken words."""

    def draw_first_line(stream: Any, textbox: Any, *rest: object) -> Any:  # noqa: ANN401
        before = len(stream.stream)
        result = plain(stream, textbox, *rest)
        if parts := _broken(textbox):
            line, _ = textbox.pango_layout.get_first_line()
            stream.stream[before:] = _marked(stream.stream[before:], parts, list(_places(line)))
        return result

    return draw_first_line


def _broken(textbox: Any) -> list[_Part]:  # noqa: ANN401
    """Return the parts of broken words with which a text begins and ends."""
    text, skip, end = getattr(textbox, "part_of", ("", 0, None))
    data, shown = text.encode(), textbox.pango_layout.text.rstrip(" ")
    here, after = data[skip:end].decode(), data[end:].decode() if end is not None else ""
    parts = []
    rest = _first_word(here) if _last_word(data[:skip].decode()) else ""
    head = _last_word(here) if _first_word(after) else ""
    if rest:
        is_all = rest == here and end is not None
        follows = (here + after)[len(rest) : len(rest) + 1] or (textbox.element.tail or " ")[0]
        length = len((shown if is_all else rest).encode())
        parts.append(_Part(0, length, " " if is_all or follows.isspace() else NOTHING))
    if head and rest != here:
        start = len(here.encode()) - len(head.encode())
        parts.append(_Part(start, len(shown.encode()), head + _first_word(after)))
    return parts


def _first_word(text: str) -> str:
    return "".join(takewhile(_is_of_word, text))


def _last_word(text: str) -> str:
    return _first_word(text[::-1])[::-1]


def _is_of_word(character: str) -> bool:
    return not (character.isspace() or is_wide(character))


def _places(line: Any) -> Iterator[int]:  # noqa: ANN401 - a Pango structure
    """Yield for each glyph of a line where its characters begin, in bytes."""
    run = line.runs
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        for index in range(glyphs.num_glyphs):
            if glyphs.glyphs[index].glyph != pango.PANGO_GLYPH_EMPTY:
                yield item.offset + glyphs.log_clusters[index]
        run = run.next


def _marked(operations: list[Any], parts: list[_Part], places: list[int]) -> list[Any]:
    """Return what draws a line, with each part that one operation draws marked by its text."""
    if any(isinstance(each, bytes) and b"/ActualText" in each for each in operations):
        return operations  # the whole line is marked, see `juchi.pdf.justification`
    found: list[Any] = []
    first = 0
    for operation in operations:
        shown = _TEXT_SHOWN.fullmatch(operation) if isinstance(operation, bytes) else None
        if shown is None:
            found.append(operation)
            continue
        glyphs = _glyphs(shown[1])
        end = 0
        for part in parts:
            inside = [n for n, place in enumerate(places) if part.start <= place < part.end]
            if inside and first <= inside[0] and inside[-1] < first + len(glyphs):
                start, stop = inside[0] - first, inside[-1] + 1 - first
                found += [_show(glyphs[end:start]), _open_span(part.text)]
                found += [_show(glyphs[start:stop]), b"EMC"]
                end = stop
        found.append(_show(glyphs[end:]))
        first += len(glyphs)
    return [each for each in found if each != _show([])]


def _glyphs(shown: bytes) -> list[bytes]:
    """Return the glyphs of an operation, each with the shift that follows it."""
    glyphs: list[bytes] = []
    for match in _GLYPHS_OR_SHIFT.finditer(shown):
        if match[1] is not None:
            codes = range(0, len(match[1]), _DIGITS)
            glyphs += [b"<" + match[1][at : at + _DIGITS] + b">" for at in codes]
        elif glyphs:
            glyphs[-1] += match[0] + b" "
        else:
            glyphs.append(match[0] + b" ")
    return glyphs


def _show(glyphs: list[bytes]) -> bytes:
    return b"[" + b"".join(glyphs).replace(b"><", b"") + b"] TJ"


def _open_span(text: str) -> bytes:
    seen = text.translate(_UNSEEN)
    code = (codecs.BOM_UTF16_BE + seen.encode("utf-16-be")).hex()
    return f"/Span <</ActualText <{code}>>> BDC".encode()
