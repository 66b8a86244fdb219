"""Steps and detour at the minimax rate and at the rate with the fewest steps, by features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from juchi.exhibits.table import Cell, Context, Table
from report.grids import grid, names

__all__ = ["build", "quoted"]

_COLUMNS = (
    "condition",
    "positive_products",
    "minimax_share",
    "minimax_steps",
    "minimax_detour",
    "share",
    "steps",
    "detour",
    "saved",
)
_WIDTHS = ("", "widest_")


def _rows(settings: Mapping[str, Any]) -> list[str]:
    """Return what the names of the facts of each row begin with."""
    return [f"{name}.{width}" for width in _WIDTHS for name in settings["rows"]]


def _fact(row: str, column: str) -> str:
    return row + column


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row."""
    del article
    return names(_rows(settings), _COLUMNS, _fact)


def build(context: Context) -> Table:
    """Return a row for each kind of features, with two of them and with the most."""
    words, own = context.words, context.words["tables"]["fewest"]
    rows = {}
    for row in _rows(context.settings):
        name, _, width = row.partition(".")
        short = words["configurations"][name]["short"]
        rows[row] = Markup("{}{}{}").format(short, own["between"], own[width or "two"])
    heads = [own["features"], *(own[column] for column in _COLUMNS)]
    table = grid(heads, rows, _COLUMNS, _fact, context.printed)
    groups = [*_over_both_rows(heads[:3]), Cell(own["at_minimax"], 3), Cell(own["at_fewest"], 3)]
    return replace(table, groups=[[*groups, *_over_both_rows(heads[-1:])]], head=heads[3:-1])


def _over_both_rows(heads: Sequence[str]) -> list[Cell]:
    """Return the heads that belong to no group."""
    return [Cell(head, rows=2) for head in heads]
