"""The loss against the weight: its curve, its minimum, and the walk on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments import valley
from experiments.settings import ValleySettings
from juchi.core.errors import UserError
from juchi.plan.models import validated
from juchi.results.experiment import Result
from tests.declared import EXPERIMENTS

DECLARED = EXPERIMENTS["valley"]["common"]
SETTINGS: dict[str, Any] = {"name": "mine", **DECLARED, "points": 51}
CHOSEN = validated(ValleySettings, SETTINGS, "here")


@pytest.fixture(scope="module")
def result() -> Result:
    return valley.run(CHOSEN)


def rows(result: Result, case: str, kind: str) -> dict[str, np.ndarray]:
    chosen = (result.curves["case"] == case) & (result.curves["kind"] == kind)
    return {name: values[chosen] for name, values in result.curves.items()}


@pytest.mark.parametrize("case", CHOSEN.cases)
@pytest.mark.parametrize("kind", ["loss", "walk"])
def test_the_loss_is_the_mean_squared_error(result: Result, case: str, kind: str) -> None:
    found = rows(result, case, kind)
    z = np.multiply.outer(found["weight"], CHOSEN.inputs)
    output = np.tanh(z) if CHOSEN.cases[case].activation == "tanh" else 1 / (1 + np.exp(-z))
    expected = ((output - np.array(CHOSEN.targets)) ** 2).mean(axis=1)
    np.testing.assert_allclose(found["loss"], expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("case", CHOSEN.cases)
def test_the_minimum_is_below_all_of_the_curve(result: Result, case: str) -> None:
    loss = rows(result, case, "loss")
    place = result.samples["case"].tolist().index(case)
    least, w_star = (result.samples[name][place] for name in ("loss_star", "w_star"))
    assert least <= loss["loss"].min()
    spacing = loss["weight"][1] - loss["weight"][0]
    assert abs(loss["weight"][loss["loss"].argmin()] - w_star) <= spacing


def test_every_step_in_the_valley_leaps_over_its_bottom(result: Result) -> None:
    w_star = result.samples["w_star"][0]
    side = np.sign(rows(result, "near", "walk")["weight"][:7] - w_star)
    assert (side[1:] == -side[:-1]).all()


def test_tanh_lands_on_the_plateau(result: Result) -> None:
    walk = rows(result, "steep", "walk")
    assert walk["saturated"][2] == 1
    assert abs(walk["weight"][-1] - walk["weight"][2]) < 1e-2


def test_a_window_that_falls_is_refused() -> None:
    cases = {**DECLARED["cases"], "near": {**DECLARED["cases"]["near"], "window": [1, 0]}}
    with pytest.raises(UserError, match="window"):
        validated(ValleySettings, {**SETTINGS, "cases": cases}, "here")
