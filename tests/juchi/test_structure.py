"""What stands around the sections: appendices, parts of one form, statements, further files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import html
from lxml.html import HtmlElement

from juchi.check.check import read_prose
from juchi.core.errors import UserError
from juchi.html.document import APPENDIX, Entry, contents, number, resolve_references
from juchi.html.enclosures import enclosed
from juchi.html.end_matter import end_matter
from juchi.html.forms import PAPER, WEB, form_of, leave_form, refuse_parted_references
from juchi.html.front import check_front
from juchi.pdf.attachments import attach
from juchi.plan.article_model import Article
from juchi.plan.models import validated
from juchi.plan.parts import parts
from juchi.plan.plan import Plan
from juchi.plan.settings import load_settings, read_subject
from juchi.prose.attributes import read_attributes
from juchi.site.crate import describe
from juchi.site.localized_metadata import LocalizedMetadata, read_metadata
from juchi.site.metadata import structured_data
from juchi.site.supplements import media_type, supplements
from tests.juchi.test_crate import entities
from tests.juchi.test_metadata import vocabulary_faults
from tests.samples import ROOT

MINIMAL = ROOT / "tests" / "articles" / "minimal"
LABELS = {
    **{"section": "Section {number}", "appendix": "Appendix {number}"},
    **{"figure": "Figure {number}", "equation": "({number})"},
}
SEVERAL = {
    **{"figure": "Figures {numbers}", "appendix": "Appendices {numbers}", "other": "{numbers}"},
    **{"range": "{first}–{last}", "separator": ", ", "last_separator": " and "},
}


def tree(source: str) -> HtmlElement:
    return html.fragment_fromstring(source, create_parent="main")


def figure(name: str) -> str:
    return f'<figure id="fig-{name}" data-kind="figure"><span class="label"></span></figure>'


def appendix(name: str, inner: str = "") -> str:
    return f'<section class="{APPENDIX} later"><h2 id="sec-{name}">{name}</h2>{inner}</section>'


# --- appendices, and headings without a number ---


def test_appendices_have_letters_and_what_stands_in_them_too() -> None:
    equation = '<div id="eq-e" data-kind="equation"><span class="label"></span></div>'
    inner = figure("b") + '<h3 id="sec-part">Part</h3>' + figure("c") + equation
    page = tree(
        f'<section><h2 id="sec-one">One</h2>{figure("a")}</section>'
        + appendix("Proof", inner)
        + appendix("Data", figure("d"))
    )
    assert {id_: label.text for id_, label in number(page, LABELS).items()} == {
        "sec-one": "Section 1",
        "fig-a": "Figure 1",
        "sec-Proof": "Appendix A",
        "fig-b": "Figure A1",
        "sec-part": "Appendix A.1",
        "fig-c": "Figure A2",
        "eq-e": "(A1)",
        "sec-Data": "Appendix B",
        "fig-d": "Figure B1",
    }
    assert [each.text_content() for each in page.iter("h2", "h3")] == [
        *("1One", "Appendix AProof", "A.1Part", "Appendix BData")
    ]
    one, proof, data = contents(page)
    assert (one.number, proof.number, data.number) == ("1", "A", "B")
    assert proof.parts == [Entry("sec-part", "A.1", proof.parts[0].title)]


@pytest.mark.parametrize(
    ("targets", "told"),
    [
        ("sec-A sec-B sec-C", "Appendices A–C"),
        ("sec-A sec-C", "Appendices A and C"),
        ("fig-1 fig-2 fig-3", "Figures A1–A3"),
        ("fig-0 fig-1 fig-2", "Figures 1, A1 and A2"),
        ("sec-one sec-A", "Section 1 and Appendix A"),
    ],
)
def test_references_to_appendices_are_joined_as_others_are(targets: str, told: str) -> None:
    page = tree(
        f'<section><h2 id="sec-one">One</h2>{figure("0")}</section>'
        + appendix("A", "".join(map(figure, "123")))
        + appendix("B")
        + appendix("C")
        + f'<p><span class="references" data-targets="{targets}"></span></p>'
    )
    resolve_references(page, number(page, LABELS), SEVERAL)
    assert page.xpath("string(.//p)") == told


def test_what_stands_below_a_heading_without_a_number_has_none_and_is_named_by_its_title() -> None:
    page = tree(
        '<h2 id="sec-one">One</h2><h2 class="unnumbered" id="sec-two">Two <em>things</em></h2>'
        '<h3 id="sec-part">Part</h3><h2 id="sec-three">Three</h2>'
        '<h3 class="unnumbered" id="sec-left">Left</h3><h3 id="sec-right">Right</h3>'
        '<p><a class="reference" href="#sec-two"></a></p>'
    )
    labels = number(page, LABELS)
    assert [each.text_content() for each in page.iter("h2", "h3")] == [
        *("1One", "Two things", "Part", "2Three", "Left", "2.1Right")
    ]
    resolve_references(page, labels, SEVERAL)
    assert page.xpath("string(.//a)") == "Two things"


# --- parts that one form has alone ---


@pytest.mark.parametrize(
    ("given", "form"),
    [
        (".web-only", WEB),
        (".paper-only", PAPER),
        ('.content-visible when-format="html"', WEB),
        ('.content-visible when-format="pdf"', PAPER),
        ('.content-visible unless-format="html"', PAPER),
        ('.content-hidden when-format="html"', PAPER),
        ('.content-hidden unless-format="pdf"', PAPER),
        (".note", None),
    ],
)
def test_a_block_is_of_one_form_as_quarto_says_it_too(given: str, form: str | None) -> None:
    assert form_of(read_attributes(given, "x.md:1"), "x.md:1") == form


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (".content-visible", "content-visible with no format"),
        ('.content-visible when-format="docx"', "the format 'docx'"),
        ('.content-visible when-profile="x"', "content-visible with when-profile"),
        (".web", "a block of the kind 'web'"),
    ],
)
def test_another_condition_is_refused(given: str, found: str) -> None:
    with pytest.raises(UserError) as refusal:
        enclosed(read_attributes(given, "x.md:1"), {}, "x.md:7")
    assert str(refusal.value).startswith(f"error: x.md:7\n  found:    {found}")
    assert "web-only" in str(refusal.value)


PARTED = (
    '<section data-source="x.md"><p>both</p><div class="web-only"><p id="w">web</p></div>'
    '<div class="paper-only"><p id="p">paper</p></div>'
    '<ul><li class="web-only">entry</li></ul>{}</section>'
)


@pytest.mark.parametrize(
    ("form", "left"), [(WEB, ["both", "web", "entry"]), (PAPER, ["both", "paper"])]
)
def test_each_form_shows_what_is_its_own(form: str, left: list[str]) -> None:
    page = tree(PARTED.format(""))
    leave_form(page, form)
    assert [each.text for each in page.iter("p", "li")] == left
    assert not page.xpath(".//div | .//*[@class]")


def test_a_reference_to_what_only_the_paper_has_is_refused() -> None:
    refuse_parted_references(tree(PARTED.format('<a href="#w">x</a>')))  # which paper may name
    refuse_parted_references(tree(PARTED.format('<div class="paper-only"><a href="#p"></a></div>')))
    with pytest.raises(UserError) as refusal:
        refuse_parted_references(tree(PARTED.format('<a href="#p">x</a>')))
    assert str(refusal.value).startswith(
        "error: x.md\n  found:    a reference to 'p', which only the paper shows"
    )


# --- what stands before the sections ---


def prose(name: str, inner: str) -> dict[str, HtmlElement]:
    section = html.fragment_fromstring(f'<section data-source="{name}.md">{inner}</section>')
    return {name: section}


def points(count: int) -> dict[str, HtmlElement]:
    return prose("key_points", f"<ul>{'<li>x</li>' * count}</ul>")


@pytest.mark.parametrize(
    "given", [{}, points(3), points(5), prose("lead", "<figure></figure>"), prose("abstract", "")]
)
def test_a_lead_is_a_figure_and_key_points_are_few(given: dict[str, HtmlElement]) -> None:
    check_front(given)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (points(2), "key_points.md\n  found:    <ul> with 2 points"),
        (points(6), "key_points.md\n  found:    <ul> with 6 points"),
        (prose("key_points", "<p>x</p>"), "key_points.md\n  found:    <p> with 0 points"),
        (prose("lead", "<figure></figure><p>x</p>"), "lead.md\n  found:    <figure> and <p>"),
        (prose("lead", ""), "lead.md\n  found:    no block of text"),
    ],
)
def test_another_lead_and_other_key_points_are_refused(
    given: dict[str, HtmlElement], found: str
) -> None:
    with pytest.raises(UserError, match="found:") as refusal:
        check_front(given)
    assert str(refusal.value).startswith(f"error: {found}")


def test_the_parts_of_an_article_are_what_it_declares_and_has(tmp_path: Path) -> None:
    article = {
        **{"languages": {"en": {}, "zh": {}}, "sections": ["one"]},
        **{"appendices": ["proof"], "web_appendices": ["more"], "end_matter": ["ethics"]},
    }
    assert parts(article, tmp_path) == ["one", "proof", "more", "ethics"]
    (tmp_path / "zh").mkdir()
    for name in ("abstract", "key_points", "lead"):
        (tmp_path / "zh" / f"{name}.md").touch()
    front = ["lead", "key_points", "abstract"]
    assert parts(article, tmp_path) == [*front, "one", "proof", "more", "ethics"]


@pytest.mark.parametrize("name", ["abstract", "key_points", "ethics"])
def test_what_stands_under_a_heading_of_the_page_has_none_of_its_own(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name}.md"
    path.write_text("Text.\n\n# Ethics\n", encoding="utf-8")
    with pytest.raises(UserError, match="a heading in a file that has none of its own") as refusal:
        read_prose("en", [path], ["ethics"])
    assert f"{name}.md:3" in str(refusal.value)


def test_a_reference_may_lead_to_a_statement(tmp_path: Path) -> None:
    path = tmp_path / "ethics.md"
    path.write_text("No die was harmed.\n", encoding="utf-8")
    assert read_prose("en", [path], ["ethics"]).headings == {"ethics": ["ethics"]}


# --- what stands behind them ---

PEOPLE = {
    "author": None,
    "authors": [
        {"family": "Example", "given": "Ada", "roles": ["Software", "writing – original draft"]},
        {"family": "San", "names": {"zh": "张三"}, "roles": ["Validation"]},
        {"family": "Idle"},
    ],
    "funding": [
        {"funder": "A & B", "award": "1", "title": {"en": "Dice", "zh": "骰子"}},
        {"funder": {"en": "C", "zh": "丙"}},
    ],
}


def editions_of(**keys: Any) -> dict[str, LocalizedMetadata]:
    article = read_subject(MINIMAL / "config", "article", keys)
    return read_metadata(article, MINIMAL / "templates")


def told(sections: list[HtmlElement]) -> dict[str, str]:
    return {
        section[0].get("id"): " ".join(each.text_content() for each in section)
        for section in sections
    }


def test_roles_and_funders_are_told_in_each_language() -> None:
    editions = editions_of(**PEOPLE)
    assert told(list(end_matter(editions["en"], {}))) == {
        "sec-contributions": "Author contributions Ada Example: software, writing – original "
        "draft. San: validation.",
        "sec-funding": "Funding A & B, award 1, “Dice”. C.",
    }
    assert told(list(end_matter(editions["zh"], {}))) == {
        "sec-contributions": "作者贡献 Ada Example：软件、撰写初稿。张三：验证核实。",
        "sec-funding": "资助 A & B，“骰子”，项目编号 1。丙。",
    }


def test_an_organisation_without_roles_has_no_statements_but_its_own() -> None:
    edition = editions_of()["en"]
    assert list(end_matter(edition, {})) == []
    ethics = prose("ethics", "<p>No die was harmed.</p>")
    assert told(list(end_matter(edition, ethics))) == {"sec-ethics": "Ethics No die was harmed."}


def test_prose_takes_the_place_of_a_statement_that_is_generated() -> None:
    own = {**prose("ethics", "<p>E.</p>"), **prose("funding", "<p>Nobody paid.</p>")}
    sections = told(list(end_matter(editions_of(**PEOPLE)["en"], own)))
    assert list(sections) == ["sec-contributions", "sec-funding", "sec-ethics"]
    assert sections["sec-funding"] == "Funding Nobody paid."


def test_a_statement_without_a_heading_in_the_words_is_refused() -> None:
    with pytest.raises(UserError, match=r"no key 'end_matter\.dice'"):
        list(end_matter(editions_of()["en"], prose("dice", "<p>x</p>")))


# --- files that go along ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two files, one of them too large to be attached."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more/notes.txt").write_text("x" * 1234, encoding="utf-8")
    (tmp_path / "big.bin").write_bytes(bytes(2**20 + 1))
    return tmp_path


FILES: list[dict[str, Any]] = [
    {
        "path": "more/notes.txt",
        "title": {"en": "Notes", "zh": "笔记"},
        "description": {"en": "On dice & more.", "zh": "关于骰子。"},
        "licence": "CC0-1.0",
    },
    {"path": "big.bin", "title": "Big"},
]


def test_files_are_listed_with_size_licence_and_checksum(folder: Path) -> None:
    edition = editions_of(supplements=FILES)["en"]
    with chdir(folder):
        (section,) = end_matter(edition, {})
    notes, big = section.iter("li")
    digest = hashlib.sha256(b"x" * 1234).hexdigest()
    leave_form(section, WEB)
    space = "\N{NO-BREAK SPACE}"
    assert notes.text_content() == (
        f"Notes. On dice & more. notes.txt (1.2{space}kB; CC0-1.0; SHA-256 {digest})"
    )
    assert notes.xpath(".//a/@href") == ["../supplement/notes.txt"]
    assert big.text_content().startswith(f"Big. big.bin (1{space}MB; SHA-256 ")
    assert [each.get("data-attached") for each in (notes, big)] == ["more/notes.txt", None]


def test_on_paper_a_file_is_attached_or_has_an_address(folder: Path) -> None:
    edition = editions_of(supplements=FILES)["en"]
    with chdir(folder):
        (section,) = end_matter(edition, {})
    leave_form(section, PAPER)
    notes, big = section.iter("li")
    assert "notes.txt, attached to this document (" in notes.text_content()
    assert "attached" not in big.text_content()
    assert big.xpath(".//a/@href") == [f"{edition.permanent_site}supplement/big.bin"]


def test_structured_data_and_the_crate_describe_the_files(folder: Path) -> None:
    editions = editions_of(supplements=FILES)
    site = folder / "site"
    (site / "supplement").mkdir(parents=True)
    (site / "supplement/notes.txt").write_text("x" * 1234, encoding="utf-8")
    with chdir(folder):
        data = structured_data(editions["zh"], list(editions.values()), "", [])
        found = entities(describe(site, list(editions.values())))
    assert data["hasPart"][1] == {
        "@type": "MediaObject",
        "name": "笔记",
        "description": "关于骰子。",
        "contentUrl": "https://example.org/dice/supplement/notes.txt",
        "encodingFormat": "text/plain",
        "contentSize": "1234",
        "sha256": hashlib.sha256(b"x" * 1234).hexdigest(),
        "license": "https://spdx.org/licenses/CC0-1.0",
    }
    assert vocabulary_faults(data) == []
    entity = found["supplement/notes.txt"]
    assert (entity["name"], entity["description"]) == ("Notes", "On dice & more.")
    assert found[entity["license"]["@id"]]["name"] == "CC0-1.0"


def test_a_small_file_travels_in_the_pdf(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    (data / "facts.json").write_text("{}", encoding="utf-8")
    described = {"json": "data ({name})"}
    with pikepdf.new() as pdf:
        attach(pdf, data, "2026-11-30", described, {folder / "more/notes.txt": "Notes"})
        spec = pdf.attachments["notes.txt"]
        assert spec.description == "Notes"
        assert str(spec.relationship) == "/Supplement"
        assert spec.get_file().mime_type == "text/plain"
        assert len(pdf.Root.AF) == 2
    with pikepdf.new() as pdf, pytest.raises(UserError, match="attach: false"):
        attach(pdf, data, "2026-11-30", described, {folder / "more/facts.json": "Facts"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.txt", "text/plain"), ("a.csv", "text/csv"), ("a.zip", "application/zip"),
     ("a.xyzzy", "application/octet-stream")],
)  # fmt: skip
def test_the_kind_of_a_file_is_told_by_its_name(name: str, kind: str) -> None:
    assert media_type(Path(name)) == kind


def test_a_large_file_or_one_that_must_not_is_not_attached(folder: Path) -> None:
    own = [*FILES, {**FILES[0], "path": "notes.txt", "attach": False}]
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    article = read_subject(MINIMAL / "config", "article", {"supplements": [own[0], own[1]]})
    with chdir(folder):
        assert [each.attached for each in supplements(article, "en")] == [True, False]
        refused = {**article, "supplements": own[2:]}
        assert [each.attached for each in supplements(refused, "en")] == [False]


# --- what is refused ---


def keys(**given: Any) -> Callable[[], dict[str, Any]]:
    return lambda: given


@pytest.mark.parametrize(
    ("given", "place", "said"),
    [
        (keys(appendices=["throws"]), "appendices", "a file of sections"),
        (keys(end_matter=["abstract"]), "end_matter", "what stands before the sections"),
        (keys(appendices=["A"]), "appendices.0", "pattern"),
        (keys(supplements=[{"path": "a/x.txt", "title": "A"}, {"path": "b/x.txt", "title": "B"}]),
         "supplements.1.path", "a second file of the name 'x.txt'"),
        (keys(supplements=[{"path": "../x.txt", "title": "A"}]), "supplements.0.path", "pattern"),
        (keys(supplements=[{"path": "x.txt"}]), "supplements.0.title", "no such key"),
        (keys(supplements=[{"path": "x.txt", "title": {"en": "A"}}]), "supplements.0.title",
         "add 'zh'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_key(
    given: Callable[[], dict[str, Any]], place: str, said: str
) -> None:
    declared = read_subject(MINIMAL / "config", "article")
    with pytest.raises(UserError) as refusal:
        validated(Article, {**declared, **given()}, "config/article.yaml")
    assert str(refusal.value).startswith(f"error: config/article.yaml: {place}\n")
    assert said in str(refusal.value)


def test_a_file_that_is_not_there_is_refused_unless_a_rule_makes_it() -> None:
    overlay = {"article": {"supplements": [{"path": "results/made.csv", "title": "Made"}]}}
    assert Plan(load_settings(ROOT / "config", overlay), ROOT).supplements() == ["results/made.csv"]
    overlay["article"]["supplements"].append({"path": "none.txt", "title": "None"})
    with pytest.raises(UserError, match=r"article\.yaml: supplements\.1\.path"):
        Plan(load_settings(ROOT / "config", overlay), ROOT)
