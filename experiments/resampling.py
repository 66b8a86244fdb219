"""How far a difference moves with the seeds, those of the tuning among them: a bootstrap.

A learning rate that was tuned on a few seeds might have been another with other seeds. So each
resample draws tuning seeds and reported seeds again, chooses the rates by the former, and takes the
difference at those rates over the latter (Efron, Annals of Statistics 7, 1, 1979). The draws are
the same for all configurations, whose seeds are: a comparison in pairs stays one. A bootstrap of
few tuning seeds is somewhat narrow: those of a resample spread less than as many new ones would.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

__all__ = ["RESAMPLES", "Grid", "chosen", "difference_interval", "draws"]

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

RESAMPLES = 10_000

# Streams of random numbers, one for each kind of seed.
_TUNING, _REPORTED = 1, 2


@dataclass(frozen=True)
class Grid:
    """What a configuration did at the rates of a grid.

    Attributes
    ----------
    tuning
        Steps of each tuning seed at each rate, shape ``(rates, tuning seeds)``; the fewest on
        average are chosen.
    measured
        A measure of each reported seed at each rate, shape ``(rates, seeds)``; NaN at the rates
        that no resample chooses.
    """

    tuning: Array
    measured: Array


def draws(count: int, stream: int) -> Rows:
    """Return which of `count` seeds each resample has, shape ``(RESAMPLES, count)``."""
    return np.random.default_rng([stream, count]).integers(count, size=(RESAMPLES, count))


def chosen(tuning: Array) -> Rows:
    """Return the row of the rate that each resample of the tuning seeds chooses.

    Of rates with equal steps it is the first, as it is without resampling.
    """
    rows: Rows = tuning[:, draws(tuning.shape[1], _TUNING)].mean(axis=2).argmin(axis=0)
    return rows


def difference_interval(first: Grid, second: Grid, confidence: float) -> tuple[float, float]:
    """Return the bootstrap interval of the mean difference, second less first.

    Its ends are percentiles, moved outwards so that for normal values and no tuning it is as wide
    as Student's (Hesterberg, The American Statistician 69, 371, 2015, section 5.3).
    """
    count = first.measured.shape[1]
    seeds = draws(count, _REPORTED)
    here, there = (grid.measured[chosen(grid.tuning)[:, None], seeds] for grid in (first, second))
    means = (there - here).mean(axis=1)
    student = float(stdtrit(count - 1, 0.5 + confidence / 2))
    tail = float(ndtr(-math.sqrt(count / (count - 1)) * student))
    low, high = np.quantile(means, (tail, 1 - tail))
    return float(low), float(high)
