"""The recorded ways of many starts: as a table, and read from one.

Free of torch, so that what only reads results does not depend on what makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments import measures
from experiments.columns import stacked
from juchi.core.errors import UserError
from juchi.core.records import remake
from juchi.core.tables import Columns
from juchi.results.experiment import Inputs, StoredResult

__all__ = ["Trajectories", "as_columns", "bounded", "of_each", "recorded", "stored"]

# Quantities by name, float64, each of the shape ``(steps + 1, starts)``.
Trajectories = dict[str, measures.Array]

# What every run records; some record more.
RECORDED = ("step", "start", "weight", "loss", "saturated", "lowest_output")


def as_columns(trajectories: Trajectories) -> Columns:
    """Return trajectories in long form: step by step, and in each step start by start."""
    rows, starts = trajectories["weight"].shape
    index = {
        "step": np.repeat(np.arange(rows, dtype=np.int32), starts),
        "start": np.tile(np.arange(starts, dtype=np.int32), rows),
    }
    return {**index, **{name: values.ravel() for name, values in trajectories.items()}}


def stored(result: StoredResult) -> Trajectories:
    """Return the trajectories of a configuration of the experiment with one weight."""
    return recorded(result.curves, result.path("curves"))


def of_each(inputs: Inputs, take: Callable[[str, Trajectories, float], Columns]) -> Columns:
    """Return one table of what is taken of every configuration.

    Parameters
    ----------
    inputs
        The results of the experiment with one weight.
    take
        A function of the name, the trajectories, and the weight beyond which a run has diverged.
    """
    return stacked(
        take(name, stored(result), result.settings["diverged_weight"])
        for name, result in inputs.results.items()
    )


def recorded(columns: Columns, path: Path) -> Trajectories:
    """Return what `as_columns` made a table of; another table is a `UserError`.

    Parameters
    ----------
    columns
        The table.
    path
        The file that it was read from, for the message.
    """
    for name in RECORDED:
        if name not in columns:
            raise _no_run(path, f"no column {name!r}")
    step, start = columns["step"], columns["start"]
    shape = (int(step.max(initial=-1)) + 1, int(start.max(initial=-1)) + 1)
    cells = shape[0] * shape[1]
    if not cells or not np.array_equal(step * shape[1] + start, np.arange(cells)):
        raise _no_run(path, f"{len(step)} rows that are not all steps of all starts, in order")
    return {
        name: values.reshape(shape)
        for name, values in columns.items()
        if name not in ("step", "start")
    }


def _no_run(path: Path, found: str) -> UserError:
    return UserError(
        where=str(path),
        found=found,
        expected=f"the columns {', '.join(RECORDED)}; a row for every step of every start",
        hint=remake(path),
    )


def bounded(trajectories: Trajectories, diverged_weight: float) -> NDArray[np.bool_]:
    """Return at which steps a start has not diverged yet, shape ``(steps + 1, starts)``."""
    return measures.within_bounds(trajectories["weight"], trajectories["loss"], diverged_weight)
