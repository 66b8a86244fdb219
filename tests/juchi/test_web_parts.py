"""What paper leaves to the web: appendices, blocks and works; and where it leads for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement

from juchi.core.errors import UserError
from juchi.html.appendix import append
from juchi.html.forms import WEB
from juchi.html.web_parts import leave_to_web
from juchi.plan.settings import read_subject
from juchi.plan.subjects import defaults
from tests.project import ROOT
from tests.samples import Sample, copied

PAGE = (
    '<html{address}><body><main id="content"><p><a class="reference" href="#fig-w">Figure 2</a> '
    '<a class="fact" href="provenance.html#fact-x.y"><data>3</data></a> <a href="#p">here</a>'
    '<span class="origin"><a href="provenance.html#figure-w">Data</a></span></p>'
    '<p id="p">both<a href="provenance.html">Where</a></p>'
    '<section class="lettered web-only" id="sec-w"><figure id="fig-w"></figure></section>'
    '<ol><li id="ref-a" class="web-only"></li><li id="ref-b"></li></ol></main></body></html>'
)


def printed(address: str) -> HtmlElement:
    given = f' data-permanent="{address}"' if address else ""
    page: HtmlElement = html.document_fromstring(PAGE.format(address=given))
    append(page, '<section class="appendix"><h2 id="provenance">Numbers</h2></section>')
    leave_to_web(page)
    return page


def test_paper_leads_to_the_published_page_for_what_it_has_not() -> None:
    page = printed("https://example.org/v1/en/")
    assert page.xpath("//a/@href") == [
        "https://example.org/v1/en/#fig-w",
        "https://example.org/v1/en/provenance.html#fact-x.y",
        "#p",
        "https://example.org/v1/en/provenance.html#figure-w",
        "#provenance",
    ]


def test_paper_of_an_unpublished_article_keeps_the_words_without_a_link() -> None:
    page = printed("")
    assert page.xpath("//a/@href") == ["#p", "#provenance"]
    assert page.xpath("string(//p[1])").strip() == "Figure 2 3 here"


@pytest.mark.parametrize("address", ["", "https://example.org/v1/en/"])
def test_paper_has_neither_the_appendix_nor_the_works_of_the_web(address: str) -> None:
    page = printed(address)
    assert not page.find_class(WEB)
    assert page.xpath("//li/@id") == ["ref-b"]
    assert not page.xpath("//section[@id='sec-w']")


# --- what is refused ---


@pytest.mark.parametrize(
    ("lists", "found"),
    [
        ({"sections": ["one"], "web_appendices": ["one"]}, "'one', the name of a file of sections"),
        ({"appendices": ["two"], "web_appendices": ["two"]}, "'two', the name of a file of app"),
        ({"web_appendices": ["abstract"]}, "'abstract', the name of a file of what stands before"),
    ],
)
def test_an_appendix_of_the_web_that_stands_elsewhere_is_refused(
    lists: dict[str, Any], found: str
) -> None:
    values = {**read_subject(ROOT / "config", "article"), **lists}
    with pytest.raises(UserError) as refused:
        defaults("article", values, "config/article.yaml", None)
    assert str(refused.value).startswith("error: config/article.yaml: web_appendices")
    assert found in str(refused.value)


def test_an_appendix_of_the_web_without_a_file_is_refused(tmp_path: Path) -> None:
    sample = Sample(copied(tmp_path), tmp_path / "made")
    sample.edit("config/article.yaml", lambda article: article.update(web_appendices=["nowhere"]))
    with pytest.raises(UserError) as refused:
        _ = sample.plan
    assert str(refused.value).startswith("error: templates/en/nowhere.md\n")
