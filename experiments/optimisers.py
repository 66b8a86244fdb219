"""Four methods of descent on many quadratic losses at once: how many steps each takes.

Free of torch. A method turns gradients into moves; the learning rate scales the move. All of them
are as PyTorch has them (torch.optim, 2.13).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["METHODS", "Method", "steps_to"]

Array = NDArray[np.float64]

# What a root is kept above, so that nothing is divided by zero.
_EPSILON = 1e-8


class Method:
    """Turns the gradients of many runs, one after another along the first axis, into moves."""

    def __call__(self, gradient: Array) -> Array:
        """Return the move that a gradient gives; the state goes on by one step."""
        raise NotImplementedError

    def keep(self, runs: NDArray[np.bool_]) -> None:
        """Go on with some of the runs alone, shape ``(runs,)``."""
        for name, state in vars(self).items():
            if isinstance(state, np.ndarray):
                setattr(self, name, state[runs])


class _GradientDescent(Method):
    """``g``."""

    def __call__(self, gradient: Array) -> Array:
        return gradient


class _HeavyBall(Method):
    """``v <- 0.9 v + g`` (Polyak 1964)."""

    def __init__(self) -> None:
        self.velocity: Array | float = 0.0

    def __call__(self, gradient: Array) -> Array:
        self.velocity = 0.9 * self.velocity + gradient
        return self.velocity


class _RMSprop(Method):
    """``g / sqrt(s)`` with ``s <- 0.99 s + 0.01 g^2`` (Tieleman & Hinton 2012)."""

    def __init__(self) -> None:
        self.square: Array | float = 0.0

    def __call__(self, gradient: Array) -> Array:
        self.square = 0.99 * self.square + 0.01 * np.square(gradient)
        return gradient / (np.sqrt(self.square) + _EPSILON)


class _Adam(Method):
    """``m / sqrt(s)``, both free of what they began with (Kingma & Ba 2015, algorithm 1)."""

    def __init__(self) -> None:
        self.mean: Array | float = 0.0
        self.square: Array | float = 0.0
        self.step = 0

    def __call__(self, gradient: Array) -> Array:
        self.step += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.999 * self.square + 0.001 * np.square(gradient)
        size = np.sqrt(self.square) / math.sqrt(1 - 0.999**self.step) + _EPSILON
        return self.mean / (1 - 0.9**self.step) / size


METHODS: dict[str, Callable[[], Method]] = {
    "gradient_descent": _GradientDescent,
    "heavy_ball": _HeavyBall,
    "rmsprop": _RMSprop,
    "adam": _Adam,
}


def steps_to(
    hessian: Array, offset: Array, method: str, rates: Array, *, tolerance: float, limit: int
) -> Array:
    """Return the number of updates until at most `tolerance` of the first loss is left.

    Parameters
    ----------
    hessian
        Of R losses whose least value is zero, shape ``(R, n, n)``.
    offset
        Start minus minimum, shape ``(R, n)``.
    method
        A name of `METHODS`.
    rates
        Learning rates to try, shape ``(R, K)``.
    limit
        Number of updates after which a run is given up.

    Returns
    -------
    Array
        Shape ``(R, K)``; infinite for a run that was given up.
    """
    move = METHODS[method]()
    here = np.repeat(offset[:, None, :], rates.shape[1], axis=1)
    steps = np.full(rates.shape, math.inf)
    goal = np.full(rates.shape, math.nan)
    # A run at too large a rate overflows, and is given up like one that takes too long.
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(limit + 1):
            gradient = here @ hessian
            loss = (gradient * here).sum(axis=-1)
            if step == 0:
                goal = tolerance * loss
            steps[(loss <= goal) & np.isinf(steps)] = step
            if np.isfinite(steps).all():
                break
            here = here - rates[..., None] * move(gradient)
    return steps
