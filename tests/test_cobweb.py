"""The cobwebs: the map of one step, its slope at the minimiser, and the orbits on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments import cobweb
from juchi.plan.settings import read_subject
from juchi.results.study import Outcome
from report.figures.cobweb import staircase
from tests.declared import ROOT, VARIANTS

DECLARED = read_subject(Path(ROOT) / "config", "experiments")["studies"]["cobweb"]["common"]
SETTINGS: dict[str, Any] = {"name": "mine", **DECLARED}
CHOSEN = cobweb.CobwebSettings.from_config(SETTINGS)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return cobweb.carry_out(SETTINGS)


def points(outcome: Outcome, case: str, kind: str) -> tuple[np.ndarray, np.ndarray]:
    rows = (outcome.series["case"] == case) & (outcome.series["kind"] == kind)
    return outcome.series["weight"][rows], outcome.series["next"][rows]


def test_the_training_set_is_the_seeds() -> None:
    assert (CHOSEN.inputs, CHOSEN.targets) == (VARIANTS["seed"].inputs, VARIANTS["seed"].targets)


@pytest.mark.parametrize("case", CHOSEN.cases)
def test_the_map_is_one_step_in_closed_form(outcome: Outcome, case: str) -> None:
    """``w - eta 2 / N sum (f(w x) - y) f'(w x) x``."""
    weight, after = points(outcome, case, "map")
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
def test_the_orbit_goes_over_the_map(outcome: Outcome, case: str) -> None:
    weight, after = points(outcome, case, "orbit")
    assert weight[0] == CHOSEN.cases[case].start
    assert np.array_equal(weight[1:], after[:-1])
    mapped = cobweb.one_step_map(CHOSEN.variant(CHOSEN.cases[case]), weight)
    np.testing.assert_allclose(after, mapped, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("case", CHOSEN.cases)
def test_the_slope_is_that_of_the_map_at_the_minimiser(outcome: Outcome, case: str) -> None:
    w_star, slope, rate, bound = (
        outcome.record[f"{case}_{name}"]
        for name in ("w_star", "slope", "learning_rate", "eta_star")
    )
    sides = np.array([w_star - 1e-5, w_star, w_star + 1e-5])
    low, middle, high = cobweb.one_step_map(CHOSEN.variant(CHOSEN.cases[case]), sides)
    assert middle == pytest.approx(w_star, abs=1e-14)
    assert (high - low) / 2e-5 == pytest.approx(slope, rel=1e-6)
    assert slope == pytest.approx(1 - 2 * rate / bound, rel=1e-12)


@pytest.mark.parametrize(
    ("case", "low", "high", "period"),
    [
        ("creeping", 0, 1, 1),
        ("alternating", -1, 0, 1),
        ("two_cycle", -2, -1, 2),
        ("seed_rate", -2, -1, 0),
    ],
)
def test_the_slope_tells_what_becomes_of_the_orbit(
    outcome: Outcome, case: str, low: float, high: float, period: int
) -> None:
    assert low < outcome.record[f"{case}_slope"] < high
    assert outcome.record[f"{case}_period"] == period
    settled = outcome.record[f"{case}_amplitude"] < 1e-9
    assert settled is (period == 1)
    assert outcome.record[f"{case}_saturated"] == 0


def test_tanh_leaves_for_the_flat_part(outcome: Outcome) -> None:
    assert outcome.record["tanh_rate_saturated"] == 1
    _, after = points(outcome, "tanh_rate", "orbit")
    assert abs(after[-1] - after[-2]) < 1e-4
    assert after[-1] > 20 * outcome.record["tanh_rate_w_star"]


def test_the_record_holds_the_rows(outcome: Outcome) -> None:
    assert outcome.runs["case"].tolist() == list(CHOSEN.cases)
    for row, case in enumerate(CHOSEN.cases):
        for name, values in outcome.runs.items():
            if name != "case":
                assert outcome.record[f"{case}_{name}"] == values[row]


def test_cases_do_not_depend_on_each_other() -> None:
    alone = {**SETTINGS, "cases": {"seed_rate": DECLARED["cases"]["seed_rate"]}}
    series, whole = cobweb.carry_out(alone).series, cobweb.carry_out(SETTINGS).series
    rows = whole["case"] == "seed_rate"
    assert all(np.array_equal(values, whole[name][rows]) for name, values in series.items())


def test_a_staircase_goes_up_to_the_map_and_across_to_the_diagonal() -> None:
    across, up = staircase(np.array([1.0, 3.0]), np.array([3.0, 2.0]))
    corners = list(zip(across, up, strict=True))
    assert corners == [(1, 1), (1, 3), (3, 3), (3, 2), (2, 2)]
