"""The cobwebs: the map of one step, its slope at the minimiser, and the orbits on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments import cobweb
from experiments.settings import CobwebSettings
from juchi.plan.models import validated
from juchi.results.experiment import Result
from report.figures.cobweb import staircase
from tests.declared import EXPERIMENTS, ONE_WEIGHT

DECLARED = EXPERIMENTS["cobweb"]["common"]
SETTINGS: dict[str, Any] = {"name": "mine", **DECLARED}
CHOSEN = validated(CobwebSettings, SETTINGS, "here")


@pytest.fixture(scope="module")
def result() -> Result:
    return cobweb.run(CHOSEN)


def points(result: Result, case: str, kind: str) -> tuple[np.ndarray, np.ndarray]:
    rows = (result.curves["case"] == case) & (result.curves["kind"] == kind)
    return result.curves["weight"][rows], result.curves["next"][rows]


def test_the_training_set_is_the_seeds() -> None:
    assert (CHOSEN.inputs, CHOSEN.targets) == (
        ONE_WEIGHT["post"].inputs,
        ONE_WEIGHT["post"].targets,
    )


@pytest.mark.parametrize("case", CHOSEN.cases)
def test_the_map_is_one_step_in_closed_form(result: Result, case: str) -> None:
    """``w - eta 2 / N sum (f(w x) - y) f'(w x) x``."""
    weight, after = points(result, case, "map")
    x, y = np.array(CHOSEN.inputs), np.array(CHOSEN.targets)
    z = weight[:, None] * x
    value, slope = np.tanh(z), 1 - np.tanh(z) ** 2
    if CHOSEN.cases[case].activation == "sigmoid":
        value = 1 / (1 + np.exp(-z))
        slope = value * (1 - value)
    gradient = (2 * (value - y) * slope * x).mean(axis=1)
    expected = weight - CHOSEN.cases[case].learning_rate * gradient
    np.testing.assert_allclose(after, expected, rtol=1e-12, atol=1e-14)
    assert (weight[0], weight[-1]) == CHOSEN.cases[case].window


@pytest.mark.parametrize("case", CHOSEN.cases)
def test_the_orbit_goes_over_the_map(result: Result, case: str) -> None:
    weight, after = points(result, case, "orbit")
    assert weight[0] == CHOSEN.cases[case].start
    assert np.array_equal(weight[1:], after[:-1])
    mapped = cobweb.one_step_map(CHOSEN.configuration(CHOSEN.cases[case]), weight)
    np.testing.assert_allclose(after, mapped, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("case", CHOSEN.cases)
def test_the_slope_is_that_of_the_map_at_the_minimiser(result: Result, case: str) -> None:
    w_star, slope, rate, bound = (
        result.scalars[f"{case}_{name}"]
        for name in ("w_star", "slope", "learning_rate", "eta_star")
    )
    sides = np.array([w_star - 1e-5, w_star, w_star + 1e-5])
    low, middle, high = cobweb.one_step_map(CHOSEN.configuration(CHOSEN.cases[case]), sides)
    assert middle == pytest.approx(w_star, abs=1e-14)
    assert (high - low) / 2e-5 == pytest.approx(slope, rel=1e-6)
    assert slope == pytest.approx(1 - 2 * rate / bound, rel=1e-12)


@pytest.mark.parametrize(
    ("case", "low", "high", "period"),
    [
        ("creeping", 0, 1, 1),
        ("alternating", -1, 0, 1),
        ("two_cycle", -2, -1, 2),
        ("post_rate", -2, -1, 0),
    ],
)
def test_the_slope_tells_what_becomes_of_the_orbit(
    result: Result, case: str, low: float, high: float, period: int
) -> None:
    assert low < result.scalars[f"{case}_slope"] < high
    assert result.scalars[f"{case}_period"] == period
    settled = result.scalars[f"{case}_amplitude"] < 1e-9
    assert settled is (period == 1)
    assert result.scalars[f"{case}_saturated"] == 0


def test_tanh_leaves_for_the_flat_part(result: Result) -> None:
    assert result.scalars["tanh_rate_saturated"] == 1
    _, after = points(result, "tanh_rate", "orbit")
    assert abs(after[-1] - after[-2]) < 1e-4
    assert after[-1] > 20 * result.scalars["tanh_rate_w_star"]


def test_the_scalars_hold_the_rows(result: Result) -> None:
    assert result.samples["case"].tolist() == list(CHOSEN.cases)
    for row, case in enumerate(CHOSEN.cases):
        for name, values in result.samples.items():
            if name != "case":
                assert result.scalars[f"{case}_{name}"] == values[row]


def test_cases_do_not_depend_on_each_other() -> None:
    alone = {**SETTINGS, "cases": {"post_rate": DECLARED["cases"]["post_rate"]}}
    curves = cobweb.run(validated(CobwebSettings, alone, "here")).curves
    whole = cobweb.run(CHOSEN).curves
    rows = whole["case"] == "post_rate"
    assert all(np.array_equal(values, whole[name][rows]) for name, values in curves.items())


def test_a_staircase_goes_up_to_the_map_and_across_to_the_diagonal() -> None:
    across, up = staircase(np.array([1.0, 3.0]), np.array([3.0, 2.0]))
    corners = list(zip(across, up, strict=True))
    assert corners == [(1, 1), (1, 3), (3, 3), (3, 2), (2, 2)]
