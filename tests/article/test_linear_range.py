"""How straight a curve is: best lines in closed form, and what the sigmoid's own form says."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
import yaml
from numpy.typing import NDArray

from experiments.activations import sigmoid
from experiments.linear_range import (
    Line,
    best_line,
    deviation,
    deviation_share,
    half_width,
    least_squares_line,
    rounds_to_one,
    run,
)
from experiments.settings import LinearRangeSettings
from juchi.plan.models import validated
from juchi.results.experiment import Result
from tests.declared import EXPERIMENTS, ROOT

Array = NDArray[np.float64]
Function = Callable[[Array], Array]

SETTINGS = {
    "name": "small",
    "activation": "sigmoid",
    "half_width": 5,
    "reach": 30,
    "shown": 8,
    "points": 17,
    "largest_deviation": 0.05,
    "slope_kept": 0.5,
}


def logistic(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


@pytest.fixture(scope="module")
def result() -> Result:
    return run(validated(LinearRangeSettings, SETTINGS, "here"))


@pytest.mark.parametrize(
    ("f", "interval", "best", "error"),
    [
        (lambda z: 3 * z - 2, (-1, 4), Line(3, -2), 0),
        (np.square, (0, 1), Line(1, -1 / 8), 1 / 8),
        (np.square, (-1, 3), Line(2, 1), 2),
        (np.abs, (-1, 1), Line(0, 1 / 2), 1 / 2),
        (np.sqrt, (0, 1), Line(1, 1 / 8), 1 / 8),
        # Chebyshev: z^3 - (3/4) z deviates by 1/4, at four points.
        (lambda z: z**3, (-1, 1), Line(3 / 4, 0), 1 / 4),
    ],
)
def test_best_line_in_closed_form(
    f: Function, interval: tuple[float, float], best: Line, error: float
) -> None:
    line = best_line(f, *interval)
    assert line.slope == pytest.approx(best.slope, abs=1e-6)
    assert line.intercept == pytest.approx(best.intercept, abs=1e-6)
    assert deviation(f, line, *interval) == pytest.approx(error, abs=1e-7)


@pytest.mark.parametrize("f", [np.exp, np.sin, logistic, np.cosh, lambda z: np.sin(7 * z)])
def test_no_line_near_the_best_is_better(f: Function) -> None:
    best = best_line(f, -1.5, 2.5)
    least = deviation(f, best, -1.5, 2.5)
    for slope, intercept in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3), (1e-3, 1e-3)):
        other = Line(best.slope + slope, best.intercept + intercept)
        assert deviation(f, other, -1.5, 2.5) > least


@pytest.mark.parametrize(
    ("f", "low", "high", "slope", "intercept"),
    [
        (lambda z: 3 * z - 2, -1, 4, 3, -2),
        (np.square, 0, 1, 1, -1 / 6),
        (lambda z: z**3, -1, 1, 3 / 5, 0),
        (np.sign, -2, 2, 3 / 4, 0),
    ],
)
def test_least_squares_line_in_closed_form(
    f: Function, low: float, high: float, slope: float, intercept: float
) -> None:
    line = least_squares_line(f, low, high)
    assert line.slope == pytest.approx(slope, abs=1e-7)
    assert line.intercept == pytest.approx(intercept, abs=1e-7)


def test_bisection_finds_where_a_condition_ends() -> None:
    assert half_width(lambda c: c**2 < 2, 10) == pytest.approx(math.sqrt(2), rel=1e-15)
    assert half_width(lambda _: True, 10) == pytest.approx(10, rel=1e-15)


def test_deviation_share_of_cubes_does_not_depend_on_the_interval() -> None:
    """A quarter of c^3, over a range of 2 c^3."""
    for half in (0.1, 1.0, 30.0):
        assert deviation_share(lambda z: z**3, half) == pytest.approx(1 / 8, rel=1e-7)


@pytest.mark.parametrize(("dtype", "bits"), [(torch.float64, 53), (torch.float32, 24)])
def test_sigmoid_rounds_to_one_where_the_rest_is_half_a_spacing(
    dtype: torch.dtype, bits: int
) -> None:
    """exp(-z) is added to one; below 2^-bits nothing of it is left."""
    assert rounds_to_one(sigmoid, dtype) == pytest.approx(bits * math.log(2), rel=1e-6)


def test_best_line_of_the_sigmoid_levels_four_deviations(result: Result) -> None:
    """By symmetry through (0, 1/2); inside, it deviates most where the slopes agree."""
    scalars = result.scalars
    slope = scalars["line_slope"]
    inner = math.log((1 + math.sqrt(1 - 4 * slope)) / (1 - math.sqrt(1 - 4 * slope)))
    at_end = 0.5 + 5 * slope - 1 / (1 + math.exp(-5))
    inside = 1 / (1 + math.exp(-inner)) - 0.5 - inner * slope
    assert inside == pytest.approx(at_end, abs=1e-6)
    output_range = math.tanh(5 / 2)
    assert scalars["deviation"] == pytest.approx(at_end / output_range, abs=1e-6)
    assert scalars["squares_deviation"] > scalars["deviation"]


def test_slope_of_the_sigmoid_in_closed_form(result: Result) -> None:
    """4 s (1 - s) = 1 / cosh(z / 2)^2, which is one half at 2 arccosh(sqrt 2)."""
    scalars, curves = result.scalars, result.curves
    assert scalars["slope_share"] == pytest.approx(1 / math.cosh(2.5) ** 2, rel=1e-12)
    assert scalars["steep_half_width"] == pytest.approx(2 * math.acosh(math.sqrt(2)), rel=1e-12)
    assert curves["slope_share"] == pytest.approx(1 / np.cosh(curves["z"] / 2) ** 2, rel=1e-12)


def test_range_of_the_sigmoid_is_open(result: Result) -> None:
    assert result.scalars["lowest"] == pytest.approx(math.exp(-30), rel=1e-12)
    assert result.scalars["lowest"] > 0
    assert result.scalars["below_one"] > 0


def test_straight_stretch_ends_at_the_largest_deviation(result: Result) -> None:
    half = result.scalars["straight_half_width"]
    assert deviation_share(logistic, half) == pytest.approx(0.05, rel=1e-6)
    assert 0 < half < 5


def test_curves_are_symmetrical_and_hold_the_scalars(result: Result) -> None:
    curves, scalars = result.curves, result.scalars
    assert curves["z"].tolist() == list(range(-8, 9))
    assert curves["output"] == pytest.approx(logistic(curves["z"]), rel=1e-14)
    assert curves["deviation"] == pytest.approx(curves["output"] - curves["line"], abs=1e-16)
    assert np.array_equal(curves["deviation_share"], curves["deviation_share"][::-1])
    assert curves["deviation_share"][8] == 0
    assert curves["deviation_share"][13] == scalars["deviation"]
    assert curves["slope_share"][13] == scalars["slope_share"]


def test_tanh_is_the_sigmoid_at_twice_the_argument(result: Result) -> None:
    changed = SETTINGS | {"activation": "tanh", "half_width": 2.5}
    tanh = run(validated(LinearRangeSettings, changed, "here"))
    for name in ("deviation", "squares_deviation", "slope_share"):
        assert tanh.scalars[name] == pytest.approx(result.scalars[name], rel=1e-9)
    ratio = result.scalars["steep_half_width"] / tanh.scalars["steep_half_width"]
    assert ratio == pytest.approx(2, rel=1e-9)


def test_the_settings_are_the_thresholds_of_the_claims() -> None:
    thresholds = yaml.safe_load((ROOT / "config" / "thresholds.yaml").read_text("utf-8"))
    declared = EXPERIMENTS["linear_range"]["common"]
    assert declared["largest_deviation"] == thresholds["linear_deviation"]["value"]
    assert declared["slope_kept"] == thresholds["slope_kept"]["value"]
