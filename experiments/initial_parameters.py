"""Initial parameters, drawn as the post's listing draws them."""

from __future__ import annotations

import torch
from torch import Tensor

from experiments.models import Parameters

__all__ = ["default_parameters", "default_weights"]


def default_weights(count: int) -> Tensor:
    """Return the weight of ``torch.nn.Linear(1, 1, bias=False)`` for each seed 0 .. count - 1.

    Shape ``(count,)``, float64; each value is exactly the float32 number that the listing starts
    from after ``torch.manual_seed(seed)``.
    """
    return default_parameters(count, bias=False)["weight"]


def default_parameters(count: int, *, bias: bool) -> Parameters:
    """Return what ``torch.nn.Linear(1, 1, bias=bias)`` draws for each seed 0 .. count - 1.

    ``weight`` and, with `bias`, ``bias``: shape ``(count,)``, float64. PyTorch draws the weight
    first and the bias after it, both from U(-1, 1) with one input, so that the weights are those
    of `default_weights` with a bias and without.
    """
    names = ("weight", "bias") if bias else ("weight",)
    drawn = {name: torch.empty(count, dtype=torch.float64) for name in names}
    for seed in range(count):
        torch.manual_seed(seed)
        layer = torch.nn.Linear(1, 1, bias=bias)
        for name, parameter in layer.named_parameters():
            drawn[name][seed] = parameter.detach().squeeze()
    return drawn
