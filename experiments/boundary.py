"""The stability boundary: up to which learning rate each momentum holds the minimum, on runs.

The resting place is where ordinary initial
weights come to rest at a small rate; a weight next to it then shows, rate by rate, whether the
place attracts. The boundary is compared with ``2 (1 + beta) / lambda``, which plays no part in
this.
"""

from __future__ import annotations

import numpy as np

from experiments.loss_minimum import find_minimum, largest_stable_rate
from experiments.onset import repelling_rates, resting_place
from experiments.replicas import Loss
from experiments.settings import BoundarySettings
from juchi.core.errors import run_command
from juchi.results.experiment import Result, experiment_command

__all__ = ["main", "run"]


def run(settings: BoundarySettings) -> Result:
    """Find the boundary for every momentum: one row each, for the statistics and the figure."""
    loss = Loss.of(settings)
    momenta = np.array(settings.momenta)
    measured = repelling_rates(
        loss,
        resting_place(loss, settings.calm_rate, settings.starts, settings.steps),
        momenta,
        (settings.calm_rate, settings.last_rate),
        nudge=settings.nudge,
        steps=settings.steps,
    )
    sharpness = find_minimum(loss.configuration(settings.name)).sharpness
    predicted = np.array([largest_stable_rate(sharpness, beta) for beta in settings.momenta])
    error = np.abs(measured / predicted - 1)
    rows = {
        "momentum": momenta,
        "measured": measured,
        "predicted": predicted,
        "relative_error": error,
    }
    scalars = {"largest_relative_error": float(error.max())}
    return Result(samples=rows, curves=rows, scalars=scalars)


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, BoundarySettings, run)


if __name__ == "__main__":
    run_command(main)
