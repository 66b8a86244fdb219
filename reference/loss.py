"""The mean squared error of ``f(w x)``, its derivatives in closed form, and its minimum."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.activation import CURVES, Curve

__all__ = ["Loss", "Valley", "bisect", "minimiser"]

Array = NDArray[Any]

# |w x| at the ends of the search for a minimum, at inputs of mean size: all is flat there.
_REACH = 40.0
_POINTS = 40_001
_HALVINGS = 200
_NEWTON_STEPS = 100
_SATURATION = 0.01
# So small that its square is nothing: the derivative is exact to rounding.
_COMPLEX_STEP = 1e-30


def bisect(low: float, high: float, beyond: Any) -> float:  # noqa: ANN401 - a predicate of a float
    """Return where a predicate that is false at `low` and true at `high` changes, to rounding."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return (low + high) / 2


@dataclass(frozen=True)
class Loss:
    """``L(w) = mean (f(w x) - y)^2`` with inputs x and targets y, shape ``(samples,)`` each."""

    curve: Curve
    x: Array
    y: Array

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Loss:
        """Make the loss of settings with an activation, inputs and targets."""
        x, y = (np.array(settings[name], dtype=float) for name in ("inputs", "targets"))
        return cls(CURVES[settings["activation"]], x, y)

    def __call__(self, weight: Array) -> Array:
        """Return the loss at weights of shape ``()`` or ``(weights,)``, as all that follows."""
        residual = self.curve(np.multiply.outer(self.x, weight)).T - self.y
        return np.asarray(np.square(residual).mean(axis=-1))

    def slope(self, weight: Array) -> Array:
        """Return ``L' = 2 mean r f' x`` with the residual ``r = f - y``."""
        f, first = self.curve.derivatives(np.multiply.outer(self.x, weight), 1)
        residual = (f.T - self.y).T
        return np.asarray((2 / len(self.x) * self.x) @ (residual * first))

    def derivatives(self, weight: Array) -> tuple[Array, Array, Array, Array]:
        """Return the first four derivatives of the loss, by Leibniz's rule.

        ``L'' = 2 mean (f'^2 + r f'') x^2``, ``L''' = 2 mean (3 f' f'' + r f''') x^3`` and
        ``L'''' = 2 mean (3 f''^2 + 4 f' f''' + r f'''') x^4``.
        """
        x = self.x
        f, d1, d2, d3, d4 = self.curve.derivatives(np.multiply.outer(x, weight), 4)
        r = (f.T - self.y).T
        terms = (
            r * d1,
            d1**2 + r * d2,
            3 * d1 * d2 + r * d3,
            3 * d2**2 + 4 * d1 * d3 + r * d4,
        )
        first, second, third, fourth = (
            np.asarray((2 / len(x) * x**order) @ term) for order, term in enumerate(terms, start=1)
        )
        return first, second, third, fourth

    def curvature(self, weight: Array) -> Array:
        """Return ``L''`` by a complex step (Squire & Trapp, SIAM Rev. 40, 110, 1998)."""
        return np.asarray(self.slope(weight + 1j * _COMPLEX_STEP).imag / _COMPLEX_STEP)

    @property
    def flat_weight(self) -> float:
        """The |w| beyond which at every sample ``f' < 1 %`` of the largest slope.

        The logistic slope is ``sech^2(z / 2)`` of its largest, tanh's is ``sech^2(z)``.
        """
        half = 1.0 if CURVES["tanh"] is self.curve else 2.0
        return half * math.acosh(math.sqrt(1 / _SATURATION)) / float(np.abs(self.x).min())


def minimiser(loss: Loss) -> float:
    """Return the weight of least loss: the lowest of a grid, then ``L' = 0`` by bisection."""
    reach = _REACH / float(np.abs(loss.x).mean())
    grid = np.linspace(-reach, reach, _POINTS)
    lowest = int(np.argmin(loss(grid)))
    return bisect(float(grid[lowest - 1]), float(grid[lowest + 1]), lambda w: loss.slope(w) > 0)


@dataclass(frozen=True)
class Valley:
    """The minimum of ``mean (f(p x + q) - y)^2`` over p and q.

    Attributes
    ----------
    p, q
        The minimiser.
    loss
        The least loss.
    curvatures
        The two eigenvalues of the Hessian there, the larger first.
    """

    p: float
    q: float
    loss: float
    curvatures: tuple[float, float]

    @classmethod
    def of(cls, curve: Curve, x: Array, y: Array) -> Valley:
        """Find it by Newton's method, from the line through the targets' inverse images.

        That start would be the minimum if the squares were those of ``f^-1(y) - (p x + q)``. A
        step that does not lower the loss is halved until it does (Nocedal & Wright, Numerical
        Optimization, section 3.1).
        """
        point = np.polyfit(x, curve.solve(y), 1)
        for _ in range(_NEWTON_STEPS):
            value, gradient, hessian = _bowl(curve, x, y, point)
            step = np.linalg.solve(hessian, gradient)
            if step @ gradient <= 0:
                step = gradient
            while _bowl(curve, x, y, point - step)[0] > value and np.abs(step).max() > 0:
                step = step / 2
            point = point - step
        value, _, ((a, b), (_, c)) = _bowl(curve, x, y, point)
        # Of a symmetric 2 x 2 matrix; the smaller eigenvalue from the product, without cancelling.
        larger = (a + c + math.hypot(a - c, 2 * b)) / 2
        return cls(float(point[0]), float(point[1]), value, (larger, (a * c - b * b) / larger))


def _bowl(curve: Curve, x: Array, y: Array, point: Array) -> tuple[float, Array, Any]:
    """Return loss, gradient and Hessian: sums over ``r f'`` and ``f'^2 + r f''``."""
    f, first, second = curve.derivatives(point[0] * x + point[1], 2)
    residual = f - y
    design = np.stack([x, np.ones_like(x)])
    gradient = 2 * (design * residual * first).mean(axis=1)
    hessian = 2 * (design * (first**2 + residual * second)) @ design.T / len(x)
    return float(np.square(residual).mean()), gradient, hessian
