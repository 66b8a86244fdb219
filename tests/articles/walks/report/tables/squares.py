"""The mean squares of the configurations."""

from collections.abc import Mapping
from typing import Any

from juchi.exhibits.table import Context, Table

_COLUMNS = ("steps", "expected", "square", "returned")


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row."""
    del article
    return [f"{row}.{column}" for row in settings["rows"] for column in _COLUMNS]


def build(context: Context) -> Table:
    """Return one row for each configuration."""
    words = context.words
    return Table(
        head=[words["walk"], *(words["columns"][column] for column in _COLUMNS)],
        rows=[
            [words["configurations"][row]["name"]]
            + [context.printed(f"{row}.{column}") for column in _COLUMNS]
            for row in context.settings["rows"]
        ],
        kinds=["text"] + ["number"] * len(_COLUMNS),
        row_ids=[""] * len(context.settings["rows"]),
    )
