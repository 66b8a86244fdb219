"""Footnotes at the foot of the page that calls them.

WeasyPrint 70 sends a note to the next page for two reasons that are none of a reader's. It measures
the notes as too high for their place where a border or a margin makes the sums round differently;
and it gives up notes where a paragraph could not otherwise begin at the foot of a page. Inside the
context `notes_with_their_calls` it does neither: the lines that do not fit go to the next page, and
their notes with them (the style sheet has ``footnote-policy: line`` for that).

This leans on WeasyPrint's insides, see `juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import LayoutContext, block

from juchi.core.errors import UserError
from juchi.pdf.overfull import spaced, written_at
from juchi.pdf.weasyprint_patches import replaced

__all__ = ["notes_with_their_calls", "refuse_parted_notes"]


_WORDS = 50  # characters of a note in a message


@contextmanager
def notes_with_their_calls() -> Iterator[None]:
    """Keep each note on the page of its call while the context is open.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that this module was written for.
    """
    place = "juchi/pdf/footnotes.py"
    with (
        replaced(place, LayoutContext, "_update_footnote_area", _fitting),
        replaced(place, block, "_linebox_layout", _keeping),
    ):
        yield


class _Kept(list[Any]):
    """The notes of a page, of which none is to be given up.

    WeasyPrint gives up the last one as long as there are any: here there never seem to be.
    """

    def __bool__(self) -> bool:
        return False


def _fitting(plain: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return an `_update_footnote_area` for notes whose place is as high as they are."""

    def update_footnote_area(context: Any) -> bool:  # noqa: ANN401 - WeasyPrint is untyped
        kept = context.current_page_footnotes
        context.current_page_footnotes = list(kept)
        is_too_high = plain(context)
        context.current_page_footnotes = kept
        return is_too_high and bool(context.current_footnote_area.max_height < inf)

    return update_footnote_area


def _keeping(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `_linebox_layout` that gives up no note of the page."""

    def linebox_layout(context: Any, *arguments: Any) -> Any:  # noqa: ANN401
        if not isinstance(context.current_page_footnotes, _Kept):
            context.current_page_footnotes = _Kept(context.current_page_footnotes)
        return plain(context, *arguments)

    return linebox_layout


def refuse_parted_notes(pages: Sequence[Any], source: Path) -> None:
    """Refuse a note that does not stand, whole, on the page of its call.

    Parameters
    ----------
    pages
        WeasyPrint's pages, laid out.
    source
        The composed page, for the message.
    """
    calls: dict[Any, tuple[int, str]] = {}
    notes: dict[Any, list[int]] = {}
    for number, page in enumerate(pages, start=1):
        for box, file in _with_files(page._page_box, str(source)):
            if (box.element_tag or "").endswith("::footnote-call"):
                calls[box.element] = number, file
            elif isinstance(box, boxes.FootnoteAreaBox):
                for note in box.children:
                    notes.setdefault(note.element, []).append(number)
    for element, (number, file) in calls.items():
        if notes.get(element) != [number]:
            raise _parted(element, number, notes.get(element, []), file)


def _with_files(box: Any, file: str) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 - no types
    """Yield all boxes in a box, each with the file of prose that it comes from."""
    if box.element is not None:
        file = box.element.get("data-source", file)
    yield box, file
    for child in box.children:
        yield from _with_files(child, file)


def _parted(element: Any, number: int, found: list[int], file: str) -> UserError:  # noqa: ANN401
    words = " ".join((element.text or "").split())[:_WORDS]
    where = f"stands on {' and '.join(map(str, found))}" if found else "is printed nowhere"
    return UserError(
        written_at(file, spaced(words)) if words else file,
        f"the note that begins with {words!r} is called on page {number} of the PDF and {where}",
        "notes at the foot of the page that calls them",
        "shorten the note, or take it into the text",
    )
