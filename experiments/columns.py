"""Tables one below the other, and curves as such tables."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from juchi.core.tables import Columns

__all__ = ["curve", "stacked"]


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


def curve(
    quantity: str,
    x: ArrayLike,
    value: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
) -> Columns:
    """Return rows of the long form; a curve without a band has it at its own value."""
    columns = np.broadcast_arrays(
        np.atleast_1d(x), value, value if low is None else low, value if high is None else high
    )
    x, value, low, high = (np.asarray(each, dtype=np.float64) for each in columns)
    names = np.full(len(x), quantity, dtype=object)
    return {"quantity": names, "x": x, "value": value, "low": low, "high": high}
