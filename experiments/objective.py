"""The mean squared error of a batch of replicas, with automatic derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from experiments.activations import ACTIVATIONS
from experiments.models import MODELS, Parameters, moments
from experiments.settings import OneWeight

__all__ = ["Evaluation", "Objective"]

# Below this share of its largest value the slope of an activation counts as saturated.
SATURATION = 0.01


@dataclass(frozen=True)
class Evaluation:
    """One forward pass: everything per replica, float64, shape ``(replicas,)``.

    `fed` has the mean and the variance (over n) of the activation's input over the samples, for a
    model that normalises.
    """

    loss: Tensor
    saturated: Tensor
    lowest_output: Tensor
    fed: tuple[Tensor, Tensor] | None


class Objective:
    """The loss of one configuration over its training set, full batch, in float64.

    Parameters
    ----------
    configuration
        The settings.
    device
        Where the replicas' parameters lie.
    """

    def __init__(self, configuration: OneWeight, device: str = "cpu") -> None:
        self.model = MODELS[configuration.model]
        self.activation = ACTIVATIONS[configuration.activation]
        self.inputs = torch.tensor(configuration.fed_inputs(), dtype=torch.float64, device=device)
        targets = torch.tensor(configuration.targets, dtype=torch.float64, device=device)
        self.targets = targets + configuration.target_shift

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
        return Evaluation(
            loss=(output - self.targets).square().mean(dim=1),
            saturated=self._saturated(z.detach()),
            lowest_output=output.detach().amin(dim=1),
            fed=self._fed(z.detach()),
        )

    def _fed(self, z: Tensor) -> tuple[Tensor, Tensor] | None:
        if not self.model.normalises:
            return None
        mean, variance = moments(z)
        return mean[:, 0], variance[:, 0]

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
