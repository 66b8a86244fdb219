"""The map of regimes: what learning rate and momentum decide, cell by cell, from several starts.

A replica is judged over a window after a
burn-in, and is, in this order:

- diverged: its weight is not a number, or has left the range `diverged_weight` at some step;
- converged: it stays within `rest_tolerance` of the minimum throughout;
- saturated: at every step the slope at every sample is below 1 % of the largest; it has escaped to
  the flat part of the loss, from where it creeps back, if ever, ever so slowly;
- periodic: ``|w[t + p] - w[t]| <= period_tolerance`` throughout for a p from 2 to `longest_period`;
- chaotic: its largest Lyapunov exponent, of the map of weight and velocity, exceeds
  `exponent_tolerance`, and the second half of the window comes back to where the first has been
  (a replica that rolls slowly off a crest has a positive exponent too, for the time being);
- unsettled: none of these. Such a replica runs on for `patience` steps and is judged once more over
  a window of `long_window` steps, in which the exponent is known better.

Two outcomes are certain after `early` steps, and save the rest: a replica that lies still at the
minimum, to a thousandth of `rest_tolerance`, has converged; one that lies on the flat part, twice
as far out as need be, and that its velocity and its gradient cannot bring back in the time left,
ends saturated. (On its way it is moved by less than a quarter of that distance as long as the
gradient keeps its size; it grows by less than e meanwhile.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.dynamics import period
from experiments.initial_parameters import default_weights
from experiments.loss_minimum import find_minimum, largest_stable_rate
from experiments.replicas import (
    CHUNK,
    Loss,
    Observation,
    Replicas,
    advance,
    observe,
)
from experiments.settings import RegimesSettings
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = ["REGIMES", "classify", "decided", "grid", "main", "run"]

Array = NDArray[np.float64]
Codes = NDArray[np.int8]

REGIMES = ("diverged", "converged", "saturated", "periodic", "chaotic", "unsettled")
# Those that do not come to rest at the minimum; an unsettled replica still may.
_LOST = ("diverged", "saturated", "periodic", "chaotic")
# Replicas that are observed at once: a few dozen megabytes of orbits.
_OBSERVED = 8 * CHUNK
_EARLY_SHARE = 1e-3
_CODE = {name: np.int8(code) for code, name in enumerate(REGIMES)}


@dataclass(frozen=True)
class _Judge:
    """All that a verdict on a replica needs besides its orbit."""

    settings: RegimesSettings
    loss: Loss
    w_star: float

    def settle(self, replicas: Replicas) -> Codes:
        """Run the replicas, and return the regime of each."""
        settings = self.settings
        advance(self.loss, replicas, settings.early)
        codes = decided(settings, self.loss, replicas, self.w_star)
        remaining = np.arange(len(codes))
        for steps, window in (
            (settings.burn_in - settings.early, settings.window),
            (settings.patience, settings.long_window),
        ):
            open_ = np.flatnonzero(codes[remaining] == _CODE["unsettled"])
            replicas, remaining = replicas.take(open_), remaining[open_]
            advance(self.loss, replicas, steps)
            codes[remaining] = self._judged(replicas, window)
        return codes

    def _judged(self, replicas: Replicas, window: int) -> Codes:
        """Observe copies, a few at a time: the orbits of all would fill the memory."""
        codes = np.empty(replicas.count, dtype=np.int8)
        for place, part in replicas.parts(_OBSERVED):
            seen = observe(self.loss, part, window)
            codes[place] = classify(self.settings, seen, self.w_star, self.loss.flat_weight)
        return codes


def decided(settings: RegimesSettings, loss: Loss, replicas: Replicas, w_star: float) -> Codes:
    """Return which replicas need not be run to the end, as the docstring of the module says."""
    rate, momentum, weight, velocity = (
        each.numpy()
        for each in (replicas.rate, replicas.momentum, replicas.weight, replicas.velocity)
    )
    rest = _EARLY_SHARE * settings.rest_tolerance
    slope = loss.derivatives(replicas.weight)[0].abs().numpy()
    left = settings.burn_in + settings.window
    drift = rate / (1 - momentum) * (momentum * np.abs(velocity) + left * slope)
    away = np.abs(weight) - loss.flat_weight
    codes = np.full(len(weight), _CODE["unsettled"])
    codes[(away > loss.flat_weight) & (drift < loss.flat_weight / 4)] = _CODE["saturated"]
    codes[(np.abs(weight - w_star) <= rest) & (rate * np.abs(velocity) <= rest)] = _CODE[
        "converged"
    ]
    return codes


def classify(
    settings: RegimesSettings, seen: Observation, w_star: float, flat_weight: float
) -> Codes:
    """Return the regime of each replica, an index into `REGIMES`, from its window."""
    orbit = seen.weight.numpy()
    low, high = orbit.min(axis=0), orbit.max(axis=0)
    held = np.full(orbit.shape[1], _CODE["unsettled"])
    returns = _returns(orbit)
    held[returns & (seen.exponent.numpy() > settings.exponent_tolerance)] = _CODE["chaotic"]
    held[period(orbit, settings.longest_period, settings.period_tolerance) > 1] = _CODE["periodic"]
    held[(low > flat_weight) | (high < -flat_weight)] = _CODE["saturated"]
    near = np.maximum(high - w_star, w_star - low) <= settings.rest_tolerance
    held[near] = _CODE["converged"]
    bounded = np.maximum(high, -low) <= settings.diverged_weight
    held[~bounded] = _CODE["diverged"]
    return held


def _returns(orbit: Array) -> NDArray[np.bool_]:
    """Return whether the second half of an orbit comes back to where the first half has been.

    One that rolls slowly down the same slope all the time does not, whatever its exponent.
    """
    first, second = np.array_split(orbit, 2)
    return np.asarray(
        (first.min(axis=0) <= second.max(axis=0)) & (second.min(axis=0) <= first.max(axis=0))
    )


def grid(settings: RegimesSettings) -> tuple[Array, Array]:
    """Return learning rates, from one step up, and momenta, evenly spaced from 0 to less than 1."""
    rates = np.arange(1, settings.rates + 1) / settings.rates_per_unit
    return rates, np.arange(settings.momenta) / settings.momenta


def run(settings: RegimesSettings) -> Result:
    """Judge every cell of the grid, and the places of interest from many more starts."""
    loss = Loss.of(settings)
    minimum = find_minimum(loss.configuration(settings.name))
    assert minimum.w_star is not None
    judge = _Judge(settings, loss, minimum.w_star)
    cells = _map(settings, judge)
    return Result(
        samples=_places(settings, judge),
        curves=cells,
        scalars=_against_bound(settings, minimum.sharpness, cells),
    )


def _map(settings: RegimesSettings, judge: _Judge) -> Columns:
    """Return for each cell how many of its starts are in each regime."""
    rates, momenta = grid(settings)
    starts = default_weights(settings.starts).numpy()
    codes = judge.settle(Replicas.start(rates[:, None], momenta[:, None, None], starts))
    cells = codes.reshape(-1, settings.starts)
    return {
        "momentum": np.repeat(momenta, len(rates)),
        "learning_rate": np.tile(rates, len(momenta)),
        **{name: (cells == code).sum(axis=1).astype(np.int16) for name, code in _CODE.items()},
    }


def _places(settings: RegimesSettings, judge: _Judge) -> Columns:
    """Return one row for each start at each place, with a column for each regime."""
    starts = default_weights(settings.place_starts).numpy()
    rate, momentum = np.array([*settings.places.values()], dtype=float).T[:, :, None]
    codes = judge.settle(Replicas.start(rate, momentum, starts))
    count = len(settings.places)
    return {
        "place": np.repeat(np.array([*settings.places], dtype=object), len(starts)),
        "start": np.tile(np.arange(len(starts), dtype=np.int32), count),
        **{name: codes == code for name, code in _CODE.items()},
    }


def _against_bound(settings: RegimesSettings, sharpness: float, cells: Columns) -> dict[str, Any]:
    """Hold the map against ``2 (1 + beta) / lambda``: is it necessary, is it sufficient.

    Cells nearer to the bound than a step of the grid are left out: there orbits settle too slowly.
    """
    momentum, step = cells["momentum"], 1 / settings.rates_per_unit
    distance = cells["learning_rate"] - largest_stable_rate(sharpness, 0) * (1 + momentum)
    below, above = distance <= -step, distance >= step
    lost = sum(cells[name] for name in _LOST) / settings.starts
    failing = below & (lost > 1 - settings.learned_share)
    cycling = below & (cells["periodic"] > 0)
    total = len(momentum) * settings.starts
    return {
        "cells": len(momentum),
        "below_cells": int(below.sum()),
        **{
            f"{name}_below": float(each.sum() / below.sum()) if below.any() else None
            for name, each in {"failing": failing, "cycling": cycling}.items()
        },
        "first_failing_momentum": float(momentum[failing].min()) if failing.any() else None,
        "above_cells": int(above.sum()),
        "converged_above": int((above & (cells["converged"] > 0)).sum()),
        **{f"{name}_share": float(cells[name].sum() / total) for name in REGIMES},
    }


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, RegimesSettings, run)


if __name__ == "__main__":
    run_command(main)
