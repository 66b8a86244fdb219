"""Tables from files of data: columns, heads, rows, formats, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from arro3.core import Array, DataType
from arro3.core import Table as ArrowTable
from arro3.io import write_parquet
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.exhibits.data_tables import build
from juchi.exhibits.table import Cell, Context, Table
from juchi.plan.models import validated
from juchi.plan.table_model import DataTable
from juchi.prose.calls import Messages
from juchi.prose.formats import NumberFormat

CITIES = """name,founded,share,height,open,code
Turin,1861,0.5,240.5,true,007
Rome,,0.125,21,false,010
Oslo,1048,0.3333,,true,003
"""
HEADS = {name: name.title() for name in CITIES.partition("\n")[0].split(",")} | {"of": "Group"}
WORDS = Messages(
    {
        "tables": {
            "missing": "–",
            "heads": {"a": HEADS},
            "values": {"b": {True: "yes", "false": "no"}},
        }
    },
    Path("messages.yaml"),
)
PLACE = "config/article.yaml: tables.a"


def table(tmp_path: Path, *columns: dict[str, Any] | str, text: str = CITIES, **more: Any) -> Table:
    file = tmp_path / "cities.csv"
    file.write_text(text, "utf-8")
    return of_file(file, *columns, **more)


def of_file(
    file: Path, *columns: dict[str, Any] | str, locale: str = "en_GB", **more: Any
) -> Table:
    settings = {"data": "data/cities.csv", "columns": list(columns), **more}
    model = validated(DataTable, settings, "config/article.yaml", ("tables", "a"))
    article = {
        "tables": {"a": model.model_dump(mode="json", exclude_none=True)},
        "table_files": {"a": str(file)},
    }
    context = Context(article, WORDS, {}, {}, Markup)
    return build("a", context, NumberFormat(locale, ", "))


def rows(shown: Table) -> list[list[str]]:
    return [[Markup(cell).striptags() for cell in row] for row in shown.rows]


def test_columns_are_chosen_named_and_printed(tmp_path: Path) -> None:
    shown = table(
        tmp_path,
        "name",
        {"column": "founded", "show_missing": True},
        {"column": "share", "style": "percent", "digits": 1, "head": "of"},
    )
    assert shown.head == ["Name", "Founded", "Group"]
    assert rows(shown) == [
        ["Turin", "1861", "50.0%"],
        ["Rome", "–", "12.5%"],
        ["Oslo", "1048", "33.3%"],
    ]
    assert list(shown.kinds) == ["text", "decimal", "decimal"]
    assert shown.row_ids == ["row-a-1", "row-a-2", "row-a-3"]
    assert '<data value="0.3333">33.3%</data>' in str(shown.rows[2][2])


def test_numbers_are_printed_as_facts_are(tmp_path: Path) -> None:
    formats = {"style": "permille", "digits": 0, "sign": True}
    shown = table(tmp_path, {"column": "share", **formats})
    assert rows(shown) == [["+500‰"], ["+125‰"], ["+333‰"]]
    shown = table(tmp_path, {"column": "share", "style": "scientific", "digits": 2})
    assert rows(shown) == [["5.0 × 10−1"], ["1.2 × 10−1"], ["3.3 × 10−1"]]


def test_numbers_are_those_of_the_language(tmp_path: Path) -> None:
    shown = table(tmp_path, {"column": "height", "show_missing": True}, locale="de_DE")
    assert rows(shown) == [["240,5"], ["21,0"], ["–"]]
    year = {"column": "founded", "show_missing": True, "style": "year"}
    assert rows(table(tmp_path, year, locale="de_DE")) == [["1861"], ["–"], ["1048"]]


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"sort": ["share"]}, ["Rome", "Oslo", "Turin"]),
        ({"sort": ["-share"], "first": 2}, ["Turin", "Oslo"]),
        ({"sort": ["open", "-name"]}, ["Rome", "Turin", "Oslo"]),
        ({"sort": ["founded"]}, ["Oslo", "Turin", "Rome"]),
        ({"sort": ["-founded"]}, ["Turin", "Oslo", "Rome"]),
        ({"where": {"open": True}}, ["Turin", "Oslo"]),
        ({"where": {"name": ["Oslo", "Rome"]}}, ["Rome", "Oslo"]),
        ({"where": {"share": 0.125}}, ["Rome"]),
    ],
)
def test_rows_are_chosen_and_sorted(tmp_path: Path, more: dict[str, Any], names: list[str]) -> None:
    shown = table(tmp_path, "name", **more)
    assert [row[0] for row in rows(shown)] == names
    order = ["Turin", "Rome", "Oslo"]
    assert shown.row_ids == [f"row-a-{order.index(name) + 1}" for name in names]


def test_words_and_identifiers(tmp_path: Path) -> None:
    shown = table(tmp_path, {"column": "code", "style": "text"}, {"column": "open", "words": "b"})
    assert rows(shown) == [["007", "yes"], ["010", "no"], ["003", "yes"]]
    assert list(shown.kinds) == ["text", "text"]


def test_columns_of_a_group_have_a_head_together(tmp_path: Path) -> None:
    height = {"column": "height", "group": "of", "show_missing": True}
    shown = table(tmp_path, "name", {"column": "share", "group": "of"}, height)
    assert shown.groups == [[Cell("Name", rows=2), Cell("Group", columns=2)]]
    assert shown.head == ["Share", "Height"]


LONG = "name,height,share\na,0.5,0.123456\nb,0.30000000000000004,0.5\nc,12345678,1\n"


def test_more_digits_than_anybody_reads_are_refused_unless_declared(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        table(tmp_path, "name", "height", text=LONG)
    message = str(caught.value)
    assert f"{PLACE}.columns: height of {tmp_path / 'cities.csv'}" in message
    assert "0.30000000000000004 in row 2\n" in message
    assert "`digits: 3`" in message
    shown = table(tmp_path, {"column": "height", "digits": 3}, "share", text=LONG)
    assert rows(shown)[:2] == [["0.500", "0.123456"], ["0.300", "0.5"]]
    shown = table(tmp_path, "height", text=LONG, where={"name": ["a", "c"]})
    assert rows(shown) == [["0.5"], ["12,345,678.0"]]


@pytest.mark.parametrize("cell", ["NA", "nan", ""])
def test_a_missing_value_is_a_dash_only_where_that_is_declared(tmp_path: Path, cell: str) -> None:
    text = f"name,founded\na,1\nb,{cell}\nc,3\n"
    with pytest.raises(UserError) as caught:
        table(tmp_path, "founded", text=text)
    message = str(caught.value)
    assert f"{PLACE}.columns: founded of {tmp_path / 'cities.csv'}" in message
    assert "no value in row 2" in message
    assert "`show_missing: true`" in message
    declared = {"column": "founded", "show_missing": True}
    assert rows(table(tmp_path, declared, text=text)) == [["1"], ["–"], ["3"]]
    assert rows(table(tmp_path, "founded", text=text, where={"name": "c"})) == [["3"]]


def test_dates_are_written_out_and_texts_are_no_markup(tmp_path: Path) -> None:
    text = "name,founded\n<b>*x*</b>,2020-02-29\n"
    assert rows(table(tmp_path, "founded", text=text)) == [["29 February 2020"]]
    assert table(tmp_path, "name", text=text).rows == [["&lt;b&gt;*x*&lt;/b&gt;"]]
    assert rows(table(tmp_path, "founded", text=text, locale="zh_Hans_CN")) == [["2020年2月29日"]]


def test_a_parquet_file_is_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    columns: dict[str, Any] = {
        "name": Array(["Rome", "Oslo"], DataType.string()),
        "share": Array([0.125, None], DataType.float64()),
        "founded": Array(np.array([18000, 0], np.int32)).cast(DataType.date32()),
    }
    # As another program writes it, without Juchi's digest.
    write_parquet(ArrowTable.from_pydict(columns), file)
    shown = of_file(file, "name", {"column": "share", "show_missing": True}, "founded")
    assert rows(shown) == [
        ["Rome", "0.125", "14 April 2019"],
        ["Oslo", "–", "1 January 1970"],
    ]


@pytest.mark.parametrize(
    ("columns", "more", "where", "found"),
    [
        (["nmae"], {}, f"{PLACE}.columns", "no column 'nmae' in"),
        (["name"], {"sort": ["nmae"]}, f"{PLACE}.sort", "no column 'nmae'"),
        (["name"], {"where": {"nmae": 1}}, f"{PLACE}.where", "no column 'nmae'"),
        (["name"], {"where": {"name": "Roma"}}, f"{PLACE}.where", "with name = 'Roma'"),
        (["name"], {"where": {"name": "Rome", "open": True}}, PLACE, "that `where` accepts"),
        (["code"], {}, f"{PLACE}.columns", "'007', which as a number would lose its zeros"),
        (["open"], {}, f"{PLACE}.columns", "True in row 1"),
        ([{"column": "name", "head": "x"}], {}, "messages.yaml", "no key 'tables.heads.a.x'"),
        ([{"column": "name", "words": "b"}], {}, "messages.yaml", "'tables.values.b.Turin'"),
        ([{"column": "name", "styel": "text"}], {}, f"{PLACE}.columns", "styel"),
        ([{"column": "name", "width": 60}, "open"], {}, f"{PLACE}.columns", "the widths 60"),
        (["name", {"column": "name"}], {}, f"{PLACE}.columns", "the column 'name' twice under one"),
        (["name"], {"data": "cities.csv"}, f"{PLACE}.data", "cities.csv"),
        (["name"], {"data": "../cities.csv"}, f"{PLACE}.data", "../cities.csv"),
        (["name"], {"data": "die:scalars"}, f"{PLACE}.data", "die:scalars"),
        ([], {}, f"{PLACE}.columns", "[]"),
        (["name"], {"first": 0}, f"{PLACE}.first", "0"),
        ([{"column": "share", "style": "year"}], {}, f"{PLACE}.columns", "0.5 in the style year"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    tmp_path: Path, columns: list[Any], more: dict[str, Any], where: str, found: str
) -> None:
    with pytest.raises(UserError) as caught:
        table(tmp_path, *columns, **more)
    message = str(caught.value)
    assert where in message.splitlines()[0]
    assert found in message


def test_a_column_may_stand_twice_under_two_heads(tmp_path: Path) -> None:
    shown = table(tmp_path, "share", {"column": "share", "style": "percent", "head": "of"})
    assert rows(shown)[1] == ["0.125", "12.5%"]


@pytest.mark.parametrize("text", ["name,share\nRome,inf\n", "name,name\na,b\n", "name\na,b\n", ""])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError):
        table(tmp_path, "name", "share", text=text)


@pytest.mark.parametrize(
    ("cells", "row", "hint"),
    [
        (["３７", "38"], 1, "the digits and signs of a keyboard"),
        (["4", "−3"], 2, "the digits and signs of a keyboard"),
        (["三十七", "5"], 1, "write it in digits"),
        (["37万", "38万"], 1, "write it in digits"),
        (["37 km", "38 km"], 1, "the unit into the head"),
        (["1,234", "12"], 1, "without separators of thousands"),
        (["1 234", "12"], 1, "without separators of thousands"),
        (["1'234", "12"], 1, "without separators of thousands"),
        (["1.234.567", "12"], 1, "and with a decimal point"),
        (["2", "1,5"], 2, "write a decimal point"),
        (["37%", "38%"], 1, "`style: percent`"),
        (["37％", "38％"], 1, "`style: percent`"),
        (["€3", "€4"], 1, "the currency into the head"),
        (["3", "about 4"], 2, "other cells of the column are numbers"),
        (["12345678901234567890", "1"], 1, "more digits than a number keeps"),
        (["01.02.2026", "03.02.2026"], 1, "write a day as 2026-02-28"),
        (["2026-01-02", "2026-02-30"], 2, "there is no such day"),
    ],
)
def test_numbers_and_days_in_another_form_are_no_texts(
    tmp_path: Path, cells: list[str], row: int, hint: str
) -> None:
    text = "x\n" + "".join(f'"{cell}"\n' for cell in cells)
    with pytest.raises(UserError) as refused:
        table(tmp_path, {"column": "x", "head": "name"}, text=text)
    assert f"tables.a.columns: x of {tmp_path}/cities.csv" in str(refused.value)
    assert f"{cells[row - 1]!r} in row {row}" in str(refused.value)
    assert hint in str(refused.value)
    shown = table(tmp_path, {"column": "x", "head": "name", "style": "text"}, text=text)
    assert rows(shown) == [[cell] for cell in cells]


def test_texts_that_begin_with_digits_are_shown(tmp_path: Path) -> None:
    shown = table(tmp_path, "name", text="name\n2-propanol\n12:30\n1990/91\n三\n")
    assert [row[0] for row in rows(shown)] == ["2-propanol", "12:30", "1990/91", "三"]
