"""The learning rate swept: where the sawtooth begins, what comes after, what theory foretells.

Many rates, each from many initial weights:
a burn-in, then a window in which the orbits are measured. Where the behaviour changes, the rate is
then bracketed by runs of its own. A replica's period is the least p up to `longest_period` with
``|w[t + p] - w[t]| <= period_tolerance`` throughout the window; it ends saturated if throughout the
window every sample's slope is below 1 % of the largest.

The rates of change, all of them judged from runs alone:

- ``onset``: of the orbits from ordinary initial weights, period one gives way to two.
- ``onset_nearby``: a deviation of `nudge` from the resting place no longer dies away. Were it not
  the same rate as ``onset``, the change would be hard: two attractors between the two.
- ``period_4`` to ``period_32``: the doublings after it, as far as the sweep resolves them.
- ``chaos``: the first swept rate at which the median exponent exceeds `exponent_tolerance`.

Around the marked rate a finer sweep tells what lies on both sides, up to the share `nearby` of it:
``windows_below``, the share of the rates just below it at which the median exponent is below
``-exponent_tolerance``; ``exponent_beyond``, the mean of the median exponents just above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments import dynamics
from experiments.initial_parameters import default_weights
from experiments.loss_minimum import find_minimum
from experiments.measures import amplitude, flip_share
from experiments.onset import (
    doubling_rates,
    normal_form,
    repelling_rates,
    resting_place,
    swing_growth,
)
from experiments.replicas import CHUNK, Loss, Replicas, advance, observe
from experiments.settings import SweepSettings
from juchi.core.errors import UserError, run_command
from juchi.core.progress import track
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = ["main", "run", "swept_rates"]

Array = NDArray[np.float64]
Scalars = dict[str, Any]

# Doublings looked for: the period before each, and the name of the rate where it doubles.
_DOUBLINGS = {1: "onset", 2: "period_4", 4: "period_8", 8: "period_16", 16: "period_32"}
# Three gaps are two ratios; the first, from the onset itself, is far from the limit.
_LEAST_DOUBLINGS = 4
# The swing just above the onset is fitted between these distances from it, relative to it: so
# near that the square root is all there is, so far that the orbits have settled.
_DISTANCES = np.geomspace(3e-4, 3e-3, 64)
# These orbits begin here, by the resting place: farther out than the swing will be.
_ASIDE = 1.1
# Orbits whose highest weights differ by more are different orbits.
_SAME_ORBIT = 1e-3
# Decimals of the weights in the diagram: finer than a picture shows.
_DECIMALS = 4
_HALF = 0.5


@dataclass(frozen=True)
class Swept:
    """What the windows showed: `rate` is ``(rates,)``, the others are ``(rates, starts)``.

    `drawn`, ``(rates, points)``, holds weights of the windows' ends for the diagram.
    """

    rate: Array
    lyapunov: Array
    period: Array
    amplitude: Array
    highest: Array
    saturated: NDArray[np.bool_]
    drawn: Array


def swept_rates(first: float, last: float, per_unit: int) -> Array:
    """Return the rates from `first` to `last`, `per_unit` of them to one: short decimals."""
    return np.arange(round(first * per_unit), round(last * per_unit) + 1) / per_unit


def run(settings: SweepSettings) -> Result:
    """Sweep, bracket the changes, and hold them against the theory."""
    swept = _sweep(settings)
    chaotic = np.median(swept.lyapunov, axis=1) > settings.exponent_tolerance
    chaos = _first(swept.rate, chaotic)
    changes = _doublings(settings, swept, chaos)
    return Result(
        samples=_marked(settings),
        curves=_curves(swept),
        scalars={
            **changes,
            **_feigenbaum(changes),
            "chaos": chaos,
            **_against_theory(settings, changes["onset"]),
            **_ends(swept, changes["onset"]),
            **_beside(settings),
        },
    )


def _observed(
    settings: SweepSettings, rates: Array, starts: int, window: int
) -> tuple[Array, Array]:
    """Return orbits ``(window + 1, replicas)`` and exponents after the burn-in, rate by rate."""
    weights = default_weights(starts).numpy()
    replicas = Replicas.start(rates[:, None], np.zeros(1), weights)
    advance(Loss.of(settings), replicas, settings.burn_in)
    seen = observe(Loss.of(settings), replicas, window)
    return seen.weight.numpy(), seen.exponent.numpy()


def _measures(settings: SweepSettings, orbit: Array, exponent: Array) -> Columns:
    """Return the measures of each replica of a window."""
    return {
        "lyapunov": exponent,
        "period": dynamics.period(orbit, settings.longest_period, settings.period_tolerance),
        "amplitude": amplitude(orbit, 0),
        "highest": orbit.max(axis=0),
        "saturated": (np.abs(orbit) > Loss.of(settings).flat_weight).all(axis=0),
    }


def _sweep(settings: SweepSettings) -> Swept:
    """Run all rates, a band of them at a time: the orbits of all would not fit the memory."""
    rate = swept_rates(settings.first_rate, settings.last_rate, settings.rates_per_unit)
    found: list[tuple[Columns, Array]] = []
    bands = np.array_split(rate, -(-len(rate) * settings.starts // CHUNK))
    for band in track(bands, len(bands)):
        orbit, exponent = _observed(settings, band, settings.starts, settings.window)
        ends = orbit[-settings.rows_drawn :].reshape(-1, len(band), settings.starts)
        drawn = ends[:, :, : settings.starts_drawn].swapaxes(0, 1).reshape(len(band), -1)
        found.append((_measures(settings, orbit, exponent), drawn))
    whole = {
        name: np.concatenate([each[name] for each, _ in found]).reshape(len(rate), -1)
        for name in found[0][0]
    }
    return Swept(rate=rate, drawn=np.concatenate([drawn for _, drawn in found]), **whole)


def _marked(settings: SweepSettings) -> Columns:
    """Return the measures of many starts at the marked rate, one row each."""
    orbit, exponent = _observed(
        settings, np.array([settings.marked_rate]), settings.marked_starts, settings.marked_window
    )
    measured = _measures(settings, orbit, exponent)
    return {
        "start": np.arange(settings.marked_starts, dtype=np.int32),
        **measured,
        "aperiodic": measured["period"] == 0,
        "flip_share": flip_share(orbit, 0, settings.update_tolerance),
    }


def _beside(settings: SweepSettings) -> Scalars:
    """Return what lies just below the marked rate, and just above it."""
    distance = settings.nearby * np.arange(1, settings.nearby_rates + 1) / settings.nearby_rates
    rates = settings.marked_rate * (1 + np.concatenate([-distance, distance]))
    _, exponent = _observed(settings, rates, settings.starts, settings.window)
    below, above = np.median(exponent.reshape(2, -1, settings.starts), axis=2)
    return {
        "windows_below": float((below < -settings.exponent_tolerance).mean()),
        "exponent_beyond": float(above.mean()),
    }


def _curves(swept: Swept) -> Columns:
    """Return what the diagram shows, in long form: rate, quantity, value.

    Weights are rounded, and each is given once for its rate; of the exponents of the starts the
    median, the least and the largest.
    """
    curves = {
        "lyapunov": np.median(swept.lyapunov, axis=1),
        "lyapunov_low": swept.lyapunov.min(axis=1),
        "lyapunov_high": swept.lyapunov.max(axis=1),
        "saturated_share": swept.saturated.mean(axis=1),
    }
    points = [np.unique(np.round(row, _DECIMALS)) for row in swept.drawn]
    counts = [len(row) for row in points]
    lengths = [sum(counts), *(len(swept.rate) for _ in curves)]
    return {
        "learning_rate": np.concatenate(
            [np.repeat(swept.rate, counts), np.tile(swept.rate, len(curves))]
        ),
        "quantity": np.repeat(np.array(["weight", *curves], dtype=object), lengths),
        "value": np.concatenate([*points, *curves.values()]),
    }


def _doublings(settings: SweepSettings, swept: Swept, chaos: float | None) -> Scalars:
    """Bracket every doubling that the sweep resolves; the others are None."""
    brackets = _brackets(swept, chaos)
    before, low, high = (np.array(each) for each in zip(*brackets, strict=True))
    rates = doubling_rates(
        Loss.of(settings),
        before,
        (low, high),
        starts=default_weights(settings.refine_starts).numpy(),
        steps=settings.refine_steps,
    )
    found = {_DOUBLINGS[p]: rate for p, rate in zip(before, rates.tolist(), strict=True)}
    return {name: found.get(name) for name in _DOUBLINGS.values()}


def _brackets(swept: Swept, chaos: float | None) -> list[tuple[int, float, float]]:
    """Return for each doubling its period before, a rate well before it, and one well after.

    Well: in the middle of the swept rates at which the most starts have the one period, and the
    other; next to a doubling orbits settle so slowly that their period may be mistaken. Starts that
    end saturated do not count. Beyond the first chaos further cascades begin.
    """
    cascade = _usual(swept.period, swept.saturated)
    if chaos is not None:
        cascade = cascade[swept.rate < chaos]
    brackets = []
    for before in _DOUBLINGS:
        low, high = (swept.rate[: len(cascade)][cascade == p] for p in (before, 2 * before))
        if low.size and high.size:
            brackets.append((before, float(low[len(low) // 2]), float(high[len(high) // 2])))
    if not brackets or brackets[0][0] != 1:
        raise UserError(
            where="config/experiments.yaml: experiments.sweep",
            found="no rates with period one and then two among those swept",
            expected="a sweep that begins below the onset of the sawtooth and ends above it",
            hint="lower first_rate, raise last_rate, or sweep more finely",
        )
    return brackets


def _usual(period: Array, saturated: NDArray[np.bool_]) -> Array:
    """Return the median period of the starts that do not end saturated; -1 where all do."""
    rows = [row[~flat] for row, flat in zip(period, saturated, strict=True)]
    return np.array([np.median(row) if row.size else -1.0 for row in rows])


def _feigenbaum(changes: Scalars) -> Scalars:
    """Return the last ratio of successive gaps, and where the doublings accumulate by it."""
    onsets = np.array([rate for rate in changes.values() if rate is not None])
    if len(onsets) < _LEAST_DOUBLINGS:
        return {"feigenbaum": None, "accumulation": None}
    ratio = float(dynamics.feigenbaum_ratios(onsets)[-1])
    beyond = (onsets[-1] - onsets[-2]) / (ratio - 1)
    return {"feigenbaum": ratio, "accumulation": float(onsets[-1] + beyond)}


def _against_theory(settings: SweepSettings, onset: float) -> Scalars:
    """Hold the onset, and the swing just above it, against linear stability and normal form."""
    loss = Loss.of(settings)
    configuration = loss.configuration(settings.name)
    minimum = find_minimum(configuration)
    rest = resting_place(loss, settings.first_rate, settings.starts, settings.burn_in)
    (nearby,) = repelling_rates(
        loss,
        rest,
        np.zeros(1),
        (settings.first_rate, settings.last_rate),
        nudge=settings.nudge,
        steps=settings.refine_steps,
    ).tolist()
    coefficient, factor = normal_form(configuration, minimum)
    exponent, measured = swing_growth(
        loss, nearby, _DISTANCES, start=_ASIDE * rest, steps=settings.refine_steps
    )
    return {
        "onset_predicted": minimum.eta_star,
        "onset_relative_error": abs(onset / minimum.eta_star - 1),
        "onset_nearby": nearby,
        "hysteresis": abs(onset / nearby - 1),
        "normal_form": coefficient,
        "swing_exponent": exponent,
        "swing_factor": measured,
        "swing_factor_predicted": factor,
    }


def _ends(swept: Swept, onset: float) -> Scalars:
    """Return where chaos and saturation begin, and how often starts end on different orbits."""
    share = swept.saturated.mean(axis=1)
    settled = (swept.period > 0).all(axis=1) & (share == 0)
    apart = np.ptp(swept.highest, axis=1) > _SAME_ORBIT
    below = swept.rate < onset
    return {
        "first_saturated": _first(swept.rate, share > 0),
        "saturated_below_onset": float(share[below].mean()),
        "half_saturated": _first(swept.rate, share >= _HALF),
        "rates": len(swept.rate),
        "settled_rates": int(settled.sum()),
        "bistable_rates": int((settled & apart).sum()),
    }


def _first(rate: Array, holds: NDArray[np.bool_]) -> float | None:
    """Return the first rate at which something holds, if there is one."""
    return float(rate[holds.argmax()]) if holds.any() else None


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, SweepSettings, run)


if __name__ == "__main__":
    run_command(main)
