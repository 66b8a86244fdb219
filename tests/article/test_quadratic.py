"""Quadratic bowls whose curvatures and ways are known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments import quadratic


def descend(
    curvature: list[float], offset: list[float], rate: float, tolerance: float
) -> tuple[int, float, float]:
    """Descend in a single bowl; return steps, path and displacement."""
    modes, start = (np.array(each, dtype=np.float64)[:, None] for each in (curvature, offset))
    journey = quadratic.descend(modes, start, np.array([rate]), tolerance)
    return int(journey.steps[0]), float(journey.path[0]), float(journey.displacement[0])


def second_moments(width: int, mean: float, variance: float) -> np.ndarray:
    matrix = np.full((width + 1, width + 1), mean**2)
    matrix[1:, 1:] += variance * np.eye(width)
    matrix[0, :] = matrix[:, 0] = mean
    matrix[0, 0] = 1
    return matrix


@pytest.mark.parametrize("width", [1, 2, 5, 64])
@pytest.mark.parametrize("mean", [0.0, 0.3, -0.5, 2.0])
@pytest.mark.parametrize("variance", [0.04, 1.0, 3.0])
def test_the_population_has_the_condition_of_its_matrix(
    width: int, mean: float, variance: float
) -> None:
    expected = np.linalg.cond(second_moments(width, mean, variance))
    assert quadratic.population_condition(width, mean, variance) == pytest.approx(expected)


def test_a_mean_makes_the_condition_grow_as_the_square_of_the_width() -> None:
    wide, wider = (quadratic.population_condition(width, 0.5, 0.04) for width in (10_000, 20_000))
    assert wider / wide == pytest.approx(4, rel=1e-3)
    assert {quadratic.population_condition(width, 0, 0.04) for width in (1, 8, 64)} == {25}


@pytest.mark.parametrize("mean", [0.0, 0.5])
def test_many_samples_have_the_condition_of_the_population(mean: float) -> None:
    sample = quadratic.expected_condition(16, 10**10, mean, 0.04)
    assert sample == pytest.approx(quadratic.population_condition(16, mean, 0.04), rel=1e-3)


@pytest.mark.parametrize(("mean", "spread"), [(0.0, 0.04), (0.5, 0.04)])
def test_the_expected_condition_is_that_of_drawn_features(mean: float, spread: float) -> None:
    draw = np.random.default_rng(0)
    features = mean + math.sqrt(spread) * draw.standard_normal((50, 512, 64))
    design = np.concatenate([np.ones((50, 512, 1)), features], axis=2)
    condition = np.median(np.linalg.cond(design.transpose(0, 2, 1) @ design))
    assert quadratic.expected_condition(64, 512, mean, spread) == pytest.approx(condition, rel=0.15)


def test_a_round_bowl_takes_one_step_at_the_best_rate() -> None:
    rate = float(quadratic.best_rate(np.array([2.0]), np.array([2.0]))[0])
    assert descend([2.0, 2.0], [3.0, 4.0], rate, 1e-6) == (1, 5, 5)


@pytest.mark.parametrize("tolerance", [1e-1, 1e-3, 1e-9])
@pytest.mark.parametrize("rate", [0.05, 0.3, 1.9])
def test_steps_to_the_tolerance_in_one_direction(rate: float, tolerance: float) -> None:
    """The loss falls by ``(1 - eta h)^2`` in each step."""
    steps, path, displacement = descend([1.0], [0.7], rate, tolerance)
    factor = 1 - rate
    assert steps == math.ceil(math.log(tolerance) / (2 * math.log(abs(factor))))
    assert displacement == pytest.approx(0.7 * abs(1 - factor**steps))
    lengths = rate * 0.7 * abs(factor) ** np.arange(steps)
    assert path == pytest.approx(lengths.sum())


@pytest.mark.parametrize("condition", [2.0, 10.0, 50.0])
def test_at_the_best_rate_the_steepest_direction_is_walked_condition_times(
    condition: float,
) -> None:
    """``eta h_max / (1 - |1 - eta h_max|)`` is kappa at ``eta = 2 / (h_min + h_max)``."""
    rate = 2 / (1 + condition)
    _, path, displacement = descend([1, condition], [0, 1], rate, 1e-20)
    assert path / displacement == pytest.approx(condition, rel=1e-6)


def test_a_rate_that_overshoots_nowhere_goes_no_further_than_along_the_axes() -> None:
    """Each mode shrinks without changing sign, so the way is at most the sum of the legs."""
    _, path, displacement = descend([1, 1000], [1, 1], 1 / 1000, 1e-12)
    assert displacement < path < math.sqrt(2) * displacement * (1 + 1e-9)


def test_the_best_rate_is_best_for_the_worst_start() -> None:
    curvature, best = [1.0, 25.0], 2 / 26

    def worst(rate: float) -> int:
        return max(descend(curvature, offset, rate, 1e-8)[0] for offset in ([1.0, 0.0], [0.0, 1.0]))

    assert worst(best) < min(worst(0.93 * best), worst(1.03 * best))


def test_bowls_do_not_touch_each_other() -> None:
    draw = np.random.default_rng(1)
    curvature, offset = draw.uniform(0.5, 9, (3, 64)), draw.standard_normal((3, 64))
    rate = 1 / curvature.max(axis=0)
    together = quadratic.descend(curvature, offset, rate, 1e-6)
    for one in (0, 13, 63):
        alone = quadratic.descend(
            curvature[:, one : one + 1], offset[:, one : one + 1], rate[one : one + 1], 1e-6
        )
        assert alone.steps[0] == together.steps[one]
        assert alone.path[0] == together.path[one]
        assert alone.displacement[0] == together.displacement[one]
