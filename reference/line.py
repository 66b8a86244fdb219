"""How straight the sigmoid is, from its symmetry: closed formulas and bisections.

About ``(0, 1/2)`` the sigmoid is odd, and concave to the right. The best line on ``(-h, h)``
therefore goes through that point, and misses the sigmoid by ``+e`` where the two are parallel, at
``z0``, and by ``-e`` at the end (Chebyshev's alternation):
``s(z0) - 1/2 - c z0 = e = c h - (s(h) - 1/2)`` with ``c = s'(z0)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from reference.agreement import Measure, near
from reference.loss import bisect

__all__ = ["deviation_share", "measures"]

# The article looks for the largest deviation on a grid: it misses none by more.
_GRID = 1e-6


def _rise(z: float) -> float:
    """Return ``s(z) - 1/2 = tanh(z / 2) / 2``."""
    return math.tanh(z / 2) / 2


def _slope(z: float) -> float:
    """Return ``s'(z) = sech^2(z / 2) / 4``."""
    return 1 / (4 * math.cosh(z / 2) ** 2)


def deviation_share(half: float) -> float:
    """Return the largest deviation from the best line, over the range ``2 (s(h) - 1/2)``."""

    def excess(z: float) -> float:
        return (_rise(z) - _slope(z) * z) - (_slope(z) * half - _rise(half))

    parallel = bisect(0.0, half, lambda z: excess(z) > 0)
    return (_rise(parallel) - _slope(parallel) * parallel) / (2 * _rise(half))


def measures(settings: Mapping[str, Any]) -> list[Measure]:
    """Recompute the facts of the sigmoid's line."""
    name, half, reach = settings["name"], settings["half_width"], settings["reach"]
    straight = bisect(1e-3, 1e3, lambda h: deviation_share(h) > settings["largest_deviation"])
    # sech^2(z / 2) = k has the solution 2 arcosh(k^(-1/2)).
    steep = 2 * math.acosh(settings["slope_kept"] ** -0.5)
    tail = math.exp(-reach) / (1 + math.exp(-reach))
    # 1 + exp(-z) rounds to 1 once exp(-z) is at most half of the last place, 2^-24.
    one = 24 * math.log(2)
    return [
        near(f"{name}.deviation", deviation_share(half), _GRID, "the article's grid"),
        near(f"{name}.slope_share", 4 * _slope(half)),
        near(f"{name}.straight_half_width", straight, _GRID, "the article's grid"),
        near(f"{name}.steep_half_width", steep),
        near(f"{name}.lowest", tail),
        Measure(f"{name}.below_one", tail, 2.0**-53, "one less a float64 just below one"),
        near(f"{name}.rounds_to_one_float32", one, 2.0**-20, "exp and its argument in float32"),
    ]
