"""The list of contents, which only a long paper has; and what stands on the first page with it."""

from __future__ import annotations

from pathlib import Path

import pytest
import weasyprint
from lxml import html
from lxml.html import HtmlElement

from juchi.pdf import paper
from juchi.pdf.contents import LONG, without_contents

PAGE = (
    "<html><body><h1>x</h1><nav class='contents'><p>listed</p></nav><main>{}</main></body></html>"
)


def made(pages: int) -> HtmlElement:
    page: HtmlElement = html.document_fromstring(
        PAGE.format("<p style='break-after: page'>text</p>" * (pages - 1) + "<p>text</p>")
    )
    return page


def test_the_list_comes_back_where_it_stood() -> None:
    page = made(1)
    back = without_contents(page)
    assert [each.tag for each in page.body] == ["h1", "main"]
    assert back is not None
    back()
    assert [each.tag for each in page.body] == ["h1", "nav", "main"]


def test_a_page_without_a_list_stays_as_it_is() -> None:
    page = html.document_fromstring("<body><p>x</p></body>")
    assert without_contents(page) is None


@pytest.mark.parametrize(("pages", "listed"), [(LONG - 1, False), (LONG, True)])
def test_a_paper_lists_its_contents_from_so_many_pages_on(
    pages: int, listed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    class Document(weasyprint.HTML):  # type: ignore[misc]
        def __init__(self, string: str, **given: str) -> None:
            printed.append(string)
            super().__init__(string=string, **given)

    monkeypatch.setattr(paper, "HTML", Document)
    paper._lay_out(made(pages), tmp_path, tmp_path / "page.html")
    assert ("listed" in printed[-1]) == listed
    assert len(printed) == 1 + listed
