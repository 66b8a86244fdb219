"""How many steps per second the sweeps take, against the seed's own loop over ``torch.nn``.

``python -m bench.sweeps`` times both in turn, in one process and on one core, so that a busy
machine slows both, and prints the medians. It fails where the batched engine is less than 3,000
times as fast. A step is one replica's update; `observe` also records weights and exponents.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from experiments.listing import network, run_listing
from experiments.replicas import CHUNK, Loss, Replicas, advance, observe
from experiments.starts import default_weights
from experiments.variant import Variant
from pipeline.settings import read_subject

__all__ = ["main"]

_REPEATS = 7
_LISTING_STEPS = 1_000
_STEPS = 256
_CHUNKS = 8
_REQUIRED = 3_000


def _seed() -> Variant:
    experiments = read_subject(Path(__file__).parent.parent / "config", "experiments")
    return Variant.from_config("seed", experiments["common"] | experiments["variants"]["seed"])


def _listing(variant: Variant) -> int:
    """Run the seed's own loop in float32, as it stands; return the number of steps."""
    inputs, targets = (
        torch.tensor(side, dtype=torch.float32)[:, None]
        for side in (variant.inputs, variant.targets)
    )
    rate, beta = variant.learning_rate, variant.momentum
    run_listing(network(variant), inputs, targets, lr=rate, momentum=beta, steps=_LISTING_STEPS)
    return _LISTING_STEPS + 1


def _replicas() -> Replicas:
    """Return replicas of many rates, as a sweep has them."""
    rates = np.linspace(0.5, 2.5, _CHUNKS * CHUNK // 64)[:, None]
    return Replicas.start(rates, np.zeros(1), default_weights(64).numpy())


def _speed(steps: Callable[[], int]) -> float:
    started = time.perf_counter()
    taken = steps()
    return taken / (time.perf_counter() - started)


def measure() -> dict[str, list[float]]:
    """Return the steps per second of each kind, one number for each repeat."""
    torch.set_num_threads(1)
    variant = _seed()
    loss = Loss(variant.activation, variant.inputs, variant.targets)
    replicas = _replicas()

    def advanced() -> int:
        advance(loss, replicas, _STEPS)
        return replicas.count * _STEPS

    def observed() -> int:
        observe(loss, replicas, _STEPS)
        return replicas.count * _STEPS

    kinds = {"the seed's loop": lambda: _listing(variant), "advance": advanced, "observe": observed}
    for kind in kinds.values():
        kind()
    speeds: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(_REPEATS):
        for name, kind in kinds.items():
            speeds[name].append(_speed(kind))
    return speeds


def main() -> None:
    """Measure, print, and fail below the required ratio."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    speeds = measure()
    loop = speeds["the seed's loop"]
    ratios = {}
    print(f"{'steps per second':<18}{'median':>14}{'least':>14}{'most':>14}{'x the loop':>12}")
    for name, values in speeds.items():
        ratios[name] = statistics.median(a / b for a, b in zip(values, loop, strict=True))
        print(
            f"{name:<18}{statistics.median(values):>14,.0f}{min(values):>14,.0f}"
            f"{max(values):>14,.0f}{ratios[name]:>12,.0f}"
        )
    if ratios["advance"] < _REQUIRED:
        sys.exit(f"advance is less than {_REQUIRED:,} times as fast as the seed's loop")


if __name__ == "__main__":
    main()
