"""The variance from layer to layer: the same networks, drawn and multiplied out once more."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.activation import CURVES
from reference.agreement import Measure, near
from reference.generator import Generator

__all__ = ["measures"]

Array = NDArray[Any]

# n times the variance of a weight; U(-c, c) has the variance c^2 / 3.
_GAINS = {"default": 1 / 3, "derived": 1.0, "he": 2.0}
# The facts: the name, the case, and in which sense the variance is taken.
_FACTS = {
    "default_over_weights": ("default_linear", "weights"),
    "default_over_samples": ("default_linear", "samples"),
    "derived_over_samples": ("derived_linear", "samples"),
    "derived_sigmoid_over_samples": ("derived_sigmoid", "samples"),
    "derived_centred_over_samples": ("derived_centred", "samples"),
    "he_over_weights": ("he_relu", "weights"),
    "he_over_samples": ("he_relu", "samples"),
    "standardised_over_weights": ("standardised_inputs", "weights"),
    "sigmoid_inputs_over_weights": ("sigmoid_inputs", "weights"),
    "sigmoid_inputs_over_samples": ("sigmoid_inputs", "samples"),
    "post_inputs_over_weights": ("post_inputs", "weights"),
}
# Twelve layers of sums in another order.
_EXACT = 1e-8


def _inputs(kind: str, settings: Mapping[str, Any]) -> Array:
    """Return inputs, shape ``(samples, features)``."""
    if kind == "post":
        return np.array(settings["data"], dtype=float)[:, None]
    shape = settings["samples"], settings["width"]
    drawn = Generator(zlib.crc32(b"inputs")).normal(shape[0] * shape[1]).reshape(shape)
    drawn = drawn - drawn.mean(axis=0)
    drawn /= np.sqrt(np.square(drawn).mean(axis=0))
    return CURVES["sigmoid"](drawn) if kind == "sigmoid" else drawn


def _through(activation: str, values: Array) -> Array:
    if activation == "linear":
        return values
    return np.maximum(values, 0) if activation == "relu" else CURVES[activation](values)


def _factors(case: str, settings: Mapping[str, Any]) -> dict[str, Array]:
    """Return the factor of a layer, the geometric mean, for each network, in both senses.

    Over the weights: a sample's variance over the neurons (divisor one less than their number);
    over the samples: a neuron's variance over the samples (divisor their number); either the mean
    of all, over the variance of the inputs over the samples.
    """
    entry = settings["cases"][case]
    inputs, width = _inputs(entry["inputs"], settings), settings["width"]
    start = np.square(inputs - inputs.mean(axis=0)).mean()
    found: dict[str, list[float]] = {"weights": [], "samples": []}
    for network in range(settings["networks"]):
        stream = Generator(zlib.crc32(f"{case}, network {network}".encode()))
        values = inputs
        for _ in range(entry["depth"]):
            fan_in = values.shape[1]
            bound = math.sqrt(3 * _GAINS[entry["scheme"]] / fan_in)
            weight = stream.uniform(width * fan_in, -bound, bound).reshape(width, fan_in)
            values = _through(entry["activation"], values) @ weight.T
        found["weights"].append(float(values.var(axis=1).mean()) * width / (width - 1))
        found["samples"].append(float(values.var(axis=0).mean()))
    return {
        sense: (np.array(values) / start) ** (1 / entry["depth"]) for sense, values in found.items()
    }


def measures(settings: Mapping[str, Any]) -> Iterator[Measure]:
    """Recompute the mean factor of a layer of the cases that the facts quote."""
    known = {case: _factors(case, settings) for case in settings["cases"] if _quoted(case)}
    for fact, (case, sense) in _FACTS.items():
        if case in known:
            mean = float(known[case][sense].mean())
            yield near(f"{settings['name']}.{fact}", mean, _EXACT, "sums in another order")


def _quoted(case: str) -> bool:
    return any(case == quoted for quoted, _ in _FACTS.values())
