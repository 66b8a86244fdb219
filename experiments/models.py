"""Models with a batch of replicas: each parameter holds one number for each replica.

A model is a function of its parameters, of the inputs, and of an activation. It returns the
pre-activations, shape ``(replicas, samples)``; the activation is applied by the caller, so that
the slope at each sample can be had without a second forward pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["BATCHNORM_EPS", "MODELS", "Model", "Parameters", "moments"]

Parameters = dict[str, Tensor]

# torch.nn.BatchNorm1d's default, added to the variance before the square root is taken.
BATCHNORM_EPS = 1e-5


@dataclass(frozen=True)
class Model:
    """A pre-activation, the initial values of its parameters, and which of them are trained.

    Attributes
    ----------
    preactivation
        Maps parameters of shape ``(replicas,)`` and inputs of shape ``(samples,)`` to
        pre-activations of shape ``(replicas, samples)``.
    constants
        Initial values of the parameters that begin the same in all replicas.
    trained
        Names of the parameters that gradient descent updates.
    drawn
        Names of the parameters that ``torch.nn.Linear`` draws, in the order in which it does.
    normalises
        Whether a layer between the weight and the activation normalises over the samples.
    """

    preactivation: Callable[[Parameters, Tensor], Tensor]
    constants: dict[str, float]
    trained: tuple[str, ...]
    drawn: tuple[str, ...] = ("weight",)
    normalises: bool = False


def _scalar(parameters: Parameters, inputs: Tensor) -> Tensor:
    return parameters["weight"][:, None] * inputs


def _biased(parameters: Parameters, inputs: Tensor) -> Tensor:
    return parameters["weight"][:, None] * inputs + parameters["bias"][:, None]


def _batchnorm(parameters: Parameters, inputs: Tensor) -> Tensor:
    """Ioffe & Szegedy (2015), algorithm 1, over the full batch: the biased variance, as torch."""
    z = _scalar(parameters, inputs)
    mean, variance = moments(z)
    normalised = (z - mean) / torch.sqrt(variance + BATCHNORM_EPS)
    return parameters["gain"][:, None] * normalised + parameters["bias"][:, None]


def moments(z: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and variance (over n) along the samples, shape ``(replicas, 1)`` each.

    In two passes: ``torch.var_mean`` takes many times as long where a row is as short as here.
    """
    mean = z.mean(dim=1, keepdim=True)
    return mean, (z - mean).square().mean(dim=1, keepdim=True)


_BATCHNORM_START = {"gain": 1.0, "bias": 0.0}

MODELS = {
    "scalar": Model(_scalar, {}, ("weight",)),
    "biased": Model(_biased, {}, ("weight", "bias"), drawn=("weight", "bias")),
    "batchnorm": Model(_batchnorm, _BATCHNORM_START, ("weight", "gain", "bias"), normalises=True),
    # The control of batch normalisation: what is learned when the weight may not move at all?
    "batchnorm_frozen": Model(_batchnorm, _BATCHNORM_START, ("gain", "bias"), normalises=True),
}
