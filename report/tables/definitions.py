"""What counts as a sawtooth and as learned, by the definition that was set and by moved ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from juchi.exhibits.table import Context, Table
from report.grids import grid, names
from report.sensitivity import DEFINITIONS

__all__ = ["build", "quoted"]

_COLUMNS = [f"{moved}{share}" for share, each in DEFINITIONS.items() for moved in ("", *each)]


def _fact(configuration: str, column: str) -> str:
    return f"{configuration}.{column}"


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row."""
    del article
    return names(settings["rows"], _COLUMNS, _fact)


def build(context: Context) -> Table:
    """Return one row for each configuration, in the declared order."""
    words = context.words
    own = words["tables"]["definitions"]
    head = [words["tables"]["configuration"], *(own[column] for column in _COLUMNS)]
    rows = {name: words["configurations"][name]["name"] for name in context.settings["rows"]}
    return grid(head, rows, _COLUMNS, _fact, context.printed)
