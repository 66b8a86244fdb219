"""What becomes of the variance from layer to layer, for several initialisations.

A case is a network without biases, ``z_l = W_l f(z_(l-1))``, whose inputs ``z_0`` count as the
values of a layer. The factor of a layer is the variance of its values over that of the layer
before. "The variance" of a layer's values has two meanings:

over the samples
    A neuron's values for all samples, its weights being fixed. Its expectation over independent
    weights of mean zero is ``n var(w) var(x)``, whatever the mean of x and however the features are
    correlated: the products of different weights have mean zero.
over the weights
    A sample's values for all draws of the weights; the neurons of a layer are such draws. It is
    ``n var(w) mean(x^2)``, which is ``n var(w) var(x)`` only where x has mean zero. In this sense
    Glorot and Bengio (2010) and He et al. (2015) derive their initialisations.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from experiments.activations import centred_sigmoid, sigmoid, tanh
from experiments.columns import stacked
from experiments.settings import VarianceCase, VarianceSettings
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = [
    "ACTIVATIONS",
    "INPUTS",
    "SCHEMES",
    "Variances",
    "expectations",
    "main",
    "propagate",
    "run",
    "variances",
    "wide_limit",
]

Array = NDArray[np.float64]

# Trapezoidal rule for expectations over a standard normal variable: beyond this lies 1e-15 of it.
_NODES_REACH = 8.0
_NODES = 401
# Parts of the networks that lie below and above the band of a figure.
_BAND = (0.05, 0.5, 0.95)
# The measures that have a limit in wide layers.
_MEASURES = ("over_weights", "over_samples")


@dataclass(frozen=True)
class Variances:
    """The variance of a layer's values.

    Attributes
    ----------
    over_weights
        Of a sample over the neurons, the mean over the samples.
    over_samples
        Of a neuron over the samples, the mean over the neurons.
    over_both
        Of all values taken together.
    unevenness
        Standard deviation of the variance over the samples from neuron to neuron, over its mean.
    """

    over_weights: float
    over_samples: float
    over_both: float
    unevenness: float


def _linear(fan_in: int, outputs: int) -> Tensor:
    return torch.nn.Linear(fan_in, outputs, bias=False, dtype=torch.float64).weight.detach()


def _derived(fan_in: int, outputs: int) -> Tensor:
    bound = math.sqrt(3 / fan_in)
    return torch.empty(outputs, fan_in, dtype=torch.float64).uniform_(-bound, bound)


def _he(fan_in: int, outputs: int) -> Tensor:
    weight = torch.empty(outputs, fan_in, dtype=torch.float64)
    return torch.nn.init.kaiming_uniform_(weight, nonlinearity="relu")


# Each draws weights of shape (outputs, fan_in), uniformly; with it, n var(w).
SCHEMES: Mapping[str, tuple[Callable[[int, int], Tensor], float]] = {
    "default": (_linear, 1 / 3),
    "derived": (_derived, 1.0),
    "he": (_he, 2.0),
}

ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda z: z,
    "sigmoid": sigmoid,
    "centred_sigmoid": centred_sigmoid,
    "tanh": tanh,
    "relu": torch.relu,
}


def _standardised(z: Tensor) -> Tensor:
    return (z - z.mean(dim=0)) / z.std(dim=0, correction=0)


def _normal(settings: VarianceSettings) -> Tensor:
    torch.manual_seed(zlib.crc32(b"inputs"))
    return torch.randn(settings.samples, settings.width, dtype=torch.float64)


def _related(settings: VarianceSettings) -> Tensor:
    """Sigmoid outputs of features that share half of their variance with each other."""
    own = _normal(settings)
    shared = torch.randn(settings.samples, 1, dtype=torch.float64)
    return sigmoid(_standardised(own + shared))


# Each makes inputs of shape (samples, features).
INPUTS: Mapping[str, Callable[[VarianceSettings], Tensor]] = {
    "standardised": lambda settings: _standardised(_normal(settings)),
    "sigmoid": lambda settings: sigmoid(_standardised(_normal(settings))),
    "related": _related,
    "post": lambda settings: torch.tensor(settings.data, dtype=torch.float64)[:, None],
}


def variances(values: Tensor) -> Variances:
    """Measure the values of a layer, shape ``(samples, neurons)``, at least two of each.

    The neurons are a sample of all draws of the weights, the samples are all the data there is:
    the divisor is one less than the number of neurons, and the number of samples.
    """
    of_neurons = values.var(dim=0, correction=0)
    mean = of_neurons.mean().item()
    return Variances(
        over_weights=values.var(dim=1, correction=1).mean().item(),
        over_samples=mean,
        over_both=values.var(correction=0).item(),
        unevenness=of_neurons.std(correction=1).item() / mean if mean > 0 else math.nan,
    )


def propagate(case: VarianceCase, inputs: Tensor, width: int, seed: int) -> list[Variances]:
    """Draw a network and return the variances after each of its layers."""
    draw, _ = SCHEMES[case.scheme]
    activation = ACTIVATIONS[case.activation]
    torch.manual_seed(seed)
    values, measured = inputs, []
    for _ in range(case.depth):
        values = activation(values) @ draw(values.shape[1], width).T
        measured.append(variances(values))
    return measured


def wide_limit(case: VarianceCase, inputs: Tensor) -> tuple[Array, Array]:
    """Return the variances over the weights and over the samples in the limit of wide layers.

    There the values of two samples at a neuron are normal with variance q and covariance c, and
    ``q' = n var(w) E[f(z)^2]``, ``c' = n var(w) E[f(z_1) f(z_2)]`` (Poole et al. 2016). In place of
    c, the recursion keeps ``d = q - c``, which is half the mean of the square of a difference: so
    it stays exact where the samples become alike. The variance over N samples is ``d (N - 1) / N``.

    Exact for any width and any inputs where f is the identity. Arrays of shape ``(depth + 1,)``;
    the first entry is of the inputs.
    """
    samples = len(inputs)
    finite = (samples - 1) / samples
    q = [inputs.square().mean().item()]
    d = [inputs.var(dim=0, correction=0).mean().item() / finite]
    _, gain = SCHEMES[case.scheme]
    for _ in range(case.depth):
        square, difference = expectations(ACTIVATIONS[case.activation], q[-1], d[-1])
        q.append(gain * square)
        d.append(gain * difference)
    return np.array(q), np.array(d) * finite


def expectations(f: Callable[[Tensor], Tensor], q: float, d: float) -> tuple[float, float]:
    """Return ``E[f(z_1)^2]`` and ``E[(f(z_1) - f(z_2))^2] / 2`` of a normal pair."""
    node = torch.linspace(-_NODES_REACH, _NODES_REACH, _NODES, dtype=torch.float64)
    weight = torch.exp(-node.square() / 2)
    weight = weight / weight.sum()
    # Half the sum and half the difference of the pair are independent. Of opposite values the sum
    # is zero, and its variance may be rounded to less.
    middle = node[:, None] * math.sqrt(max(q - d / 2, 0.0))
    half = node[None, :] * math.sqrt(d / 2)
    difference = (f(middle + half) - f(middle - half)).square() / 2
    square = f(node * math.sqrt(q)).square()
    return (square @ weight).item(), (weight @ difference @ weight).item()


def run(settings: VarianceSettings) -> Result:
    """Draw the networks of every case and measure their layers.

    The scalars are the factor of a layer in the limit of wide layers, as ``<case>_<measure>``.
    """
    samples, curves, scalars = [], [], {}
    for name, case in sorted(settings.cases.items()):
        inputs = INPUTS[case.inputs](settings)
        seeds = [zlib.crc32(f"{name}, network {i}".encode()) for i in range(settings.networks)]
        networks = [propagate(case, inputs, settings.width, seed) for seed in seeds]
        start = inputs.var(dim=0, correction=0).mean().item()
        limit = wide_limit(case, inputs)
        samples.append(_factors(name, networks, start))
        curves.append(_layers(name, networks, limit))
        for measure, expected in zip(_MEASURES, limit, strict=True):
            scalars[f"{name}_{measure}"] = float((expected[-1] / start) ** (1 / case.depth))
    return Result(samples=stacked(samples), curves=stacked(curves), scalars=scalars)


def _factors(name: str, networks: list[list[Variances]], start: float) -> Columns:
    """One row for each network: the factor of a layer in either sense, the geometric mean."""
    last, depth = [network[-1] for network in networks], len(networks[0])

    def factor(measure: str) -> Array:
        return (np.array([getattr(values, measure) for values in last]) / start) ** (1 / depth)

    return {
        "case": np.full(len(networks), name, dtype=object),
        "network": np.arange(len(networks), dtype=np.int32),
        "over_weights": factor("over_weights"),
        "over_samples": factor("over_samples"),
        "over_both": factor("over_both"),
        "unevenness": np.array([values.unevenness for values in last]),
    }


def _layers(name: str, networks: list[list[Variances]], limit: tuple[Array, Array]) -> Columns:
    """One row for each layer: the networks' median and band, and the limit of wide layers."""
    depth = len(networks[0])
    columns: Columns = {
        "case": np.full(depth, name, dtype=object),
        "layer": np.arange(1, depth + 1, dtype=np.int32),
    }
    for measure, expected in zip(_MEASURES, limit, strict=True):
        values = np.array([[getattr(at, measure) for at in network] for network in networks])
        low, median, high = np.quantile(values, _BAND, axis=0)
        columns |= {
            f"{measure}_low": low,
            f"{measure}_median": median,
            f"{measure}_high": high,
            f"{measure}_expected": expected[1:],
        }
    return columns


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, VarianceSettings, run)


if __name__ == "__main__":
    run_command(main)
