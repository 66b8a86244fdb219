"""The PDF: nothing is lost without an error, everything has words, fonts travel inside."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from lxml import html
from weasyprint.text.fonts import FontConfiguration

from juchi.core.errors import UserError
from juchi.core.records import write_json
from juchi.html.mathematics import formula_key, read_typeset
from juchi.pdf.paper import draw_formulas, print_pdf
from tests.project import Project
from tests.samples import ARTICLE, ROOT


def printed(body: str, base: Path, style: str = "") -> bytes:
    head = f"<head><title>T</title><style>{style}</style></head>"
    root = html.document_fromstring(f"<html lang='en'>{head}<body>{body}</body></html>")
    return print_pdf(root, base, Path("build/composed/en.html"), figure_pdfs={})


@pytest.mark.parametrize(
    ("body", "style", "found"),
    [
        ('<img src="none.svg" alt="x">', "", "none.svg"),
        ("<p>x</p>", "p { colr: red }", "unknown property"),
        ("<p>x</p>", "p { color: reddish }", "invalid value"),
        ("<p>x</p>", "p:hovr { color: red }", "hovr"),
        ("<p>x</p>", "@font-face { font-family: F; src: url(no.woff2) }", "'F' cannot be loaded"),
        ('<link rel="stylesheet" href="none.css"><p>x</p>', "", "none.css"),
        ('<a href="#none">x</a>', "", "none"),
    ],
)
def test_what_weasyprint_only_warns_of_is_an_error(
    tmp_path: Path, body: str, style: str, found: str
) -> None:
    with pytest.raises(UserError) as caught:
        printed(body, tmp_path, style)
    message = str(caught.value)
    assert message.startswith("error: build/composed/en.html\n")
    assert found in message
    assert "without a warning" in message


def test_a_page_without_faults_is_printed_the_same_each_time(tmp_path: Path) -> None:
    first, second = (printed("<p>x</p>", tmp_path) for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF")


def test_printing_leaves_nothing_among_the_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, temporary = tmp_path / "page", tmp_path / "tmp"
    base.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    (font,) = sorted((ROOT / "node_modules/@expo-google-fonts/inter/400Regular").glob("*.ttf"))
    face = f"@font-face {{ font-family: F; src: url({font.resolve().as_uri()}) }}"
    kept: list[Any] = []

    # Those of other tests are collected here, too.
    def keep(self: FontConfiguration) -> None:
        kept.append(self)

    monkeypatch.setattr(FontConfiguration, "__del__", keep)
    assert printed("<p>x</p>", base, f"{face} p {{ font-family: F }}").startswith(b"%PDF")
    assert list(temporary.iterdir()) == []


def test_formulas_become_pictures_with_words(tmp_path: Path) -> None:
    formulas = {"inline:x": "<svg a='1'/>", "display:x": "<svg a='2'/>"}
    sizes = {"mathml": "", "width": 1.5, "height": 1.0, "depth": 0.25}
    mathematics, page = tmp_path / "mathematics.json", tmp_path / "page.html"
    write_json(mathematics, {key: {"svg": svg, **sizes} for key, svg in formulas.items()})
    page.write_text(
        '<html><body><p>一<span class="math" data-tex="x" data-alt="x"></span>二'
        '<span class="math display" data-tex="x" data-alt="an &lt;x&gt;"></span></p></body></html>',
        "utf-8",
    )
    inline, display = draw_formulas(page, mathematics).iter("span")
    assert [each[0].get("alt") for each in (inline, display)] == ["x", "an <x>"]
    assert inline[0].get("src") != display[0].get("src")
    assert inline.tail == "二"
    assert not {"data-alt"} & {*inline.attrib, *display.attrib}


@pytest.fixture
def pdf(built: Project, language: str) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(built.paper(language)) as opened:
        yield opened


def dictionaries(pdf: pikepdf.Pdf, **entries: str) -> list[Any]:
    """Return the PDF's dictionaries that have these names as their entries."""
    return [
        each
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary)
        and all(each.get(f"/{key}") == pikepdf.Name(f"/{name}") for key, name in entries.items())
    ]


def test_the_paper_declares_language_title_and_author(language: str, pdf: pikepdf.Pdf) -> None:
    words = yaml.safe_load((ROOT / f"templates/{language}/messages.yaml").read_text("utf-8"))
    assert str(pdf.Root["/Lang"]) == ARTICLE["languages"][language]["tag"]
    assert str(pdf.docinfo["/Title"]) == words["title"]
    assert str(pdf.docinfo["/Author"]) == ARTICLE["author"]
    assert bool(pdf.Root["/MarkInfo"]["/Marked"])
    assert bool(pdf.Root["/ViewerPreferences"]["/DisplayDocTitle"])
    for key in ("/CreationDate", "/ModDate"):
        assert ARTICLE["date"].replace("-", "") in str(pdf.docinfo[key])


def test_every_figure_and_formula_has_words(
    built: Project, language: str, pdf: pikepdf.Pdf
) -> None:
    composed = built.printed(language)
    figures, formulas = (
        [str(each["/Alt"]) for each in dictionaries(pdf, Type="StructElem", S=role)]
        for role in ("Figure", "Formula")
    )
    displayed = composed.xpath("//@data-alt")
    typeset = read_typeset(built.folder / "build" / "mathematics" / f"{language}.json")
    said = [
        typeset[formula_key(each.get("data-tex"), "display" in each.get("class"))].speech
        for each in composed.xpath("//span[@data-tex][not(@data-alt)]")
    ]
    assert all(said)
    assert sorted(figures) == sorted(composed.xpath("//figure//img/@alt"))
    assert sorted(formulas) == sorted([*displayed, *said])


def test_the_bookmarks_are_the_headings(language: str, built: Project, pdf: pikepdf.Pdf) -> None:
    composed = built.printed(language)
    with pdf.open_outline() as outline:
        chapters = [chapter.title for chapter in outline.root]
        parts = [part.title for chapter in outline.root for part in chapter.children]
    headings = composed.xpath("//h2/@data-title")
    assert [title for title in headings if not any(title in each for each in chapters)] == []
    sections = composed.xpath("//h3/@data-title")
    assert len(parts) == len(sections)
    assert all(title in part for title, part in zip(sections, parts, strict=True))


def test_all_fonts_are_our_own_subsets(pdf: pikepdf.Pdf) -> None:
    fonts = dictionaries(pdf, Type="Font")
    names = {str(font["/BaseFont"]) for font in fonts}
    assert names
    # The words of formulas, which stand invisible over their pictures, have a font without shapes.
    for name in names - {"/InvisibleText"}:
        tag, _, family = name.removeprefix("/").partition("+")
        assert len(tag) == 6
        assert family.startswith("Juchi-")
    descriptors = dictionaries(pdf, Type="FontDescriptor")
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & set(each.keys()) for each in descriptors)


def test_the_paper_names_no_place_of_this_machine(pdf: pikepdf.Pdf) -> None:
    links = [str(each["/A"]["/URI"]) for each in pdf.objects if is_outer_link(each)]
    assert links
    assert all(link.startswith(("https://", "http://")) for link in links)


def is_outer_link(each: Any) -> bool:
    action = each.get("/A") if isinstance(each, pikepdf.Dictionary) else None
    # A list under this key is a structure element's attributes, not a link's action.
    return isinstance(action, pikepdf.Dictionary) and "/URI" in action
