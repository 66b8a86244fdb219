"""Descents from the data against automatic differentiation, the closed form, and known ways."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from experiments import quadratic
from experiments.descent import Trail, full_batch, sample_by_sample
from experiments.features import FeatureMap, Problem, pose

CENTRED = FeatureMap(slope=1, threshold=0, shift=0.5, gain=1)
TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def problem() -> Problem:
    return pose(CENTRED, 2, 32, 5)


def spectrum(problem: Problem) -> tuple[torch.Tensor, torch.Tensor]:
    curvature, directions = torch.linalg.eigh(problem.hessian)
    return curvature, directions


def trail(*places: list[float]) -> Trail:
    """Return the trail of one descent."""
    return Trail(
        np.array(places, dtype=np.float64)[:, None, :],
        np.array([len(places) - 1]),
        np.array([True]),
    )


def test_the_first_updates_are_those_of_automatic_differentiation(problem: Problem) -> None:
    rate = torch.linspace(0.1, 0.5, 5, dtype=torch.float64)
    places = torch.from_numpy(full_batch(problem, rate, TOLERANCE, 20).places)
    for here, there in pairwise(places):
        point = here.clone().requires_grad_()
        outputs = (problem.design @ point[..., None])[..., 0]
        (outputs - problem.targets).square().mean(dim=1).sum().backward()
        assert point.grad is not None
        torch.testing.assert_close(there, here - rate[:, None] * point.grad)


@pytest.mark.parametrize("share", [0.1, 1.0, 1.8])
def test_a_descent_goes_as_the_closed_form_says(problem: Problem, share: float) -> None:
    curvature, directions = spectrum(problem)
    rate = share / curvature[:, -1]
    descent = full_batch(problem, rate, TOLERANCE, 10_000)
    offset = (directions.mT @ (problem.start - problem.teacher)[..., None])[..., 0]
    journey = quadratic.descend(curvature.T.numpy(), offset.T.numpy(), rate.numpy(), TOLERANCE)
    assert descent.steps.tolist() == journey.steps.tolist()
    np.testing.assert_allclose(descent.detour(), journey.path / journey.displacement)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 0), (1.9, 1)])
def test_only_an_overshooting_rate_reverses_the_steepest_direction(
    problem: Problem, share: float, expected: float
) -> None:
    curvature, directions = spectrum(problem)
    descent = full_batch(problem, share / curvature[:, -1], TOLERANCE, 10_000)
    assert descent.reversals(directions[..., -1].numpy()).tolist() == [expected] * 5


def test_a_descent_that_is_given_up_took_every_step(problem: Problem) -> None:
    descent = full_batch(problem, torch.full((5,), 1e-3, dtype=torch.float64), TOLERANCE, 7)
    assert descent.steps.tolist() == [7] * 5
    assert len(descent.places) == 8
    assert not descent.arrived.any()


def test_one_sample_is_met_in_one_step_at_the_largest_rate() -> None:
    single = pose(CENTRED, 3, 1, 6)
    rate = 1 / (2 * single.design.square().sum(dim=2).amax(dim=1))
    descent = sample_by_sample(single, rate, torch.zeros(9, dtype=torch.int64), TOLERANCE, 1)
    assert descent.steps.tolist() == [1] * 6
    np.testing.assert_allclose(descent.detour(), 1)


def test_single_samples_that_are_all_alike_descend_as_the_batch_does() -> None:
    single = pose(CENTRED, 2, 1, 3)
    rate = torch.full((3,), 0.2, dtype=torch.float64)
    batch = full_batch(single, rate, TOLERANCE, 200)
    one = sample_by_sample(single, rate, torch.zeros(200, dtype=torch.int64), TOLERANCE, 1)
    assert one.steps.tolist() == batch.steps.tolist()
    np.testing.assert_allclose(one.places, batch.places)


def test_known_ways() -> None:
    straight = trail([0, 0], [1, 0], [3, 0])
    corner = trail([0, 0], [1, 0], [1, 1])
    back = trail([0, 0], [2, 0], [1, 0])
    assert straight.detour() == pytest.approx(1)
    assert corner.detour() == pytest.approx(np.sqrt(2))
    assert back.detour() == pytest.approx(3)
    assert [way.cosine()[0] for way in (straight, corner, back)] == [1, 0, -1]
    along = np.array([[1.0, 0.0]])
    assert [way.reversals(along)[0] for way in (straight, corner, back)] == [0, 0, 1]


def test_what_comes_after_the_arrival_does_not_count() -> None:
    places = np.array([[0.0, 0], [1, 0], [2, 0], [0, 5], [9, 9]])[:, None, :]
    assert Trail(places, np.array([2]), np.array([True])).detour() == 1
    assert Trail(places, np.array([2]), np.array([True])).cosine() == 1


def test_an_update_square_to_a_direction_has_no_way_along_it() -> None:
    way = trail([0, 0], [1, 1e-17], [2, -1e-17], [3, 1e-17])
    assert way.reversals(np.array([[0.0, 1.0]])).tolist() == [0]
