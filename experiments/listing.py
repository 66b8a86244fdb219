"""The post's listing, repaired, and the same loop for every remedy that it prescribes."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from experiments.settings import OneWeight, OneWeightSettings
from experiments.trajectories import Trajectories

__all__ = ["CentredSigmoid", "network", "run_listing", "train"]


class CentredSigmoid(torch.nn.Module):
    """The sigmoid minus one half, as a layer."""

    def forward(self, z: Tensor) -> Tensor:
        """Return ``sigmoid(z) - 1/2``, elementwise."""
        return torch.sigmoid(z) - 0.5


_LAYERS = {"sigmoid": torch.nn.Sigmoid, "centred_sigmoid": CentredSigmoid, "tanh": torch.nn.Tanh}


def network(configuration: OneWeight) -> torch.nn.Sequential:
    """Return the post's network for a configuration, with PyTorch's default initialisation."""
    layers: list[torch.nn.Module] = [torch.nn.Linear(1, 1, bias=configuration.model == "biased")]
    if configuration.model.startswith("batchnorm"):
        layers.append(torch.nn.BatchNorm1d(1))
    if configuration.model == "batchnorm_frozen":
        layers[0].requires_grad_(False)
    return torch.nn.Sequential(*layers, _LAYERS[configuration.activation]())


def run_listing(
    model: torch.nn.Sequential,
    X: Tensor,
    Y: Tensor,
    *,
    lr: float,
    momentum: float,
    steps: int,
) -> tuple[list[float], list[float]]:
    """Train as the post does; return weight and loss before each update."""
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=lr, momentum=momentum)
    weight = next(model[0].parameters())
    weight_history, loss_history = [], []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        loss = (model(X) - Y).pow(2).mean()
        weight_history.append(weight.item())
        loss_history.append(loss.item())
        loss.backward()
        optimizer.step()
    return weight_history, loss_history


def train(settings: OneWeightSettings, dtype: torch.dtype = torch.float32) -> Trajectories:
    """Run the listing once for each seed 0 .. ``settings.starts - 1``.

    Returns ``weight`` and ``loss``, float64 arrays of shape ``(steps + 1, starts)``; the numbers
    were computed in `dtype`, the post's float32 unless told otherwise.
    """
    X = torch.tensor(settings.fed_inputs(), dtype=dtype)[:, None]
    Y = (torch.tensor(settings.targets, dtype=dtype) + settings.target_shift)[:, None]
    histories = []
    for seed in range(settings.starts):
        torch.manual_seed(seed)
        model = network(settings).to(dtype)
        history = run_listing(
            model, X, Y, lr=settings.learning_rate, momentum=settings.momentum, steps=settings.steps
        )
        histories.append(history)
    weight, loss = np.array(histories).transpose(1, 2, 0)
    return {"weight": weight, "loss": loss}
