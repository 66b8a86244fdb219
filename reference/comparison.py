"""The comparisons in pairs: effects and p-values from the published runs.

The runs are the article's data; what is checked is what was made of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from reference.agreement import Measure, near

__all__ = ["holm", "measures", "student_tail"]

Array = NDArray[Any]
Rows = list[dict[str, str]]

_NODES = 200


def student_tail(t: float, freedom: int) -> float:
    """Return ``P(|T| > |t|)`` of Student's distribution, by Gauss and Legendre's rule.

    With ``t = sqrt(nu) cot(phi)`` the density is ``sin^(nu - 1)(phi)`` but for its factor, so that
    a tail is the integral from zero to ``arctan(sqrt(nu) / |t|)``: a smooth function, and no
    difference of two numbers, however small the tail.
    """
    node, weight = leggauss(_NODES)

    def integral(end: float) -> float:
        return end / 2 * float(weight @ np.sin(end * (node + 1) / 2) ** (freedom - 1))

    return integral(math.atan2(math.sqrt(freedom), abs(t))) / integral(math.pi / 2)


def holm(p_values: Array) -> Array:
    """Return Holm's corrected p-values: each the largest ``(m - rank) p`` of those no larger."""
    order = np.argsort(p_values, kind="stable")
    factors = len(p_values) - np.arange(len(p_values))
    corrected = np.empty(len(p_values))
    corrected[order] = np.maximum.accumulate(np.minimum(1, factors * p_values[order]))
    return corrected


def measures(settings: Mapping[str, Any], runs: Mapping[str, Rows]) -> Iterator[Measure]:
    """Recompute the family; `runs` has the published rows by configuration."""
    names, p_values = [], []
    for pair, sides in settings["pairs"].items():
        for measure, column in settings["measures"].items():
            first, second = (
                {row["seed"]: float(row[column]) for row in runs[sides[side]]}
                for side in ("first", "second")
            )
            difference = np.array([second[seed] - first[seed] for seed in first])
            count, mean = len(difference), float(difference.mean())
            spread = math.sqrt(np.square(difference - mean).sum() / (count - 1))
            name = f"comparison.{pair}_{measure}"
            yield near(f"{name}_difference", mean)
            yield near(f"{name}_effect", mean / spread)
            names.append(name)
            p_values.append(student_tail(mean / spread * math.sqrt(count), count - 1))
    yield Measure("comparison.comparisons", len(names), 0, "a count")
    for name, p in zip(names, holm(np.array(p_values)), strict=True):
        yield near(f"{name}_p_holm", float(p), 1e-6, "two ways to a tail")
