"""The batched engine: gradient descent from many initial weights at once, in float64."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from experiments.models import Parameters
from experiments.objective import Objective
from experiments.variant import Variant

__all__ = ["Trajectories", "heavy_ball", "train"]

Trajectories = dict[str, np.ndarray]

# The end of an array that does not fill a vector register is computed by other code, with other
# last bits. In whole blocks of this many replicas no array has such an end.
_BLOCK = 64


def train(variant: Variant, weights: Tensor, **drawn: Tensor) -> Trajectories:
    """Train one replica from each of `weights` and record the way.

    Parameters
    ----------
    variant
        The settings; `variant.starts` is not read, the number of replicas is that of `weights`.
    weights
        Initial weights, shape ``(replicas,)``, float64.
    drawn
        Initial values, of the same shape, of what else the model's layer draws: see
        `experiments.starts.default_parameters`.

    Returns
    -------
    dict
        float64 arrays of shape ``(steps + 1, replicas)``: row t belongs to the parameters after t
        updates, and a column depends on its own initial weight alone, to the last bit. ``weight``
        (and the model's other parameters), ``loss``, ``saturated`` (share of samples),
        ``lowest_output``; ``curvature`` (``L''``) where the model has a single trained parameter,
        the derivative ``<parameter>_slope`` of the loss by each where it has several; and with
        batch normalisation ``fed_mean`` and ``fed_variance`` of what enters the activation.
    """
    objective = Objective(variant)
    blocks = _whole_blocks(weights)
    parameters = objective.start(
        blocks, **{name: _whole_blocks(values) for name, values in drawn.items()}
    )
    velocity = {name: torch.zeros_like(blocks) for name in objective.model.trained}
    rows: list[dict[str, Tensor]] = []
    for _ in range(variant.steps + 1):
        evaluation, gradient, curvature = objective.gradients(parameters)
        row = {
            **parameters,
            "loss": evaluation.loss.detach(),
            "saturated": evaluation.saturated,
            "lowest_output": evaluation.lowest_output,
        }
        if objective.model.normalises:
            row |= {"fed_mean": evaluation.fed_mean, "fed_variance": evaluation.fed_variance}
        if curvature is None:
            row |= {f"{name}_slope": slope for name, slope in gradient.items()}
        else:
            row["curvature"] = curvature
        rows.append(row)
        parameters = heavy_ball(parameters, velocity, gradient, variant)
    replicas = len(weights)
    return {name: torch.stack([row[name][:replicas] for row in rows]).numpy() for name in rows[0]}


def _whole_blocks(weights: Tensor) -> Tensor:
    """Repeat the last replica until the number of replicas is a multiple of `_BLOCK`."""
    return torch.cat([weights, weights[-1:].expand(-len(weights) % _BLOCK)])


def heavy_ball(
    parameters: Parameters, velocity: Parameters, gradient: Parameters, variant: Variant
) -> Parameters:
    """Return the parameters after one update; `velocity` is updated in place.

    Polyak (1964) in PyTorch's form: ``v <- beta v + g; w <- w - eta v``.
    """
    updated = dict(parameters)
    for name, slope in gradient.items():
        velocity[name] = variant.momentum * velocity[name] + slope
        updated[name] = parameters[name] - variant.learning_rate * velocity[name]
    return updated
