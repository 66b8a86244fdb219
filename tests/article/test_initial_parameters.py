"""Initial weights: those that the post's listing draws."""

from __future__ import annotations

import numpy as np
import torch

from experiments import listing
from experiments.initial_parameters import default_parameters, default_weights
from tests.declared import shortened


def test_each_seed_gives_the_weight_of_the_listing() -> None:
    faithful = listing.train(shortened("listing", steps=3, starts=20))["weight"][0]
    assert np.array_equal(default_weights(20), faithful)


def test_they_are_float32_numbers_in_float64_and_of_one_sequence() -> None:
    weights = default_weights(40)
    assert weights.dtype == torch.float64
    assert torch.equal(weights, weights.float().double())
    assert torch.equal(default_weights(15), weights[:15])
    assert len(set(weights.tolist())) == 40


def test_they_fill_the_interval_of_one_input() -> None:
    """`Linear(1, 1)` draws from U(-1, 1): mean 0, variance 1/3, within 4 standard errors."""
    weights = default_weights(2000).numpy()
    assert (np.abs(weights) <= 1).all()
    assert abs(weights.mean()) < 4 * np.sqrt(1 / 3 / 2000)
    assert abs(np.mean(weights**2) - 1 / 3) < 4 * np.sqrt(4 / 45 / 2000)


def test_a_bias_is_drawn_after_the_weight_and_changes_none() -> None:
    drawn = default_parameters(20, bias=True)
    assert set(drawn) == {"weight", "bias"}
    assert torch.equal(drawn["weight"], default_weights(20))
    for seed in range(20):
        torch.manual_seed(seed)
        assert drawn["bias"][seed] == torch.nn.Linear(1, 1).bias.item()
    assert {values.dtype for values in drawn.values()} == {torch.float64}
    assert set(default_parameters(2, bias=False)) == {"weight"}
