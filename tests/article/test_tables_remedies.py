"""The table of remedies: a row for each use, with its facts and the reason."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from markupsafe import Markup

from juchi.exhibits.table import Context, Table
from report.tables import remedies

SETTINGS = {
    "rows": {
        "tanh": {"proper": "tanh_small_step", "prescribed": "tanh"},
        "small_step": {"proper": "small_step"},
    }
}
COLUMNS = (
    "learning_rate",
    "eta_star",
    "sawtooth_share",
    "learned_share",
    "early_loss_ratio",
    "loss_ratio",
)
WORDS: dict[str, Any] = {
    "tables": {
        "remedy": "Remedy",
        "mechanism": "Why",
        "prescribed": "prescribed",
        "proper": "proper",
    },
    "columns": {name: name for name in COLUMNS},
    "remedies": {
        "tanh": {"name": "<tanh>", "prescribed": "thrown out", "proper": "held"},
        "small_step": {"name": "smaller", "proper": "below"},
    },
}


@pytest.fixture(scope="module")
def table() -> Table:
    context = Context(
        article={},
        words=WORDS,
        facts={},
        evaluations={},
        printed=lambda name: Markup("<i>{}</i>").format(name),
        settings=SETTINGS,
    )
    return remedies.build(context)


def test_a_remedy_stands_first_as_prescribed_then_as_it_should_be(table: Table) -> None:
    assert table.row_ids == [
        "remedy-tanh-prescribed",
        "remedy-tanh-proper",
        "remedy-small_step-proper",
    ]
    assert [row[-1] for row in table.rows] == ["thrown out", "held", "below"]
    assert all(len(row) == len(table.head) == len(table.kinds) for row in table.rows)


def test_a_row_prints_the_facts_of_its_own_variant(table: Table) -> None:
    for row, configuration in zip(
        table.rows, ("tanh", "tanh_small_step", "small_step"), strict=True
    ):
        assert row[1:-1] == [f"<i>{configuration}.{name}</i>" for name in COLUMNS]
        heading = html.fragment_fromstring(f"<p>{row[0]}</p>")
        assert heading.find("a").get("href").endswith(f"-{configuration}")
    assert html.fragment_fromstring(f"<p>{table.rows[0][0]}</p>").find("a").text == "<tanh>"


def test_the_facts_are_told_before_the_table_is_built(table: Table) -> None:
    printed = [cell for row in table.rows for cell in row[1:-1]]
    assert [f"<i>{name}</i>" for name in remedies.quoted(SETTINGS, {})] == printed
