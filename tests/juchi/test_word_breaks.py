"""Words of two lines stay apart for those who read the text of a PDF; nobody sees it."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from weasyprint import HTML

from juchi.pdf.word_breaks import spelt_word_breaks
from tests.archive_checks import unicode_map
from tests.pdf_content import File

STYLE = "@page { size: 40mm 60mm; margin: 5mm } p, pre { font-size: 10pt }"


def texts(body: str, *, spelt: bool = True) -> list[str]:
    """Return what each marked content of a printed page says."""
    document = HTML(string=f"<html lang='en'><style>{STYLE}</style><title>T</title>{body}</html>")
    if spelt:
        with spelt_word_breaks():
            pdf = document.write_pdf(pdf_variant="pdf/ua-1")
    else:
        pdf = document.write_pdf(pdf_variant="pdf/ua-1")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        file = File(opened)
        maps = {name: unicode_map(font) for name, font in file.fonts.items()}
        return list(said(opened.pages[0], maps))


def said(page: Any, maps: dict[str, dict[int, str]]) -> Any:
    found, font = "", ""
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "Tf":
            font = str(instruction.operands[0])
        elif operator == "TJ":
            for part in instruction.operands[0]:
                if isinstance(part, pikepdf.String):
                    data = bytes(part)
                    codes = (int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))
                    found += "".join(maps[font][code] for code in codes)
        elif operator == "EMC":
            if found:
                yield found
            found = ""


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>One two three four five six</p>", ["One two three ", "four five six"]),
        ("<p>One two <b>three</b> <i>four</i> five</p>", ["One two ", "three ", "four ", "five"]),
        ("<p>One<br>two</p>", ["One ", "two"]),
        ("<pre>one\ntwo</pre>", ["one ", "two"]),
        ("<p>onetwothree-fourfivesix</p>", ["onetwothree-", "fourfivesix"]),
        ("<p>One</p><p>two</p>", ["One", "two"]),
    ],
)
def test_lines_end_in_the_space_they_are_broken_at(body: str, lines: list[str]) -> None:
    assert texts(body) == lines
    assert "".join(texts(body, spelt=False)) != "".join(lines) or not any(
        line.endswith(" ") for line in lines
    )


def test_nothing_moves() -> None:
    body = "<p style='text-align: justify'>One two three four five six seven eight nine</p>"
    document = HTML(string=f"<style>{STYLE}</style>{body}")
    plain = [place for page in document.render().pages for place in places(page)]
    with spelt_word_breaks():
        spelt = [place for page in document.render().pages for place in places(page)]
    assert spelt == plain


def places(page: Any) -> list[tuple[str, float, float]]:
    """Return each text of a page with its place and width."""
    return [
        (box.text, box.position_x, box.width)
        for box in page._page_box.descendants()
        if hasattr(box, "text")
    ]
