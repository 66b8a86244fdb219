"""Figures and tables that float: text moves up where one of them would leave a hole in a page.

A figure that does not fit on what is left of a page goes to the next, and WeasyPrint leaves the
rest of the page blank. A journal lets the text go on instead. Inside the context `floating_figures`
a figure (or a table, which is a figure too) that would leave room for `ROOM` lines lets what
follows it go first, as much of it as fills the page: so it stands on the page after the one on
which it would have begun, and no farther.

- Figures and tables keep their order, which their numbers follow. A table without a number is part
  of the text: nothing can refer to it, so it stays where it is.
- A figure never parts a heading from its text, or a formula, a list or a listing from the sentence
  that leads to it or goes on behind it.
- A figure stays in its section. At the end of one no text can go before it: there it goes before
  the last paragraphs of its subsection, if all of it then stands on the page. A table for which
  there is no such place is broken.
- Where nothing is won, everything stays where it was written.

The order is changed in the tree of boxes while a page is laid out, so the order of reading, tags
and bookmarks follow what is printed. This leans on WeasyPrint's insides, see
`juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice, takewhile
from typing import Any

from weasyprint.layout import block
from weasyprint.text.line_break import strut

from juchi.pdf.weasyprint_patches import replaced

__all__ = ["ROOM", "floating_figures"]

ROOM = 4  # lines; a smaller hole is not worth a change
ROOM_FOR_ROWS = 8  # lines; a larger hole is filled with the first rows of a table
TRIED = 4  # places before the last paragraphs of a section

_HEADINGS = ("h2", "h3", "h4")


@contextmanager
def floating_figures() -> Iterator[None]:
    """Let figures float while the context is open; layout has to run inside.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that this module was written for.
    """
    with replaced("juchi/pdf/floats.py", block, "block_container_layout", _filling):
        yield


def _filling(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `block_container_layout` that lets text go before figures that do not fit."""

    def block_container_layout(
        context: Any,  # noqa: ANN401 - WeasyPrint is untyped
        box: Any,  # noqa: ANN401
        *arguments: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if box.element_tag != "section":
            return plain(context, box, *arguments, **options)
        return _Section(plain, context, box, arguments).fill()

    return block_container_layout


class _Section:
    """What is laid out of a section on one page.

    Parameters
    ----------
    plain
        WeasyPrint's own `block_container_layout`.
    context, box, arguments
        What it is called with; the `box` may have begun on an earlier page.
    """

    def __init__(
        self,
        plain: Callable[..., Any],
        context: Any,  # noqa: ANN401 - WeasyPrint is untyped
        box: Any,  # noqa: ANN401
        arguments: tuple[Any, ...],
    ) -> None:
        self.plain, self.context, self.box = plain, context, box
        (self.bottom_space, self.skip_stack, self.page_is_empty, self.absolute, self.fixed,
         self.margins, *self.rest) = arguments  # fmt: skip
        self.place = box.position_x, box.position_y

    def fill(self) -> Any:  # noqa: ANN401
        """Lay the section out, figures moved until the page is full or nothing is won."""
        result = self._lay_out()
        while (figures := self._held_back(result)) is not None:
            written, hole = self.box.children, self._hole(result)
            for order in self._orders(figures) if hole >= ROOM else ():
                result = self._lay_out_again(result, order)
                if result[0] is not None and not (result[1] and self._hole(result) >= hole):
                    break
            else:
                if self.box.children is not written:
                    result = self._lay_out_again(result, written)
                return self._broken(result, figures, hole)
        return result

    def _lay_out_again(self, result: Any, order: list[Any]) -> Any:  # noqa: ANN401
        """Lay the section out with its blocks in another order than that of a result."""
        self._forget(result)
        self.box.children = order
        return self._lay_out()

    def _broken(self, result: Any, figures: range, hole: float) -> Any:  # noqa: ANN401
        """Lay the section out with its first table that is held back broken, if that wins much."""
        table = self.box.children[figures.start]
        is_table = "table" in (table.element.get("class") or "").split()
        if not is_table or hole < ROOM_FOR_ROWS:
            return result
        self._forget(result)
        whole, table.style = table.style, table.style.copy()
        table.style["break_inside"] = "auto"
        broken = self._lay_out()
        if broken[0] is not None and self._hole(broken) < hole:
            return broken
        self._forget(broken)
        table.style = whole
        return self._lay_out()

    def _orders(self, figures: range) -> Iterator[list[Any]]:
        """Yield the orders of the section's blocks in which figures leave less of a hole."""
        blocks, first, end = self.box.children, figures.start, figures.stop
        behind = _landing(blocks, end)
        if behind is not None:
            yield [*blocks[:first], *blocks[end:behind], *blocks[first:end], *blocks[behind:]]
        elif end == len(blocks):
            begun = next(iter(self.skip_stack)) if self.skip_stack else 0
            for place in islice(_landings_before(blocks, first, begun), TRIED):
                # The others may follow the text.
                text = blocks[place:first]
                yield [*blocks[:place], blocks[first], *text, *blocks[first + 1 :]]

    def _lay_out(self) -> Any:  # noqa: ANN401
        self.box.position_x, self.box.position_y = self.place
        margins = None if self.margins is None else list(self.margins)
        return self.plain(
            self.context, self.box, self.bottom_space, self.skip_stack, self.page_is_empty,
            self.absolute, self.fixed, margins, *self.rest,
        )  # fmt: skip

    def _forget(self, result: Any) -> None:  # noqa: ANN401
        """Undo what a layout has left behind in the page: footnotes and list markers."""
        if result[0] is not None:
            block.remove_placeholders(self.context, result[0].children, self.absolute, self.fixed)

    def _hole(self, result: Any) -> float:  # noqa: ANN401
        """Return how many lines would still fit on the page."""
        last = result[0].children[-1]
        free = self.context.page_bottom - self.bottom_space - last.position_y - last.margin_height()
        return float(free / strut(self.box.style)[0])

    def _held_back(self, result: Any) -> range | None:  # noqa: ANN401
        """Return the places of the figures that begin the next page, if figures begin it."""
        section, resume_at, *_ = result
        if section is None or not section.children or not resume_at:
            return None
        ((first, inside),) = resume_at.items()
        if self.box.children[first].element_tag in _HEADINGS:
            first += 1
        figures = list(takewhile(_is_figure, self.box.children[first:]))
        return range(first, first + len(figures)) if figures and inside is None else None


def _is_figure(box: Any) -> bool:  # noqa: ANN401
    element = box.element
    return box.element_tag == "figure" and not (
        "own" in element.get("class", "").split() and element.get("data-kind") is None
    )


def _landing(blocks: list[Any], start: int) -> int | None:
    """Return the first place from `start` on, but not `start` itself, where figures may stand."""
    for place in range(start + 1, len(blocks) + 1):
        if _is_figure(blocks[place - 1]):
            return None
        if _may_stand(blocks, place):
            return place
    return None


def _landings_before(blocks: list[Any], start: int, first: int) -> Iterator[int]:
    """Yield the places before `start`, the last first, where figures may stand among paragraphs.

    Behind the block `first`, which begins the page, and in the subsection that ends at `start`.
    """
    for place in range(start - 1, first, -1):
        if _is_figure(blocks[place]) or blocks[place].element_tag in _HEADINGS:
            return
        if _may_stand(blocks, place):
            yield place


def _may_stand(blocks: list[Any], place: int) -> bool:
    """Tell whether figures may stand at a place: nothing there belongs together."""
    before = blocks[place - 1]
    after = blocks[place].element_tag if place < len(blocks) else "p"
    goes_on = (
        before.element_tag in _HEADINGS or "equation" in before.element.get("class", "").split()
    )
    return not goes_on and after in ("p", "figure", *_HEADINGS)
