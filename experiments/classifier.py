"""Gradient descent on a network, with all samples in every step, and what is measured on the way.

No momentum, no batches: the update is the learning rate times the gradient, so that two updates
point the same way where two gradients do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from experiments.handwriting import Parts
from experiments.network import Network, Pass, Samples
from experiments.signs import coherence

__all__ = ["Arrival", "Run", "arrive", "one_sided", "train"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Arrival:
    """The number of updates that brought the loss to the target, and the parameters there."""

    steps: int
    parameters: Tensor


@dataclass(frozen=True)
class Run:
    """One network's training; row t of an array belongs to the parameters after t updates.

    Attributes
    ----------
    loss
        Training loss, shape ``(steps + 1,)``.
    cosine
        Cosine of the angle between the update that starts here and the one before, shape
        ``(steps + 1,)``; NaN in the first row.
    coherence
        Sign coherence of a neuron's incoming gradient, mean over the neurons of a layer, shape
        ``(steps + 1, layers - 1)``: for each layer that is fed by activations.
    one_sided
        Share of single samples' gradients that point to one side, see `one_sided`; same shape.
    reached
        Updates until the loss was at most the target; None where it never was.
    at_target
        Parameters when the target was reached, or at the end.
    chosen_step
        The step with the lowest validation loss of those looked at.
    accuracy
        Of that step, on the test part.
    """

    loss: Array
    cosine: Array
    coherence: Array
    one_sided: Array
    reached: int | None
    at_target: Tensor
    chosen_step: int
    accuracy: float

    @property
    def way(self) -> slice:
        """The rows of the updates to the target; of all updates where it was not reached."""
        return slice(0, len(self.loss) - 1 if self.reached is None else self.reached)

    @property
    def mean_cosine(self) -> float:
        """Mean cosine of consecutive updates on the way."""
        return float(self.cosine[1 : self.way.stop].mean())


def arrive(
    network: Network, samples: Samples, seed: int, *, rate: float, target: float, horizon: int
) -> Arrival | None:
    """Train until the loss is at the target or below; None if `horizon` updates do not bring it.

    A run whose loss is no longer a number is given up.
    """
    parameters = network.initial(seed)
    for step in range(horizon + 1):
        now = network.gradient(parameters, samples)
        loss = now.loss.item()
        if loss <= target:
            return Arrival(step, parameters)
        if not math.isfinite(loss):
            return None
        parameters = parameters - rate * now.gradient
    return None


def train(
    network: Network,
    parts: Parts,
    seed: int,
    *,
    rate: float,
    target: float,
    steps: int,
    every: int,
    watched: bool = True,
) -> Run:
    """Train a network from a seed's initial parameters; look at validation `every` few steps.

    Of one that is not watched no angle and no sign is measured: they are NaN.
    """
    parameters = network.initial(seed)
    unseen = math.nan, [math.nan], [math.nan]
    rows = []
    before: Tensor | None = None
    reached, at_target = None, None
    best = (math.inf, 0, parameters)
    for step in range(steps + 1):
        now = network.gradient(parameters, parts.training)
        rows.append(_measure(network, now, before) if watched else (now.loss.item(), *unseen))
        if reached is None and now.loss.item() <= target:
            reached, at_target = step, parameters
        if step % every == 0:
            validation, _ = network.evaluate(parameters, parts.validation)
            best = min(best, (validation, step, parameters), key=lambda entry: entry[0])
        before = now.gradient
        if step < steps:
            parameters = parameters - rate * now.gradient
    loss, cosine, agreement, share = (np.array(column) for column in zip(*rows, strict=True))
    return Run(
        loss=loss,
        cosine=cosine,
        coherence=agreement,
        one_sided=share,
        reached=reached,
        at_target=parameters if at_target is None else at_target,
        chosen_step=best[1],
        accuracy=network.evaluate(best[2], parts.test)[1],
    )


def _measure(
    network: Network, now: Pass, before: Tensor | None
) -> tuple[float, float, list[float], list[float]]:
    """Return a row of each of the arrays of `Run`."""
    cosine = math.nan
    if before is not None:
        cosine = (now.gradient @ before / (now.gradient.norm() * before.norm())).item()
    weights = [weight.numpy() for weight, _ in network.layers(now.gradient)[1:]]
    agreement = [float(coherence(weight).mean()) for weight in weights]
    sides = [
        one_sided(value, error) for value, error in zip(now.values[1:], now.errors[1:], strict=True)
    ]
    return now.loss.item(), cosine, agreement, sides


def one_sided(value: Tensor, error: Tensor) -> float:
    """Return the share of single samples' gradients in which no two entries have opposite signs.

    The gradient of sample n for the incoming weights of neuron j is ``error[n, j] * value[n]``: its
    signs are those of ``value[n]``, all turned round where the error is negative. Gradients that
    are zero throughout do not count; where there are no others the share is zero.

    Parameters
    ----------
    value
        What the layer is fed, shape ``(samples, in)``.
    error
        The errors of its neurons, shape ``(samples, out)``.
    """
    low, high = torch.aminmax(value, dim=1)
    counts = (error != 0).sum(dim=1) * ((low != 0) | (high != 0))
    agree = counts * ((low >= 0) | (high <= 0))
    return agree.sum().item() / max(counts.sum().item(), 1)
