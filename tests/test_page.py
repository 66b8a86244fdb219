"""The page for the screen: every formula is set in MathML, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from pipeline.records import write_json
from report.page import fill_in
from tests.samples import Sample

MATHML = "<math><semantics><mrow><mi>{}</mi></mrow></semantics></math>"
SIZES = {"svg": "", "width": 1.0, "height": 1.0, "depth": 0.0}


@pytest.fixture
def mathematics(tmp_path: Path) -> Path:
    path = tmp_path / "mathematics.json"
    formulas = {"inline:x": "a", "display:x": "b", "inline:x < y": "c"}
    write_json(path, {key: {"mathml": MATHML.format(v), **SIZES} for key, v in formulas.items()})
    return path


def filled(body: str, mathematics: Path) -> html.HtmlElement:
    page = mathematics.with_name("page.html")
    page.write_text(f"<!DOCTYPE html><html lang='zh'><body>{body}</body></html>", "utf-8")
    return html.document_fromstring(fill_in(page, mathematics))


@pytest.mark.parametrize(
    ("source", "shown", "label"),
    [
        ('<span class="math" data-tex="x"></span>', "a", None),
        ('<span class="math display" data-tex="x" data-alt="an x"></span>', "b", "an x"),
        ('<span class="math" data-tex="x &lt; y"></span>', "c", None),
        ('<span class="display math" data-tex="x" data-alt=""></span>', "b", None),
    ],
)
def test_a_formula_is_filled_in(
    mathematics: Path, source: str, shown: str, label: str | None
) -> None:
    (span,) = filled(f"<p>一 {source} 二</p>", mathematics).iter("span")
    assert (span[0].tag, span.text_content(), span.tail) == ("math", shown, " 二")
    assert span[0].get("aria-label") == label
    assert not {"data-tex", "data-alt"} & set(span.attrib)


def test_the_rest_of_the_page_stays(mathematics: Path) -> None:
    page = filled('<p class="a">中 &lt; “文”<br><span>b</span></p>', mathematics)
    (paragraph,) = page.iter("p")
    assert html.tostring(paragraph, encoding="unicode") == (
        '<p class="a">中 &lt; “文”<br><span>b</span></p>'
    )


def test_every_formula_of_the_article_is_set(sample: Sample) -> None:
    for language in sample.plan.languages:
        composed = html.document_fromstring(sample.composed(language).read_text("utf-8"))
        page = html.document_fromstring(sample.page(language).read_text("utf-8"))
        sources = composed.xpath("//@data-tex")
        places = page.xpath("//span[contains(concat(' ', @class, ' '), ' math ')]")
        assert len(places) == len(sources) > 0
        assert page.xpath("//@data-tex | //@data-alt") == []
        for place, tex in zip(places, sources, strict=True):
            (formula,) = place
            assert formula.tag == "math"
            assert formula.xpath(".//mi | .//mn | .//mo")
            assert formula.xpath("string(.//annotation)") == tex
        displayed = page.xpath("//math[@display='block']")
        assert len(displayed) == len(composed.xpath("//@data-alt"))
        assert all(formula.get("aria-label") for formula in displayed)
