"""The second part of the ledger: what the article itself concludes, put on trial alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from juchi.exhibits.ledger import part
from juchi.exhibits.table import Context, Table

__all__ = ["build", "quoted"]

# The columns of the ledger that it has: the statement, the test, and the verdict.
_COLUMNS = (0, 1, 3)


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return nothing: the facts of a finding are those that it has read."""
    del settings, article
    return []


def build(context: Context) -> Table:
    """Return one row for each finding, in the declared order.

    What it has read stands where its origin is told: here it would weigh more than all the rest.
    """
    whole = part("findings", "finding", context)
    return Table(
        head=[whole.head[column] for column in _COLUMNS],
        rows=[[row[column] for column in _COLUMNS] for row in whole.rows],
        kinds=[whole.kinds[column] for column in _COLUMNS],
        row_ids=whole.row_ids,
        cards=True,
    )
