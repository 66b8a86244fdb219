"""What is taken of a column over its rows: a statistic with its interval and standard error."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from juchi.results.facts import whole
from juchi.results.intervals import (
    Interval,
    Values,
    are_alike,
    mean_interval,
    mean_share_interval,
    median_interval,
    quantile_interval,
    share_interval,
)

__all__ = ["Summary", "summarise"]


@dataclass(frozen=True)
class Summary:
    """A statistic, and what chance may have done to it; None where it has none or does not tell."""

    value: float
    interval: Interval | None = None
    standard_error: float | None = None


def summarise(
    values: Values, statistic: str, unit: str, confidence: float, at: float | None = None
) -> Summary:
    """Return a statistic over values; one of a share has an interval within zero and one.

    Means and shares have a standard error, and with medians and quantiles an interval; extremes
    and counts (of the rows that are true) have neither. `at` says which quantile it is. Counts are
    whole, and so are whole extremes, medians and quantiles of whole numbers.
    """
    # What is no share, though it is said to be one, is refused by its value.
    shares = unit == "share" and bool(((values >= 0) & (values <= 1)).all())
    of_mean = mean_share_interval if shares else mean_interval
    mean, error = float(values.mean()), _standard_error(values)
    statistics: dict[str, Callable[[], Summary]] = {
        "mean": lambda: Summary(mean, of_mean(values, confidence), error),
        "share": lambda: Summary(mean, share_interval(values, confidence), _error_of_share(values)),
        "median": lambda: Summary(float(np.median(values)), median_interval(values, confidence)),
        "quantile": lambda: Summary(
            float(np.quantile(values, at or 0)), quantile_interval(values, at or 0, confidence)
        ),
        "count": lambda: Summary(float(np.count_nonzero(values))),
        "smallest": lambda: Summary(float(values.min())),
        "largest": lambda: Summary(float(values.max())),
    }
    found = statistics[statistic]()
    is_mean = statistic in ("mean", "share")
    is_whole = statistic == "count" or bool((values == np.rint(values)).all())
    return found if is_mean or not is_whole else replace(found, value=whole(found.value))


def _standard_error(values: Values) -> float | None:
    """Return that of a mean, ``s / sqrt(n)``; None for values that are all the same."""
    if are_alike(values):
        return None
    return float(values.std(ddof=1)) / math.sqrt(len(values))


def _error_of_share(values: Values) -> float | None:
    """Return that of a share, ``sqrt(p (1 - p) / n)``; None for none and for all."""
    share = float(values.mean())
    return math.sqrt(share * (1 - share) / len(values)) if 0 < share < 1 else None
