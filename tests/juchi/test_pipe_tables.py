"""Tables of the prose: heads in several rows, merged cells, widths, notes, and decimal points."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.exhibits.table import Table
from juchi.html.decimals import aligned, are_numbers
from juchi.html.enclosures import enclosed
from juchi.html.table_notes import place_general_notes
from juchi.html.tables import TableFigure, name_regions
from juchi.prose.attributes import Attributes
from juchi.prose.markdown import parse
from juchi.prose.reading import quotes
from juchi.prose.source import marked
from tests.juchi.test_markdown import refusal, tree

HEADS = (
    "|           | Loss        ||\n"
    "| Optimiser | train | test |\n"
    "|:----------|------:|:----:|\n"
    "| SGD       | a     | b    |\n"
    "| ^^        | c     ||\n"
)


def cells(root: HtmlElement, part: str) -> list[list[tuple[str, str | None, str | None]]]:
    """Return the text, the columns and the rows of each cell of the head or the body."""
    return [
        [(cell.text_content(), cell.get("colspan"), cell.get("rowspan")) for cell in row]
        for row in root.iterfind(f".//{part}/tr")
    ]


def test_heads_in_several_rows_and_merged_cells() -> None:
    root = tree(HEADS)
    assert cells(root, "thead") == [
        [("", None, None), ("Loss", "2", None)],
        [("Optimiser", None, None), ("train", None, None), ("test", None, None)],
    ]
    assert cells(root, "tbody") == [
        [("SGD", None, "2"), ("a", None, None), ("b", None, None)],
        [("c", "2", None)],
    ]


def test_each_cell_names_its_heads_where_a_head_stands_above_several_columns() -> None:
    root = tree(HEADS)
    heads = {cell.get("id"): cell.text_content() for cell in root.iter("th")}
    named = [
        (cell.text_content(), [heads[id_] for id_ in cell.get("headers").split()])
        for cell in root.iterfind(".//tbody//td")
    ]
    assert named == [
        ("SGD", ["Optimiser"]),
        ("a", ["Loss", "train"]),
        ("b", ["Loss", "test"]),
        ("c", ["Loss", "train", "test"]),
    ]
    assert [cell.get("scope") for cell in root.iter("th")] == ["colgroup", "col", "col", "col"]
    assert root.xpath("//colgroup/@span") == ["1", "2"]
    # A corner is the head of nothing; no cell names none.
    assert "" not in root.xpath("//@headers")
    assert root.xpath("count(//thead//td)") == 1


def test_a_table_with_one_row_of_heads_needs_no_names() -> None:
    root = tree("| a | b |\n|---|:-:|\n| x | y |\n")
    assert not root.xpath("//@headers | //th/@id | //colgroup")
    assert root.xpath("//td/@class") == ["centred"]


@pytest.mark.parametrize(
    "text",
    [
        "Text.\n| a | b |\n| c | d |\n|---|---|\n| e | f |\n",
        "> | a | b |\n> | c | d |\n> |---|---|\n> | e | f |\n",
        "- | a | b |\n  | c | d |\n  |---|---|\n  | e | f |\n",
    ],
)
def test_several_rows_of_heads_stand_wherever_a_table_may(text: str) -> None:
    assert [len(row) for row in cells(tree(text), "thead")] == [2, 2]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("| a | b |\n|---|---|\n| c | d | e |\n", 3, "a row of 3 cells in a table of 2 columns"),
        ("| a | b |\n|---|---|\n| c |\n", 3, "a row of 1 cells in a table of 2 columns"),
        ("| a | b |\n|---|---|\n| c | d |\n|---|---|\n", 4, "a second line of dashes"),
        ("  a    b\n---- ----\n  c    d\n", 2, "'---- ----'"),
        ("| a |\n| b | c |\n|---|---|\n| d | e |\n", 1, "a row of 1 cells in a table of 2"),
        ("| a | b |\n|---|---|\n| ^^ | d |\n", 3, "`^^` in the first row"),
        ("| a | b |\n|---|---|\n| c ||\n| ^^ | d |\n", 3, "no rectangle"),
        ("| a |\n|---|\n| b |\n: A caption.\n", 4, "a line without a pipe right below a table"),
        ("| a | b |\n|---|---|\n| $|x|$ | d |\n", 3, "a row of 4 cells"),
        (f'{HEADS}\n: C. {{tbl-colwidths="[30,70]"}}\n', 1, 'tbl-colwidths="[30,70]"'),
        (f'{HEADS}\n: C. {{tbl-colwidths="[30,30,50]"}}\n', 1, 'tbl-colwidths="[30,30,50]"'),
        (f'{HEADS}\n: C. {{tbl-colwidths="wide"}}\n', 1, 'tbl-colwidths="wide"'),
        (f"{HEADS}\n: C. {{.turned}}\n", 1, "an unknown attribute .turned"),
    ],
)
def test_what_would_be_lost_or_misplaced_is_refused(text: str, line: int, found: str) -> None:
    message = refusal(text)
    assert f"templates/en/post.md:{line}\n" in message
    assert found in message


def test_widths_and_a_turned_page() -> None:
    root = tree(
        '| a | b |\n|---|---|\n| x | y |\n\n: C. {#tbl-x .landscape tbl-colwidths="[30,60]"}\n'
    )
    assert root.xpath("//col/@style") == ["width: 30%", "width: 60%"]
    assert root.xpath("//figure/@class") == ["table own landscape"]


def test_cells_of_rows_that_may_become_cards_say_what_they_are() -> None:
    table = Table(["A", Markup("<i>B</i>")], [["x", "1"]], ["text", "number"], cards=True)
    figure = TableFigure("tab-x", "x", "report/tables/x.py", Markup, ".").html(table, Markup("C."))
    root = html.fragment_fromstring(str(figure))
    assert root.get("class") == "table cards"
    assert root.xpath("//tbody/tr/*/@data-head") == ["B"]


# --- notes ---

NOTED = (
    "| a^[On the head.] | b |\n|---|---|\n| x[^n] | y[^n] |\n\n: C^[On the caption.] {#tbl-x}\n\n"
    "[^n]: Said *twice*.\n"
)


def test_the_notes_of_a_table_stand_below_it_each_once() -> None:
    root = tree(NOTED)
    marks = root.xpath("//sup[@class='note-mark']/a")
    assert [mark.text for mark in marks] == ["a", "b", "c", "c"]
    notes = root.xpath("//div[@class='table-notes']/p")
    assert [note.text_content() for note in notes] == [
        "a On the caption.",
        "b On the head.",
        "c Said twice.",
    ]
    assert {mark.get("href") for mark in marks} == {f"#{note.get('id')}" for note in notes}
    assert not root.find_class("footnote")
    name_regions(root)
    assert root.xpath("//div[@role='region']/@aria-label") == ["C"]


def test_a_note_of_the_text_is_called_once() -> None:
    assert "called 2 times" in refusal("A[^n] b[^n].\n\n[^n]: text\n")
    assert "called 2 times" in refusal("A[^n].\n\n| a |\n|---|\n| b[^n] |\n\n[^n]: text\n")


def test_what_a_note_of_a_table_quotes_is_found() -> None:
    text = "| a |\n|---|\n| b[^n] |\n\n[^n]: See [@key] and {{ fact('die.mean') }}.\n"
    kinds = [quote.kind for quote in quotes(text, Path("a.md"))]
    assert kinds == ["footnote", "citation", "fact"]


def general(before: str) -> HtmlElement:
    start, end = enclosed(Attributes(None, ("table-note",)), {}, "a.md:7")
    section = html.fragment_fromstring(f"<section>{before}{start}<p>All.</p>{end}</section>")
    place_general_notes(section)
    return section


def test_a_note_on_the_whole_table_goes_before_those_on_cells() -> None:
    own = general(
        '<figure class="table own"><div class="table-notes"><p>a One</p></div></figure>\n'
    )
    assert own.xpath("//div[@class='table-notes']/p/text()") == ["All.", "a One"]
    assert general('<figure class="table"></figure>').xpath("string(figure/div/p)") == "All."


@pytest.mark.parametrize("before", ["", "<p>text</p>", '<figure class="table"></figure>text'])
def test_a_note_behind_no_table_is_refused(before: str) -> None:
    with pytest.raises(UserError, match=r"a\.md:7\n.*behind no table"):
        general(before)


# --- decimal points ---


def unseen(cell: Markup) -> tuple[str, str]:
    """Return the signs that follow a cell unseen, on the line and raised, with noughts alone."""
    pads = html.fragment_fromstring(str(cell), create_parent="td").find_class("pad")
    signs = ["".join(pad.get(name, "") for pad in pads) for name in ("data-level", "data-raised")]
    level, raised = ("".join(sorted(re.sub(r"\d", "0", each))) for each in signs)
    return level, raised


@pytest.mark.parametrize(
    ("column", "point", "lacking"),
    [
        (["1.5", "12", "3.25"], ".", [("0", ""), (".00", ""), ("", "")]),
        (["1,5", "12", "3,25"], ",", [("0", ""), (",00", ""), ("", "")]),
        (["87.5%", "3%", "−0.25%"], ".", [("0", ""), (".00", ""), ("", "")]),
        (["1,234.5", "1.25"], ".", [("0", ""), ("", "")]),
        (["1\u202f234,5", "1,25"], ",", [("0", ""), ("", "")]),
        (["1.2×10<sup>−3</sup>", "1.25"], ".", [("", ""), ("0×", "0−")]),
        (["—", "1.5", "2"], ".", [("", ""), ("", ""), (".0", "")]),
        (["1.5<sup>a</sup>", "2.5"], ".", [("", ""), ("", "a")]),
        (["<a href='x'><data value='1.5'>1.5</data></a>", "&lt; 2"], ".", [("", ""), (".0", "")]),
        (["1.5 (0.1)", "20"], ".", [("", ""), ("()..000\xa0", "")]),
        (["0.06 mS/cm²", "8 mS/cm²"], ".", [("", ""), (".00", "")]),
        (["2.5", "not stated", "30"], ".", [("", ""), ("", ""), (".0", "")]),
    ],
)
def test_what_a_number_lacks_behind_its_units_follows_it_unseen(
    column: list[str], point: str, lacking: list[tuple[str, str]]
) -> None:
    cells_ = [Markup(cell) for cell in column]
    shown = aligned(cells_, point)
    assert are_numbers(cells_, point)
    assert list(map(unseen, shown)) == lacking
    # Nobody copies it.
    assert [cell.striptags() for cell in shown] == [cell.striptags() for cell in cells_]


@pytest.mark.parametrize(
    "column",
    [
        ["model 12b", "3"],
        ["a", "b"],
        ["", "—"],
        # They would stand at either edge of their column.
        ["5.92", "3 ms", "not stated"],
        ["0.16 µA/cm²", "0.06 mS/cm²"],
    ],
)
def test_words_and_numbers_in_several_units_are_not_set_by_their_points(column: list[str]) -> None:
    assert not are_numbers([Markup(cell) for cell in column], ".")


def test_a_table_keeps_the_line_of_each_row() -> None:
    document = parse(marked(f"# T\n\n{HEADS}", Path("a.md")))
    texts = {t.content: document.place(t) for t in document.tokens if t.type == "inline"}
    assert (texts["Loss"], texts["train"], texts["c"]) == ("a.md:3", "a.md:4", "a.md:7")
