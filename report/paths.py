"""The runs of a one-weight variant, out of the tables that hold those of all variants."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from juchi.core.errors import UserError
from juchi.core.tables import Columns
from juchi.exhibits.draw import Drawing

__all__ = ["band", "starts"]

Array = NDArray[np.float64]


def starts(drawing: Drawing, variant: str, column: str) -> Array:
    """Return a column of the paths of a variant, shape ``(starts, steps + 1)``.

    A variant that is not declared is a `UserError`.
    """
    paths = drawing.curves("paths")
    rows = _rows(paths, variant)
    count = int(paths["start"][rows].max()) + 1
    return np.asarray(paths[column][rows]).reshape(count, -1)


def band(drawing: Drawing, variant: str, column: str, steps: int) -> Array:
    """Return the first rows of a column of the bands of a variant, shape ``(steps + 1,)``.

    A variant that is not declared is a `UserError`.
    """
    bands = drawing.curves("bands")
    return np.asarray(bands[column][_rows(bands, variant)])[: steps + 1]


def _rows(table: Columns, variant: str) -> NDArray[np.bool_]:
    rows: NDArray[np.bool_] = table["configuration"] == variant
    if not rows.any():
        raise UserError(
            f"report/figures/: variant {variant!r}",
            "a figure that draws a variant which is not declared",
            f"one of {', '.join(sorted(set(table['configuration'])))}",
            "declare the variant in config/experiments.yaml, or correct the figure",
        )
    return rows
