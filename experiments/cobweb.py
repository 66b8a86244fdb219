"""Cobwebs: the map that takes the weight one step on, and an orbit on it, at several rates.

One step of gradient descent on one weight is ``w <- F(w) = w - eta L'(w)``. The minimiser is where
``F`` meets the diagonal, and what happens near it hangs on the slope there,
``F'(w*) = 1 - eta lambda``: between 0 and 1 the weight creeps to it, between -1 and 0 it jumps to
and fro with ever smaller jumps, and below -1 the minimiser repels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from experiments import engine
from experiments.dynamics import period
from experiments.engine import Trajectories
from experiments.landscape import Landscape, survey
from experiments.measures import Array
from experiments.objective import Objective
from experiments.variant import Variant
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.study import Outcome, study_command

__all__ = ["Case", "CobwebSettings", "Traced", "carry_out", "one_step_map", "trace"]


@dataclass(frozen=True)
class Case:
    """One cobweb.

    Attributes
    ----------
    activation
        A function of `experiments.activations`.
    learning_rate
        eta.
    start
        The weight at which the orbit begins.
    window
        The range of weights over which the map is drawn.
    """

    activation: str
    learning_rate: float
    start: float
    window: tuple[float, float]


@dataclass(frozen=True)
class CobwebSettings:
    """The settings of the study; see the keys of the configuration's `studies.cobweb`."""

    name: str
    inputs: tuple[float, ...]
    targets: tuple[float, ...]
    points: int
    steps_drawn: int
    steps: int
    longest_period: int
    period_tolerance: float
    cases: Mapping[str, Case]

    @classmethod
    def from_config(cls, settings: Mapping[str, Any]) -> CobwebSettings:
        """Make the settings of a validated entry of the configuration."""
        lists = {key: tuple(map(float, settings[key])) for key in ("inputs", "targets")}
        cases = {
            name: Case(**{**entry, "window": tuple(entry["window"])})
            for name, entry in settings["cases"].items()
        }
        return cls(**{**settings, **lists, "cases": cases})

    def variant(self, case: Case) -> Variant:
        """Return the one-weight variant of a case."""
        return replace(
            Variant.plain(self.name, case.activation, self.inputs, self.targets),
            learning_rate=case.learning_rate,
            steps=self.steps,
            burn_in=self.steps // 2,
        )


@dataclass(frozen=True)
class Traced:
    """A case with its map on a grid of weights, its orbit, and the minimum between them."""

    variant: Variant
    landscape: Landscape
    grid: Array
    mapped: Array
    orbit: Trajectories

    @property
    def slope(self) -> float:
        """The map's slope at the minimiser, ``1 - eta lambda``."""
        return 1 - self.variant.learning_rate * self.landscape.sharpness


def one_step_map(variant: Variant, weights: Array) -> Array:
    """Return ``F(w) = w - eta L'(w)`` at each of the weights."""
    objective = Objective(variant)
    w = torch.from_numpy(weights)
    _, gradient, _ = objective.gradients(objective.start(w))
    return np.asarray((w - variant.learning_rate * gradient["weight"]).numpy())


def trace(settings: CobwebSettings, case: Case) -> Traced:
    """Return the map and the orbit of a case."""
    variant = settings.variant(case)
    grid = np.linspace(*case.window, settings.points)
    start = torch.tensor([case.start], dtype=torch.float64)
    return Traced(
        variant=variant,
        landscape=survey(variant),
        grid=grid,
        mapped=one_step_map(variant, grid),
        orbit=engine.train(variant, start),
    )


def carry_out(settings: Mapping[str, Any]) -> Outcome:
    """Trace every case."""
    chosen = CobwebSettings.from_config(settings)
    traced = {name: trace(chosen, case) for name, case in chosen.cases.items()}
    rows = [_row(name, each, chosen) for name, each in traced.items()]
    return Outcome(
        runs={key: np.array([row[key] for row in rows]) for key in rows[0]},
        series=_series(traced, chosen.steps_drawn),
        record={
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
        "learning_rate": traced.variant.learning_rate,
        "w_star": traced.landscape.w_star,
        "sharpness": traced.landscape.sharpness,
        "eta_star": traced.landscape.eta_star,
        "slope": traced.slope,
        "period": int(found[0]),
        "amplitude": float(np.ptp(late)),
        "final_weight": float(late[-1, 0]),
        "saturated": float(traced.orbit["saturated"][-1, 0]),
    }


def _series(traced: Mapping[str, Traced], steps: int) -> Columns:
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
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


if __name__ == "__main__":
    run_command(lambda: study_command(__doc__, carry_out))
