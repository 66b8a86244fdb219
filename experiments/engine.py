"""The batched engine: gradient descent from many initial weights at once, in float64."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from experiments.models import Parameters
from experiments.objective import Objective
from experiments.variant import Variant

__all__ = ["Trajectories", "train"]

Trajectories = dict[str, np.ndarray]


def train(variant: Variant, weights: Tensor) -> Trajectories:
    """Train one replica from each of `weights` and record the way.

    Parameters
    ----------
    variant
        The settings; `variant.starts` is not read, the number of replicas is that of `weights`.
    weights
        Initial weights, shape ``(replicas,)``, float64.

    Returns
    -------
    dict
        float64 arrays of shape ``(steps + 1, replicas)``: row t belongs to the parameters after t
        updates. ``weight`` (and ``gain``, ``bias`` with batch normalisation), ``loss``,
        ``saturated`` (share of samples), ``lowest_output``, and ``curvature`` (``L''``) where the
        model has a single trained parameter.
    """
    objective = Objective(variant)
    parameters = objective.start(weights)
    velocity = {name: torch.zeros_like(weights) for name in objective.model.trained}
    rows: list[dict[str, Tensor]] = []
    for _ in range(variant.steps + 1):
        evaluation, gradient, curvature = objective.gradients(parameters)
        row = {
            **parameters,
            "loss": evaluation.loss.detach(),
            "saturated": evaluation.saturated,
            "lowest_output": evaluation.lowest_output,
        }
        rows.append(row if curvature is None else {**row, "curvature": curvature})
        parameters = _heavy_ball(parameters, velocity, gradient, variant)
    return {name: torch.stack([row[name] for row in rows]).numpy() for name in rows[0]}


def _heavy_ball(
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
