"""No line is spread too far, and no paragraph ends in a single character or short word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import weasyprint
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from juchi.pdf.even_lines import even_lines
from juchi.pdf.justification import LETTER_GAP, WORD_SPACES, inter_character_justification
from juchi.pdf.linebreaks import full_lines
from tests.project import Project
from tests.proofs import HAN, of_text, read_lines

FORMULA = (
    "<img style='width: {width}em; height: 0.7em' src=\"data:image/svg+xml,"
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E%3C/svg%3E\">"
)
LATIN = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi "
    "rho sigma {wide} tau upsilon phi chi psi omega and once more from the beginning"
)
CHINESE = f"{'步' * 62}{{wide}}{'步' * 20}。"


def lines(body: str, style: str = "", *, room: int = 16, even: bool = True) -> list[list[Any]]:
    """Return the boxes of the lines of each page of a body."""
    sheet = (
        f"@page {{ size: {room}em 400px; margin: 0 }} body, p {{ margin: 0 }}"
        f"html {{ font: 20px/1.5 monospace }} p {{ text-align: justify; {style} }}"
    )
    with ExitStack() as stack:
        for context in (inter_character_justification, full_lines, *[even_lines] * even):
            stack.enter_context(context())
        document = weasyprint.HTML(string=f"<style>{sheet}</style>{body}").render()
    return [list(_lines(page._page_box)) for page in document.pages]


def _lines(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        if isinstance(child, LineBox):
            yield child
        else:
            yield from _lines(child)


def text(box: Any) -> str:
    """Return the text of a line, with an underscore for each formula."""
    if isinstance(box, TextBox):
        return str(box.text)
    return "".join(map(text, box.children)) if box.children else "_"


def stretches(pages: list[list[Any]]) -> list[float]:
    """Return of each line but the last how far it is spread, where 1 is as far as it may be."""
    return [getattr(line, "stretch", 0.0) for page in pages for line in page if line.resume_at]


@pytest.mark.parametrize(("body", "room"), [(LATIN, 26), (CHINESE, 24)])
def test_a_loose_line_takes_over_from_those_before_it(body: str, room: int) -> None:
    paragraphs = "".join(
        f"<p>{body.format(wide=FORMULA.format(width=width))}</p>" for width in range(2, 20)
    )
    before, after = (stretches(lines(paragraphs, room=room, even=each)) for each in (False, True))
    assert max(before) > 1
    assert max(after) < 1


def test_a_line_that_cannot_be_even_is_set_ragged() -> None:
    wide = "unbreakable" * 2
    (page,) = lines(f"<p>{wide} {wide} and the rest of it</p>")
    (loose,) = (line for line in page if getattr(line, "stretch", 0) > 1)
    assert all(not getattr(box, "justification_spacing", 0) for box in loose.children)
    assert loose.width < 0.9 * 16 * 20


@pytest.mark.parametrize("tag", ["p", "li", "figcaption", "td", "h2"])
@pytest.mark.parametrize(("word", "least"), [("权", 2), ("an", 4), ("0.5", 4)])
def test_no_paragraph_ends_in_one_character_or_short_word(tag: str, word: str, least: int) -> None:
    start, end = {
        "td": ("<table><tr><td>", "</table>"),
        "figcaption": ("<figure><figcaption>", "</figcaption></figure>"),
    }.get(tag, (f"<{tag}>", f"</{tag}>"))
    texts = (f"{('步' if word == '权' else 'step ') * count}{word}." for count in range(20, 36))
    body = "".join(f"{start}{each}{end}" for each in texts)
    plain, even = (lines(body, even=each) for each in (False, True))

    def alone(pages: list[list[Any]]) -> list[str]:
        lasts = [text(line) for page in pages for line in page if not line.resume_at]
        return [each for each in lasts if 0 < len(re.sub(r"\W", "", each)) < least]

    assert alone(plain)
    assert alone(even) == []


def test_nor_in_one_letter_of_mathematics() -> None:
    formula = FORMULA.format(width=1)
    body = "".join(f"<p>{'步' * count}{formula}。</p>" for count in range(20, 36))
    plain, even = (
        [text(line) for page in lines(body, even=each) for line in page] for each in (False, True)
    )
    assert "_。" in plain
    assert "_。" not in even


def test_marks_behind_a_formula_begin_no_line() -> None:
    marks = "，。；：、！？）》”,.;:!?)"
    for mark in marks:
        body = "".join(
            f"<p>步步步步步<span>{FORMULA.format(width=width)}</span>{mark}步步 and so on</p>"
            for width in range(7, 13)
        )
        texts = [text(line) for page in lines(body) for line in page]
        assert any(mark in each for each in texts)
        assert [each for each in texts if each.startswith(mark)] == []


def test_a_paragraph_that_goes_on_behind_a_page_stays_as_it_was_broken() -> None:
    body = f"<p>{LATIN.format(wide=FORMULA.format(width=9))}</p>"
    (whole,) = lines(body)
    for height in (2, 4):
        style = f"orphans: 2; widows: 2 }} @page {{ size: 16em {30 * height}px"
        parts = lines(body, style)
        assert len(parts) > 1
        assert [text(line) for page in parts for line in page] == [text(line) for line in whole]


def test_even_paragraphs_stay_as_they_are() -> None:
    body = f"<p>{'step by step and so on ' * 20}</p>"
    before, after = (lines(body, even=even) for even in (False, True))
    assert [list(map(text, page)) for page in before] == [list(map(text, page)) for page in after]


def widened(pdf: Path) -> Iterator[tuple[int, float]]:
    """Yield the page and the width of each gap between glyphs, in shares of the font size."""
    with pikepdf.open(pdf) as opened:
        for number, page in enumerate(opened.pages, start=1):
            for instruction in pikepdf.parse_content_stream(page, "TJ"):
                for each in instruction.operands[0]:
                    if not isinstance(each, pikepdf.String):
                        yield number, -float(each) / 1000


def test_no_line_of_the_article_is_loose(built: Project, language: str) -> None:
    most = LETTER_GAP if language == "zh" else (WORD_SPACES - 1) * 0.25
    gaps = list(widened(built.folder / "build" / "papers" / f"{language}.pdf"))
    assert len(gaps) > 1000
    assert [(page, gap) for page, gap in gaps if gap > most + 0.01] == []


def test_no_paragraph_of_the_article_ends_in_a_single_letter(built: Project, language: str) -> None:
    pages = of_text(read_lines(built.folder / "build" / "papers" / f"{language}.pdf"))
    alone = rf"\W*([{HAN}]|[A-Za-z0-9]{{1,3}})\W*"
    assert [line.text for page in pages for line in page if re.fullmatch(alone, line.text)] == []
