"""How many steps per second the engines take, against the post's own loop over ``torch.nn``.

A step is one replica's update. The kinds are timed in turn, round after round, so that a busy
machine slows all of them; each is checked against the loop of its own model in the same round.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import torch

from experiments import engine, replicas
from experiments.initial_parameters import default_parameters, default_weights
from experiments.listing import network, run_listing
from experiments.settings import OneWeightSettings
from juchi.plan.configurations import Experiments
from juchi.plan.models import validated
from juchi.plan.settings import read_subject

__all__ = ["Speed", "measure"]

_ROUNDS = 5
_SECONDS = 0.6
_LISTING_STEPS = 500
_STEPS = 64
_CHUNKS = 4
# Replicas of the batched engine, which records everything: in whole chunks.
_STARTS = engine.CHUNK

# What is timed: the model whose loop it is checked against, and what takes its steps.
_LOOPS = {
    "scalar": "the post's loop: Linear, Sigmoid",
    "batchnorm": "the same with BatchNorm1d between them",
}
_KINDS = {
    "exponentials": ("scalar", "the exponentials of a step alone, in cache"),
    "advance": ("scalar", "sweep engine, one weight"),
    "observe": ("scalar", "the same, recording weights and exponents"),
    "scalar": ("scalar", "batched engine, one weight, recording all"),
    "batchnorm": ("batchnorm", "batched engine, weight and BatchNorm, recording all"),
}
# Processes, and threads of PyTorch in each.
_LAYOUTS = ((1, 1), (1, 2), (2, 1))


@dataclass(frozen=True)
class Speed:
    """How fast something is.

    Attributes
    ----------
    kind, description
        What was timed.
    processes, threads
        How many processes at once, and threads of PyTorch in each.
    steps
        Replica-steps per second of all processes together, median over the rounds.
    ratio
        The same in units of the loop of its model in one process, median over the rounds.
    """

    kind: str
    description: str
    processes: int
    threads: int
    steps: float
    ratio: float


def _settings(model: str) -> OneWeightSettings:
    """Return the settings of the post, with another model and few steps."""
    declared = read_subject(Path(__file__).parent.parent / "config", "experiments")
    post = Experiments(declared).configurations["post"]
    settings = validated(OneWeightSettings, post, "config/experiments.yaml")
    return settings.model_copy(update={"model": model, "steps": _STEPS})


def _loop(model: str) -> Callable[[], int]:
    """Return the loop as it stands in the post, in float32."""
    settings = _settings(model)
    inputs, targets = (
        torch.tensor(side, dtype=torch.float32)[:, None]
        for side in (settings.inputs, settings.targets)
    )
    module = network(settings)

    def run() -> int:
        run_listing(module, inputs, targets, lr=1, momentum=0, steps=_LISTING_STEPS)
        return _LISTING_STEPS + 1

    return run


def _sweep(kind: str) -> Callable[[], int]:
    """Return the engine of the sweeps on replicas of many rates."""
    settings = _settings("scalar")
    loss = replicas.Loss(settings.activation, settings.inputs, settings.targets)
    rates = np.linspace(0.5, 2.5, _CHUNKS * replicas.CHUNK // 64)[:, None]
    many = replicas.Replicas.start(rates, np.zeros(1), default_weights(64).numpy())
    step = replicas.advance if kind == "advance" else replicas.observe

    def run() -> int:
        step(loss, many, _STEPS)
        return many.count * _STEPS

    return run


def _batched(model: str) -> Callable[[], int]:
    """Return the engine that differentiates automatically and records everything."""
    settings = _settings(model)
    weights = default_parameters(_STARTS, bias=False)["weight"]

    def run() -> int:
        engine.train(settings, weights)
        return _STARTS * (_STEPS + 1)

    return run


def _exponentials() -> Callable[[], int]:
    """Return what no step can do without: an exponential for each sample of each replica."""
    values = torch.zeros(len(_settings("scalar").inputs), replicas.CHUNK, dtype=torch.float64)
    powers = torch.empty_like(values)

    def run() -> int:
        for _ in range(_STEPS):
            torch.exp(values, out=powers)
        return replicas.CHUNK * _STEPS

    return run


def _made(kind: str) -> Callable[[], int]:
    if kind.startswith("loop "):
        return _loop(kind.removeprefix("loop "))
    if kind == "exponentials":
        return _exponentials()
    return _sweep(kind) if kind in ("advance", "observe") else _batched(kind)


def _speed(kind: str, threads: int, seconds: float, together: Barrier) -> float:
    """Return the steps per second of a kind in this process, begun together with the others."""
    torch.set_num_threads(threads)
    run = _made(kind)
    run()
    together.wait()
    started, steps = time.perf_counter(), 0
    while (took := time.perf_counter() - started) < seconds:
        steps += run()
    together.wait()
    return steps / took


def _serve(
    requests: SimpleQueue[tuple[str, int, int] | None],
    answers: SimpleQueue[float],
    barriers: Mapping[int, Barrier],
    seconds: float,
) -> None:
    """Answer requests, each a kind with its threads and processes, until there are no more."""
    while (request := requests.get()) is not None:
        kind, threads, processes = request
        answers.put(_speed(kind, threads, seconds, barriers[processes]))


class _Workers:
    """Processes that are ready to time something together."""

    def __init__(self, count: int, seconds: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._requests: SimpleQueue[tuple[str, int, int] | None] = context.SimpleQueue()
        self._answers: SimpleQueue[float] = context.SimpleQueue()
        # Kept: a process that has not yet come up finds them only while they live here.
        self._barriers = {n: context.Barrier(n) for n in range(1, count + 1)}
        self._processes = [
            context.Process(
                target=_serve,
                args=(self._requests, self._answers, self._barriers, seconds),
                daemon=True,
            )
            for _ in range(count)
        ]
        for process in self._processes:
            process.start()

    def speed(self, kind: str, processes: int = 1, threads: int = 1) -> float:
        """Return the steps per second of some processes together."""
        for _ in range(processes):
            self._requests.put((kind, threads, processes))
        return sum(self._answers.get() for _ in range(processes))

    def close(self) -> None:
        """End them."""
        for _ in self._processes:
            self._requests.put(None)
        for process in self._processes:
            process.join()


def measure(rounds: int = _ROUNDS, seconds: float = _SECONDS) -> list[Speed]:
    """Return how fast the loops and the engines are.

    Parameters
    ----------
    rounds
        How often everything is timed in turn.
    seconds
        How long each of them runs each time, at least.
    """
    workers = _Workers(2, seconds)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    layouts = [layout for layout in _LAYOUTS if layout[0] * layout[1] <= (cores or 1)]
    loops: dict[str, list[float]] = {model: [] for model in _LOOPS}
    found: dict[tuple[str, int, int], list[float]] = {
        (kind, *layout): [] for kind in _KINDS for layout in layouts
    }
    for _ in range(rounds):
        for model in _LOOPS:
            loops[model].append(workers.speed(f"loop {model}"))
        for case, speeds in found.items():
            speeds.append(workers.speed(*case))
    workers.close()
    rows = [
        Speed(f"loop {model}", _LOOPS[model], 1, 1, statistics.median(speeds), 1.0)
        for model, speeds in loops.items()
    ]
    for (kind, processes, threads), speeds in found.items():
        model, description = _KINDS[kind]
        ratio = statistics.median(a / b for a, b in zip(speeds, loops[model], strict=True))
        rows.append(Speed(kind, description, processes, threads, statistics.median(speeds), ratio))
    return rows
