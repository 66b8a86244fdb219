"""Cobwebs: the map that takes the weight one step on, and an orbit on it, at several rates.

One step of gradient descent on one weight is ``w <- F(w) = w - eta L'(w)``. The minimiser is where
``F`` meets the diagonal, and what happens near it hangs on the slope there,
``F'(w*) = 1 - eta lambda``: between 0 and 1 the weight creeps to it, between -1 and 0 it jumps to
and fro with ever smaller jumps, and below -1 the minimiser repels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from experiments import engine
from experiments.columns import stacked
from experiments.dynamics import period
from experiments.loss_minimum import LossMinimum, find_minimum
from experiments.measures import Array
from experiments.objective import Objective
from experiments.settings import CobwebSettings, OneWeight, Walk, whole
from experiments.trajectories import Trajectories
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = ["Traced", "main", "one_step_map", "run", "trace"]


@dataclass(frozen=True)
class Traced:
    """A case with its map on a grid of weights, its orbit, and the minimum between them."""

    configuration: OneWeight
    minimum: LossMinimum
    grid: Array
    mapped: Array
    orbit: Trajectories

    @property
    def slope(self) -> float:
        """The map's slope at the minimiser, ``1 - eta lambda``."""
        return 1 - self.configuration.learning_rate * self.minimum.sharpness


def one_step_map(configuration: OneWeight, weights: Array) -> Array:
    """Return ``F(w) = w - eta L'(w)`` at each of the weights."""
    objective = Objective(configuration)
    w = torch.from_numpy(weights)
    _, gradient, _ = objective.gradients(objective.start(w))
    return np.asarray((w - configuration.learning_rate * gradient["weight"]).numpy())


def trace(settings: CobwebSettings, case: Walk) -> Traced:
    """Return the map and the orbit of a case."""
    configuration = settings.configuration(case)
    grid = np.linspace(*case.window, settings.points)
    start = torch.tensor([case.start], dtype=torch.float64)
    return Traced(
        configuration=configuration,
        minimum=find_minimum(configuration),
        grid=grid,
        mapped=one_step_map(configuration, grid),
        orbit=engine.train(configuration, start),
    )


def run(settings: CobwebSettings) -> Result:
    """Trace every case."""
    traced = {name: trace(settings, case) for name, case in settings.cases.items()}
    rows = [_row(name, each, settings) for name, each in traced.items()]
    return Result(
        samples={key: np.array([row[key] for row in rows]) for key in rows[0]},
        curves=_curves(traced, settings.steps_drawn),
        scalars={
            f"{row['case']}_{key}": value
            for row in rows
            for key, value in row.items()
            if key != "case"
        },
    )


def _row(name: str, traced: Traced, settings: CobwebSettings) -> dict[str, Any]:
    """Return the numbers of one case; `period` is that of the orbit's second half, 0 for none."""
    late = traced.orbit["weight"][settings.steps // 2 :]
    found = period(late, settings.longest_period, settings.period_tolerance)
    return {
        "case": name,
        "learning_rate": whole(traced.configuration.learning_rate),
        "w_star": traced.minimum.w_star,
        "sharpness": traced.minimum.sharpness,
        "eta_star": traced.minimum.eta_star,
        "slope": traced.slope,
        "period": int(found[0]),
        "amplitude": float(np.ptp(late)),
        "final_weight": float(late[-1, 0]),
        "saturated": float(traced.orbit["saturated"][-1, 0]),
    }


def _curves(traced: Mapping[str, Traced], steps: int) -> Columns:
    """Return the points ``(weight, next)`` of every case: its map, then its first steps."""
    parts = []
    for name, each in traced.items():
        orbit = each.orbit["weight"][: steps + 1, 0]
        for kind, weight, after in (
            ("map", each.grid, each.mapped),
            ("orbit", orbit[:-1], orbit[1:]),
        ):
            labels = {
                key: np.full(len(weight), value, dtype=object)
                for key, value in (("case", name), ("kind", kind))
            }
            parts.append({**labels, "weight": weight, "next": after})
    return stacked(parts)


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, CobwebSettings, run)


if __name__ == "__main__":
    run_command(main)
