"""Tables that hold a grid of facts: a row and a column name each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from juchi.exhibits.table import Content, Table

__all__ = ["Fact", "grid", "names"]

# The name of the fact of a row and a column, or nothing where there is none.
Fact = Callable[[str, str], str | None]


def names(rows: Sequence[str], columns: Sequence[str], fact: Fact) -> list[str]:
    """Return the names of the facts, row by row."""
    found = (fact(row, column) for row in rows for column in columns)
    return [name for name in found if name]


def grid(
    head: Sequence[Content],
    rows: Mapping[str, Content],
    columns: Sequence[str],
    fact: Fact,
    print_fact: Callable[[str], Markup],
) -> Table:
    """Return a table of the facts; `rows` and `head` have the words of rows and columns."""
    return Table(
        head=[*head],
        rows=[
            [
                words,
                *(
                    print_fact(name) if (name := fact(row, column)) else Markup("–")
                    for column in columns
                ),
            ]
            for row, words in rows.items()
        ],
        kinds=["text"] + ["number"] * len(columns),
        row_ids=[f"row-{row}" for row in rows],
    )
