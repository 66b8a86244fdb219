"""The stability boundary: up to which learning rate each momentum holds the minimum, on runs.

``python -m experiments.boundary --settings JSON ...``. The resting place is where ordinary initial
weights come to rest at a small rate; a weight next to it then shows, rate by rate, whether the
place attracts. The boundary is held against ``2 (1 + beta) / lambda``, which plays no part in this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.landscape import largest_stable_rate, survey
from experiments.onset import repelling_rates, resting_place
from experiments.replicas import OneWeightStudy
from juchi.core.errors import run_command
from juchi.results.study import Outcome, study_command

__all__ = ["BoundarySettings", "carry_out"]


@dataclass(frozen=True)
class BoundarySettings(OneWeightStudy):
    """The settings of one boundary; see the keys of the configuration's `studies.boundary`."""

    momenta: tuple[float, ...]
    calm_rate: float
    last_rate: float
    starts: int
    steps: int
    nudge: float


def carry_out(settings: Mapping[str, Any]) -> Outcome:
    """Find the boundary for every momentum: one row each, for the statistics and the figure."""
    chosen = BoundarySettings.from_config(settings)
    loss = chosen.loss
    momenta = np.array(chosen.momenta)
    measured = repelling_rates(
        loss,
        resting_place(loss, chosen.calm_rate, chosen.starts, chosen.steps),
        momenta,
        (chosen.calm_rate, chosen.last_rate),
        nudge=chosen.nudge,
        steps=chosen.steps,
    )
    sharpness = survey(loss.variant(chosen.name)).sharpness
    predicted = np.array([largest_stable_rate(sharpness, beta) for beta in chosen.momenta])
    error = np.abs(measured / predicted - 1)
    rows = {
        "momentum": momenta,
        "measured": measured,
        "predicted": predicted,
        "relative_error": error,
    }
    return Outcome(runs=rows, series=rows, record={"largest_relative_error": float(error.max())})


if __name__ == "__main__":
    run_command(lambda: study_command(__doc__, carry_out))
