"""Digits in the cells of a table that a module makes: those of facts, of labels, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.exhibits.table import Cell, Context, Table, identifier
from juchi.html.prose import words_as_html
from juchi.html.typed_numbers import refuse_typed_numbers
from juchi.results.facts import Fact

TOLD = {("0.12345", "0.12"), ("1e-10", "1 × 10−10")}
PRINTED = Markup('<data value="0.12345">0.12</data>')


def refuse(*cells: str | Markup | Cell, head: str = "Rate") -> None:
    article: dict[str, Any] = {
        "numerals": ["GPT-2"],
        "tables": {"a": {"labels": {"adam": "Adam 0.9"}, "rows": [3]}},
        "claims": {"calm": {"quotes": [{"words": "in 7 of 10 runs", "section": "4.2"}]}},
        "findings": {},
    }
    facts = {"mini_2.loss": Fact(1.0, "1", None, None, "")}
    words = {"translations": {"calm": ["within 9 steps"]}}
    context = Context(article, words, facts, {}, Markup)
    table = Table([head], [[cell] for cell in cells], ["text"])

    def as_html(content: str | Markup) -> Markup:
        return content if isinstance(content, Markup) else words_as_html(content)

    refuse_typed_numbers(table, "a", context, as_html, TOLD)


@pytest.mark.parametrize(
    "cell",
    [
        PRINTED,
        Cell(PRINTED),
        Markup("<a href='provenance.html#12'>{}</a> ± {}").format(PRINTED, PRINTED),
        Markup('<data value="1e-10">1\xa0×\xa010<sup>−10</sup></data>'),
        "no number",
        "$x^2$ and $H_1$",
        "Adam 0.9",
        "with GPT-2",
        "3",
        Markup("“in 7 of 10 runs” (4.2)"),
        "“within 9 steps”",
        identifier("mini_2.loss"),
        identifier("mini_2"),
    ],
)
def test_facts_labels_and_names_pass(cell: str | Markup | Cell) -> None:
    refuse(cell)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("0.91", "0.91"),
        (Markup("<b>0.91</b>"), "0.91"),
        ("Adam 0.95", "0.95"),
        ("3.5", "3.5"),
        ("0.3", "0.3"),
        ("12", "12"),
        ("１２", "12"),
        ("H₂O²", "2"),
        ("$0.73$", "0.73"),
        (Markup("x<sup>12</sup>"), "12"),
        # A number that no fact has printed, however it is dressed.
        (Markup('<data value="0.99">0.99</data>'), "0.99"),
        (Markup('<data value="0.12345">0.13</data>'), "0.13"),
        (Cell("0.91", columns=1), "0.91"),
        ("mini_22", "22"),
    ],
)
def test_typed_digits_are_refused_by_table_and_cell(cell: str | Markup | Cell, found: str) -> None:
    with pytest.raises(UserError) as caught:
        refuse("first", cell)
    message = str(caught.value)
    assert "report/tables/a.py: the row " in message
    assert f"the number {found} stands literally" in message


def test_heads_are_held_to_the_same_rule() -> None:
    with pytest.raises(UserError, match=r"the heads\n.*the number 10 stands"):
        refuse("x", head="Top 10")
