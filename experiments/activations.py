"""Activation functions, each a map of tensors, and the largest slope that each can have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["ACTIVATIONS", "Activation", "centred_sigmoid", "sigmoid", "tanh"]


def sigmoid(z: Tensor) -> Tensor:
    """Return ``1 / (1 + exp(-z))``, elementwise; values in (0, 1)."""
    return torch.sigmoid(z)


def centred_sigmoid(z: Tensor) -> Tensor:
    """Return ``sigmoid(z) - 1/2``, elementwise: the sigmoid's slope, with zero-centred values."""
    return torch.sigmoid(z) - 0.5


def tanh(z: Tensor) -> Tensor:
    """Return the hyperbolic tangent, elementwise; values in (-1, 1)."""
    return torch.tanh(z)


@dataclass(frozen=True)
class Activation:
    """A function with its slope at zero, which is the largest that it has."""

    function: Callable[[Tensor], Tensor]
    largest_slope: float


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, 0.25),
    "centred_sigmoid": Activation(centred_sigmoid, 0.25),
    "tanh": Activation(tanh, 1.0),
}
