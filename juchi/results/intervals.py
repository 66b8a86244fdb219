"""Confidence intervals for a mean, a share and a quantile over independent starts or seeds.

An interval is an answer to chance: where there is none to see, there is none.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from juchi.results.estimates import mean_estimate

__all__ = [
    "Interval",
    "Values",
    "are_alike",
    "mean_interval",
    "mean_share_interval",
    "median_interval",
    "quantile_interval",
    "share_interval",
]

# What runs that arrive at one place may differ by, relatively.
_ROUNDING = 1e-9

Values = NDArray[np.float64]
Interval = tuple[float, float]


def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def mean_interval(values: Values, confidence: float) -> Interval | None:
    """Return ``mean -+ t s / sqrt(n)`` with Student's t (Biometrika 6, 1, 1908), n - 1 degrees.

    Exact for normal values; for others it is the central limit theorem, with a margin for small n.
    Values that are all the same have no spread to tell chance by: they have no interval.
    """
    if are_alike(values):
        return None
    estimate = mean_estimate(values, confidence)
    return estimate.low, estimate.high


def mean_share_interval(values: Values, confidence: float) -> Interval:
    """Return the interval of a mean of shares, of which each lies from zero to one.

    Student's interval for the logit of the mean, whose standard error is that of the mean over
    ``p (1 - p)`` (the delta method), taken back: it stays between zero and one. Where all shares
    are the same, chance shows in nothing but their number: by Wilson's interval up to a share
    ``z^2 / (n + z^2)`` of the population may have others, which may lie anywhere.
    """
    n, mean = len(values), float(values.mean())
    if are_alike(values):
        _, others = share_interval(np.zeros(n), confidence)
        value = float(values[0])
        return value * (1 - others), value + (1 - value) * others
    low, high = mean_interval(values, confidence) or (mean, mean)
    centre, half = math.log(mean / (1 - mean)), (high - low) / 2 / (mean * (1 - mean))
    return _logistic(centre - half), _logistic(centre + half)


def are_alike(values: Values) -> bool:
    """Return whether all values are the same, up to rounding."""
    return bool(np.ptp(values) <= _ROUNDING * np.abs(values).max())


def _logistic(logit: float) -> float:
    return 0.5 * (1 + math.tanh(logit / 2))


def share_interval(values: Values, confidence: float) -> Interval:
    """Return the score interval of a share of zeros and ones (Wilson, JASA 22, 209, 1927).

    Unlike ``p -+ z sqrt(p (1 - p) / n)`` it has a width where all starts agree.
    """
    n, p, z = len(values), float(values.mean()), _quantile(confidence)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # Where all agree one end is the share itself, which rounding may miss.
    return max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half))


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


def quantile_interval(values: Values, at: float, confidence: float) -> Interval | None:
    """Return order statistics that hold a quantile between them, whatever the distribution.

    The ranks are ``n p -+ z sqrt(n p (1 - p))``, as for the median. Too few values do not reach far
    enough beyond the quantile to tell: then there is none.
    """
    n = len(values)
    half = _quantile(confidence) * math.sqrt(n * at * (1 - at))
    low, high = round(n * at - half) - 1, n - round(n * (1 - at) - half)
    if low < 0 or high > n - 1 or not low <= (n - 1) * at <= high:
        return None
    ordered = np.sort(values)
    return float(ordered[low]), float(ordered[high])
