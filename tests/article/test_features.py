"""Features and coordinates: the same functions, mirrored, and what their signs must be."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from experiments.features import FeatureMap, Problem, mirrored, pose
from experiments.signs import one_sign

RAW = FeatureMap(slope=1, threshold=0, shift=0, gain=1)
CENTRED = FeatureMap(slope=1, threshold=0, shift=0.5, gain=1)
SCALED = FeatureMap(slope=1, threshold=0, shift=0.5, gain=4)
SPARSE = FeatureMap(slope=8, threshold=1.5, shift=0, gain=4)
ALL = (RAW, CENTRED, SCALED, SPARSE)


def outputs(problem: Problem, parameters: Tensor) -> Tensor:
    return (problem.design @ parameters[..., None])[..., 0]


@pytest.mark.parametrize("features", [CENTRED, SCALED])
@pytest.mark.parametrize("width", [1, 2, 7])
def test_other_coordinates_have_the_same_functions(features: FeatureMap, width: int) -> None:
    ours, raw = pose(features, width, 32, 5), pose(RAW, width, 32, 5)
    torch.testing.assert_close(ours.targets, raw.targets)
    torch.testing.assert_close(outputs(ours, ours.start), outputs(raw, raw.start))
    assert not torch.equal(ours.start, raw.start)


def test_the_teacher_has_no_loss() -> None:
    problem = pose(SPARSE, 3, 16, 4)
    assert torch.equal(outputs(problem, problem.teacher), problem.targets)


def test_parameters_are_drawn_as_a_linear_layer_draws_them() -> None:
    problem = pose(RAW, 4, 8, 2000)
    for drawn in (problem.start, problem.teacher):
        assert 0.499 < drawn.abs().max().item() <= 0.5
        assert abs(drawn.mean().item()) < 0.01


def test_a_drawing_does_not_depend_on_how_many_there_are() -> None:
    few, many = pose(RAW, 3, 16, 2), pose(RAW, 3, 16, 9)
    for name in ("design", "targets", "start", "teacher"):
        assert torch.equal(getattr(few, name), getattr(many, name)[:2])


def test_moments_are_those_of_many_draws() -> None:
    z = torch.randn(10**6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for features in ALL:
        mean, variance = features.moments()
        assert mean == pytest.approx(features(z).mean().item(), abs=5e-3)
        assert variance == pytest.approx(features(z).var().item(), rel=1e-2)


def test_shift_and_gain_move_the_moments_as_they_must() -> None:
    mean, variance = RAW.moments()
    assert mean == pytest.approx(0.5, abs=1e-15)
    assert CENTRED.moments() == pytest.approx((0, variance), abs=1e-15)
    assert SCALED.moments() == pytest.approx((0, 16 * variance), abs=1e-14)


@pytest.mark.parametrize("image", ["axis", "diagonal"])
@pytest.mark.parametrize("features", [RAW, SPARSE])
def test_a_mirror_keeps_functions_and_lengths(features: FeatureMap, image: str) -> None:
    problem = pose(features, 3, 32, 4)
    other = mirrored(problem, features.moments()[0], image)
    torch.testing.assert_close(outputs(other, other.start), outputs(problem, problem.start))
    way, other_way = (each.teacher - each.start for each in (problem, other))
    torch.testing.assert_close(way.norm(dim=1), other_way.norm(dim=1))
    torch.testing.assert_close(*(torch.linalg.eigvalsh(p.hessian) for p in (problem, other)))


def test_mirrored_to_the_axis_all_other_columns_have_mean_zero() -> None:
    problem = mirrored(pose(RAW, 2, 5000, 4), 0.5, "axis")
    assert problem.design[..., 1:].mean().abs() < 0.01
    assert bool((problem.design[..., 0] > 0).all())


def test_mirrored_to_the_diagonal_two_centred_features_are_positive() -> None:
    """Proved: the rows' parts for the features sum to no more than twice that for the ones."""
    problem = mirrored(pose(CENTRED, 2, 5000, 16), 0, "diagonal")
    assert bool((problem.design > 0).all())


@pytest.mark.parametrize("features", [RAW, SPARSE])
@pytest.mark.parametrize("output", [torch.sigmoid, torch.tanh, lambda z: z])
def test_positive_features_give_every_sample_one_sign_whatever_the_output_unit(
    features: FeatureMap, output: torch.nn.Module
) -> None:
    problem = pose(features, 6, 40, 1)
    weights = problem.start[0].clone().requires_grad_()
    predictions = output(problem.design[0] @ weights)
    for prediction, target in zip(predictions, problem.targets[0], strict=True):
        (gradient,) = torch.autograd.grad(
            (prediction - target).square(), weights, retain_graph=True
        )
        assert one_sign(gradient.numpy())


def test_centred_features_give_one_sign_no_more_often_than_chance() -> None:
    design = pose(CENTRED, 3, 20_000, 1).design[0, :, 1:].numpy()
    assert np.mean(one_sign(design)) == pytest.approx(0.25, abs=0.01)


def test_the_hessian_is_that_of_automatic_differentiation() -> None:
    problem = pose(SCALED, 2, 16, 1)

    def loss(parameters: Tensor) -> Tensor:
        return (problem.design[0] @ parameters - problem.targets[0]).square().mean()

    hessian = torch.autograd.functional.hessian(loss, problem.start[0])  # type: ignore[no-untyped-call]
    torch.testing.assert_close(problem.hessian[0], hessian)
