"""The map of one step: its fixed point and its slope there, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.agreement import Measure, near
from reference.loss import Loss, minimiser

__all__ = ["measures"]

# The step of the central difference: its error is of the order of the square of it.
_STEP = 1e-5


def measures(settings: Mapping[str, Any]) -> list[Measure]:
    """Recompute ``w*`` and the slope of ``F(w) = w - eta L'(w)`` there, by central differences."""
    found = []
    for case, entry in settings["cases"].items():
        loss = Loss.of({**settings, **entry})
        place, eta = minimiser(loss), entry["learning_rate"]
        ends = np.array([place + _STEP, place - _STEP])
        above, below = ends - eta * loss.slope(ends)
        slope, name = (above - below) / (2 * _STEP), f"{settings['name']}.{case}"
        found += [
            near(f"{name}_w_star", place),
            Measure(f"{name}_slope", float(slope), 1e-6, "the error of the central difference"),
        ]
    return found
