"""What figures show of the runs of one weight: the first steps of the first starts."""

from __future__ import annotations

import numpy as np

from experiments.settings import PathsSettings
from experiments.trajectories import Trajectories, bounded, of_each
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Inputs, Result, analysis_command

__all__ = ["analyse", "main", "paths"]

DRAWN_STARTS = 16
DRAWN_STEPS = 100


def analyse(_settings: PathsSettings, inputs: Inputs) -> Result:
    """Take the paths out of the result of every configuration."""
    return Result(curves=of_each(inputs, paths))


def paths(name: str, trajectories: Trajectories, diverged_weight: float) -> Columns:
    """Return a row for each step of each start that is drawn.

    NaN from where a start has diverged.
    """
    within = bounded(trajectories, diverged_weight)
    weight, loss = (
        np.where(within, trajectories[quantity], np.nan)[: DRAWN_STEPS + 1, :DRAWN_STARTS]
        for quantity in ("weight", "loss")
    )
    steps, starts = weight.shape
    return {
        "configuration": np.full(weight.size, name, dtype=object),
        "start": np.repeat(np.arange(starts, dtype=np.int32), steps),
        "step": np.tile(np.arange(steps, dtype=np.int32), starts),
        "weight": weight.T.ravel(),
        "loss": loss.T.ravel(),
    }


def main() -> None:
    """Analyse the results that the command line names."""
    analysis_command(__doc__, PathsSettings, analyse)


if __name__ == "__main__":
    run_command(main)
