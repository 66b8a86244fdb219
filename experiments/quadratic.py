"""Gradient descent in a quadratic bowl: its curvatures, its best rate, its way to the bottom.

Free of torch. In the eigenvectors of the Hessian the parameters do not see each other: at the rate
eta the offset from the minimum in a mode of curvature h shrinks by ``1 - eta h`` in each step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Journey",
    "arrival",
    "best_rate",
    "descend",
    "expected_condition",
    "path_length",
    "population_condition",
]

Array = NDArray[np.float64]

# So many updates of a path are summed at once.
_AT_ONCE = 1024


def best_rate(smallest: Array, largest: Array) -> Array:
    """Return the constant rate ``2 / (h_min + h_max)`` that is best for the worst start.

    It makes the largest ``|1 - eta h|`` as small as can be, ``(kappa - 1) / (kappa + 1)``
    (Polyak 1964; LeCun, Kanter & Solla 1991).
    """
    return 2 / (smallest + largest)


def _outlier(width: int, mean: float, variance: float) -> float:
    """Return the largest eigenvalue of the second-moment matrix of 1 and d alike features.

    The d features are independent, with the same mean m and variance v. The block matrix
    ``[[1, m 1'], [m 1, v I + m^2 1 1']]`` has the eigenvalue v on the d - 1 directions with
    ``sum w = 0``, and on the plane of (1, 0) and (0, 1 / sqrt(d)) the two roots of
    ``x^2 - (1 + v + d m^2) x + v``; this is the larger.
    """
    trace = 1 + variance + width * mean**2
    return (trace + math.sqrt(trace**2 - 4 * variance)) / 2


def population_condition(width: int, mean: float, variance: float) -> float:
    """Return the condition number for infinitely many samples, ``outlier^2 / v``.

    The two roots have the product v, and the other eigenvalues, all v, lie between them; see
    `_outlier`. For mean zero the two are 1 and v, so that the quotient is ``max(v, 1 / v)``.
    """
    return _outlier(width, mean, variance) ** 2 / variance


def expected_condition(width: int, samples: int, mean: float, variance: float) -> float:
    """Return the condition number to expect of N samples, to leading order.

    With ``g = d / N`` the eigenvalues of a sample covariance spread over
    ``v (1 -+ sqrt(g))^2`` (Marchenko & Pastur 1967). The small eigenvalue that the mean makes
    depends on the sample covariance C through ``1' C^-1 1``, whose expectation is that of
    ``v (1 - g)`` in place of v. Each end of the spectrum is the outermost one.
    For features of variance at most one, as the bias's column has.
    """
    ratio = width / samples
    outlier = _outlier(width, mean, variance)
    largest = max(outlier, variance * (1 + math.sqrt(ratio)) ** 2)
    smallest = variance * min((1 - ratio) / outlier, (1 - math.sqrt(ratio)) ** 2)
    return largest / smallest


@dataclass(frozen=True)
class Journey:
    """From the start until little enough of the loss is left; arrays of shape ``(R,)``.

    Attributes
    ----------
    steps
        Number of updates, int64.
    path
        Sum of the lengths of the updates.
    displacement
        Distance between start and end.
    """

    steps: NDArray[np.int64]
    path: Array
    displacement: Array


def descend(
    curvature: Array, offset: Array, rate: Array, tolerance: float, limit: int | None = None
) -> Journey:
    """Descend until at most `tolerance` of the first loss is left.

    Parameters
    ----------
    curvature
        Eigenvalues of the Hessian, above zero, shape ``(n, R)``: R bowls of n modes.
    offset
        Start minus minimum along the eigenvectors, shape ``(n, R)``.
    rate
        Learning rates, shape ``(R,)``, below ``2 / h_max``, so that the loss falls in every step.
    tolerance
        Share of the first loss; above zero, below one.
    limit
        The most steps that are taken, after which a descent counts as arrived; None for no limit.
    """
    # The modes come first: sums over them go row by row, so that no bowl touches another's bits.
    here = offset.copy()
    factor, stride = 1 - rate * curvature, np.square(rate * curvature)
    goal = tolerance * (curvature * np.square(offset)).sum(axis=0)
    steps = np.zeros(len(rate), dtype=np.int64)
    path = np.zeros(len(rate))
    end = offset.copy()
    on_the_way = np.ones(len(rate), dtype=bool)
    while on_the_way.any():
        square = np.square(here)
        path += on_the_way * np.sqrt((stride * square).sum(axis=0))
        here *= factor
        steps += on_the_way
        arrived = on_the_way & ((curvature * np.square(here)).sum(axis=0) <= goal)
        if limit is not None:
            arrived |= on_the_way & (steps >= limit)
        end[:, arrived] = here[:, arrived]
        on_the_way &= ~arrived
    return Journey(steps, path, np.sqrt(np.square(end - offset).sum(axis=0)))


def arrival(curvature: Array, offset: Array, rate: Array, tolerance: float) -> NDArray[np.int64]:
    """Return the updates that `descend` counts, by bisection: the loss falls in every one.

    So that a descent of a million updates costs no more than one of ten; the arguments are those of
    `descend`.
    """
    factor, weights = 1 - rate * curvature, curvature * np.square(offset)
    goal = tolerance * weights.sum(axis=0)

    def arrived(steps: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray((weights * np.square(factor**steps)).sum(axis=0) <= goal)

    short, enough = np.zeros(len(rate), dtype=np.int64), np.ones(len(rate), dtype=np.int64)
    while not (there := arrived(enough)).all():
        short, enough = np.where(there, short, enough), np.where(there, enough, 2 * enough)
    while (enough - short > 1).any():
        middle = (short + enough) // 2
        there = arrived(middle)
        short, enough = np.where(there, short, middle), np.where(there, middle, enough)
    return enough


def path_length(curvature: Array, offset: Array, rate: Array, steps: NDArray[np.int64]) -> Array:
    """Return the sum of the lengths of the first updates, `steps` of each bowl, shape ``(R,)``."""
    squares = np.square(rate * curvature * offset)
    shrinks = np.square(1 - rate * curvature)
    paths = [
        _path(square, shrink, count)
        for square, shrink, count in zip(squares.T, shrinks.T, steps.tolist(), strict=True)
    ]
    return np.array(paths)


def _path(square: Array, shrink: Array, steps: int) -> float:
    """Return the path of one bowl: the squared moves of its modes shrink in each update."""
    powers = shrink ** np.arange(min(steps, _AT_ONCE))[:, None]
    path, here = 0.0, square
    for first in range(0, steps, _AT_ONCE):
        path += float(np.sqrt(powers[: steps - first] @ here).sum())
        here = here * shrink**_AT_ONCE
    return path
