"""How straight an activation is: its best line, its slope, its range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from experiments.activations import ACTIVATIONS
from experiments.settings import LinearRangeSettings
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = [
    "Line",
    "best_line",
    "deviation",
    "deviation_share",
    "half_width",
    "least_squares_line",
    "main",
    "rounds_to_one",
    "run",
]

Array = NDArray[np.float64]
Function = Callable[[Array], Array]

# Points of an interval: a largest deviation is missed by no more than |f''| h^2 / 8, under 1e-8.
_POINTS = 20_001
_EXCHANGES = 100
# Deviations that differ by less, relatively, are the same but for rounding.
_LEVEL = 1e-12
_BISECTIONS = 60


@dataclass(frozen=True)
class Line:
    """``intercept + slope z``."""

    slope: float
    intercept: float

    def __call__(self, z: Array) -> Array:
        """Return the line's values."""
        return self.intercept + self.slope * z


def best_line(f: Function, low: float, high: float) -> Line:
    """Return the line with the least largest deviation from f (Chebyshev's).

    By Remez's exchange on a grid: the line whose deviation is equal in size and of alternating sign
    at three points is the best for those three; the point where it deviates most replaces one of
    them, until none deviates more.
    """
    z = np.linspace(low, high, _POINTS)
    values = f(z)
    reference = [0, _POINTS // 2, _POINTS - 1]
    for _ in range(_EXCHANGES):
        line = _levelled(z[reference], values[reference])
        error = values - line(z)
        worst = int(np.argmax(np.abs(error)))
        if abs(error[worst]) <= abs(error[reference[0]]) * (1 + _LEVEL):
            break
        reference = _exchanged(reference, worst, np.sign(error))
    return line


def _levelled(z: Array, values: Array) -> Line:
    """Return the line that misses three points by ``+e, -e, +e``: parallel to the outer two."""
    slope = (values[2] - values[0]) / (z[2] - z[0])
    level = (values[0] + values[1] - slope * (z[0] + z[1])) / 2
    return Line(float(slope), float(level))


def _exchanged(reference: list[int], point: int, sign: Array) -> list[int]:
    """Put a point in the place of the neighbour of its own sign; the signs keep alternating."""
    first, second, third = reference
    if point < first:
        return [point, second, third] if sign[point] == sign[first] else [point, first, second]
    if point > third:
        return [first, second, point] if sign[point] == sign[third] else [second, third, point]
    if sign[point] == sign[second]:
        return [first, point, third]
    return [point, second, third] if point < second else [first, second, point]


def least_squares_line(f: Function, low: float, high: float) -> Line:
    """Return the line with the least mean square deviation from f over the interval.

    ``slope = int (z - m) f / int (z - m)^2`` with m the middle, the integrals by the trapezoidal
    rule.
    """
    z = np.linspace(low, high, _POINTS)
    weight = np.ones(_POINTS)
    weight[[0, -1]] = 0.5
    weight /= weight.sum()
    values, offset = f(z), z - (low + high) / 2
    slope = float((weight * offset) @ values / ((weight * offset) @ offset))
    return Line(slope, float(weight @ values) - slope * (low + high) / 2)


def deviation(f: Function, line: Line, low: float, high: float) -> float:
    """Return the largest ``|f - line|`` over the interval."""
    z = np.linspace(low, high, _POINTS)
    return float(np.abs(f(z) - line(z)).max())


def deviation_share(f: Function, half: float) -> float:
    """Return the deviation from the best line over ``(-half, half)``, over f's own range there."""
    reach = float(np.ptp(f(np.linspace(-half, half, _POINTS))))
    if reach == 0:  # too short an interval for f to change on it, rounded: a line
        return 0.0
    return deviation(f, best_line(f, -half, half), -half, half) / reach


def half_width(condition: Callable[[float], bool], high: float) -> float:
    """Return the largest half-width below `high` up to which a condition holds, by bisection."""
    low = 0.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if condition(middle) else (low, middle)
    return low


def rounds_to_one(f: Callable[[torch.Tensor], torch.Tensor], dtype: torch.dtype) -> float:
    """Return the z from which on a floating-point f, rising to 1, gives exactly 1."""

    def below_one(z: float) -> bool:
        return f(torch.tensor(z, dtype=dtype)).item() < 1

    return half_width(below_one, 100.0)


def run(settings: LinearRangeSettings) -> Result:
    """Measure how straight the activation is on the interval, and how far it is straight."""
    f = _function(settings.activation)
    return Result(
        samples={"activation": np.array([settings.activation], dtype=object)},
        curves=_curves(f, settings),
        scalars=_scalars(f, settings),
    )


def _function(activation: str) -> Function:
    function = ACTIVATIONS[activation].function
    return lambda z: function(torch.from_numpy(z)).numpy()


def _slope_share(activation: str, z: Array) -> Array:
    """Return the slope at z as a share of the slope at zero, by reverse differentiation."""
    chosen = ACTIVATIONS[activation]
    at = torch.from_numpy(z).requires_grad_()
    (slope,) = torch.autograd.grad(chosen.function(at).sum(), at)
    return np.asarray(slope.numpy() / chosen.largest_slope)


def _curves(f: Function, settings: LinearRangeSettings) -> Columns:
    """One row for each point of the figure.

    `deviation_share` and `slope_share` at z are those of the interval up to |z|.
    """
    z = np.linspace(-settings.shown, settings.shown, settings.points)
    line = best_line(f, -settings.half_width, settings.half_width)
    # An interval without length has no deviation.
    shares = [deviation_share(f, abs(at)) if at else 0.0 for at in z]
    return {
        "z": z,
        "output": f(z),
        "line": line(z),
        "deviation": f(z) - line(z),
        "deviation_share": np.array(shares),
        "slope_share": _slope_share(settings.activation, z),
    }


def _scalars(f: Function, settings: LinearRangeSettings) -> dict[str, Any]:
    half, name = settings.half_width, settings.activation
    low, high = f(np.array([-half, half])).tolist()
    line, squares = best_line(f, -half, half), least_squares_line(f, -half, half)
    lowest, highest = f(np.array([-settings.reach, settings.reach])).tolist()

    def straight(c: float) -> bool:
        return deviation_share(f, c) < settings.largest_deviation

    def steep(c: float) -> bool:
        return bool(_slope_share(name, np.array([c]))[0] > settings.slope_kept)

    return {
        "deviation": deviation_share(f, half),
        "squares_deviation": deviation(f, squares, -half, half) / (high - low),
        "line_slope": line.slope,
        "slope_share": float(_slope_share(name, np.array([half]))[0]),
        "straight_half_width": half_width(straight, half),
        "steep_half_width": half_width(steep, half),
        "lowest": lowest,
        "below_one": 1 - highest,
        "rounds_to_one": rounds_to_one(ACTIVATIONS[name].function, torch.float64),
        "rounds_to_one_float32": rounds_to_one(ACTIVATIONS[name].function, torch.float32),
    }


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, LinearRangeSettings, run)


if __name__ == "__main__":
    run_command(main)
