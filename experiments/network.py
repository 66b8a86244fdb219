"""A fully connected classifier, its loss and gradient in closed form, in float64.

All parameters of a network are one vector, in the order of PyTorch's ``parameters()``: for each
layer the weight, shape ``(out, in)`` row by row, and the bias. A step of training is then one
subtraction, and the angle between two updates one product.

One network at a time: a network's numbers cannot depend on what is trained beside it, and its
arrays stay in the cache, which is as fast as any batch of networks here. What has a row for each
sample lies in memory column by column: products with the weights are faster that way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from experiments.activations import ACTIVATIONS
from juchi.core.errors import UserError

__all__ = ["Network", "Pass", "Samples", "sharpness"]


# A vector this small, beside the numbers found so far, is nothing but rounding.
_EXHAUSTED = 1e-12


@dataclass(frozen=True)
class Samples:
    """What a network is trained or tested on.

    Attributes
    ----------
    inputs
        Shape ``(samples, features)``, float64.
    labels
        The classes, shape ``(samples,)``, int64.
    wanted
        One for the class of the sample and zero for all others, shape ``(samples, classes)``.
    """

    inputs: Tensor
    labels: Tensor
    wanted: Tensor

    @classmethod
    def of(cls, inputs: Tensor, labels: Tensor, classes: int) -> Samples:
        """Return samples with what is wanted of the softmax."""
        wanted = torch.eye(classes, dtype=inputs.dtype)[labels]
        return cls(inputs.T.contiguous().T, labels, wanted.T.contiguous().T)


@dataclass(frozen=True)
class Pass:
    """What one pass forward and back through the training set gives.

    Attributes
    ----------
    loss
        Mean cross-entropy, a tensor of no dimensions.
    gradient
        Its gradient, shape ``(parameters,)``.
    values
        What each layer is fed, the inputs first, shapes ``(samples, in)``.
    errors
        The gradient of the loss with respect to what each layer computes, before its activation,
        shapes ``(samples, out)``.
    """

    loss: Tensor
    gradient: Tensor
    values: list[Tensor]
    errors: list[Tensor]


class Network:
    """Layers of given widths, the inputs' first; an activation between them, softmax at the end."""

    def __init__(self, widths: tuple[int, ...], activation: str) -> None:
        if activation not in ACTIVATIONS:
            raise UserError(
                where="config/experiments.yaml: activation of a network",
                found=repr(activation),
                expected=f"one of {', '.join(ACTIVATIONS)}",
                hint="choose one of these, or add it to experiments/activations.py",
            )
        self.widths = widths
        self.activation = ACTIVATIONS[activation]
        self.shapes = [(fan_out, fan_in) for fan_in, fan_out in pairwise(widths)]
        self.sizes = [size for out, fan_in in self.shapes for size in (out * fan_in, out)]

    def initial(self, seed: int) -> Tensor:
        """Return what ``torch.nn.Linear`` draws for the layers after ``torch.manual_seed(seed)``.

        The activation has no part in it: networks of the same widths and seed start the same.
        """
        torch.manual_seed(seed)
        layers = [torch.nn.Linear(fan_in, out) for out, fan_in in self.shapes]
        drawn = [p.detach().flatten() for layer in layers for p in layer.parameters()]
        return torch.cat(drawn).to(torch.float64)

    def layers(self, parameters: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return the weight and the bias of each layer, as views of the vector of parameters."""
        parts = torch.split(parameters, self.sizes)
        return [
            (weight.view(shape), bias)
            for weight, bias, shape in zip(parts[::2], parts[1::2], self.shapes, strict=True)
        ]

    def forward(self, parameters: Tensor, inputs: Tensor) -> list[Tensor]:
        """Return what each layer is fed, and last the logits, shape ``(samples, classes)``."""
        values = [inputs]
        layers = self.layers(parameters)
        for weight, bias in layers[:-1]:
            values.append(self.activation.function(_linear(weight, bias, values[-1])))
        return [*values, _linear(*layers[-1], values[-1])]

    def gradient(self, parameters: Tensor, samples: Samples) -> Pass:
        """Return loss and gradient over the samples, by backpropagation."""
        *values, logits = self.forward(parameters, samples.inputs)
        # By hand, since torch's softmax is slow on rows as short as these.
        shifted = logits - logits.amax(dim=1, keepdim=True)
        odds = shifted.exp()
        total = odds.sum(dim=1, keepdim=True)
        count = len(samples.labels)
        loss = (total.log().sum() - (shifted * samples.wanted).sum()) / count
        errors = [(odds / total - samples.wanted) / count]
        layers = self.layers(parameters)
        for value, (weight, _) in zip(values[:0:-1], layers[:0:-1], strict=True):
            errors.insert(0, (weight.T @ errors[0].T).T * self.activation.slope(value))
        parts = [
            part
            for value, error in zip(values, errors, strict=True)
            for part in ((error.T @ value).flatten(), error.sum(dim=0))
        ]
        return Pass(loss, torch.cat(parts), values, errors)

    def evaluate(self, parameters: Tensor, samples: Samples) -> tuple[float, float]:
        """Return mean cross-entropy and accuracy, without a gradient."""
        logits = self.forward(parameters, samples.inputs)[-1]
        loss = torch.nn.functional.cross_entropy(logits, samples.labels)
        hits = logits.argmax(dim=1) == samples.labels
        return loss.item(), hits.to(torch.float64).mean().item()


def _linear(weight: Tensor, bias: Tensor, value: Tensor) -> Tensor:
    """Return ``value weight^T + bias``, shape ``(samples, out)``."""
    return torch.addmm(bias[:, None], weight, value.T).T


def sharpness(network: Network, parameters: Tensor, samples: Samples, rounds: int) -> float:
    """Return the largest eigenvalue of the Hessian of the loss, by Lanczos's method.

    The gradient is differentiated once more, along one vector after the other. Every vector is
    made orthogonal to all before it, twice, so that rounding brings no false copies of eigenvalues
    (Golub & Van Loan, Matrix Computations, section 10.3). NaN for parameters that have diverged so
    far that no number is left.

    Parameters
    ----------
    rounds
        Products taken; the largest eigenvalue is found from below, the better the more.
    """
    vector = torch.randn(
        len(parameters), dtype=torch.float64, generator=torch.Generator().manual_seed(0)
    )
    point = parameters.clone().requires_grad_()
    gradient = network.gradient(point, samples).gradient
    basis = torch.zeros(rounds, len(parameters), dtype=torch.float64)
    tridiagonal = torch.zeros(rounds, rounds, dtype=torch.float64)
    for row in range(rounds):
        norm = vector.norm()
        # What is left is rounding: the vectors so far span all that the Hessian can reach.
        if row > 0 and norm <= _EXHAUSTED * tridiagonal.abs().max():
            tridiagonal = tridiagonal[:row, :row]
            break
        if row > 0:
            tridiagonal[row, row - 1] = tridiagonal[row - 1, row] = norm
        basis[row] = vector / norm
        (vector,) = torch.autograd.grad(gradient, point, basis[row].clone(), retain_graph=True)
        tridiagonal[row, row] = basis[row] @ vector
        for _ in range(2):
            vector = vector - basis.T @ (basis @ vector)
    if not tridiagonal.isfinite().all():
        return math.nan
    return float(torch.linalg.eigvalsh(tridiagonal)[-1])
