"""The study of handwritten digits, small: its tuning, its tables, and its record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments import handwriting
from experiments.digits import Settings, carry_out, sway, tune
from experiments.resampling import chosen
from experiments.signs import chance_coherence
from juchi.core.errors import UserError
from juchi.results.study import Outcome

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


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return carry_out(SMALL)


def test_the_tuning_takes_the_rate_with_the_fewest_steps() -> None:
    tuning = tune(Settings.of(SMALL), handwriting.load())
    assert tuning.steps.shape == (3, 2)
    # The smallest rate reaches nothing: its runs count as long as the tuning lasts.
    assert (tuning.steps[0] == 30).all()
    assert np.isnan(tuning.accuracy[0]).all()
    assert tuning.rate == SMALL["rates"][int(tuning.steps.mean(axis=1).argmin())]
    assert tuning.rate in {1, 2}


def test_of_rates_that_are_as_good_the_smallest_is_taken() -> None:
    settings = Settings.of({**SMALL, "rates": [0.001, 0.002]})
    assert tune(settings, handwriting.load()).rate == 0.001


def test_small_steps_do_not_swing_and_large_ones_do() -> None:
    settings = Settings.of({**SMALL, "rates": [0.01, 30], "activation": "tanh"})
    swings = sway(settings, handwriting.load())
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
    carry_out({**SMALL, "steps": 10, "rates": [1]})
    # Those of the tuning, the same followed further, and then the reported ones.
    assert seen == [3, 4, 3, 4, 0, 1, 2]


def test_the_runs_have_a_row_for_each_seed(outcome: Outcome) -> None:
    runs = outcome.runs
    assert runs["seed"].tolist() == [0, 1, 2]
    assert (runs["reached"] == 1).all()
    assert (runs["steps_to_target"] < 30).all()
    assert ((runs["test_accuracy"] > 0.1) & (runs["test_accuracy"] <= 1)).all()
    assert (runs["test_samples"] == 1797 - 128 - 64).all()
    assert (runs["one_sided_2"] < 0.5).all()
    assert (runs["sharpness_start"] > 0).all()


def test_a_target_that_is_never_reached_is_censored_at_the_end() -> None:
    runs = carry_out({**SMALL, "rates": [0.001], "steps": 4}).runs
    assert (runs["reached"] == 0).all()
    assert (runs["steps_to_target"] == 4).all()


def test_the_series_hold_every_curve(outcome: Outcome) -> None:
    series = outcome.series
    counts = dict(zip(*np.unique(series["quantity"], return_counts=True), strict=True))
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
    loss = series["quantity"] == "loss"
    assert (series["low"][loss] <= series["value"][loss]).all()
    assert (series["value"][loss] <= series["high"][loss]).all()
    assert series["value"][loss][0] == pytest.approx(np.log(10), rel=0.1)


def test_the_reported_seeds_run_at_every_rate_that_a_resample_chooses(outcome: Outcome) -> None:
    """The tuning's steps stand in the series; at the tuned rate a seed does what its row says."""
    series = outcome.series
    rates, tuning = np.array(SMALL["rates"]), tune(Settings.of(SMALL), handwriting.load())
    for column, seed in enumerate((3, 4)):
        rows = series["quantity"] == f"tuning_{seed}"
        assert series["x"][rows].tolist() == rates.tolist()
        assert series["value"][rows].tolist() == tuning.steps[:, column].tolist()
    wanted = rates[np.unique(chosen(tuning.steps))]
    assert tuning.rate in wanted
    for measure in MEASURED:
        for seed, value in zip(outcome.runs["seed"], outcome.runs[measure], strict=True):
            rows = series["quantity"] == f"{measure}_{int(seed)}"
            assert series["x"][rows].tolist() == wanted.tolist()
            at_rate = dict(zip(series["x"][rows], series["value"][rows], strict=True))
            assert at_rate[tuning.rate] == value


def test_the_record_tells_the_rate_and_how_near_its_bound_it_is(outcome: Outcome) -> None:
    record = outcome.record
    rate = record["learning_rate"]
    assert rate in {1, 2}
    assert record["chance_coherence_2"] == chance_coherence(8)
    assert record["parameters"] == 65 * 8 + 9 * 8 + 9 * 10
    start = record["stability_start"]
    assert start["value"] == pytest.approx(outcome.runs["sharpness_start"].mean() * rate / 2)
    assert start["low"] < start["value"] < start["high"]
    at_rate = record[f"validation_at_{str(rate).replace('.', '_')}"]
    assert record["accurate_validation"]["value"] >= at_rate["value"]


def test_the_same_settings_give_the_same_bytes(outcome: Outcome) -> None:
    again = carry_out(SMALL)
    assert again.record == outcome.record
    for name, values in outcome.runs.items():
        assert values.tobytes() == again.runs[name].tobytes()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"target_loss": 2.4}, "target_loss", id="a target that is there at once"),
    ],
)
def test_settings_that_do_not_go_together(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(UserError, match=f"studies.digits.common.{expected}"):
        carry_out({**SMALL, **changes})
