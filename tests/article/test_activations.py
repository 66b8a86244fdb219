"""The activations: their slopes against automatic differentiation, and what they are built for."""

from __future__ import annotations

import pytest
import torch

from experiments.activations import ACTIVATIONS

# No point at zero, where ReLU has no slope.
POINTS = torch.linspace(-6, 6, 200, dtype=torch.float64)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_follows_from_the_value(name: str) -> None:
    activation = ACTIVATIONS[name]
    z = POINTS.clone().requires_grad_()
    value = activation.function(z)
    (slope,) = torch.autograd.grad(value.sum(), z)
    torch.testing.assert_close(activation.slope(value.detach()), slope)
    assert slope.max() <= activation.largest_slope
    assert slope.max() > 0.99 * activation.largest_slope


def test_the_variants_of_the_sigmoid_separate_mean_and_gain() -> None:
    value = {name: entry.function(POINTS) for name, entry in ACTIVATIONS.items()}
    torch.testing.assert_close(value["centred_sigmoid"], value["sigmoid"] - 0.5)
    torch.testing.assert_close(value["scaled_sigmoid"], 4 * value["centred_sigmoid"])
    torch.testing.assert_close(
        value["tanh"], ACTIVATIONS["scaled_sigmoid"].function(2 * POINTS) / 2
    )
    assert ACTIVATIONS["scaled_sigmoid"].largest_slope == ACTIVATIONS["tanh"].largest_slope
    assert ACTIVATIONS["centred_sigmoid"].largest_slope == ACTIVATIONS["sigmoid"].largest_slope
