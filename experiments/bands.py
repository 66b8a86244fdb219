"""The loss of the runs of one weight, step by step: quantiles over all starts."""

from __future__ import annotations

import numpy as np

from experiments.settings import BandsSettings
from experiments.trajectories import Trajectories, bounded, of_each
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Inputs, Result, analysis_command

__all__ = ["analyse", "bands", "main"]

# The quantiles: the lower end of the band, its middle, the upper end.
BAND = (0.1, 0.5, 0.9)


def analyse(_settings: BandsSettings, inputs: Inputs) -> Result:
    """Take the bands of the result of every configuration."""
    return Result(curves=of_each(inputs, bands))


def bands(name: str, trajectories: Trajectories, diverged_weight: float) -> Columns:
    """Return the quantiles `BAND` of the loss over the starts, a row for each step.

    The loss of a start that has diverged is above all others; a quantile among those is NaN.
    """
    # Not infinity: between that and a number there is nothing to interpolate, even at the number.
    lost = np.finfo(np.float64).max
    loss = np.where(bounded(trajectories, diverged_weight), trajectories["loss"], lost)
    highest = np.max(loss, axis=1, where=loss < lost, initial=-np.inf)
    quantiles = np.quantile(loss, BAND, axis=1)
    low, median, high = np.where(quantiles <= highest, quantiles, np.nan)
    return {
        "configuration": np.full(len(median), name, dtype=object),
        "step": np.arange(len(median), dtype=np.int32),
        "loss_low": low,
        "loss_median": median,
        "loss_high": high,
    }


def main() -> None:
    """Analyse the results that the command line names."""
    analysis_command(__doc__, BandsSettings, analyse)


if __name__ == "__main__":
    run_command(main)
