"""Curves by name, out of a series in long form: quantity, x, value, and a band from low to high."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from juchi.core.errors import UserError
from juchi.core.tables import Columns

__all__ = ["Curve", "curve"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """One quantity of a series, in the order of its rows; all of shape ``(points,)``."""

    x: Array
    value: Array
    low: Array
    high: Array


def curve(series: Columns, quantity: str) -> Curve:
    """Return one quantity of a series; one that the series does not have is a `UserError`."""
    rows = series["quantity"] == quantity
    if not rows.any():
        raise UserError(
            f"report/figures/: quantity {quantity!r}",
            "a figure that draws a quantity which its series does not have",
            f"one of {', '.join(sorted(set(series['quantity'])))}",
            "fix the name in the figure, or let the experiment write that quantity",
        )
    return Curve(*(np.asarray(series[name][rows]) for name in ("x", "value", "low", "high")))
