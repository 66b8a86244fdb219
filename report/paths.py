"""The runs of one weight, out of the tables that hold those of all configurations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from juchi.core.errors import UserError
from juchi.core.tables import Columns
from juchi.exhibits.draw import Drawing

__all__ = ["band", "starts"]

Array = NDArray[np.float64]


def starts(drawing: Drawing, configuration: str, column: str) -> Array:
    """Return a column of the paths of a configuration, shape ``(starts, steps + 1)``.

    A configuration that is not declared is a `UserError`.
    """
    paths = drawing.curves("paths")
    rows = _rows(paths, configuration)
    count = int(paths["start"][rows].max()) + 1
    return np.asarray(paths[column][rows]).reshape(count, -1)


def band(drawing: Drawing, configuration: str, column: str, steps: int) -> Array:
    """Return the first rows of a column of the bands of a configuration, shape ``(steps + 1,)``.

    A configuration that is not declared is a `UserError`.
    """
    bands = drawing.curves("bands")
    return np.asarray(bands[column][_rows(bands, configuration)])[: steps + 1]


def _rows(table: Columns, configuration: str) -> NDArray[np.bool_]:
    rows: NDArray[np.bool_] = table["configuration"] == configuration
    if not rows.any():
        raise UserError(
            f"report/figures/: configuration {configuration!r}",
            "a figure that draws a configuration which is not declared",
            f"one of {', '.join(sorted(set(table['configuration'])))}",
            "declare the configuration in config/experiments.yaml, or correct the figure",
        )
    return rows
