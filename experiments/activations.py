"""Activation functions, each a map of tensors, with their slopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "amplified_sigmoid",
    "centred_sigmoid",
    "relu",
    "scaled_sigmoid",
    "sigmoid",
    "tanh",
]


def sigmoid(z: Tensor) -> Tensor:
    """Return ``1 / (1 + exp(-z))``, elementwise; values in (0, 1)."""
    return torch.sigmoid(z)


def centred_sigmoid(z: Tensor) -> Tensor:
    """Return ``sigmoid(z) - 1/2``, elementwise: the sigmoid's slope, with zero-centred values."""
    return torch.sigmoid(z) - 0.5


def tanh(z: Tensor) -> Tensor:
    """Return the hyperbolic tangent, elementwise; values in (-1, 1)."""
    return torch.tanh(z)


def scaled_sigmoid(z: Tensor) -> Tensor:
    """Return ``4 (sigmoid(z) - 1/2) = 2 tanh(z / 2)``: zero-centred, with tanh's slope at zero."""
    return 2 * torch.tanh(z / 2)


def amplified_sigmoid(z: Tensor) -> Tensor:
    """Return ``4 sigmoid(z)``, elementwise: tanh's slope at zero, with all values above zero."""
    return 4 * torch.sigmoid(z)


def relu(z: Tensor) -> Tensor:
    """Return ``max(z, 0)``, elementwise."""
    return torch.relu(z)


@dataclass(frozen=True)
class Activation:
    """A function with its slopes.

    Attributes
    ----------
    function
        The activation itself.
    largest_slope
        The largest slope that it has; of all but ReLU, that at zero.
    slope
        The slope as a function of the activation's own value: what backpropagation needs, without
        a second exponential.
    """

    function: Callable[[Tensor], Tensor]
    largest_slope: float
    slope: Callable[[Tensor], Tensor]


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, 0.25, lambda value: value * (1 - value)),
    "centred_sigmoid": Activation(centred_sigmoid, 0.25, lambda value: 0.25 - value.square()),
    "scaled_sigmoid": Activation(scaled_sigmoid, 1.0, lambda value: 1 - value.square() / 4),
    "amplified_sigmoid": Activation(
        amplified_sigmoid, 1.0, lambda value: value - value.square() / 4
    ),
    "tanh": Activation(tanh, 1.0, lambda value: 1 - value.square()),
    "relu": Activation(relu, 1.0, lambda value: (value > 0).to(value.dtype)),
}
