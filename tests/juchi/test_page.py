"""The page for the screen: formulas in MathML, figures that open, labels that are links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from juchi.core.errors import UserError
from juchi.core.records import write_json
from juchi.html.page import drawing_size, fill_in
from juchi.prose.calls import Messages
from tests.samples import Sample

MATHML = "<math><semantics><mrow><mi>{}</mi></mrow><annotation>tex</annotation></semantics></math>"
SIZES = {"svg": "", "height": 1.0, "depth": 0.0}
WORDS = Messages(
    {
        "verdicts": {"refuted": "refuted"},
        "reading": {"enlarge": "Enlarge", "evaluation": "{verdict}: see"},
    },
    Path("messages.yaml"),
)
SVG = '<?xml version="1.0"?>\n<svg xmlns="s" width="300pt" height="150.3pt" viewBox="0 0 300 150">'


@pytest.fixture
def base(tmp_path: Path) -> Path:
    formulas = {
        "inline:x": ("a", 1.0),
        "display:x": ("b", 1.0),
        "inline:x < y": ("c", 1.0),
        "inline:long": ("d", 20.0),
        "inline:wide": ("e", 40.0),
    }
    settings = {
        key: {
            **{"mathml": MATHML.format(text), "width": width, **SIZES},
            "speech": f"the words of {key.partition(':')[2]}",
        }
        for key, (text, width) in formulas.items()
    }
    write_json(tmp_path / "mathematics.json", settings)
    (tmp_path / "a.light.svg").write_text(f"{SVG}</svg>", "utf-8")
    return tmp_path


def filled(body: str, base: Path, head: str = "") -> HtmlElement:
    page = base / "page.html"
    page.write_text(
        f"<!DOCTYPE html><html lang='zh'><head>{head}</head><body>{body}</body></html>", "utf-8"
    )
    return html.document_fromstring(fill_in(page, base / "mathematics.json", WORDS, base))


@pytest.mark.parametrize(
    ("source", "shown", "label", "kind"),
    [
        ('<span class="math" data-tex="x"></span>', "a", None, None),
        ('<span class="math display" data-tex="x" data-alt="an x"></span>', "b", "an x", None),
        ('<span class="math" data-tex="x &lt; y"></span>', "c", None, None),
        ('<span class="math" data-tex="long"></span>', "d", None, None),
    ],
)
def test_a_formula_is_filled_in_and_keeps_its_latex(
    base: Path, source: str, shown: str, label: str | None, kind: str | None
) -> None:
    (paragraph,) = filled(f"<p>一 {source} 二</p>", base).iter("p")
    assert paragraph.text_content() == f"一 {shown} 二"
    (formula,) = paragraph.iter("math")
    assert formula.get("data-tex") in source.replace("&lt;", "<")
    assert (formula.get("aria-label"), formula.get("class")) == (label, kind)
    assert not paragraph.xpath(".//annotation | .//span[@data-tex or @data-alt]")


@pytest.mark.parametrize(
    ("behind", "kept", "rest"),
    [(", as", "a,", " as"), ("），又", "a），", "又"), (" and", None, " and"), ("", None, "")],
)
def test_the_mark_behind_a_formula_stays_on_its_line(
    base: Path, behind: str, kept: str | None, rest: str
) -> None:
    source = f'<p>一<span class="math" data-tex="x"></span>{behind}</p>'
    (paragraph,) = filled(source, base).iter("p")
    (box,) = paragraph
    assert (box.get("class"), box.text_content() if kept else None) == (
        "kept" if kept else None,
        kept,
    )
    assert (box.tail or "") == rest
    assert paragraph.text == "一"


@pytest.mark.parametrize(("tex", "kind"), [("long", "long"), ("wide", "long wide")])
def test_a_long_formula_scrolls_by_keyboard_and_keeps_the_mark_behind_it(
    base: Path, tex: str, kind: str
) -> None:
    (paragraph,) = filled(f'<p><span class="math" data-tex="{tex}"></span>.</p>', base).iter("p")
    (box,) = paragraph
    assert (box.tag, box.get("class"), box.get("tabindex"), box.tail) == ("span", kind, "0", ".")
    assert box[0].get("alttext") == f"the words of {tex}"


def test_a_figure_takes_its_room_comes_late_and_leads_to_itself(base: Path) -> None:
    picture = '<picture><source srcset="a.dark.svg"><img src="a.light.svg" alt="b"></picture>'
    (figure,) = filled(f'<figure id="f">{picture}</figure>', base).iter("figure")
    (link,) = figure
    assert (link.tag, link.get("href"), link.get("title")) == ("a", "a.light.svg", "Enlarge")
    (image,) = link.iter("img")
    assert dict(image.attrib) == {
        **{"src": "a.light.svg", "alt": "b", "loading": "lazy"},
        **{"width": "400", "height": "200"},
    }


def test_the_box_of_a_table_has_the_whole_caption_as_its_name(base: Path) -> None:
    box = '<div role="region"></div>'
    caption = (
        '<span class="label">表 1</span>值 <span class="math" data-tex="x"></span>，'
        '见<a class="reference" href="#fig-a">图 2</a>'
        '<span class="citation">\u2060<a href="#ref-b">[3]</a></span>'
        '<sup class="note-mark"><a>a</a></sup>。 <span class="origin"><a>来源</a></span>'
    )
    body = f'<figure id="tab-a"><figcaption>{caption}</figcaption>{box}</figure>'
    other = '<figure><div role="region" aria-label="given"></div></figure>'
    root = filled(body + other, base)
    names = root.xpath("//div[@role='region']/@aria-label")
    assert names == ["值 the words of x，见图 2[3]。", "given"]


def test_a_drawing_for_phones_keeps_its_own_room(base: Path) -> None:
    (base / "a.narrow.light.svg").write_text('<svg width="240pt" height="300pt"/>', "utf-8")
    forms = (".narrow.dark", ".narrow.light", ".dark")
    sources = "".join(f'<source srcset="a{form}.svg">' for form in forms)
    picture = f'<picture>{sources}<img src="a.light.svg" alt="b"></picture>'
    page = filled(f'<figure id="f">{picture}</figure>', base)
    sizes = [(each.get("width"), each.get("height")) for each in page.iter("source")]
    assert sizes == [("320", "400"), ("320", "400"), (None, None)]


@pytest.mark.parametrize(
    ("content", "found"), [(None, "no such picture"), ("<svg>", "does not begin with its size")]
)
def test_a_picture_without_a_size_is_told(tmp_path: Path, content: str | None, found: str) -> None:
    path = tmp_path / "a.svg"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(UserError, match=found) as error:
        drawing_size(path)
    assert str(path) in str(error.value)


def test_what_has_a_label_is_linked_by_it(base: Path) -> None:
    page = filled(
        '<h2 id="s"><span class="number">1</span>A</h2>'
        '<figure id="f"><figcaption><span class="label">Figure 1</span>B</figcaption></figure>'
        '<div class="equation" id="e"><span class="label">(1)</span></div>'
        '<nav><a href="#s"><span class="number">1</span></a></nav>',
        base,
    )
    links = [(link.text, link.get("href"), link.get("class")) for link in page.xpath("//body//a")]
    assert links == [
        ("1", "#s", "number"),
        ("Figure 1", "#f", "label"),
        ("(1)", "#e", "label"),
        (None, "#s", None),
    ]


def test_a_claim_leads_to_its_verdict_and_the_verdict_to_itself(base: Path) -> None:
    page = filled(
        '<p><span class="claim" data-claim="a" data-verdict="refuted">So.</span></p>'
        '<table><tr id="claim-a"><td><b class="verdict">refuted</b></td></tr></table>',
        base,
    )
    mark, verdict = page.iter("a")
    assert (mark.get("href"), mark.get("aria-label")) == ("#claim-a", "refuted: see")
    assert mark.getparent().get("class") == "kept"
    assert mark.getparent().getparent().get("class") == "claim"
    assert (verdict.get("href"), verdict.text) == ("#claim-a", "refuted")


HEAD = (
    '<link rel="stylesheet" href="../fonts/zh/fonts.css">'
    '<link rel="stylesheet" href="../fonts/zh-math/fonts.css" media="screen">'
    '<link rel="stylesheet" href="../assets/print.css" media="print">'
)
FORMULA = '<span class="math" data-tex="x"></span>'


@pytest.mark.parametrize(
    ("body", "math"),
    [
        (f'<section class="later">{FORMULA}</section>', "print"),
        (f'<section>{FORMULA}</section><section class="later">{FORMULA}</section>', None),
    ],
)
def test_fonts_of_later_sections_wait_before_those_of_the_first_view(
    base: Path, body: str, math: str | None
) -> None:
    page = filled(body, base, HEAD)
    links = {link.get("href"): link for link in page.xpath("//head/link")}
    assert [Path(address).name for address in links] == [
        *("late.css", "fonts.css", "late.css", "fonts.css", "browser-print.css")
    ]
    assert links["../fonts/zh/late.css"].get("media") == "print"
    assert links["../fonts/zh-math/late.css"].get("media") == math
    unscripted = page.xpath("//head/noscript//link/@href")
    assert "../fonts/zh/late.css" in unscripted
    assert ("../fonts/zh-math/late.css" in unscripted) == (math is not None)


def test_what_each_cell_would_say_is_said_once(base: Path) -> None:
    page = filled(
        '<table class="a"><tbody><tr><th>x</th><td class="number">1</td></tr></tbody></table>'
        '<table><tbody><tr><td>y</td><td class="number">1</td></tr></tbody></table>'
        '<p><data value="5">5</data> <data value="0.52">0.5</data></p>',
        base,
    )
    assert page.xpath("//table/@class | //td/@class") == ["a numbers", "number"]
    assert page.xpath("//data/@value") == ["0.52"]
    assert page.xpath("string(//p)") == "5 0.5"


@pytest.mark.parametrize(
    ("mathml", "spaces"),
    [
        ("<mrow><mi>a</mi><mo>=</mo></mrow>", [None, "0"]),
        ("<mrow><mo>≈</mo><mi>a</mi><mo>)</mo></mrow>", ["0", None, None, None]),
        ("<mo>=</mo>", [None, None]),
    ],
)
def test_a_relation_at_the_end_of_a_formula_takes_no_room_beside_it(
    base: Path, mathml: str, spaces: list[str | None]
) -> None:
    formula = {"mathml": f"<math><semantics>{mathml}<annotation/></semantics></math>"}
    write_json(base / "mathematics.json", {"inline:x": {**formula, "width": 1.0, **SIZES}})
    page = filled('<p><span class="math" data-tex="x"></span></p>', base)
    found = [each.get(side) for each in page.iter("mo") for side in ("lspace", "rspace")]
    assert found == spaces


def test_the_rest_of_the_page_stays(base: Path) -> None:
    page = filled('<p class="a" data-source="x">中 &lt; “文”<br><span>b</span></p>', base)
    (paragraph,) = page.iter("p")
    assert html.tostring(paragraph, encoding="unicode") == (
        '<p class="a">中 &lt; “文”<br><span>b</span></p>'
    )


def test_every_formula_of_the_article_is_set(sample: Sample) -> None:
    for language in sample.plan.languages:
        composed = html.document_fromstring(sample.composed(language).read_text("utf-8"))
        page = html.document_fromstring(sample.page(language).read_text("utf-8"))
        formulas = list(page.iter("math"))
        assert [formula.get("data-tex") for formula in formulas] == composed.xpath("//@data-tex")
        assert formulas
        assert all(formula.xpath(".//mi | .//mn | .//mo") for formula in formulas)
        displayed = page.xpath("//math[@display='block']")
        assert len(displayed) == len(composed.xpath("//@data-alt"))
        assert all(formula.get("aria-label") for formula in displayed)


def test_everything_of_the_article_has_an_address(sample: Sample, language: str) -> None:
    page = html.document_fromstring(sample.page(language).read_text("utf-8"))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    # What stands at the end has no number that could be a link.
    numbered = "h2[starts-with(@id, 'sec-')][not(ancestor::*[contains(@class, 'end-matter')])]"
    for kind in (numbered, "h3", "figure", "div[@class='equation']"):
        for element in page.xpath(f"//main//{kind}"):
            assert element.xpath(f".//a[@href='#{element.get('id')}']"), element.get("id")
    claims = {row.removeprefix("claim-") for row in ids if re.match("claim-", row)}
    article = sample.plan.article
    assert claims == {*article["claims"], *article["findings"]}
    for claim in claims:
        assert f"said-{claim}" in ids
        assert page.xpath(f"//tr[@id='claim-{claim}']//a[@href='#said-{claim}']")
        assert page.xpath(f"//span[@id='said-{claim}']//a[@href='#claim-{claim}']")
