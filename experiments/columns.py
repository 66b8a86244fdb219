"""Tables one below the other."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from juchi.core.tables import Columns

__all__ = ["stacked"]


def stacked(tables: Iterable[Columns]) -> Columns:
    """Return the tables one below the other; a measure that one does not have is NaN there."""
    tables = list(tables)
    names = dict.fromkeys(name for table in tables for name in table)
    return {
        name: np.concatenate(
            [table.get(name, np.full(len(next(iter(table.values()))), np.nan)) for table in tables]
        )
        for name in names
    }
