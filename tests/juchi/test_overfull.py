"""Nothing sticks out of its place on paper: it is set to fit, or refused with its name and line."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import chdir
from pathlib import Path

import pytest
import weasyprint
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup
from playwright.sync_api import Browser

from juchi.core.atomic import write_text
from juchi.core.errors import UserError
from juchi.core.theme import THEME
from juchi.exhibits.table import Table
from juchi.fonts import fonts
from juchi.html import mathematics as typeset
from juchi.html.mathematics import LINE
from juchi.pdf.overfull import Subject, _written, find_overfull, written_at
from juchi.pdf.paper import draw_formulas, plain_fonts, print_pdf
from report.calls import RESULTS
from tests.project import ROOT, Project
from tests.proofs import Margins, ink_outside, read_lines
from tests.samples import LANGUAGES, Sample, command, copied
from tests.serving import serving

STYLE = """
@page { size: 400px 300px; margin: 40px; @top-left { content: "head" } }
html { font: 10px/20px monospace } body, p, h1, figure { margin: 0 } table { border-spacing: 0 }
.box { width: 100px } .nowrap { white-space: nowrap }
"""
LONG = "x" * 80
PICTURE = "<img alt=x style='{}' src='data:image/svg+xml,<svg/>'>"
SUM = "S = " + " + ".join(f"a_{{{term}}} x_{{{term}}}^2" for term in range(1, 36))


def matrix(columns: int) -> str:
    """Return a matrix of one row, which no line can part."""
    row = " & ".join(f"m_{{{column}}}" for column in range(1, columns + 1))
    return rf"\begin{{pmatrix}} {row} \end{{pmatrix}}"


WIDE = matrix(39)
STICKS_OUT = r"sticks out of its place on page \d+ of the PDF, at the \w+ by [\d.]+ mm"


def found(body: str, style: str = "") -> list[tuple[str, int, str, int]]:
    """Return what sticks out of pages of 320 to 220 px: kind, page, side and pixels."""
    page = weasyprint.HTML(string=f"<html lang=en><style>{STYLE}{style}</style>{body}").render()
    return [
        (fault.subject.kind, fault.page, fault.side, round(fault.excess))
        for fault in find_overfull(page.pages)
    ]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ("<p>text of some words that go on to the next line of a page and to one more", []),
        (f"<p class=nowrap>{'abcde ' * 20}", ["right"]),
        (f"<p>{LONG}", ["right"]),
        (f"<p><a href='https://x.org'>{LONG}</a>", ["right"]),
        (f"<h1>{LONG}</h1>", ["right"]),
        (f"<div class=box><p>{'x' * 30}</p></div>", ["right"]),
        ("<div style='width: 330px'><p>x</p></div>", ["right"]),
        ("<div style='margin-left: -20px'><p>x</p></div>", []),
        ("<p style='text-indent: -20px'>x", ["left"]),
        ("<p style='text-indent: -20px; padding-left: 20px'>x", []),
        ("<ul style='padding: 0 0 0 2em'><li>x</ul>", []),
        (PICTURE.format("width: 330px; height: 10px"), ["right"]),
        (PICTURE.format("width: 10px; height: 230px"), ["bottom"]),
        (PICTURE.format("width: 10px; height: 230px; display: block"), ["bottom"]),
        (f"<table><tr>{'<td>wideword</td>' * 9}</tr></table>", ["right"]),
        ("<table style='table-layout: fixed; width: 100px'><tr><td class=nowrap>"
         "twenty letters and more<td>x</table>", ["right"]),
        (f"<p>{'<br>' * 30}", []),
        (f"<table><tr><td>{'x<br>' * 30}</table>", []),
    ],
)  # fmt: skip
def test_a_box_is_compared_with_its_place(body: str, faults: list[str]) -> None:
    assert [side for _, _, side, _ in found(body)] == faults


def test_excess_and_page_are_told() -> None:
    body = "<p style='break-after: page'>x</p><p>" + "x" * 60
    ((_, number, side, excess),) = found(body)
    assert (number, side) == (2, "right")
    width = len(LONG) / 80 * 60 * 6.02  # of sixty letters in a monospaced face of ten pixels
    assert excess == pytest.approx(width - 320, abs=6)


def test_text_may_not_reach_into_the_notes_nor_a_note_above_the_page() -> None:
    style = ".note { float: footnote }"
    assert found("<p>x<span class=note>y</span>", style) == []
    picture = PICTURE.format("height: 190px")
    note = f"<span class=note>{'y<br>' * 3}y</span>"
    assert [side for _, _, side, _ in found(f"<p>{picture}{note}", style)] == []
    assert "top" in [side for *_, side, _ in found(f"<p>x<span class=note>{'y<br>' * 20}", style)]


def test_a_running_head_stays_in_the_margin() -> None:
    assert found("<p>x") == []
    head = "@page { @top-left { content: '" + "x " * 400 + "' } }"
    assert [side for *_, side, _ in found("<p>x", head)] == ["top"]
    wide = "@page { @top-left { content: '" + LONG + "'; width: 100px } }"
    assert [side for *_, side, _ in found("<p>x", wide)] == ["right"]
    (fault,) = find_overfull(
        weasyprint.HTML(string=f"<style>{STYLE}{head}</style>x").render().pages
    )
    assert fault.subject.name.startswith("x x x")
    cut = wide.replace(
        "width", "white-space: nowrap; overflow: hidden; text-overflow: ellipsis; width"
    )
    assert found("<p>x", cut) == []


@pytest.mark.parametrize(("height", "faults"), [(150, 0), (190, 1), (260, 1)])
def test_a_figure_fits_on_one_page_with_its_caption(height: int, faults: int) -> None:
    style = "figure { break-inside: avoid } img { display: block; width: 100px }"
    picture = PICTURE.format(f"height: {height}px")
    caption = "<figcaption>one<br>two<br>three</figcaption>"
    sides = found(f"<p>x<figure id=fig-high>{picture}{caption}</figure>", style)
    assert [(kind, side) for kind, _, side, _ in sides] == [("figure", "bottom")] * faults


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a\n\n![c](a.png){#fig-high-b alt="b"}\n\n![c](a.png){#fig-high alt="a"}\n', 5),
        ("a\n::: {#fig-high}\n", 2),
        ("""{% call figure('high', alt="a") %}c{% endcall %}""", 1),
    ],
)
def test_a_figure_is_told_with_the_line_that_shows_it(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "post.md"
    path.write_text(text, "utf-8")
    figure = Subject("figure", "high", None, str(path))
    assert written_at(str(path), _written(figure)) == f"{path}:{line}"


# --- an article with all of it, as its author would write it ---


class Author:
    """An article whose section on limits the author goes on writing, in English.

    Attributes
    ----------
    heights
        The heights in inches of figures that are not two inches high.
    """

    def __init__(self, folder: Path, sample: Sample) -> None:
        self.sample = Sample(copied(folder / "sources"), folder / "built")
        self.sample.output.mkdir()
        # What is measured is that of the article as it was.
        for file in sample.plan.tables_of("", RESULTS):
            shutil.copy2(sample.table(file), self.sample.output)
        self.section = self.sample.root / "templates/en/limits.md"
        self.heights: dict[str, float] = {}

    def write(self, *paragraphs: str) -> None:
        """Add paragraphs."""
        with self.section.open("a", encoding="utf-8") as file:
            file.write("".join(f"\n{paragraph}\n" for paragraph in paragraphs))

    def equation(self, name: str, tex: str) -> str:
        """Declare an equation and return its call."""
        self.sample.edit("templates/equations.yaml", lambda all_: all_.update({name: tex}))
        return f'{{{{ equation("{name}", alt="An equation.") }}}}'

    def place(self, words: str) -> str:
        """Return the file and line that have these words, as messages name them."""
        for path in sorted(self.section.parent.glob("*.md")):
            for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
                if words in line:
                    return f"{path.relative_to(self.sample.root)}:{number}"
        raise AssertionError(words)

    def write_too_wide(self) -> None:
        """Write a paragraph, a list, code, a heading and more that are too wide for a line."""
        token = "unbreakable_" * 20
        self.write(
            self.equation("long_sum", SUM),
            self.equation("matrix", matrix(14)),
            f"In a line the sum is ${SUM}$, and goes on.",
            f"```\n{token}\nprint({token}, {token})\n```",
            f"The code `{token}` is long, and so is <https://example.org/{token * 2}>.",
            f"So is the word {'long' * 60}.",
            f"- {'item' * 60}\n- [{'link' * 60}](https://example.org)",
            f"## A {'heading' * 30} {{: #heading}}",
            "A note.{% call footnote() %}" + f"{'note' * 60} ${SUM}${{% endcall %}}",
        )

    def _lay_beside(self) -> None:
        """Put empty pictures in the places of figures, and the style sheets."""
        sample = self.sample
        for name in sample.plan.article["figures"]:
            height = 72 * self.heights.get(name, 2)
            picture = (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="470pt" height="{height}pt"/>\n'
            )
            write_text(sample.picture("en", name), picture)
        for sheet in (*THEME.glob("style/*.css"), *(ROOT / "templates/style").glob("*.css")):
            write_text(sample.output / "web/assets" / sheet.name, sheet.read_text("utf-8"))

    def print(self, *exhibits: str) -> Path:
        """Print the section that is being written, and those that hold some figures or tables."""
        self._lay_beside()
        sample, base = self.sample, self.sample.output / "web" / "en"
        composed = sample.composed("en")
        mathematics, faces = sample.output / "en.formulas", sample.output / "faces"
        formulas = [composed.with_suffix(".formulas.json")]
        command(typeset.main, formulas=formulas, output=mathematics)
        command(
            fonts.main,
            stacks=json.dumps(sample.plan.article["languages"]["en"]["fonts"]),
            catalogue="juchi/theme/fonts.yaml",
            text=composed.with_suffix(".json"),
            mathematics=mathematics,
            form="ttf",
            output=faces,
        )
        root = draw_formulas(composed, mathematics)
        plain_fonts(root, faces)
        keep_sections(root, "sec-limits", *exhibits)
        path = sample.output / "en.pdf"
        with chdir(sample.root):
            path.write_bytes(print_pdf(root, base, composed, figure_pdfs={}))
        return path

    def page(self) -> Path:
        """Return the folder with the page for the screen."""
        self._lay_beside()
        self.sample.page("en")
        return self.sample.output / "web"


def keep_sections(root: HtmlElement, *ids: str) -> None:
    """Leave only the sections that are or hold some places; what leads elsewhere leads to all."""
    for section in root.xpath("//main/section"):
        if not {section.get("id"), *section.xpath(".//@id")} & {*ids}:
            section.drop_tree()
    places = {f"#{id_}" for id_ in root.xpath("//@id")}
    for link in root.xpath("//a[starts-with(@href, '#') or starts-with(@href, 'provenance.html')]"):
        if link.get("href") not in places:
            link.set("href", "#content")


def widen(monkeypatch: pytest.MonkeyPatch, columns: int, cell: str) -> None:
    """Give the table of comparisons so many columns with this in each cell."""

    def build(_: object) -> Table:
        row: list[str | Markup] = [cell] * columns
        return Table(row, [row, row], ["text"] * columns, ["", ""])

    monkeypatch.setattr("report.tables.comparisons.build", build)


@pytest.fixture
def author(tmp_path: Path, sample: Sample) -> Author:
    return Author(tmp_path, sample)


def test_what_is_too_wide_is_broken_and_made_smaller_until_it_fits(
    author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    widen(monkeypatch, 15, "column")
    author.write_too_wide()
    pdf = author.print("tab-comparisons")
    # All pages have other margins where the last had little on it: see juchi/pdf/last_page.py.
    pages = len(read_lines(pdf))
    assert [] in (ink_outside(pdf, [Margins.read(name)] * pages) for name in ("", "tight"))
    text = "".join(line.text for page in read_lines(pdf) for line in page)
    assert "long" * 60 in re.sub(r"\W", "", text)


def test_what_does_not_fit_is_refused_with_file_and_line(author: Author) -> None:
    author.write(f"In a line: $\\operatorname{{{LONG * 2}}}$.")
    with pytest.raises(UserError) as caught:
        author.print()
    told = str(caught.value)
    assert told.startswith(f"error: {author.place('In a line:')}\n"), told
    assert re.search(rf"the formula \S.* {STICKS_OUT}", told)
    assert "expected:" in told
    assert "hint:" in told


def test_several_faults_are_told_at_once(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of each kind, and two equations."""
    author.write(author.equation("wide", WIDE), author.equation("still_wider", WIDE + WIDE))
    widen(monkeypatch, 18, "columns")
    author.heights = {"sawtooth": 14}
    with pytest.raises(UserError) as caught:
        author.print("tab-comparisons", "fig-sawtooth")
    told = str(caught.value)
    for kind, name, call in (
        ("equation", "wide", 'equation("wide"'),
        ("equation", "still_wider", 'equation("still_wider"'),
        ("table", "comparisons", 'table("comparisons")'),
        ("figure", "sawtooth", 'figure("sawtooth"'),
    ):
        place = re.escape(author.place(call))
        assert re.search(rf"{place}\b.*\n?.*the {kind} '{name}' {STICKS_OUT}", told), told


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_on_a_screen_is_wider_than_the_screen(
    author: Author, monkeypatch: pytest.MonkeyPatch, chromium: Browser, width: int
) -> None:
    widen(monkeypatch, 18, "columns")
    author.write_too_wide()
    with serving(author.page()) as address:
        page = chromium.new_page(viewport={"width": width, "height": 800})
        page.goto(f"{address}/en/index.html")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        beyond = page.evaluate(BEYOND)
        page.close()
    assert beyond == []


# What ends beyond the edge of the window and is in nothing that scrolls.
BEYOND = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const scrolls = (element) => element !== document.body && element !== null
    && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX)
      || scrolls(element.parentElement));
  const box = each.getBoundingClientRect();
  return box.width > 0 && box.right > innerWidth + 1 && !scrolls(each) && box.left > -999;
}).map((each) => each.outerHTML.slice(0, 90))"""


# --- the article ---


@pytest.fixture
def pages(built: Project, language: str) -> tuple[Path, list[Margins]]:
    """Return the PDF of a language, and the margins of each of its pages."""
    pdf = next((built.folder / "build/site" / language).glob("*.pdf"))
    return pdf, [Margins.read("")] * len(read_lines(pdf))


def test_no_ink_leaves_the_content_box_of_a_page(pages: tuple[Path, list[Margins]]) -> None:
    pdf, margins = pages
    assert ink_outside(pdf, margins) == []
    # The check sees: with margins ten millimetres larger it finds the text of most pages.
    assert len(ink_outside(pdf, [each.larger(10) for each in margins])) > len(margins) / 2


def test_the_room_of_an_equation_is_that_of_the_page() -> None:
    sheet = (ROOT / "juchi/theme/style/print.css").read_text("utf-8")
    sizes = [float(size) for size in re.findall(r"html(?:\S+)? \{ font-size: ([\d.]+)pt", sheet)]
    text = (210 - 2 * 21.9 - 2 * 9) / 25.4 * 72
    assert len(sizes) == len(LANGUAGES)
    assert min(text / size for size in sizes) - 2 * 3 >= LINE


def test_a_table_of_the_prose_is_refused_with_its_name_and_line(tmp_path: Path) -> None:
    wide = "".join(f"<td>{'m' * 12}</td>" for _ in range(8))
    page = html.document_fromstring(
        f"<html lang=en><head><title>t</title><style>{STYLE}</style></head><body><main><section>"
        '<figure id="tab-counts" class="table own" data-place="templates/en/a.md:12">'
        f"<table><tr>{wide}</tr></table></figure></section></main></body></html>"
    )
    with pytest.raises(UserError) as caught:
        print_pdf(page, tmp_path, Path("page.html"), {})
    message = str(caught.value)
    assert message.startswith("error: templates/en/a.md:12\n")
    assert "the table 'counts' sticks out of its place on page 1" in message
    assert "turn the page (`{.landscape}` behind its caption" in message
