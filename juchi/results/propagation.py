"""The standard error of an expression of facts, by linear propagation.

Facts with a standard error of their own are taken to be independent of one another; one that is
quoted twice, or by way of other expressions, is one all the same: its derivatives are added before
they are squared. Where a part is uncertain by nobody knows how much, so is the whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

__all__ = ["Gradient", "gradient", "standard_error"]

# By how much a value changes with each of the facts that it is made of; None where that is unknown.
Gradient = Mapping[str, float] | None

# The derivative is that of a step so much smaller than the standard error; changes whose sum is
# that much smaller than they are cancel.
_STEP = 1e-3
_CANCELLED = 1e-9


def gradient(
    value_at: Callable[[str, float], float],
    parts: Mapping[str, tuple[float, float | None, Gradient]],
) -> Gradient:
    """Return how an expression changes with the facts that have a standard error of their own.

    Parameters
    ----------
    value_at
        The value of the expression where one part has another value.
    parts
        Of each part its value, its standard error, and how it changes itself.
    """
    total: dict[str, list[float]] = {}
    for part, (value, error, own) in parts.items():
        if own is None:
            return None
        if not own or not error:
            continue
        step = _STEP * error
        above, below = value + step, value - step
        slope = (value_at(part, above) - value_at(part, below)) / (above - below)
        if not math.isfinite(slope):
            return None
        for base, change in own.items():
            total.setdefault(base, []).append(slope * change)
    return {base: _sum(changes) for base, changes in total.items()}


def _sum(changes: Sequence[float]) -> float:
    whole = math.fsum(changes)
    return 0.0 if abs(whole) < _CANCELLED * math.fsum(map(abs, changes)) else whole


def standard_error(changes: Gradient, errors: Callable[[str], float | None]) -> float | None:
    """Return the standard error that follows; None where there is none, or it is unknown."""
    if not changes:
        return None
    total = math.hypot(*(change * (errors(base) or 0.0) for base, change in changes.items()))
    return total if math.isfinite(total) and total > 0 else None
