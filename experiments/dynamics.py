"""What a recorded orbit shows: its period, whether it settles, where its behaviour changes.

Orbits are arrays of shape ``(steps + 1, replicas)``, float64. Free of torch, and of any one map.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "doubling_coefficient",
    "feigenbaum_ratios",
    "grows",
    "period",
    "persists",
    "power_law",
    "refine",
]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def period(orbit: Array, longest: int, tolerance: float) -> NDArray[np.int64]:
    """Return the period of each replica over the whole orbit, shape ``(replicas,)``; 0 is none.

    The least ``p`` from 1 to `longest` with ``|w[t + p] - w[t]| <= tolerance`` for every t. An
    orbit should be at least twice as long as `longest`. NaN has no period.
    """
    found = np.zeros(orbit.shape[1], dtype=np.int64)
    for candidate in range(1, longest + 1):
        # Most orbits fail at their last pair: look at all pairs of the few that do not.
        close = np.abs(orbit[-1] - orbit[-1 - candidate]) <= tolerance
        open_ = np.flatnonzero(close & (found == 0))
        if open_.size:
            part = orbit[:, open_]
            repeats = (np.abs(part[candidate:] - part[:-candidate]) <= tolerance).all(axis=0)
            found[open_[repeats]] = candidate
    return found


def grows(early: Array, late: Array, floor: float) -> Flags:
    """Return whether a small deviation is larger late than early, rounding (`floor`) apart."""
    return np.asarray(late > np.maximum(early, floor))


def persists(early: Array, late: Array, floor: float) -> Flags:
    """Return whether an orbit has doubled its period, however slowly it settles.

    `early` and `late` are the splittings ``|w[t + p] - w[t]|`` at some time and at twice that
    time. At the doubling itself ``x <- x - c x^3`` brings the splitting down like ``t^(-1/2)``: by
    a factor of ``sqrt(2)``. It shrinks more while the period is still p, and less once it is 2p.
    """
    return grows(early / np.sqrt(2), late, floor)


def refine(
    changed: Callable[[Array], Flags], low: Array, high: Array, *, points: int, precision: float
) -> tuple[Array, Array]:
    """Narrow brackets around the first change, until the widest is narrower than `precision`.

    `changed` takes trial values of shape ``(brackets, points)`` and says of each whether it lies
    beyond the change; `low` and `high`, shape ``(brackets,)``, lie on either side.
    """
    inner = np.arange(1, points + 1) / (points + 1)
    every = np.arange(len(low))
    while (high - low).max() > precision:
        trial = low[:, None] + (high - low)[:, None] * inner
        edges = np.concatenate([low[:, None], trial, high[:, None]], axis=1)
        beyond = np.concatenate([changed(trial), np.ones((len(low), 1), dtype=bool)], axis=1)
        first = beyond.argmax(axis=1)
        low, high = edges[every, first], edges[every, first + 1]
    return low, high


def feigenbaum_ratios(onsets: Array) -> Array:
    """Return ``(a[n + 1] - a[n]) / (a[n + 2] - a[n + 1])`` of successive doublings ``a``.

    Feigenbaum (J. Stat. Phys. 19, 25, 1978): for smooth maps with a quadratic maximum they tend
    to 4.669...
    """
    gaps = np.diff(onsets)
    return np.asarray(gaps[:-1] / gaps[1:])


def doubling_coefficient(second: float, third: float) -> float:
    """Return the cubic coefficient c of a map at a fixed point with derivative -1.

    With ``f'' = second`` and ``f''' = third`` there, ``c = f''^2 / 4 + f''' / 6``, and near the
    point ``f`` is conjugate to ``x -> -(1 + a) x + c x^3``, a the excess of ``-f'`` over 1
    (Kuznetsov, Elements of Applied Bifurcation Theory, section 4.5). c > 0: soft, with a stable
    orbit of period two at ``x = +-sqrt(a / c)``; c < 0: hard, with an unstable one before.
    """
    return second**2 / 4 + third / 6


def power_law(x: Array, y: Array) -> tuple[float, float]:
    """Return exponent and factor of ``y = factor * x^exponent``, by least squares of logarithms."""
    exponent, intercept = np.polyfit(np.log(x), np.log(y), 1)
    return float(exponent), float(np.exp(intercept))
