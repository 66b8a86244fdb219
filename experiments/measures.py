"""The measures of a training run, each defined once. Arrays are float64, ``(steps + 1, starts)``.

Free of torch: a measure reads what the training recorded.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "amplitude",
    "flip_share",
    "gap_closed",
    "local_exponents",
    "loss_ratio",
    "lyapunov_exponent",
    "slope_share",
    "travel",
    "within_bounds",
]

Array = NDArray[np.float64]


def within_bounds(weight: Array, loss: Array, bound: float) -> NDArray[np.bool_]:
    """Return at which steps a run has not diverged yet, shape ``(steps + 1, starts)``.

    It has from the first step on at which the weight is larger than `bound` in size, or weight or
    loss is no finite number; a weight that comes back by a leap across the bound has diverged too.
    """
    ordinary = np.isfinite(loss) & (np.abs(weight) <= bound)
    return np.logical_and.accumulate(ordinary, axis=0)


def flip_share(weight: Array, burn_in: int, tolerance: float) -> Array:
    """Return the share of consecutive update pairs with opposite sign, shape ``(starts,)``.

    Updates ``w[t + 1] - w[t]`` from step `burn_in` on are read; a pair counts when both of its
    updates are larger than `tolerance` in size. A run with no such pair has come to rest: zero.
    """
    update = np.diff(weight[burn_in:], axis=0)
    counts = np.abs(update) > tolerance
    pairs = counts[1:] & counts[:-1]
    flips = pairs & (np.sign(update[1:]) != np.sign(update[:-1]))
    return np.asarray(flips.sum(axis=0) / np.maximum(pairs.sum(axis=0), 1))


def amplitude(weight: Array, burn_in: int) -> Array:
    """Return max - min of the weight from step `burn_in` on, shape ``(starts,)``."""
    return np.asarray(np.ptp(weight[burn_in:], axis=0))


def travel(weight: Array) -> Array:
    """Return ``|w_end - w_start|``, shape ``(starts,)``."""
    return np.asarray(np.abs(weight[-1] - weight[0]))


def gap_closed(final_loss: Array, constant_loss: float, loss_star: float) -> Array:
    """Return how much of the way from the best constant prediction to the best loss was made.

    1 at the minimum of the model, 0 where a constant does as well, negative where it does better.
    NaN where the best of the model is no better than a constant: there is no gap to close.
    """
    if loss_star >= constant_loss:
        return np.full_like(final_loss, np.nan)
    return (constant_loss - final_loss) / (constant_loss - loss_star)


def loss_ratio(loss: Array, loss_star: float) -> Array:
    """Return how many times the least loss of the model a loss is; NaN where the least is zero."""
    return np.asarray(loss / (loss_star if loss_star > 0 else np.nan))


def slope_share(slopes: Mapping[str, Array], parameter: str) -> Array:
    """Return a parameter's share of what gradient descent gains, to first order.

    ``sum_t g^2`` of the parameter over that of all `slopes` (derivatives of the loss, by
    parameter): an update ``-eta g`` lowers the loss by ``eta sum_p g_p^2`` to first order, a part
    for each parameter p. The last row is left out, since no update starts from it. Zero for a
    parameter that is not trained; NaN where no slope ever differs from zero.
    """
    gains = {name: np.square(values[:-1]).sum(axis=0) for name, values in slopes.items()}
    total = np.asarray(sum(gains.values()))
    own = gains.get(parameter, np.zeros_like(total))
    return np.asarray(own / np.where(total > 0, total, np.nan))


def local_exponents(curvature: Array, learning_rate: float) -> Array:
    """Return ``log |1 - eta L''(w_t)|``: the growth rate of a small difference in one step.

    The derivative of the map ``w -> w - eta L'(w)``; for plain gradient descent with one weight.
    """
    return np.log(np.abs(1 - learning_rate * curvature))


def lyapunov_exponent(curvature: Array, learning_rate: float, burn_in: int) -> Array:
    """Return the mean of `local_exponents` over the updates from `burn_in` on, shape ``(starts,)``.

    The last row belongs to the final weight, from which no update starts.
    """
    return np.asarray(local_exponents(curvature[burn_in:-1], learning_rate).mean(axis=0))
