"""The experiment with one weight: its job, what each engine records, and its measures."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from experiments import one_weight
from experiments.loss_minimum import LossMinimum, find_minimum
from experiments.settings import OneWeightSettings
from experiments.trajectories import Trajectories, recorded
from juchi.core.errors import UserError
from juchi.core.records import finite_or_none, read_json
from juchi.core.tables import Columns, read_table
from juchi.plan.models import validated
from juchi.results.checksums import check_checksums
from juchi.results.layout import PARTS
from tests.declared import ENTRIES, shortened

MINIMUM = LossMinimum(
    w_star=0.0,
    loss_star=0.0,
    constant_loss=1.0,
    sharpness=1.0,
    condition_number=1.0,
    eta_star=2.0,
)


@pytest.mark.parametrize("name", ["post", "listing", "batchnorm", "biased"])
def test_the_command_writes_the_result_and_its_checksums(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = shortened(name, steps=6, starts=3)
    text = settings.model_dump_json()
    written = []
    for folder in (tmp_path / "first", tmp_path / "second"):
        files = {part: folder / f"{name}{ending}" for part, ending in PARTS.items()}
        options = [f"--{part}={path}" for part, path in files.items()]
        monkeypatch.setattr(sys, "argv", ["one_weight", f"--settings={text}", *options])
        one_weight.main()
        written.append([path.read_bytes() for path in files.values()])
    assert written[0] == written[1]
    expected, minimum = one_weight.train(settings), find_minimum(settings)
    read = recorded(read_table(files["curves"]), files["curves"])
    assert read.keys() == expected.keys()
    assert all(np.array_equal(read[key], expected[key]) for key in expected)
    samples, measured = read_table(files["samples"]), one_weight.run(settings).samples
    assert samples.keys() == measured.keys()
    for key, values in measured.items():
        np.testing.assert_array_equal(samples[key], values)
    assert read_json(files["scalars"]) == finite_or_none(asdict(minimum))
    parts = [files[part] for part in ("samples", "curves", "scalars")]
    check_checksums(files["checksums"], json.loads(text), parts)


def test_the_listing_gets_what_it_does_not_record_from_its_own_weights() -> None:
    """In float64 at float32 weights: as the engine has it while the two are together."""
    listing = one_weight.train(shortened("listing", steps=4))
    assert np.array_equal(listing["weight"], listing["weight"].astype(np.float32))
    post = one_weight.train(shortened("post", steps=4))
    assert np.array_equal(listing["saturated"], post["saturated"])
    np.testing.assert_allclose(listing["lowest_output"], post["lowest_output"], atol=1e-5)
    assert np.array_equal(listing["lowest_output"][0], post["lowest_output"][0])


def test_a_biased_model_starts_from_what_its_layer_draws() -> None:
    run = one_weight.train(shortened("biased", steps=3))
    for seed in range(8):
        torch.manual_seed(seed)
        layer = torch.nn.Linear(1, 1)
        assert run["weight"][0, seed] == layer.weight.item()
        assert run["bias"][0, seed] == layer.bias.item()


def test_the_listing_records_no_model_but_the_seeds() -> None:
    configuration = shortened("biased").model_copy(update={"engine": "listing"})
    with pytest.raises(UserError, match=r"configurations\.biased\.engine\n.*the model biased"):
        one_weight.train(configuration)


def run(**changes: NDArray[np.float64]) -> Trajectories:
    """Return a run of 8 updates from three starts: zigzag, rising, and at rest."""
    steps = np.arange(9.0)
    weight = np.stack([(-1.0) ** steps, steps, np.zeros(9)], axis=1)
    loss = np.stack([np.full(9, 0.5), np.linspace(1, 0.05, 9), np.full(9, 1.25)], axis=1)
    flat = np.zeros_like(weight)
    return {"weight": weight, "loss": loss, "saturated": flat, "lowest_output": flat, **changes}


def measured(
    name: str, trained: Trajectories, minimum: LossMinimum = MINIMUM, **changes: Any
) -> Columns:
    """Return the measures of a declared configuration with a low bound and an early step."""
    chosen = {"early_step": 4, "diverged_weight": 1e3, **changes}
    settings = shortened(name, steps=8, starts=3).model_copy(update=chosen)
    return one_weight.measured(settings, trained, minimum)


def test_measures_are_taken_start_by_start() -> None:
    rows = measured("post", run())
    assert {name: len(values) for name, values in rows.items()} == dict.fromkeys(rows, 3)
    assert rows["start"].tolist() == [0, 1, 2]
    assert rows["flip_share"].tolist() == [1, 0, 0]
    assert rows["sawtooth"].tolist() == [1, 0, 0]
    assert rows["amplitude"].tolist() == [2, 4, 0]
    assert rows["initial_weight"].tolist() == [1, 0, 0]
    assert rows["final_weight"].tolist() == [1, 8, 0]
    assert rows["travel"].tolist() == [0, 8, 0]
    np.testing.assert_allclose(rows["gap_closed"], [0.5, 0.95, -0.25])
    assert rows["learned"].tolist() == [0, 1, 0]


def test_the_sawtooth_begins_at_its_flip_share() -> None:
    """Four updates up, down, up, up: two flips in three pairs; and the window decides."""
    weight = np.array([0.0, 1, 0, 1, 2, 2, 2, 2, 2])[:, None]
    still = {name: np.zeros((9, 1)) for name in ("loss", "saturated", "lowest_output")}
    trained = {"weight": weight, **still}
    for share, expected in ((2 / 3, 1), (0.7, 0)):
        rows = measured("post", trained, sawtooth_flip_share=share, burn_in=0)
        assert rows["sawtooth"].tolist() == [expected]
    assert measured("post", trained)["sawtooth"].tolist() == [0]


@pytest.mark.parametrize(
    ("name", "defined"),
    [("post", True), ("tanh", True), ("momentum", False), ("batchnorm_frozen", False)],
)
def test_the_exponent_is_that_of_a_map_of_one_weight_only(name: str, defined: bool) -> None:
    rows = measured(name, run(curvature=np.full((9, 3), 0.5)))
    assert bool(np.isfinite(rows["lyapunov"]).all()) is defined


def test_saturation_is_that_of_the_end_and_the_lowest_output_that_of_the_way() -> None:
    ramp = np.linspace(1, 0, 9)[:, None] * np.ones(3)
    valley = np.abs(np.arange(-4.0, 5.0))[:, None] * np.ones(3)
    changed = run(saturated=ramp, lowest_output=valley)
    rows = measured("post", changed)
    assert rows["saturated"].tolist() == [0, 0, 0]
    assert rows["lowest_output"].tolist() == [0, 0, 0]


def diverging(where: tuple[int, int], value: float) -> Trajectories:
    """Return the run with a weight of one start that is out of bounds at one step."""
    changed = run()
    changed["weight"] = changed["weight"].copy()
    changed["weight"][where] = value
    return changed


@pytest.mark.parametrize("value", [np.nan, np.inf, -2e3])
def test_a_start_that_diverges_has_no_measures_and_has_not_learned(value: float) -> None:
    before, after = measured("post", run()), measured("post", diverging((5, 1), value))
    assert before["diverged"].tolist() == [False, False, False]
    assert before["learned"].tolist()[1] == 1
    assert after["diverged"].tolist() == [False, True, False]
    for name in ("sawtooth", "final_weight", "final_loss", "amplitude", "saturated"):
        assert np.isnan(after[name][1])
        np.testing.assert_array_equal(after[name][[0, 2]], before[name][[0, 2]])
    assert after["learned"].tolist() == [before["learned"][0], 0, before["learned"][2]]
    assert after["initial_weight"].tolist() == before["initial_weight"].tolist()


def test_runs_of_different_lengths_are_compared_at_the_early_step() -> None:
    """To step 4 the first start zigzags and the second rises; the losses are 0.5, 0.525, 1.25."""
    rows = measured("post", run(), replace(MINIMUM, loss_star=0.25))
    assert rows["early_sawtooth"].tolist() == [1, 0, 0]
    np.testing.assert_allclose(rows["early_loss_ratio"], [2, 2.1, 5])
    np.testing.assert_allclose(rows["loss_ratio"], [2, 0.2, 5])
    assert rows["early_learned"].tolist() == [0, 0, 0]
    assert rows["learned"].tolist() == [0, 1, 0]


def test_a_run_shorter_than_the_early_step_is_compared_at_its_end() -> None:
    rows = measured("post", run(), replace(MINIMUM, loss_star=0.25), early_step=100)
    for name in ("sawtooth", "learned", "loss_ratio"):
        assert np.array_equal(rows[f"early_{name}"], rows[name])


def test_the_work_of_the_weight_is_measured_beside_that_of_the_gain() -> None:
    """Squares of slopes 1, 4 and 4 over eight updates; the ninth row starts none."""
    last = np.array([1.0] * 8 + [9.0])[:, None] * np.ones(3)
    slopes = {"weight_slope": -last, "gain_slope": 2 * last, "bias_slope": -2 * last}
    rows = measured("batchnorm", run(**slopes))
    np.testing.assert_allclose(rows["weight_share"], 1 / 9)
    assert rows["largest_weight_slope"].tolist() == [9] * 3
    assert rows["largest_gain_slope"].tolist() == [18] * 3
    del slopes["weight_slope"]
    frozen = run(**slopes)
    rows = measured("batchnorm_frozen", frozen)
    assert rows["weight_share"].tolist() == [0] * 3
    assert np.isnan(rows["largest_weight_slope"]).all()


def test_a_weight_alone_does_all_the_work() -> None:
    rows = measured("post", run())
    assert rows["weight_share"].tolist() == [1] * 3
    assert np.isnan(rows["largest_gain_slope"]).all()


def test_what_enters_the_activation_is_told_for_the_start_and_the_end() -> None:
    ramp = np.arange(9.0)[:, None] * np.ones(3)
    changed = run(fed_mean=ramp, fed_variance=1 + ramp)
    rows = measured("batchnorm", changed)
    told = {name: rows[name].tolist() for name in rows if "_fed_" in name}
    assert told == {
        "first_fed_mean": [0] * 3,
        "first_fed_variance": [1] * 3,
        "final_fed_mean": [8] * 3,
        "final_fed_variance": [9] * 3,
    }
    rows = measured("post", run())
    assert all(np.isnan(rows[name]).all() for name in told)


def test_moved_definitions_are_those_of_the_settings_that_say_so() -> None:
    moved = shortened("post", steps=40, starts=32).model_copy(
        update={
            "moved_gaps": (0.3,),
            "moved_flip_shares": (0.9,),
            "moved_burn_ins": (0.5,),
        }
    )
    trained, minimum = one_weight.train(moved), find_minimum(moved)
    columns = one_weight.measured(moved, trained, minimum)
    for name, column, changes in (
        ("gap_0_3_learned", "learned", {"learned_gap": 0.3}),
        ("flips_0_9_sawtooth", "sawtooth", {"sawtooth_flip_share": 0.9}),
        ("from_0_5_sawtooth", "sawtooth", {"burn_in": 10}),
    ):
        other = one_weight.measured(moved.model_copy(update=changes), trained, minimum)
        assert columns[name].tolist() == other[column].tolist()


def test_a_window_that_begins_behind_the_end_is_refused() -> None:
    entry = {**ENTRIES["post"], "burn_in": 90, "moved_burn_ins": [1.2]}
    with pytest.raises(UserError) as refused:
        validated(OneWeightSettings, {"name": "post", **entry}, "here")
    assert "moved_burn_ins" in str(refused.value)
