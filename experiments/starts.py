"""Initial weights, drawn as the seed's listing draws them."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["default_weights"]


def default_weights(count: int) -> Tensor:
    """Return the weight of ``torch.nn.Linear(1, 1, bias=False)`` for each seed 0 .. count - 1.

    Shape ``(count,)``, float64; each value is exactly the float32 number that the listing starts
    from after ``torch.manual_seed(seed)``.
    """
    weights = torch.empty(count, dtype=torch.float64)
    for seed in range(count):
        torch.manual_seed(seed)
        weights[seed] = torch.nn.Linear(1, 1, bias=False).weight.detach().squeeze()
    return weights
