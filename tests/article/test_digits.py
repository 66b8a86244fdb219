"""The experiment on handwritten digits, small: its tuning, its tables, and its scalars."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments import handwriting
from experiments.digits import run, sway, tune
from experiments.resampling import chosen
from experiments.settings import DigitsSettings
from experiments.signs import chance_coherence
from juchi.core.errors import UserError
from juchi.plan.models import validated
from juchi.results.experiment import Result

SMALL: dict[str, Any] = {
    "name": "digits_tanh",
    "activation": "tanh",
    "hidden": [8, 8],
    "training_samples": 128,
    "validation_samples": 64,
    "rates": [0.001, 1, 2],
    "target_loss": 0.5,
    "tuning_seeds": 2,
    "tuning_steps": 30,
    "seeds": 3,
    "steps": 30,
    "check_every": 5,
    "sharpness_rounds": 8,
    "sway_seeds": 2,
    "sway_steps": 6,
    "confidence": 0.95,
}


MEASURED = ("steps_to_target", "test_accuracy")


def settings(**changes: Any) -> DigitsSettings:
    return validated(DigitsSettings, {**SMALL, **changes}, "here")


@pytest.fixture(scope="module")
def result() -> Result:
    return run(settings())


def test_the_tuning_takes_the_rate_with_the_fewest_steps() -> None:
    tuning = tune(settings(), handwriting.load())
    assert tuning.steps.shape == (3, 2)
    # The smallest rate reaches nothing: its runs count as long as the tuning lasts.
    assert (tuning.steps[0] == 30).all()
    assert np.isnan(tuning.accuracy[0]).all()
    assert tuning.rate == SMALL["rates"][int(tuning.steps.mean(axis=1).argmin())]
    assert tuning.rate in {1, 2}


def test_of_rates_that_are_as_good_the_smallest_is_taken() -> None:
    assert tune(settings(rates=[0.001, 0.002]), handwriting.load()).rate == 0.001


def test_small_steps_do_not_swing_and_large_ones_do() -> None:
    swings = sway(settings(rates=[0.01, 30], activation="tanh"), handwriting.load())
    assert swings.cosine.shape == (2, 2)
    assert (swings.cosine[0] > 0.9).all()
    assert (swings.cosine[1] < 0).all()
    assert ((swings.coherence > 0) & (swings.coherence <= 1)).all()


def test_the_seeds_of_the_tuning_are_not_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    divide = handwriting.divide

    def noted(images: Any, training: int, validation: int, seed: int) -> handwriting.Parts:
        seen.append(seed)
        return divide(images, training, validation, seed)

    monkeypatch.setattr(handwriting, "divide", noted)
    run(settings(steps=10, rates=[1]))
    # Those of the tuning, the same followed further, and then the reported ones.
    assert seen == [3, 4, 3, 4, 0, 1, 2]


def test_the_samples_have_a_row_for_each_seed(result: Result) -> None:
    samples = result.samples
    assert samples["seed"].tolist() == [0, 1, 2]
    assert (samples["reached"] == 1).all()
    assert (samples["steps_to_target"] < 30).all()
    assert ((samples["test_accuracy"] > 0.1) & (samples["test_accuracy"] <= 1)).all()
    assert (samples["test_samples"] == 1797 - 128 - 64).all()
    assert (samples["one_sided_2"] < 0.5).all()
    assert (samples["sharpness_start"] > 0).all()


def test_a_target_that_is_never_reached_is_censored_at_the_end() -> None:
    samples = run(settings(rates=[0.001], steps=4)).samples
    assert (samples["reached"] == 0).all()
    assert (samples["steps_to_target"] == 4).all()


def test_the_curves_hold_every_curve(result: Result) -> None:
    curves = result.curves
    counts = dict(zip(*np.unique(curves["quantity"], return_counts=True), strict=True))
    tried = counts["test_accuracy_0"]
    assert 1 <= tried <= 3
    assert counts == {
        **{f"tuning_{seed}": 3 for seed in (3, 4)},
        **{f"{name}_{seed}": tried for name in MEASURED for seed in (0, 1, 2)},
        "criterion": 3,
        "validation_accuracy": 3,
        "rate_cosine": 3,
        "loss": 31,
        "update_cosine": 30,
        **{f"{name}_{layer}": 31 for name in ("coherence", "one_sided") for layer in (2, 3)},
    }
    loss = curves["quantity"] == "loss"
    assert (curves["low"][loss] <= curves["value"][loss]).all()
    assert (curves["value"][loss] <= curves["high"][loss]).all()
    assert curves["value"][loss][0] == pytest.approx(np.log(10), rel=0.1)


def test_the_reported_seeds_run_at_every_rate_that_a_resample_chooses(result: Result) -> None:
    """The tuning's steps stand in the curves; at the tuned rate a seed does what its row says."""
    curves = result.curves
    rates, tuning = np.array(SMALL["rates"]), tune(settings(), handwriting.load())
    for column, seed in enumerate((3, 4)):
        rows = curves["quantity"] == f"tuning_{seed}"
        assert curves["x"][rows].tolist() == rates.tolist()
        assert curves["value"][rows].tolist() == tuning.steps[:, column].tolist()
    wanted = rates[np.unique(chosen(tuning.steps))]
    assert tuning.rate in wanted
    for measure in MEASURED:
        for seed, value in zip(result.samples["seed"], result.samples[measure], strict=True):
            rows = curves["quantity"] == f"{measure}_{int(seed)}"
            assert curves["x"][rows].tolist() == wanted.tolist()
            at_rate = dict(zip(curves["x"][rows], curves["value"][rows], strict=True))
            assert at_rate[tuning.rate] == value


def test_the_scalars_tell_the_rate_and_how_near_its_bound_it_is(result: Result) -> None:
    scalars = result.scalars
    rate = scalars["learning_rate"]
    assert rate in {1, 2}
    assert scalars["chance_coherence_2"] == chance_coherence(8)
    assert scalars["parameters"] == 65 * 8 + 9 * 8 + 9 * 10
    start = scalars["stability_start"]
    assert start["value"] == pytest.approx(result.samples["sharpness_start"].mean() * rate / 2)
    assert start["low"] < start["value"] < start["high"]
    at_rate = scalars[f"validation_at_{str(rate).replace('.', '_')}"]
    assert scalars["accurate_validation"]["value"] >= at_rate["value"]


def test_the_same_settings_give_the_same_bytes(result: Result) -> None:
    again = run(settings())
    assert again.scalars == result.scalars
    for name, values in result.samples.items():
        assert values.tobytes() == again.samples[name].tobytes()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"target_loss": 2.4}, "target_loss", id="a target that is there at once"),
    ],
)
def test_settings_that_do_not_go_together(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(UserError, match=f"experiments.digits.common.{expected}"):
        run(settings(**changes))
