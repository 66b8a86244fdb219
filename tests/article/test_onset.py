"""Changes found on runs, against what is known of losses whose targets are met."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from experiments import onset
from experiments.loss_minimum import find_minimum, largest_stable_rate
from experiments.replicas import Loss
from tests.declared import ONE_WEIGHT

torch.set_num_threads(1)

POST = ONE_WEIGHT["post"]
X = np.array(POST.inputs)
MOMENTA = np.array([0.0, 0.5, 0.9])


def met(w: float = 0.2) -> tuple[Loss, float]:
    """Return a loss with the minimum zero at w, and its sharpness 2 mean (x f')^2."""
    s = 1 / (1 + np.exp(-w * X))
    sharpness = 2 * np.mean((X * s * (1 - s)) ** 2)
    return Loss("sigmoid", POST.inputs, tuple(s.tolist())), float(sharpness)


def test_calm_starts_come_to_rest_at_the_minimum() -> None:
    assert onset.resting_place(met()[0], 0.2, 8, 2000) == pytest.approx(0.2, rel=1e-12)


def test_the_minimum_repels_from_the_bound_on() -> None:
    loss, sharpness = met()
    found = onset.repelling_rates(loss, 0.2, MOMENTA, (0.1, 9.0), nudge=1e-8, steps=4096)
    expected = [largest_stable_rate(sharpness, beta) for beta in MOMENTA]
    np.testing.assert_allclose(found, expected, rtol=1e-7)


def test_the_first_doubling_is_at_the_bound_and_soft() -> None:
    """With c > 0 the swing grows from zero like the root of the distance."""
    loss = Loss("sigmoid", POST.inputs, POST.targets)
    minimum = find_minimum(loss.configuration("mine"))
    low, high = (np.array([share * minimum.eta_star]) for share in (0.9, 1.1))
    (found,) = onset.doubling_rates(
        loss, np.array([1]), (low, high), starts=np.array([0.1, 0.4]), steps=4096
    )
    assert found == pytest.approx(minimum.eta_star, rel=2e-5)
    coefficient, predicted = onset.normal_form(loss.configuration("mine"), minimum)
    exponent, factor = onset.swing_growth(
        loss, minimum.eta_star, np.geomspace(1e-3, 5e-3, 16), start=0.2, steps=4096
    )
    assert coefficient > 0
    assert exponent == pytest.approx(0.5, abs=5e-3)
    assert factor == pytest.approx(predicted, rel=0.02)


def test_escaped_starts_do_not_count_as_still() -> None:
    loss = Loss("sigmoid", POST.inputs, POST.targets)
    between = (np.array([0.6]), np.array([0.8]))
    alone, beside = (
        onset.doubling_rates(loss, np.array([1]), between, starts=np.array(starts), steps=1024)
        for starts in ([0.4], [0.4, 50.0])
    )
    assert alone == beside


def test_the_coefficient_of_one_sample_is_that_of_its_closed_form() -> None:
    """One sample x = 1 met at w = 0: with s' = 1/4, s''= 0, s''' = -1/8 there, L'' = 1/8, L''' = 0.

    L = (s - 1/2)^2, so L'''' = 6 s''^2 + 8 s' s''' = -1/4, eta* = 16, c = 16 / 24.
    """
    loss = Loss("sigmoid", (1.0,), (0.5,))
    minimum = find_minimum(loss.configuration("mine"))
    coefficient, factor = onset.normal_form(loss.configuration("mine"), minimum)
    assert minimum.eta_star == pytest.approx(16)
    assert coefficient == pytest.approx(16 / 24)
    assert factor == pytest.approx(2 * np.sqrt(3 / 16))


def test_where_the_change_is_hard_no_small_swing_is_foretold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """L = w^2 / 2 + w^4 / 4 beside its minimum: f = (1 - eta) w - eta w^3 pushes outwards."""
    monkeypatch.setattr(onset, "_higher_derivatives", lambda objective, weight: (0.0, 6.0))
    loss = met()[0]
    coefficient, factor = onset.normal_form(
        loss.configuration("mine"), find_minimum(loss.configuration("mine"))
    )
    assert coefficient < 0
    assert np.isnan(factor)
