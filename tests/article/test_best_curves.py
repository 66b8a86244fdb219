"""The curves of least loss, and the losses that they have."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import best_curves
from experiments.loss_minimum import find_minimum
from experiments.settings import BestCurvesSettings
from juchi.core.errors import UserError
from juchi.plan.models import validated
from juchi.results.experiment import Result
from tests.declared import EXPERIMENTS, ONE_WEIGHT

DECLARED = EXPERIMENTS["best_curves"]["common"]
CHOSEN = validated(BestCurvesSettings, {"name": "mine", **DECLARED}, "here")


@pytest.fixture(scope="module")
def result() -> Result:
    return best_curves.run(CHOSEN)


@pytest.mark.parametrize("case", CHOSEN.cases)
def test_a_curve_has_the_least_loss(result: Result, case: str) -> None:
    place = result.samples["case"].tolist().index(case)
    found = {name: values[place] for name, values in result.samples.items()}
    z = found["weight"] * np.array(CHOSEN.inputs) + found["bias"]
    output = np.tanh(z) if CHOSEN.cases[case].activation == "tanh" else 1 / (1 + np.exp(-z))
    assert ((output - np.array(CHOSEN.targets)) ** 2).mean() == pytest.approx(found["loss"])
    rows = result.curves["case"] == case
    drawn = np.interp(CHOSEN.inputs, result.curves["input"][rows], result.curves["output"][rows])
    np.testing.assert_allclose(drawn, output, atol=1e-3)


@pytest.mark.parametrize(
    ("case", "configuration"), [("sigmoid", "post"), ("biased", "biased"), ("tanh", "tanh")]
)
def test_the_models_are_those_of_the_runs(result: Result, case: str, configuration: str) -> None:
    place = result.samples["case"].tolist().index(case)
    least = find_minimum(ONE_WEIGHT[configuration]).loss_star
    assert result.samples["loss"][place] == pytest.approx(least, rel=1e-9)


def test_a_window_that_falls_is_refused() -> None:
    with pytest.raises(UserError, match="window"):
        validated(BestCurvesSettings, {"name": "mine", **DECLARED, "window": [3, 1]}, "here")
