"""Short cells, units and Chinese words stay on one line as long as a table fits the paper."""

from __future__ import annotations

import pytest
from lxml import html
from markupsafe import Markup, escape

from juchi.exhibits.table import Content, Table
from juchi.html.column_widths import kept_whole, unbroken
from juchi.html.tables import TableFigure

REMARK = "a remark that is far too long for one line"


def shown(content: Content) -> Markup:
    return escape(str(content))


def test_short_cells_stay_whole_beside_long_ones() -> None:
    columns = [(["A-1", "A-2"], "Site"), (["30 November 2026"], "Day"), ([REMARK], "Remark")]
    assert kept_whole(columns) == ["short", "whole", "long"]


def test_a_chinese_character_counts_as_two() -> None:
    columns = [
        (["南坡采样点"], "站"),
        (["二〇二六年十一月"], "日"),
        (["第一个，离村子很近，在山坡上"], "注"),
    ]
    assert kept_whole(columns) == ["short", "whole", "long"]


def test_a_table_that_fits_a_phone_is_left_alone() -> None:
    assert kept_whole([(["A-1"], "Site"), (["0.12"], "Error (mm/d)")]) == ["", ""]


def test_what_the_paper_has_no_room_for_may_break() -> None:
    one = (["twelve words"], "Head")
    assert kept_whole([one] * 6) == ["whole"] * 6
    assert kept_whole([one] * 9).count("whole") == 3
    # One long word would not break, so nothing is won by letting it.
    assert kept_whole([(["twelve-words"], "Head")] * 9) == ["whole"] * 9


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        ("Rate (mm/d)", "Rate <span>(mm/d)</span>"),
        ("β (m)", "<span>β (m)</span>"),
        ("误差（mm/d）", "<span>误差</span><wbr><span>（mm/d）</span>"),
        ("Day of measurement", "Day of measurement"),
        ("平均日最高气温", "<span>平均日最</span><wbr><span>高气温</span>"),
        ("a (so long that it has to break) b", "a (so long that it has to break) b"),
    ],
)
def test_units_and_chinese_words_of_heads_stay_whole(head: str, kept: str) -> None:
    assert str(unbroken(Markup(head))).replace(' class="unit"', "") == kept
    assert unbroken(Markup("<math>x (m)</math>")) == "<math>x (m)</math>"


def test_only_tables_without_widths_of_their_own_are_fitted() -> None:
    rows = [["A-1", REMARK]]
    plain = Table(head=["Site (ID)", "Remark"], rows=rows, kinds=["text", "text"])
    given = Table(head=["Site (ID)", "Remark"], rows=rows, kinds=["text", "text"], widths=[20, 80])
    for name, table, classes in (
        ("prose", plain, ["short", "long"]),
        ("prose", given, [None, None]),
        ("ledger", plain, [None, None]),
    ):
        figure = html.fragment_fromstring(
            str(TableFigure("tab-a", name, "here", shown, ".").html(table, None))
        )
        assert [cell.get("class") for cell in figure.xpath(".//tbody/tr/*")] == classes
