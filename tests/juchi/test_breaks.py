"""The end of a page tears no derivation, no listing, and nothing from the colon before it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import weasyprint
from lxml import html

from juchi.core.theme import THEME
from juchi.pdf.breaks import LINES, keep_together

STYLE = "@page { size: 400px 400px; margin: 0 } html { font: 10px/20px monospace } p { margin: 0 }"


def rules() -> str:
    """Return the rules of the style sheet for what is kept together, and for paragraphs."""
    sheet = Path(THEME / "style" / "print.css").read_text("utf-8")
    found = re.findall(r"^(?:\.equation, |\.leads|pre\.whole).*$", sheet, re.MULTILINE)
    assert len(found) == 3
    return "\n".join(found) + " p { orphans: 2; widows: 2 } pre { margin: 0; orphans: 4 }"


def pages(before: int, body: str) -> list[str]:
    """Return the text of each page of a body behind so many lines, of which a page has 20."""
    lines = "<br>".join(["."] * before)
    root = html.document_fromstring(f"<html lang=en><body><p>{lines}</p>{body}")
    keep_together(root)
    page = html.tostring(root, encoding="unicode")
    style = f"<style>{STYLE} {rules()}</style>"
    document = weasyprint.HTML(string=page.replace("<body>", f"<body>{style}")).render()
    return [
        " ".join(str(box.text) for box in page._page_box.descendants() if hasattr(box, "text"))
        for page in document.pages
    ]


EQUATION = "<div class=equation>{}</div>"
CODE = "<pre>" + "\n".join(f"line{number}" for number in range(8)) + "</pre>"


@pytest.mark.parametrize(
    ("body", "first", "last"),
    [
        (f"<p>A sentence leads to</p>{EQUATION.format('one')}", "leads", "one"),
        (f"<p>So</p>{EQUATION.format('one')}{EQUATION.format('two')}", "So", "two"),
        (f"{EQUATION.format('one')}<p>so that</p>{EQUATION.format('two')}", "one", "two"),
        ("<p>Three things:</p><ol><li>one</li><li>two</li></ol>", "things:", "one"),
        ("<p>有三件事：</p><ul><li>one</li></ul>", "有三件事", "one"),
        (f"<p>The script:</p>{CODE}", "script:", "line0"),
        (f"<p>A script.</p>{CODE}", "line0", "line7"),
    ],
)
def test_no_page_ends_between(body: str, first: str, last: str) -> None:
    for before in range(8, 20):
        texts = pages(before, body)
        assert [first in text for text in texts] == [last in text for text in texts], texts


def test_a_listing_that_no_page_has_room_for_goes_on_from_where_it_begins() -> None:
    code = "<pre>" + "\n".join(["x"] * (LINES + 1)) + "</pre>"
    assert "x" in pages(8, code)[0]
    assert "x" not in pages(8, "<pre>" + "\n".join(["x"] * 15) + "</pre>")[0]
