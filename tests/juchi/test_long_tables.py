"""A table that goes on on the next page says so above its repeated head."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
import weasyprint
import yaml
from lxml import html
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from juchi.core.theme import THEME
from juchi.html.tables import say_continued
from juchi.pdf.floats import floating_figures
from juchi.pdf.long_tables import continued_tables

STYLE = """
@page { size: 300px 200px; margin: 0 } html { font: 10px/20px monospace } body { margin: 0 }
figure { margin: 0; break-inside: avoid } p { margin: 0 } figure.long { break-inside: auto }
table { border-collapse: collapse; width: 100%; table-layout: fixed } td, th { padding: 0 }
th { border-bottom: 1px solid } tr { break-inside: avoid } th.narrow { width: 20% }
tbody tr:first-child { break-after: avoid } tbody tr:last-child { break-before: avoid }
"""


def table(rows: int, *, name: str = "table long", caption: str = "Table 7") -> str:
    body = "".join(f"<tr><td>{number}</td><td>x</td></tr>" for number in range(rows))
    head = "<tr><th class=narrow></th><th>head</th></tr>"
    return (
        f"<figure class='{name}'><figcaption><span class=label>{caption}</span> Of it</figcaption>"
        f"<table><thead>{head}</thead><tbody>{body}</tbody></table></figure>"
    )


def pages(body: str, pattern: str = "{label}, continued", *, told: bool = True) -> list[list[str]]:
    """Return the lines of each page."""
    root = html.document_fromstring(f"<html lang=en><style>{STYLE}</style><body>{body}")
    say_continued(root, pattern)
    with continued_tables() if told else nullcontext(), floating_figures():
        document = weasyprint.HTML(string=html.tostring(root, encoding="unicode")).render()
        document.write_pdf()  # the borders are drawn
    return [list(_lines(page._page_box)) for page in document.pages]


def _lines(box: Any) -> Iterator[str]:
    for child in getattr(box, "children", ()):
        if isinstance(child, LineBox):
            yield "".join(each.text for each in child.descendants() if isinstance(each, TextBox))
        else:
            yield from _lines(child)


def test_it_says_so_above_the_repeated_head() -> None:
    first, *others = pages(table(20))
    assert first[:3] == ["Table 7 Of it", "head", "0"]
    assert len(others) == 2
    assert [each[:2] for each in others] == [["Table 7, continued", "head"]] * 2
    rows = [line for page in (first, *others) for line in page if line.isdigit()]
    assert rows == [str(number) for number in range(20)]


def test_nothing_else_changes() -> None:
    told, plain = (pages(table(12), told=each) for each in (True, False))
    assert [line for page in told for line in page if "continued" not in line] == [
        line for page in plain for line in page
    ] + ["head"] * (len(told) - len(plain))
    assert pages(table(5)) == pages(table(5), told=False)


def test_no_row_is_left_alone() -> None:
    for rows in range(8, 20):
        for page in pages(f"<p>A</p>{table(rows)}"):
            assert sum(line.isdigit() for line in page) >= 2


def test_a_table_at_the_end_of_a_section_is_broken_before_it_leaves_a_large_hole() -> None:
    style = "p { orphans: 2; widows: 2 }"
    text = "<p>" + "x<br>" * 10 + "</p>"
    closed = table(40, name="table")
    sections = f"<style>@page {{ size: 300px 600px }} {style}</style><section><h2>A</h2>{text}"
    first = pages(f"{sections}{closed}</section>")[0]
    assert "Table 7 Of it" in first
    assert "3" in first


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Table\xa07, continued"), ("zh", "续表\xa07"), ("de", "Tabelle 7 (Fortsetzung)")],
)
def test_each_language_has_its_words(language: str, words: str) -> None:
    messages = yaml.safe_load((THEME / f"messages/{language}.yaml").read_text("utf-8"))
    label = messages["labels"]["table"].format(number=7)
    body = table(20, caption=label)
    assert words in pages(body, messages["tables"]["continued"])[1]
