"""The mean squared error of a batch of replicas, with automatic derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from experiments.activations import ACTIVATIONS
from experiments.models import MODELS, Parameters
from experiments.variant import Variant

__all__ = ["Evaluation", "Objective"]

# Below this share of its largest value the slope of an activation counts as saturated.
SATURATION = 0.01


@dataclass(frozen=True)
class Evaluation:
    """One forward pass: everything per replica, float64, shape ``(replicas,)``.

    `fed_mean` and `fed_variance` (over n) are those of the activation's input over the samples.
    """

    loss: Tensor
    saturated: Tensor
    lowest_output: Tensor
    fed_mean: Tensor
    fed_variance: Tensor


class Objective:
    """The loss of one variant over its training set, full batch, in float64."""

    def __init__(self, variant: Variant) -> None:
        self.model = MODELS[variant.model]
        self.activation = ACTIVATIONS[variant.activation]
        self.inputs = torch.tensor(variant.fed_inputs(), dtype=torch.float64)
        self.targets = torch.tensor(variant.targets, dtype=torch.float64) + variant.target_shift

    def start(self, weights: Tensor, **drawn: Tensor) -> Parameters:
        """Return the initial parameters of replicas that begin at `weights` (``(replicas,)``).

        `drawn` has the values of what else the model's layer draws.
        """
        constants = {
            name: torch.full_like(weights, value) for name, value in self.model.constants.items()
        }
        return {"weight": weights.clone(), **constants, **drawn}

    def evaluate(self, parameters: Parameters) -> Evaluation:
        """Return loss, saturation and lowest output of every replica."""
        z = self.model.preactivation(parameters, self.inputs)
        output = self.activation.function(z)
        variance, mean = torch.var_mean(z.detach(), dim=1, correction=0)
        return Evaluation(
            loss=(output - self.targets).square().mean(dim=1),
            saturated=self._saturated(z.detach()),
            lowest_output=output.detach().amin(dim=1),
            fed_mean=mean,
            fed_variance=variance,
        )

    def _saturated(self, z: Tensor) -> Tensor:
        """Return the share of samples whose activation slope is below 1 % of its maximum."""
        with torch.enable_grad():
            z = z.requires_grad_(True)
            (slope,) = torch.autograd.grad(self.activation.function(z).sum(), z)
        threshold = SATURATION * self.activation.largest_slope
        return (slope < threshold).double().mean(dim=1)

    def gradients(self, parameters: Parameters) -> tuple[Evaluation, Parameters, Tensor | None]:
        """Return the evaluation, the gradient of every trained parameter, and the curvature.

        The replicas do not interact, so the gradient of the summed loss holds each replica's own.
        The curvature ``L''(w)`` is given for models with a single trained parameter, else None.
        """
        leaves = {
            name: value.detach().requires_grad_(name in self.model.trained)
            for name, value in parameters.items()
        }
        evaluation = self.evaluate(leaves)
        trained = [leaves[name] for name in self.model.trained]
        single = len(trained) == 1
        gradient = torch.autograd.grad(evaluation.loss.sum(), trained, create_graph=single)
        curvature = None
        if single:
            (curvature,) = torch.autograd.grad(gradient[0].sum(), trained)
        named = {
            name: value.detach() for name, value in zip(self.model.trained, gradient, strict=True)
        }
        return evaluation, named, curvature
