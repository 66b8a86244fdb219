"""The largest stable rate of each momentum, from the eigenvalues of one linearised step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reference.agreement import Measure
from reference.loss import Loss, bisect, minimiser

__all__ = ["largest_stable_rate", "measures"]


def largest_stable_rate(loss: Loss, place: float, momentum: float) -> float:
    """Return the rate at which the larger eigenvalue of a step at the minimum has the size one.

    A step takes a small (w, v) to ``[[1 - eta c, -eta beta], [c, beta]]`` times it, c the
    curvature.
    """
    curvature = float(loss.curvature(np.array(place)))

    def repels(rate: float) -> bool:
        step = np.array([[1 - rate * curvature, -rate * momentum], [curvature, momentum]])
        return bool(np.abs(np.linalg.eigvals(step)).max() > 1)

    return bisect(1e-3 / curvature, 10 / curvature, repels)


def measures(
    settings: Mapping[str, Any], rows: Sequence[Mapping[str, str]]
) -> tuple[list[Measure], dict[str, dict[str, float]]]:
    """Hold the measured rate of every momentum against the eigenvalues.

    `rows` are those of the study's published table. Returns the measures, and the article's number
    for each that is no fact.
    """
    loss = Loss.of(settings)
    place = minimiser(loss)
    name, found, published = settings["name"], [], {}
    for row in rows:
        momentum = float(row["momentum"])
        rate = largest_stable_rate(loss, place, momentum)
        key = f"{name}.runs: measured at momentum {momentum:g}"
        why = "1e-06 of the value: the article's runs of finite length"
        found.append(Measure(key, rate, 1e-6 * rate, why))
        published[key] = {"value": float(row["measured"])}
    found.append(
        Measure(f"{name}.largest_relative_error", 0.0, 1e-6, "the article's runs of finite length")
    )
    return found, published
