"""The batched engine: gradient descent from many initial weights at once, in float64."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from experiments.device import require_device
from experiments.models import Parameters
from experiments.objective import Evaluation, Objective
from experiments.settings import OneWeight
from experiments.trajectories import Trajectories

__all__ = ["CHUNK", "heavy_ball", "train"]

# The end of an array that does not fill a vector register is computed by other code, with other
# last bits. In whole blocks of this many replicas no array has such an end.
_BLOCK = 64
# Replicas that are trained together.
CHUNK = 4096


def train(
    configuration: OneWeight,
    weights: Tensor,
    drawn: Parameters | None = None,
    *,
    chunk: int = CHUNK,
) -> Trajectories:
    """Train one replica from each of `weights` and record the way.

    Parameters
    ----------
    configuration
        The settings; the number of replicas is that of `weights`.
    weights
        Initial weights, shape ``(replicas,)``, float64.
    drawn
        Initial values, of the same shape, of what else the model's layer draws: see
        `experiments.initial_parameters.default_parameters`.
    chunk
        How many replicas are trained together, a multiple of 64: what bounds the memory, besides
        the result, and changes no bit of it.

    Returns
    -------
    dict
        float64 arrays of shape ``(steps + 1, replicas)``: row t belongs to the parameters after t
        updates, and a column depends on its own initial weight alone, to the last bit. ``weight``
        (and the model's other parameters), ``loss``, ``saturated`` (share of samples),
        ``lowest_output``; ``curvature`` (``L''``) where the model has a single trained parameter,
        the derivative ``<parameter>_slope`` of the loss by each where it has several; and with
        batch normalisation ``fed_mean`` and ``fed_variance`` of what enters the activation.

    Raises
    ------
    UserError
        Where the device of the configuration is not there.
    """
    require_device(configuration.device)
    objective = Objective(configuration, configuration.device)
    whole = {"weight": weights, **(drawn or {})}
    blocks = {name: _whole_blocks(values) for name, values in whole.items()}
    parts = []
    for first in range(0, len(blocks["weight"]), chunk):
        start = {name: values[first : first + chunk] for name, values in blocks.items()}
        parts.append(_train_chunk(configuration, objective, start))
    replicas = len(weights)
    return {
        name: np.concatenate([part[name] for part in parts], axis=1)[:, :replicas]
        for name in parts[0]
    }


def _train_chunk(configuration: OneWeight, objective: Objective, start: Parameters) -> Trajectories:
    """Train the replicas of one chunk; see `train`."""
    there = {name: values.to(configuration.device) for name, values in start.items()}
    parameters = objective.start(there.pop("weight"), **there)
    velocity = {name: torch.zeros_like(parameters["weight"]) for name in objective.model.trained}
    rows: list[dict[str, Tensor]] = []
    for _ in range(configuration.steps + 1):
        evaluation, gradient, curvature = objective.gradients(parameters)
        rows.append({**parameters, **_row(evaluation, gradient, curvature)})
        parameters = heavy_ball(parameters, velocity, gradient, configuration)
    return {name: torch.stack([row[name] for row in rows]).cpu().numpy() for name in rows[0]}


def _row(
    evaluation: Evaluation, gradient: Parameters, curvature: Tensor | None
) -> dict[str, Tensor]:
    """Return what is recorded of one step besides the parameters."""
    row = {
        "loss": evaluation.loss.detach(),
        "saturated": evaluation.saturated,
        "lowest_output": evaluation.lowest_output,
    }
    if evaluation.fed is not None:
        row["fed_mean"], row["fed_variance"] = evaluation.fed
    if curvature is None:
        return {**row, **{f"{name}_slope": slope for name, slope in gradient.items()}}
    return {**row, "curvature": curvature}


def _whole_blocks(values: Tensor) -> Tensor:
    """Repeat the last replica until the number of replicas is a multiple of `_BLOCK`."""
    return torch.cat([values, values[-1:].expand(-len(values) % _BLOCK)])


def heavy_ball(
    parameters: Parameters, velocity: Parameters, gradient: Parameters, configuration: OneWeight
) -> Parameters:
    """Return the parameters after one update; `velocity` is updated in place.

    Polyak (1964) in PyTorch's form: ``v <- beta v + g; w <- w - eta v``.
    """
    updated = dict(parameters)
    for name, slope in gradient.items():
        velocity[name] = configuration.momentum * velocity[name] + slope
        updated[name] = parameters[name] - configuration.learning_rate * velocity[name]
    return updated
