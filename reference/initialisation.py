"""What `torch.nn.Linear` draws: its draws once more, from the generator up."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.agreement import Measure, near
from reference.generator import Generator

__all__ = ["kolmogorov", "limit", "measures"]

Array = NDArray[np.float64]

# Where PyTorch multiplies and adds without fusing the two, a draw differs by half a last place.
_FLOAT32 = 1e-6
_DRAWS = "the last places of float32 draws"


def kolmogorov(sample: Array) -> float:
    """Return ``sqrt(m) sup |F_m - F|`` of m draws against U(-1, 1).

    The empirical F_m jumps at the draws: to the left of the k-th it is ``(k - 1) / m``, from there
    on ``k / m``; so far as ``k - 1/2`` is from the middle of the jump, plus half of it.
    """
    count = len(sample)
    middle = (np.arange(count) + 0.5) / count
    expected = (1 + np.clip(np.sort(sample), -1, 1)) / 2
    return math.sqrt(count) * (float(np.abs(expected - middle).max()) + 0.5 / count)


def limit(false_alarm: float, tests: int) -> float:
    """Return the distance, times the root of the size, that one of many samples seldom exceeds.

    By bisection of Kolmogorov's distribution ``1 - 2 sum (-1)^(k - 1) exp(-2 k^2 x^2)``, of which
    the power `tests` is ``1 - false_alarm`` there.
    """
    k = np.arange(1, 101)
    low, high = 0.2, 10.0
    while high - low > 1e-14 * high:
        x = (low + high) / 2
        below = 1 - 2 * float(((-1.0) ** (k - 1) * np.exp(-2 * np.square(k * x))).sum())
        low, high = (x, high) if below**tests < 1 - false_alarm else (low, x)
    return high


def measures(settings: Mapping[str, Any]) -> list[Measure]:
    """Recompute the facts of the draws; of each layer the variance, of each fan-in the distance."""
    name, ratios, distances, reaches, counts = settings["name"], [], [], [], []
    for fan_in in settings["fan_ins"]:
        outputs = math.ceil(settings["weights"] / fan_in)
        seeds = (
            zlib.crc32(f"{fan_in} inputs, layer {layer}".encode())
            for layer in range(settings["layers"])
        )
        drawn = [Generator(seed).linear(fan_in, outputs, bias=False)[0].ravel() for seed in seeds]
        weights = np.array(drawn)
        size = weights.shape[1]
        squares = np.square(weights).sum(axis=1) - size * np.square(weights.mean(axis=1))
        ratios.append(squares / (size - 1) * 3 * fan_in)
        scaled = weights.ravel() * math.sqrt(fan_in)
        distances.append(kolmogorov(scaled))
        reaches.append(float(np.abs(scaled).max()))
        counts.append(scaled.size)
    ratio = float(np.mean(np.concatenate(ratios)))
    return [
        Measure(f"{name}.draws", min(counts), 0, "a count"),
        near(f"{name}.variance_ratio", ratio, _FLOAT32, _DRAWS),
        near(f"{name}.scaled_variance", ratio / 3, _FLOAT32, _DRAWS),
        near(f"{name}.highest_reach", max(reaches), _FLOAT32, _DRAWS),
        # The root of some 65,536 draws times a shift of 1e-7 of all of them.
        Measure(f"{name}.distance", max(distances), 1e-4, _DRAWS),
        Measure(f"{name}.tests", len(distances), 0, "a count"),
        near(f"{name}.limit", limit(settings["false_alarm"], len(distances))),
    ]
