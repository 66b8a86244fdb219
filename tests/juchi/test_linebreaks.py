"""A line is broken where it is full, although a link or a formula begins there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest
import weasyprint
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from juchi.pdf.linebreaks import full_lines

WORDS = "alpha beta gamma delta epsilon"  # in letters of one width: 30
NBSP = "\N{NO-BREAK SPACE}"


def lines(body: str, letters: float, context: AbstractContextManager[None]) -> list[str]:
    """Return the lines of a paragraph that is as wide as so many letters of one width."""
    html = (
        "<style>@page { size: 2000px 500px; margin: 0 } body { margin: 0 }"
        f"p {{ font: 16px monospace; width: {letters}ch; margin: 0 }}</style><p>{body}</p>"
    )
    with context:
        page = weasyprint.HTML(string=html).render().pages[0]
    return list(_texts(page._page_box))


def _texts(box: object) -> Iterator[str]:
    for child in getattr(box, "children", ()):
        if isinstance(child, LineBox):
            yield "".join(_pieces(child))
        else:
            yield from _texts(child)


def _pieces(box: object) -> Iterator[str]:
    for child in getattr(box, "children", ()):
        if isinstance(child, TextBox):
            yield child.text
        else:
            yield from _pieces(child)


def test_a_text_that_fits_but_for_its_last_space_stays_whole() -> None:
    body = f"{WORDS} <b>wide</b>"
    assert lines(body, 30.5, full_lines()) == [WORDS, "wide"]
    # Where this fails, WeasyPrint has learnt it, and juchi/pdf/linebreaks.py may shrink.
    assert lines(body, 30.5, nullcontext())[0] == "alpha"


def test_a_text_that_ends_in_a_no_break_space_gives_up_one_word_and_no_more() -> None:
    body = f"{WORDS}{NBSP}<b>wide</b>"
    assert lines(body, 30.5, full_lines()) == ["alpha beta gamma delta", f"epsilon{NBSP}wide"]
    assert lines(body, 30.5, nullcontext())[0] == "alpha"


@pytest.mark.parametrize("letters", [11.5, 11.75, 12, 12.25])
def test_a_no_break_space_that_alone_does_not_fit_leaves_no_hole(letters: float) -> None:
    body = f"步步步步<b>12</b>；步步步步{NBSP}<b>34</b>"
    assert lines(body, letters, full_lines()) == ["步步步步12；步步步", f"步{NBSP}34"]


@pytest.mark.parametrize("letters", [4, 12, 16.5, 29.5, 31.5, 35.5, 60])
def test_other_lines_break_as_before(letters: float) -> None:
    for body in (WORDS, f"{WORDS} ", f"{WORDS} <b>wide</b>", f"<b>{WORDS}</b> {WORDS}"):
        assert lines(body, letters, full_lines()) == lines(body, letters, nullcontext())


def test_a_space_that_does_not_collapse_takes_its_room() -> None:
    body = f"<span style='white-space: pre-wrap'>{WORDS} </span><b>wide</b>"
    assert lines(body, 30.5, full_lines()) == lines(body, 30.5, nullcontext())
