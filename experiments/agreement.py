"""How far two trajectories that should be equal part, and how far rounding alone may part them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["first_parting", "meaningful_steps", "rounding_error"]

Array = NDArray[np.float64]


def rounding_error(
    curvature: Array, weight: Array, learning_rate: float, mean_input: float
) -> Array:
    """Return the size that rounding errors may reach at each step, from the measured curvature.

    Forward error recursion of the map ``w -> w - eta L'(w)``: an error present is multiplied by
    ``|1 - eta L''(w_t)|``, and each step adds its own. That is the spacing u of float64 at the
    weight's size (at least that at 1), for the weight; and ``eta mean|x| u`` for the gradient,
    whose terms ``2 (f - t) f' x / N`` inherit an error of at most u in f with ``f' <= 1/4``.

    Parameters
    ----------
    curvature, weight
        ``L''(w_t)`` and ``w_t``, float64, shape ``(steps + 1, starts)``.
    mean_input
        The mean absolute input.

    Returns
    -------
    Array
        Shape ``(steps + 1, starts)``; zero at the common start.
    """
    growth = np.abs(1 - learning_rate * curvature)
    unit = np.spacing(np.maximum(np.abs(weight), 1.0)) * (1 + learning_rate * mean_input)
    error = np.zeros_like(weight)
    for step in range(len(weight) - 1):
        error[step + 1] = growth[step] * error[step] + unit[step + 1]
    return error


def meaningful_steps(error: Array, largest: float) -> int:
    """Return the last step up to which the error of no start exceeds `largest`."""
    above = (error > largest).any(axis=1)
    return int(np.argmax(above)) - 1 if above.any() else len(error) - 1


def first_parting(first: Array, second: Array, tolerance: float) -> NDArray[np.int64]:
    """Return for each start the first step at which the two differ by more than `tolerance`.

    The number of steps of the run plus one where they never do. Shape ``(starts,)``.
    """
    apart = np.abs(first - second) > tolerance
    return np.where(apart.any(axis=0), apart.argmax(axis=0), len(first))
