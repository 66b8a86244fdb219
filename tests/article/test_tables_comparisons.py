"""The table of paired comparisons: one row for each pair, with the facts that it says it quotes."""

from __future__ import annotations

from markupsafe import Markup

from juchi.exhibits.table import Context
from report.tables import comparisons

PAIRS = ["sigmoid_tanh", "sigmoid_centred"]
COLUMNS = [name.removeprefix("comparison.a_") for name in comparisons.quoted({"pairs": ["a"]}, {})]
WORDS = {
    "tables": {
        "pair": "Pair",
        "isolates": "Isolates",
        "comparisons": {
            "pairs": {pair: f"name of {pair}" for pair in PAIRS},
            "isolates": {pair: f"sense of {pair}" for pair in PAIRS},
            "columns": {column: f"head of {column}" for column in COLUMNS},
        },
    }
}


def test_a_row_for_each_pair_in_the_declared_order() -> None:
    settings = {"pairs": PAIRS}
    context = Context({}, WORDS, {}, {}, lambda name: Markup("<i>{}</i>").format(name), settings)
    table = comparisons.build(context)
    assert table.row_ids == ["pair-sigmoid_tanh", "pair-sigmoid_centred"]
    assert table.head[:2] == ["Pair", "Isolates"]
    assert table.kinds == ["text", "text", *["number"] * len(COLUMNS)]
    quoted = [f"<i>{name}</i>" for name in comparisons.quoted(settings, {})]
    for pair, row in zip(PAIRS, table.rows, strict=True):
        link = f"provenance.html#fact-comparison.{pair}_{COLUMNS[0]}"
        assert row[:2] == [f'<a href="{link}">name of {pair}</a>', f"sense of {pair}"]
        assert row[2:] == [name for name in quoted if f".{pair}_" in name]
        assert len(row) == len(table.head) == len(table.kinds)
