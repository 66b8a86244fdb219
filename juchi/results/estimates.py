"""Estimates from a few independent seeds: means with intervals, and tests of paired differences.

Student's t throughout, with the number of seeds less one as its degrees of freedom.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import mpmath
import numpy as np
from numpy.typing import NDArray

__all__ = ["Estimate", "holm", "mean_estimate", "paired_p", "sign_flip_p"]

Array = NDArray[np.float64]

# Up to this many pairs every way to flip their signs is tried: 2^20, a million sums.
_ALL_FLIPS = 20
# So many decimal digits, nine more than a double has, for a distance from one that is tiny.
_DIGITS = 25
# What is smaller is zero among doubles.
_SMALLEST = mpmath.mpf(2) ** -1100


@dataclass(frozen=True)
class Estimate:
    """A value from `n` seeds and its confidence interval."""

    value: float
    n: int
    low: float
    high: float


def mean_estimate(values: Array, confidence: float) -> Estimate:
    """Return the mean and ``mean -+ t s / sqrt(n)`` (Student, Biometrika 6, 1, 1908)."""
    n = len(values)
    half = _reach(n - 1, confidence) * float(values.std(ddof=1)) / math.sqrt(n)
    mean = float(values.mean())
    return Estimate(mean, n, mean - half, mean + half)


def paired_p(difference: Array) -> float:
    """Return the two-sided p of the paired t-test for differences, shape ``(seeds,)``.

    The probability of a mean as far from zero if the differences were normal around zero. Where
    all are equal, t has no finite value: one if they are zero, else zero.
    """
    n, mean, spread = len(difference), difference.mean(), difference.std(ddof=1)
    if spread == 0:
        return 1.0 if mean == 0 else 0.0
    return float(_beyond(n - 1, float(abs(mean / spread)) * math.sqrt(n)))


def _beyond(degrees: int, t: float | mpmath.mpf) -> mpmath.mpf:
    """Return the probability that Student's t is farther from zero than a positive `t`."""
    if math.isnan(t):
        return mpmath.nan
    with mpmath.workdps(_DIGITS):
        half = mpmath.mpf(degrees) / 2
        share = degrees / (degrees + mpmath.mpf(t) ** 2)
        # With 1 instead of 1/2 the integral is this power, and larger.
        if share**half < _SMALLEST:
            return mpmath.mpf(0)
        return mpmath.betainc(half, 0.5, 0, share, regularized=True)


@lru_cache
def _reach(degrees: int, confidence: float) -> float:
    """Return how far from zero Student's t stays with this probability."""
    if degrees == 0:
        return math.nan
    with mpmath.workdps(_DIGITS):
        rest = 1 - mpmath.mpf(confidence)
        # From zero the secants of this convex function come ever nearer, and do not overshoot.
        return float(mpmath.findroot(lambda t: _beyond(degrees, t) - rest, 0, maxsteps=200))


def sign_flip_p(difference: Array) -> float:
    """Return the two-sided p of Fisher's randomisation test: no normal distribution assumed.

    The share of all ``2^n`` ways to sign the differences whose sum is as far from zero as the
    measured one (Fisher, The Design of Experiments, 1935, section 21). Of more than 20 seeds,
    ``2^20`` ways drawn at random with a fixed seed, and the measured one.
    """
    measured = abs(float(difference.sum()))
    sums = np.zeros(1)
    for each in difference[:_ALL_FLIPS]:
        sums = np.concatenate([sums + each, sums - each])
    if len(difference) > _ALL_FLIPS:
        rng = np.random.default_rng(0)
        sums = np.zeros(2**_ALL_FLIPS)
        for each in difference:
            sums += each * rng.choice([-1.0, 1.0], size=len(sums))
        sums = np.append(sums, measured)
    # Sums that would be equal but for rounding count as equal.
    slack = 1e-9 * float(np.abs(difference).sum())
    return float((np.abs(sums) >= measured - slack).mean())


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's corrected p of each of a family of tests, in the order given.

    The smallest p is multiplied by the number of tests m, the next by m - 1 and so on; none may be
    smaller than one before it, nor above one (Holm, Scandinavian Journal of Statistics 6, 65,
    1979). Those at or below a level are the rejections that hold the chance of any false one there,
    whatever the dependence between the tests.
    """
    corrected = [0.0] * len(p_values)
    largest = 0.0
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = largest
    return corrected
