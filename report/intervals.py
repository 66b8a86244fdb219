"""Confidence intervals for a mean, a share and a median over independent starts or seeds."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from experiments.estimates import mean_estimate

__all__ = ["mean_interval", "median_interval", "share_interval"]

Values = NDArray[np.float64]
Interval = tuple[float, float]


def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def mean_interval(values: Values, confidence: float) -> Interval:
    """Return ``mean -+ t s / sqrt(n)`` with Student's t (Biometrika 6, 1, 1908), n - 1 degrees.

    Exact for normal values; for others it is the central limit theorem, with a margin for small n.
    """
    estimate = mean_estimate(values, confidence)
    return estimate.low, estimate.high


def share_interval(values: Values, confidence: float) -> Interval:
    """Return the score interval of a share of zeros and ones (Wilson, JASA 22, 209, 1927).

    Unlike ``p -+ z sqrt(p (1 - p) / n)`` it has a width where all starts agree.
    """
    n, p, z = len(values), float(values.mean()), _quantile(confidence)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def median_interval(values: Values, confidence: float) -> Interval:
    """Return order statistics that hold the median between them, whatever the distribution.

    The ranks are ``n / 2 -+ z sqrt(n) / 2``: the number of values below the median is binomial.
    """
    n = len(values)
    half = _quantile(confidence) * math.sqrt(n) / 2
    low = max(0, round(n / 2 - half) - 1)
    high = n - 1 - low
    ordered = np.sort(values)
    return float(ordered[low]), float(ordered[high])
