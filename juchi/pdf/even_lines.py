"""Paragraphs whose lines are broken so that none is loose, and none is left with a single letter.

WeasyPrint fills one line after the other. Where a long formula or name does not fit any more, the
line before it is spread over the room that is left; and what is left for the last line may be one
character. Inside the context `even_lines` such a line takes over from those before it: of the ways
to break the few lines around it, each some words or characters earlier than it could be, the one
whose lines are most even is set. All other lines stay as they are.

This leans on WeasyPrint's insides, see `juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, inline

from juchi.core.characters import is_wide
from juchi.pdf.justification import OBJECT, in_flow_leaves
from juchi.pdf.weasyprint_patches import replaced

__all__ = ["even_lines", "is_short"]

LOOSE = 0.7  # of the most that a line is spread: from here on others are tried
BEFORE, BEHIND = 2, 1  # lines that may change with a loose one
TRIED = 4  # ends of one line, each some em before the last
SHORT = 4  # letters; a shorter word is not left alone
NARROW = 1.5  # em; nor is a narrower formula
# How bad something is, where a line that is spread as far as it may be is 1.
RAGGED, HALF_EMPTY, LEFT_ALONE = 8.0, 25.0, 100.0


@contextmanager
def even_lines() -> Iterator[None]:
    """Break paragraphs into even lines while the context is open; layout has to run inside.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that this module was written for.
    """
    place, breaker = "juchi/pdf/even_lines.py", _Breaker()
    with (
        replaced(place, inline, "split_inline_box", breaker.narrowing),
        replaced(place, inline, "text_align", _measuring),
        replaced(place, block, "iter_line_boxes", breaker.breaking),
    ):
        yield


@dataclass(frozen=True)
class _Line:
    """A line as it is laid out.

    Attributes
    ----------
    box
        Its box.
    start, end
        WeasyPrint's `skip_stack` of its beginning and of what follows; None for what has neither.
    cut
        By how much it had to be shorter than its room, in pixels.
    """

    box: Any
    start: Any
    end: Any
    cut: float

    @property
    def badness(self) -> float:
        """How far it is from an even line."""
        if self.end is None:
            return LEFT_ALONE if self.start is not None and is_short(self.box) else 0.0
        stretch: float = getattr(self.box, "stretch", 0.0)
        if stretch <= 1:
            return stretch**2
        blank = 1 - self.box.natural / self.box.room
        return float(RAGGED + HALF_EMPTY * (2 * blank) ** 2)


class _Breaker:
    """Breaks all paragraphs of a page.

    Attributes
    ----------
    cut
        By how much the next line is to be shorter than its room.
    chosen
        By how much each line is shorter than it could be, by the box of the paragraph, its width
        and the line's beginning: what goes on behind a page stays as it was chosen.
    """

    def __init__(self) -> None:
        self.cut = 0.0
        self.chosen: dict[tuple[Any, float, str], float] = {}

    def narrowing(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        """Return a `split_inline_box` that gives a line less room."""

        def split_inline_box(
            context: object,
            box: Any,  # noqa: ANN401 - WeasyPrint is untyped
            position_x: float,
            max_x: float,
            *arguments: Any,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            cut, self.cut = self.cut, 0.0
            return plain(context, box, position_x, max_x - cut, *arguments)

        return split_inline_box

    def breaking(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        """Return an `iter_line_boxes` that breaks lines evenly."""

        def iter_line_boxes(
            context: Any,  # noqa: ANN401
            box: Any,  # noqa: ANN401
            position_y: float,
            bottom_space: float,
            skip_stack: Any,  # noqa: ANN401
            *arguments: Any,  # noqa: ANN401
        ) -> Iterator[Any]:
            *_, first_letter, first_line = arguments
            is_flowing = box.style["white_space"] == "normal" and not context.excluded_shapes
            if not is_flowing or first_letter or first_line:
                yield from plain(context, box, position_y, bottom_space, skip_stack, *arguments)
                return

            def lay_out(start: Any, cut: float, top: float) -> _Line | None:  # noqa: ANN401
                self.cut = cut
                lines = plain(context, box, top, bottom_space, start, *arguments)
                for line, end in islice(lines, 1):
                    return _Line(line, start, end, cut)
                return None

            paragraph = _Paragraph(lay_out, self.chosen, (box, arguments[0].width))
            for line in paragraph.lines(skip_stack, position_y):
                yield line.box, line.end

        return iter_line_boxes


class _Paragraph:
    """A paragraph, or what is left of it on a page.

    Parameters
    ----------
    lay_out
        Lays out the line that begins somewhere, shorter by so many pixels, at a height.
    chosen, name
        See `_Breaker`; its box and width.
    """

    def __init__(
        self,
        lay_out: Callable[[Any, float, float], _Line | None],
        chosen: dict[tuple[Any, float, str], float],
        name: tuple[Any, float],
    ) -> None:
        self.lay_out, self.chosen, self.name = lay_out, chosen, name
        self.found: dict[str, list[_Line]] = {}

    def lines(self, start: Any, top: float) -> list[_Line]:  # noqa: ANN401
        """Return its lines, broken evenly."""
        lines = self._filled(start, top)
        if (*self.name, repr(start)) in self.chosen:
            return lines
        done = 0
        while (loose := self._first_loose(lines, done)) is not None:
            first = max(done, loose - BEFORE)
            better = self._best(lines[first].start, loose - first + 1 + BEHIND)[1]
            done = first + len(better)
            if [each.cut for each in better] == [each.cut for each in lines[first:done]]:
                done = max(done, loose + 1)
                continue
            for each in better:
                self.chosen[(*self.name, repr(each.start))] = each.cut
            lines = self._filled(start, top)
        self.chosen |= {(*self.name, repr(line.start)): line.cut for line in lines}
        return lines

    def _filled(self, start: Any, top: float) -> list[_Line]:  # noqa: ANN401
        """Return its lines, each as full as it can be or as it was chosen."""
        lines: list[_Line] = []
        while True:
            cut = self.chosen.get((*self.name, repr(start)), 0.0)
            line = self.lay_out(start, cut, top)
            if line is None:
                return lines
            lines.append(line)
            if line.end is None:
                return lines
            start, top = line.end, line.box.position_y + line.box.height

    def _first_loose(self, lines: list[_Line], done: int) -> int | None:
        for index, line in enumerate(lines[done:], start=done):
            if index and line.badness > LOOSE**2:
                return index
        return None

    def _best(self, start: Any, count: int) -> tuple[float, list[_Line]]:  # noqa: ANN401
        """Return the best way to break so many lines, and how bad it is."""
        if count == 0:
            return 0.0, []
        ways = []
        for line in self._tried(start):
            rest, behind = (0.0, []) if line.end is None else self._best(line.end, count - 1)
            ways.append((line.badness + rest, [line, *behind]))
        return min(ways, key=lambda way: way[0], default=(0.0, []))

    def _tried(self, start: Any) -> list[_Line]:  # noqa: ANN401
        """Return the line that begins somewhere with several ends, the fullest first."""
        name = repr(start)
        if name not in self.found:
            tried: list[_Line] = []
            cut = 0.0
            while len(tried) < TRIED and (line := self.lay_out(start, cut, 0.0)):
                if tried and (line.end == tried[-1].end or line.box.natural > line.box.room - cut):
                    break
                tried.append(line)
                if line.end is None:
                    break
                step = (len(tried) - 1) * line.box.style["font_size"]
                cut = line.box.room - line.box.natural + step + 1
            self.found[name] = tried
        return self.found[name]


def _measuring(plain: Callable[..., float]) -> Callable[..., float]:
    """Return a `text_align` that notes on a line how wide it is by nature, and its room."""

    def text_align(context: object, line: Any, available_width: float, last: bool) -> float:  # noqa: ANN401
        line.natural, line.room = line.width, available_width
        return plain(context, line, available_width, last)

    return text_align


def is_short(line: Any) -> bool:  # noqa: ANN401
    """Tell whether a line has but one character of a script without spaces, or one short word."""
    leaves = list(in_flow_leaves(line))
    words = "".join(getattr(box, "text", OBJECT) for box in leaves).split()
    if len(words) != 1:
        return False
    letters = [each for each in words[0] if each == OBJECT or each.isalnum()]
    if OBJECT in letters:
        formulas = [box.margin_width() for box in leaves if not isinstance(box, boxes.TextBox)]
        return len(letters) == 1 and formulas[0] < NARROW * line.style["font_size"]
    if any(map(is_wide, letters)):
        return len(letters) == 1
    return len(letters) < SHORT
