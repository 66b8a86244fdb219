"""The activations and their derivatives, as polynomials in the activation's own value.

With ``s = 1 / (1 + exp(-z))``: ``s' = s (1 - s)``, and so on by the chain rule; with
``t = tanh(z)``: ``t' = 1 - t^2``. All are polynomials in s or t, so that
a higher derivative is the derivative of a polynomial, times the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray

__all__ = ["CURVES", "Curve"]

Array = NDArray[Any]


def _sigmoid(z: Array) -> Array:
    """Return ``1 / (1 + exp(-z))``; exp may overflow to infinity, whose reciprocal is right."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-z)))


def _tanh(z: Array) -> Array:
    return np.asarray(np.tanh(z))


@dataclass(frozen=True)
class Curve:
    """``f(z) = gain * base(z) + offset``, with ``base' = slope(base)``.

    Attributes
    ----------
    base
        The function that the derivatives are polynomials of.
    slope
        Gives ``base'`` from ``base``, of numbers as of polynomials.
    inverse
        ``z`` for a value of ``base`` inside its range.
    largest_slope
        Of ``f``; all of these have it at zero.
    """

    base: Callable[[Array], Array]
    slope: Callable[[Any], Any]
    inverse: Callable[[Array], Array]
    largest_slope: float
    gain: float = 1.0
    offset: float = 0.0

    def __call__(self, z: Array) -> Array:
        """Return ``f(z)``."""
        return np.asarray(self.gain * self.base(z) + self.offset)

    def derivatives(self, z: Array, orders: int) -> list[Array]:
        """Return ``f, f', ...`` up to the derivative of that order, at least the first."""
        base = self.base(z)
        each = [base, self.slope(base)]
        each += [polynomial(base) for polynomial in _higher(self.slope, orders)]
        each[0] = each[0] + self.offset / self.gain
        return [self.gain * values for values in each]

    def solve(self, value: Array) -> Array:
        """Return the z at which ``f(z)`` has a value inside its range."""
        return self.inverse((value - self.offset) / self.gain)


@cache
def _higher(slope: Callable[[Any], Any], orders: int) -> list[Polynomial]:
    """Return the polynomials of the second derivative and on: ``P_(k+1) = P_k' P_1``."""
    first: Polynomial = slope(Polynomial([0, 1]))
    found = [first]
    while len(found) < orders:
        found.append(found[-1].deriv() * first)
    return found[1:]


def _logistic(s: Any) -> Any:  # noqa: ANN401 - numbers or a polynomial
    return s * (1 - s)


def _logit(value: Array) -> Array:
    return np.asarray(np.log(value / (1 - value)))


CURVES = {
    "sigmoid": Curve(_sigmoid, _logistic, _logit, 0.25),
    "centred_sigmoid": Curve(_sigmoid, _logistic, _logit, 0.25, offset=-0.5),
    "scaled_sigmoid": Curve(_sigmoid, _logistic, _logit, 1.0, gain=4.0, offset=-2.0),
    "tanh": Curve(_tanh, lambda t: 1 - t * t, lambda t: np.asarray(np.arctanh(t)), 1.0),
}
