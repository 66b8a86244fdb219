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
- At the end of a section it may go behind the first paragraphs of the next one, but never among
  the references and what follows them.
- Where nothing is won, everything stays where it was written.

The order is changed in the tree of boxes while a page is laid out, so the order of reading, tags
and bookmarks follow what is printed. This leans on WeasyPrint's insides, see
`juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise, takewhile
from typing import Any

from weasyprint.layout import block
from weasyprint.text.line_break import strut

from juchi.pdf.weasyprint_patches import replaced

__all__ = ["ROOM", "floating_figures"]

ROOM = 4  # lines; a smaller hole is not worth a change
ROOM_FOR_HEADING = 6  # lines that a section's heading needs with the first ones of its text

_HEADINGS = ("h2", "h3", "h4")
# The sections behind the text, by their classes.
_BACK_MATTER = frozenset({"web-appendices", "references", "cite", "appendix"})


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
    following: dict[Any, Any] = {}

    def block_container_layout(
        context: Any,  # noqa: ANN401 - WeasyPrint is untyped
        box: Any,  # noqa: ANN401
        *arguments: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if box.element_tag != "section":
            parts = [child for child in box.children if child.element_tag == "section"]
            following.update(pair for pair in pairwise(parts) if not _is_back_matter(pair[1]))
            return plain(context, box, *arguments, **options)
        return _Section(plain, context, box, arguments, following.get(box)).fill()

    return block_container_layout


class _Section:
    """What is laid out of a section on one page.

    Parameters
    ----------
    plain
        WeasyPrint's own `block_container_layout`.
    context, box, arguments
        What it is called with; the `box` may have begun on an earlier page.
    following
        The box of the section behind this one, if there is one.
    """

    def __init__(
        self,
        plain: Callable[..., Any],
        context: Any,  # noqa: ANN401 - WeasyPrint is untyped
        box: Any,  # noqa: ANN401
        arguments: tuple[Any, ...],
        following: Any,  # noqa: ANN401
    ) -> None:
        self.plain, self.context, self.box, self.following = plain, context, box, following
        (self.bottom_space, self.skip_stack, self.page_is_empty, self.absolute, self.fixed,
         self.margins, *self.rest) = arguments  # fmt: skip
        self.place = box.position_x, box.position_y

    def fill(self) -> Any:  # noqa: ANN401
        """Lay the section out, figures moved back until the page is full or nothing is won."""
        result = self._lay_out()
        while (figures := self._held_back(result)) and self._move(figures, self._hole(result)):
            self._forget(result)
            moved = self._lay_out()
            if moved[0] is None or (moved[1] and self._hole(moved) >= self._hole(result)):
                self._forget(moved)
                self._move_back()
                return self._lay_out()
            result = moved
        return result

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

    def _move(self, figures: range, hole: float) -> bool:
        """Put figures behind what may go before them; return whether something may."""
        self.before = [(self.box, self.box.children)]
        children = list(self.box.children)
        moving = children[figures.start : figures.stop]
        behind = _landing(children, figures.stop)
        if behind is not None and hole >= ROOM:
            children[figures.start : behind] = children[figures.stop : behind] + moving
        elif figures.stop == len(children) and self.following and hole >= ROOM_FOR_HEADING:
            theirs = list(self.following.children)
            behind = _landing(theirs, 0)
            if behind is None:
                return False
            self.before.append((self.following, self.following.children))
            self.following.children = [*theirs[:behind], *moving, *theirs[behind:]]
            del children[figures.start :]
        else:
            return False
        self.box.children = children
        return True

    def _move_back(self) -> None:
        for box, children in self.before:
            box.children = children


def _is_back_matter(box: Any) -> bool:  # noqa: ANN401
    """Tell whether a section is none of the text, so that no figure may move into it."""
    return not _BACK_MATTER.isdisjoint((box.element.get("class") or "").split())


def _is_figure(box: Any) -> bool:  # noqa: ANN401
    element = box.element
    return box.element_tag == "figure" and not (
        "own" in element.get("class", "").split() and element.get("data-kind") is None
    )


def _landing(children: list[Any], start: int) -> int | None:
    """Return the first place from `start` on, but not `start` itself, where figures may stand."""
    for place in range(start + 1, len(children) + 1):
        before = children[place - 1]
        if _is_figure(before):
            return None
        after = children[place].element_tag if place < len(children) else "p"
        goes_on = (
            before.element_tag in _HEADINGS or "equation" in before.element.get("class", "").split()
        )
        if not goes_on and after in ("p", "figure", *_HEADINGS):
            return place
    return None
