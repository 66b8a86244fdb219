"""Signs of gradients: known patterns, and chance against all patterns counted out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from experiments import signs


@pytest.mark.parametrize(
    ("gradient", "one", "coherence"),
    [
        ([1.0, 2.0, 3.0, 4.0], True, 1),
        ([-1e-300, -2.0, -3.0, -4.0], True, 1),
        ([1.0, -1.0, 5.0, -9.0], False, 0),
        ([1.0, 1.0, 1.0, -9.0], False, 0.5),
        ([1.0, 1.0, 1.0, 0.0], False, 0.75),
        ([0.0, 0.0, 0.0, 0.0], False, 0),
    ],
)
def test_known_gradients(gradient: list[float], one: bool, coherence: float) -> None:
    assert signs.one_sign(np.array(gradient)) == one
    assert signs.coherence(np.array(gradient)) == coherence


def test_each_gradient_of_a_batch_is_looked_at_for_itself() -> None:
    batch = np.array([[[1.0, 2.0], [-1.0, 2.0]], [[-3.0, -1.0], [1.0, 0.0]]])
    assert signs.one_sign(batch).tolist() == [[True, False], [True, False]]
    assert signs.coherence(batch).tolist() == [[1, 0], [1, 0.5]]


@pytest.mark.parametrize("width", range(1, 11))
def test_chance_is_the_mean_over_all_patterns(width: int) -> None:
    patterns = np.array(list(product([-1.0, 1.0], repeat=width)))
    assert signs.chance_one_sign(width) == signs.one_sign(patterns).mean()
    assert signs.chance_coherence(width) == pytest.approx(signs.coherence(patterns).mean())


def test_the_coherence_of_many_random_signs_falls_as_their_root() -> None:
    """``E|S_d| / d`` tends to ``sqrt(2 / (pi d))``."""
    assert signs.chance_coherence(10_000) == pytest.approx(np.sqrt(2 / (np.pi * 1e4)), rel=1e-3)
