"""The printed article is what a good printer would let pass; each check can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
import weasyprint
import yaml

from juchi.pdf.contents import LONG
from tests.project import ROOT, Project
from tests.proofs import (
    FAR,
    Line,
    far_figures,
    holes,
    of_text,
    orphaned_headings,
    parted_numbers,
    read_ink,
    read_lines,
    strayed_figures,
    wrong_edges,
)
from tests.samples import LANGUAGES

# Shares of a page; where a heading, a formula and their text go on together, a tenth stays blank.
LARGEST_HOLE = 0.2


def page(*texts: str) -> list[Line]:
    """Return a page of such lines, one below the other."""
    return [Line(text, 0.15, 0.85, 0.1 + n / 50, 0.115 + n / 50) for n, text in enumerate(texts)]


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Print three pages of which the second is half blank and ends in a heading."""
    body = "".join(
        f"<div style='height: {height}mm; background: black'></div><h2>2.1 A title</h2>"
        for height in (200, 100, 100)
    )
    style = "h2 { break-after: page; margin: 0; font: 12pt serif }"
    weasyprint.HTML(
        string=f"<style>@page {{ size: A4; margin: 24mm }} {style}</style>{body}"
    ).write_pdf(str(tmp_path / "bad.pdf"))
    return tmp_path / "bad.pdf"


def test_a_half_blank_page_and_a_heading_at_its_foot_are_found(bad: Path) -> None:
    ends = read_ink(bad)
    (hole,) = holes(ends[:3], LARGEST_HOLE)
    assert hole == "page 2: 60% blank"
    assert holes(ends[:3], 0.9) == []
    pages = read_lines(bad)
    assert orphaned_headings(pages, ["A title"])[1] == "page 2: 2.1 A title"
    assert orphaned_headings(pages, ["Another"]) == []


def test_a_mark_at_the_wrong_edge_is_found() -> None:
    good = page("权重（即 w）", "“之”字形。", "0.5, and so on", "(Latin)")
    assert wrong_edges([good]) == []
    assert wrong_edges([page("，权重"), page("权重（"), page("……权重")]) == [
        "page 1: ，权重",
        "page 2: 权重（",
        "page 3: ……权重",
    ]


def test_a_number_without_its_measure_word_or_half_a_bracket_is_found() -> None:
    assert (
        parted_numbers([page("共 512 个", "初值共 87.9%", "的初值 [1, 2]", "and 3", "of them")])
        == []
    )
    assert parted_numbers([page("初值共 512", "个，原文"), page("of [78.5,", "87.7] steps")]) == [
        "page 1: 初值共 512 / 个，原文",
        "page 2: of [78.5, / 87.7] steps",
    ]


def test_a_figure_far_from_its_mention_is_found() -> None:
    captions = {"Figure 1": "The title of it", "Figure 10": "Another title"}
    near = [page("see Figure 1 and Figure 10"), page("Figure 1 The title of it")]
    assert far_figures([*near, page("Figure 10 Another title")], captions) == []
    far = [page()] * FAR + [page("Figure 10 Another title")]
    assert far_figures([*near, *far], captions) == ["Figure 10 is on page 6, mentioned on [1]"]
    alone = [page("Figure 10 Another title, Figure 1"), page("Figure 1 The title of it")]
    assert far_figures(alone, captions) == ["Figure 10 is on page 1, mentioned on []"]


def test_a_figure_in_another_section_is_found() -> None:
    sections = {"One": ["Figure 1 The"], "Two": ["Figure 2 The"]}
    good = [
        page("1 One", "Figure 1 The title", "Text of Figure 2 The"),
        page("2 Two", "Figure 2 The"),
    ]
    assert strayed_figures(good, sections) == []
    assert strayed_figures([page("1 One", "Figure 2 The"), page("2 Two")], sections) == [
        "Figure2The is in the section 'One'",
        "Figure1The is not found",
    ]


@pytest.fixture
def paper(built: Project, language: str) -> Path:
    return built.folder / "build" / "papers" / f"{language}.pdf"


def test_the_first_page_has_what_stands_before_the_sections(
    paper: Path, built: Project, language: str
) -> None:
    page = built.printed(language)
    lines = [line.text for line in read_lines(paper)[0]]
    titles = page.xpath("//*[@id='abstract' or @id='key-points']")
    assert titles
    assert [each.text_content() for each in titles if each.text_content() not in lines] == []


def test_a_long_paper_lists_its_contents_and_a_short_one_does_not(paper: Path) -> None:
    pages = read_lines(paper)
    led = [[line for line in lines if ". . ." in line.text] for lines in pages]
    assert bool(any(led)) == (len(pages) >= LONG)
    assert sum(map(bool, led)) <= 1, "the list is whole on one page"


def test_no_page_has_a_hole(paper: Path) -> None:
    pages = read_ink(paper)
    assert len(pages) > 10
    # The last page ends where the article does.
    assert holes(pages[:-1], LARGEST_HOLE) == []


def test_no_line_of_the_article_is_broken_badly(paper: Path) -> None:
    pages = of_text(read_lines(paper))
    assert sum(map(len, pages)) > 300
    assert wrong_edges(pages) == []
    assert parted_numbers(pages) == []


def test_no_heading_stands_at_the_foot_of_a_page(
    paper: Path, built: Project, language: str
) -> None:
    headings = built.printed(language).iter("h2", "h3")
    titles = [title for heading in headings if (title := heading.get("data-title"))]
    assert len(titles) > 10
    assert orphaned_headings(read_lines(paper), titles) == []


def test_every_figure_stands_near_its_mention(paper: Path, built: Project, language: str) -> None:
    # The lead picture belongs to the title: it stands before all text.
    figures = built.printed(language).xpath("//figure[not(ancestor::aside)]")
    labels = [figure.find("figcaption")[0] for figure in figures]
    captions = {
        label.text: label.getparent().text_content().removeprefix(label.text).strip()
        for label in labels
    }
    assert len(captions) >= 10
    assert far_figures(read_lines(paper), captions) == []


def test_every_figure_stands_in_its_section(paper: Path, built: Project, language: str) -> None:
    sections: dict[str, list[str]] = {}
    for section in built.printed(language).xpath("//section[h2/@data-title]"):
        captions = section.xpath(".//figcaption[*[1][self::span]]")
        sections[section.find("h2").get("data-title")] = [
            each.text_content().strip()[:12].rstrip() for each in captions
        ]
    assert sum(map(len, sections.values())) >= 10
    assert strayed_figures(read_lines(paper), sections) == []


def test_every_displayed_equation_has_the_mark_of_its_sentence() -> None:
    path = ROOT / "templates" / "equations.yaml"
    equations = yaml.safe_load(path.read_text(encoding="utf-8"))
    bare = [
        name
        for name, tex in equations.items()
        if tex.removesuffix(r"\end{gathered}").rstrip()[-1] not in ",."
    ]
    assert bare == []


def test_a_sentence_that_goes_on_behind_its_equation_does_so_behind_a_comma() -> None:
    equations = yaml.safe_load((ROOT / "templates" / "equations.yaml").read_text(encoding="utf-8"))
    going_on = {
        part.split('"', 1)[0]
        for code in LANGUAGES
        for prose in (ROOT / "templates" / code).glob("*.md")
        for part in prose.read_text(encoding="utf-8").split('{{ equation("')[1:]
        if part.split("}}", 1)[1].lstrip()[:1].islower()
    }
    assert going_on
    assert [name for name in going_on if not equations[name].endswith(",")] == []
