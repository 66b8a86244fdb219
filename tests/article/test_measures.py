"""Each measure on sequences whose answer is known beforehand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments import measures

Array = NDArray[np.float64]

TOLERANCE = 1e-3
STEPS = np.arange(40.0)


def column(values: Array | list[float]) -> Array:
    """Return one run of one start."""
    return np.asarray(values, dtype=np.float64)[:, None]


def flips(weights: Array | list[float], burn_in: int = 0, tolerance: float = TOLERANCE) -> float:
    return float(measures.flip_share(column(weights), burn_in, tolerance)[0])


def updates(*sizes: float) -> Array:
    """Return the weights that change by these updates, all exact in binary."""
    return np.concatenate([[0.0], np.cumsum(sizes)])


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        pytest.param((-1.0) ** STEPS, 1, id="alternating"),
        pytest.param(0.3 + 0.1 * (-0.9) ** STEPS, 1, id="a sawtooth that shrinks"),
        pytest.param(STEPS, 0, id="rising"),
        pytest.param(-np.sqrt(STEPS), 0, id="falling"),
        pytest.param(np.full(40, 0.7), 0, id="at rest"),
        pytest.param(0.7 + 1e-9 * (-1.0) ** STEPS, 0, id="at rest up to rounding"),
        pytest.param(updates(1, 1, -1, -1, 1, 1, -1, -1), 3 / 7, id="two up, two down"),
        pytest.param(updates(1, 1, 1, -1), 1 / 3, id="one flip at the end"),
        pytest.param(updates(1, -1), 1, id="a single pair"),
    ],
)
def test_flip_share_of_known_sequences(weights: Array, expected: float) -> None:
    assert flips(weights) == pytest.approx(expected)
    assert flips(-weights) == flips(weights)


def test_the_burn_in_is_left_out() -> None:
    zigzag_then_rise = updates(*[1, -1] * 10, *[1] * 10)
    assert flips(zigzag_then_rise) == pytest.approx(20 / 29)
    assert flips(zigzag_then_rise, burn_in=20) == 0
    assert flips(zigzag_then_rise, burn_in=19) == pytest.approx(1 / 10)


def test_an_update_as_large_as_the_tolerance_has_no_sign() -> None:
    assert flips(updates(0.25, -0.25, 0.25), tolerance=0.25) == 0
    assert flips(updates(0.25, -0.25, 0.25), tolerance=0.2499) == 1


def test_a_small_update_is_no_bridge_between_its_neighbours() -> None:
    """Of 1, tiny, -1, -1 only the last pair counts; the first and third are not consecutive."""
    assert flips(updates(1, 2**-20, -1, -1)) == 0
    assert flips(updates(1, 2**-20, -1, 1)) == 1


def test_signs_count_even_where_the_product_of_two_updates_is_below_all_numbers() -> None:
    assert flips([0, 1e-200, 0, 1e-200], tolerance=0) == 1


def test_starts_are_measured_each_for_itself() -> None:
    both = np.stack([(-1.0) ** STEPS, STEPS], axis=1)
    assert measures.flip_share(both, 0, TOLERANCE).tolist() == [1, 0]
    assert measures.amplitude(both, 30).tolist() == [2, 9]
    assert measures.travel(both).tolist() == [2, 39]


def test_amplitude_is_that_of_the_window() -> None:
    run = column([100, -100, 1, 3, 2, 2.5])
    assert measures.amplitude(run, 2).tolist() == [2]
    assert measures.amplitude(run, 0).tolist() == [200]


@pytest.mark.parametrize("run", [[1, 5, -2], [1, 0, -2], [-2, 7, 1]])
def test_travel_is_the_way_from_start_to_end(run: list[float]) -> None:
    assert measures.travel(column(run)).tolist() == [3]


def test_the_gap_closed_runs_from_a_constant_to_the_minimum() -> None:
    final = np.array([0.1, 0.3, 0.5, 0.7])
    closed = measures.gap_closed(final, constant_loss=0.5, loss_star=0.1)
    np.testing.assert_allclose(closed, [1, 0.5, 0, -0.5])


@pytest.mark.parametrize("loss_star", [0.5, 0.6])
def test_a_model_no_better_than_a_constant_has_no_gap_to_close(loss_star: float) -> None:
    closed = measures.gap_closed(np.array([0.5, 0.6, 9.0]), 0.5, loss_star)
    assert np.isnan(closed).all()


@pytest.mark.parametrize("rate", [0.1, 0.9, 1.5, 2.5])
def test_the_exponent_of_a_quadratic_bowl_is_that_of_its_factor(rate: float) -> None:
    """On L = lambda w^2 / 2 every step multiplies a difference by 1 - eta lambda."""
    sharpness = 1.6
    curvature = np.full((101, 3), sharpness)
    expected = np.log(abs(1 - rate * sharpness))
    assert measures.lyapunov_exponent(curvature, rate, 50) == pytest.approx(expected)
    assert measures.local_exponents(curvature, rate) == pytest.approx(expected)


def test_the_exponent_leaves_out_the_burn_in_and_the_final_weight() -> None:
    curvature = column([np.nan, np.nan, 3.0, 5.0, np.nan])
    expected = (np.log(2) + np.log(4)) / 2
    assert measures.lyapunov_exponent(curvature, 1.0, 2) == pytest.approx(expected)


def logistic(r: float, steps: int, x: float) -> Array:
    """Return the curvature of the loss whose descent at eta = 1 is x -> r x (1 - x)."""
    curvature = np.empty(steps + 1)
    for step in range(steps + 1):
        curvature[step] = 1 - r * (1 - 2 * x)
        x = r * x * (1 - x)
    return column(curvature)


@pytest.mark.parametrize(
    ("r", "expected", "tolerance"),
    [
        pytest.param(2.5, np.log(0.5), 1e-9, id="fixed point: |2 - r|"),
        pytest.param(3.2, np.log(abs(4 + 2 * 3.2 - 3.2**2)) / 2, 1e-9, id="period two"),
        pytest.param(4.0, np.log(2), 5e-3, id="chaos (May 1976): log 2"),
    ],
)
def test_the_exponent_of_the_logistic_map(r: float, expected: float, tolerance: float) -> None:
    curvature = logistic(r, 100_000, 0.3)
    exponent = measures.lyapunov_exponent(curvature, 1.0, 1_000)
    assert exponent == pytest.approx(expected, abs=tolerance)


def test_loss_ratio_is_relative_to_the_best_of_the_model() -> None:
    losses = np.array([0.02, 0.04, 0.3])
    np.testing.assert_allclose(measures.loss_ratio(losses, 0.02), [1, 2, 15])
    assert np.isnan(measures.loss_ratio(losses, 0.0)).all()


def test_slope_share_is_each_parameters_part_of_the_fall_of_the_loss() -> None:
    """A bowl ``(4 p^2 + q^2) / 2`` from p = 1, q = 3: p has 4 of the 13 halves to lose."""
    rate, steps = 1e-3, 20_000
    fade_p, fade_q = ((1 - rate * sharpness) ** np.arange(steps + 1.0) for sharpness in (4, 1))
    slopes: dict[str, Array] = {"p": 4 * fade_p[:, None], "q": 3 * fade_q[:, None]}
    np.testing.assert_allclose(measures.slope_share(slopes, "p"), 4 / 13, rtol=2e-3)
    shares = [measures.slope_share(slopes, name) for name in slopes]
    np.testing.assert_allclose(np.sum(shares, axis=0), 1, rtol=1e-12)


def test_slope_share_leaves_out_the_row_from_which_no_update_starts() -> None:
    slopes = {"p": np.array([[1.0], [1.0], [50.0]]), "q": np.array([[1.0], [1.0], [0.0]])}
    assert measures.slope_share(slopes, "p").tolist() == [0.5]
    assert measures.slope_share(slopes, "r").tolist() == [0]
    at_rest = {"p": np.zeros((3, 1))}
    assert np.isnan(measures.slope_share(at_rest, "p")).all()
