"""The mean in front of a later layer: one network at a time, normalisation derived by hand.

A normalised value is ``y = (x - m) / s``, with ``s^2`` the variance and a little; an error ``e`` of
y is one of ``(e - mean e - y mean(e y)) / s`` of x, the means being those that m is one of.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.activation import CURVES
from reference.agreement import Measure, near
from reference.digits import Network, Part, cross_entropy, divide
from reference.methods import moves

__all__ = ["descent", "measures", "steps"]

Array = NDArray[Any]

_PIXELS, _CLASSES = 64, 10
_TINY = 1e-5
# How many seeds of a network are trained again.
_FEW = 3
# What is taken from a sigmoid, and what the rest is multiplied by.
_SHIFTS = {"centred_sigmoid": 0.5, "scaled_sigmoid": 0.5}
_GAINS = {"scaled_sigmoid": 4.0, "amplified_sigmoid": 4.0}
_AXES = {"layer": 1, "batch_behind": 0, "layer_mean": 1, "batch_mean": 0}


def descent(
    network: Network, kind: Mapping[str, Any], vector: Array, part: Part
) -> tuple[float, Array]:
    """Return the mean cross-entropy and its gradient."""
    normalisation = kind.get("normalisation", "none")
    before = 0 if normalisation == "batch_before" else None
    behind, scaled = _AXES.get(normalisation), not normalisation.endswith("mean")
    *hidden, (last, bias) = network.layers(vector)
    fed, kept = [part.inputs], []
    for weight, shift in hidden:
        z, spread = _normalised(fed[-1] @ weight.T + shift, before)
        value, slope = _activated(kind["activation"], z)
        output, width = _normalised(value, behind, scaled)
        fed.append(output)
        kept.append((z, spread, slope, output, width))
    loss, error = cross_entropy(fed[-1] @ last.T + bias, part.labels)
    parts = [(error.T @ fed[-1]).ravel(), error.sum(axis=0)]
    error = error @ last
    for index in reversed(range(len(hidden))):
        z, spread, slope, output, width = kept[index]
        error = _back(error, output, width, behind, scaled)
        error = _back(error * slope, z, spread, before)
        parts = [(error.T @ fed[index]).ravel(), error.sum(axis=0), *parts]
        error = error @ hidden[index][0]
    return float(loss), np.concatenate(parts)


def _activated(activation: str, z: Array) -> tuple[Array, Array]:
    """Return values and slopes of ReLU, or of a sigmoid that is shifted and multiplied."""
    if activation == "relu":
        return np.maximum(z, 0), np.asarray(z > 0, dtype=float)
    value, slope = CURVES["sigmoid"].derivatives(z, 1)
    gain = _GAINS.get(activation, 1.0)
    return gain * (value - _SHIFTS.get(activation, 0.0)), gain * slope


def _normalised(x: Array, axis: int | None, scaled: bool = True) -> tuple[Array, Array]:
    """Return values less their mean, and the square root that they were divided by, if they were.

    Without an axis they are as they were.
    """
    if axis is None:
        return x, np.ones(1)
    away = x - x.mean(axis=axis, keepdims=True)
    width = np.sqrt(x.var(axis=axis, keepdims=True) + _TINY) if scaled else np.ones(1)
    return away / width, width


def _back(error: Array, y: Array, width: Array, axis: int | None, scaled: bool = True) -> Array:
    """Return the error of what was normalised; without a scale the mean alone has a part in it."""
    if axis is None:
        return error
    common = error.mean(axis=axis, keepdims=True)
    if scaled:
        common = common + y * (error * y).mean(axis=axis, keepdims=True)
    return np.asarray((error - common) / width)


def steps(settings: Mapping[str, Any], kind: Mapping[str, Any], seed: int, rate: float) -> int:
    """Return the updates until the loss over all images is at the target, or the limit."""
    part = divide(settings["training_samples"], 0, seed)[0]
    network = Network((_PIXELS, *settings["hidden"], _CLASSES), "sigmoid")
    vector, method = _start(network, kind, seed), moves(settings["method"])
    next(method)
    for number in range(settings["limit"]):
        loss, gradient = descent(network, kind, vector, part)
        if loss <= settings["target_loss"]:
            return number
        if settings["batch"]:
            rows = _batch(settings, seed, number)
            seen = Part(part.inputs[rows], part.labels[rows])
            gradient = descent(network, kind, vector, seen)[1]
        vector = vector - rate * method.send(gradient)
    return int(settings["limit"])


def _start(network: Network, kind: Mapping[str, Any], seed: int) -> Array:
    vector = network.initial(seed)
    if kind.get("start") == "centred":
        for weight, bias in network.layers(vector)[1:]:
            np.subtract(bias, weight.sum(axis=1) / 2, out=bias)
    return vector


def _batch(settings: Mapping[str, Any], seed: int, number: int) -> Array:
    """Return which images an update sees: those of one epoch in a new order, a few at a time."""
    samples, size = settings["training_samples"], settings["batch"]
    epoch, place = divmod(number, samples // size)
    order = np.random.default_rng([2, seed, epoch]).permutation(samples)
    return np.asarray(order[place * size : (place + 1) * size])


def measures(
    settings: Mapping[str, Any], rows: Sequence[Mapping[str, str]]
) -> tuple[list[Measure], dict[str, dict[str, float]]]:
    """Train some seeds of each compared network again, at the rate that was chosen for it.

    `rows` are those of the published table. Returns the measures, and the article's number for each
    that is no fact: the mean updates of these seeds. The quotients follow from the whole table.
    """
    name, published = settings["name"], {}
    found = [*_quotients(settings, rows)]
    compared = dict.fromkeys(each for pair in _pairs(settings).values() for each in pair)
    for network in compared:
        own = [row for row in rows if row["network"] == network][:_FEW]
        trained = [
            steps(settings, settings["networks"][network], int(row["seed"]), float(row["rate"]))
            for row in own
        ]
        key = f"{name}.updates: of {network}, {len(own)} seeds"
        why = "an update more or fewer in each run, by rounding"
        found.append(Measure(key, float(np.mean(trained)), 1, why))
        published[key] = {"value": float(np.mean([float(row["steps"]) for row in own]))}
    return found, published


def _pairs(settings: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """Return the pairs of networks that are trained both."""
    out = settings.get("left_out", ())
    return {name: pair for name, pair in settings["pairs"].items() if not set(pair) & set(out)}


def _quotients(settings: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> Iterator[Measure]:
    """Yield the geometric mean of the quotients of each pair of networks, seed by seed."""
    logarithms = {
        network: np.array(
            [math.log(float(row["steps"])) for row in rows if row["network"] == network]
        )
        for network in settings["networks"]
    }
    for pair, (first, second) in _pairs(settings).items():
        mean = float((logarithms[first] - logarithms[second]).mean())
        yield near(f"{settings['name']}.{pair}_quotient", math.exp(mean))
