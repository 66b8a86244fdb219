"""From runs to measures: the road through files, and damage on the way."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments import measures, summarise
from experiments.engine import Trajectories
from experiments.variant import Variant
from juchi.core.errors import UserError
from juchi.core.records import read_json, write_json
from juchi.core.tables import Columns, read_table, write_table
from tests.declared import shortened

SETTINGS = measures.MeasureSettings(
    update_tolerance=1e-6,
    sawtooth_flip_share=0.5,
    learned_gap=0.05,
    together_tolerance=1e-3,
    meaningful_error=1e-6,
    early_step=4,
    diverged_weight=1e3,
)
LANDSCAPE = {"constant_loss": 1.0, "loss_star": 0.0}


def table(steps: int = 5, starts: int = 3, **more: NDArray[np.float64]) -> Columns:
    """Return the columns of a run as the training writes them, with different numbers in each."""
    rng = np.random.default_rng(1)
    names = ("weight", "loss", "saturated", "lowest_output")
    return {
        "step": np.repeat(np.arange(steps, dtype=np.int32), starts),
        "start": np.tile(np.arange(starts, dtype=np.int32), steps),
        **{name: rng.normal(size=steps * starts) for name in names},
        **more,
    }


def run(**changes: NDArray[np.float64]) -> Trajectories:
    """Return a run of 8 updates from three starts: zigzag, rising, and at rest."""
    steps = np.arange(9.0)
    weight = np.stack([(-1.0) ** steps, steps, np.zeros(9)], axis=1)
    loss = np.stack([np.full(9, 0.5), np.linspace(1, 0.05, 9), np.full(9, 1.25)], axis=1)
    flat = np.zeros_like(weight)
    return {"weight": weight, "loss": loss, "saturated": flat, "lowest_output": flat, **changes}


def test_a_run_is_read_as_it_was_recorded(tmp_path: Path) -> None:
    columns = table(curvature=np.arange(15.0))
    write_table(tmp_path / "run.parquet", columns)
    read = summarise.read_run(tmp_path / "run.parquet")
    assert set(read) == {"weight", "loss", "saturated", "lowest_output", "curvature"}
    assert read["weight"].shape == (5, 3)
    assert read["curvature"][4].tolist() == [12, 13, 14]
    assert np.array_equal(read["weight"][:, 1], columns["weight"][1::3])


@pytest.mark.parametrize("column", ["step", "start", "weight", "loss", "saturated"])
def test_a_run_without_a_column_is_refused(tmp_path: Path, column: str) -> None:
    path = tmp_path / "seed.parquet"
    write_table(path, {name: values for name, values in table().items() if name != column})
    with pytest.raises(UserError) as refused:
        summarise.read_run(path)
    for part in (str(path), f"no column '{column}'", "delete", "build again"):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    "rows",
    [slice(0, 0), slice(0, 14), slice(1, 15), slice(None, None, -1), [*range(14), 13]],
    ids=["empty", "last row lost", "first row lost", "turned round", "a row twice"],
)
def test_a_run_with_rows_lost_or_moved_is_refused(tmp_path: Path, rows: slice | list[int]) -> None:
    path = tmp_path / "seed.parquet"
    write_table(path, {name: values[rows] for name, values in table().items()})
    with pytest.raises(UserError, match=r"seed\.parquet\n.*not all steps of all starts"):
        summarise.read_run(path)


def test_no_flipped_bit_is_read_as_other_numbers(tmp_path: Path) -> None:
    """Every 61st bit of the file: each is refused by name, or stands where nothing is read."""
    path = tmp_path / "seed.parquet"
    write_table(path, table())
    whole, expected = path.read_bytes(), summarise.read_run(path)
    refused = 0
    for bit in range(0, 8 * len(whole), 61):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            read = summarise.read_run(path)
        except UserError as error:
            assert str(path) in str(error)
            refused += 1
        else:
            assert read.keys() == expected.keys()
            assert all(np.array_equal(read[name], expected[name]) for name in expected)
    assert refused > 8 * len(whole) / 61 / 2


def test_measures_are_taken_start_by_start() -> None:
    rows = summarise.measure_run(shortened("seed", steps=8), run(), LANDSCAPE, SETTINGS)
    assert {name: len(values) for name, values in rows.items()} == dict.fromkeys(rows, 3)
    assert rows["variant"].tolist() == ["seed"] * 3
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
    variant = shortened("seed", steps=8)
    for share, expected in ((2 / 3, 1), (0.7, 0)):
        settings = measures.MeasureSettings(**{**asdict(SETTINGS), "sawtooth_flip_share": share})
        whole = Variant(**{**asdict(variant), "burn_in": 0})
        rows = summarise.measure_run(whole, {"weight": weight, **still}, LANDSCAPE, settings)
        assert rows["sawtooth"].tolist() == [expected]
    rows = summarise.measure_run(variant, {"weight": weight, **still}, LANDSCAPE, SETTINGS)
    assert rows["sawtooth"].tolist() == [0]


@pytest.mark.parametrize(
    ("name", "measured"),
    [("seed", True), ("tanh", True), ("momentum", False), ("batchnorm_frozen", False)],
)
def test_the_exponent_is_that_of_a_map_of_one_weight_only(name: str, measured: bool) -> None:
    recorded = run(curvature=np.full((9, 3), 0.5))
    rows = summarise.measure_run(shortened(name, steps=8), recorded, LANDSCAPE, SETTINGS)
    assert bool(np.isfinite(rows["lyapunov"]).all()) is measured


def test_saturation_is_that_of_the_end_and_the_lowest_output_that_of_the_way() -> None:
    ramp = np.linspace(1, 0, 9)[:, None] * np.ones(3)
    valley = np.abs(np.arange(-4.0, 5.0))[:, None] * np.ones(3)
    recorded = run(saturated=ramp, lowest_output=valley)
    rows = summarise.measure_run(shortened("seed", steps=8), recorded, LANDSCAPE, SETTINGS)
    assert rows["saturated"].tolist() == [0, 0, 0]
    assert rows["lowest_output"].tolist() == [0, 0, 0]


def test_figures_get_the_first_steps_of_the_first_starts() -> None:
    steps, starts = summarise.DRAWN_STEPS + 50, summarise.DRAWN_STARTS + 5
    weight = np.arange(steps)[:, None] + np.arange(starts) / 100
    drawn = summarise.paths(shortened("seed"), {"weight": weight, "loss": -weight}, SETTINGS)
    rows = (summarise.DRAWN_STEPS + 1) * summarise.DRAWN_STARTS
    assert {name: len(values) for name, values in drawn.items()} == dict.fromkeys(drawn, rows)
    np.testing.assert_array_equal(drawn["weight"], drawn["step"] + drawn["start"] / 100)
    np.testing.assert_array_equal(drawn["loss"], -drawn["weight"])
    assert drawn["start"].max() == summarise.DRAWN_STARTS - 1
    assert drawn["step"].max() == summarise.DRAWN_STEPS


def test_bands_are_quantiles_over_the_starts() -> None:
    loss = np.arange(11.0) + np.arange(3)[:, None]
    run = {"weight": np.zeros_like(loss), "loss": loss}
    band = summarise.bands(shortened("seed"), run, SETTINGS)
    assert band["step"].tolist() == [0, 1, 2]
    assert band["loss_low"].tolist() == [1, 2, 3]
    assert band["loss_median"].tolist() == [5, 6, 7]
    assert band["loss_high"].tolist() == [9, 10, 11]


def diverging(where: tuple[int, int], value: float) -> Trajectories:
    """Return the run with a weight of one start that is out of bounds at one step."""
    changed = run()
    changed["weight"] = changed["weight"].copy()
    changed["weight"][where] = value
    return changed


@pytest.mark.parametrize("value", [np.nan, np.inf, -2e3])
def test_a_start_that_diverges_has_no_measures_and_has_not_learned(value: float) -> None:
    variant = shortened("seed", steps=8, starts=3)
    before = summarise.measure_run(variant, run(), LANDSCAPE, SETTINGS)
    after = summarise.measure_run(variant, diverging((5, 1), value), LANDSCAPE, SETTINGS)
    assert before["diverged"].tolist() == [False, False, False]
    assert before["learned"].tolist()[1] == 1
    assert after["diverged"].tolist() == [False, True, False]
    for name in ("sawtooth", "final_weight", "final_loss", "amplitude", "saturated"):
        assert np.isnan(after[name][1])
        np.testing.assert_array_equal(after[name][[0, 2]], before[name][[0, 2]])
    assert after["learned"].tolist() == [before["learned"][0], 0, before["learned"][2]]
    assert after["initial_weight"].tolist() == before["initial_weight"].tolist()


def test_curves_end_where_a_start_has_diverged() -> None:
    """Even if the weight comes back by a leap across the bound."""
    changed = diverging((5, 1), 2e3)
    drawn = summarise.paths(shortened("seed"), changed, SETTINGS)
    weight = drawn["weight"].reshape(3, 9)
    assert np.isnan(weight[1, 5:]).all()
    assert np.isfinite(weight[1, :5]).all()
    assert np.isfinite(weight[[0, 2]]).all()
    band = summarise.bands(shortened("seed"), changed, SETTINGS)
    ordinary = summarise.bands(shortened("seed"), run(), SETTINGS)
    # One of three: above the median, which is now the highest but one of what is left.
    assert np.isnan(band["loss_high"][5:]).all()
    assert np.isfinite(band["loss_median"]).all()
    np.testing.assert_array_equal(band["loss_high"][:5], ordinary["loss_high"][:5])


def test_the_comparison_with_the_control_and_the_listing() -> None:
    variant = shortened("seed", steps=3, starts=3)
    weight = np.zeros((4, 3))
    control = weight + np.array([0, 1e-16, 4e-16, 1e-3])[:, None] * np.array([1, -1, 2])
    listing = weight[:, :2] + np.array([[0, 0], [0, 5e-3], [0, 0], [2e-3, 0]])
    # Errors grow tenfold: 2.7e-15, 2.9e-14, then in the last step beyond every limit.
    curvature = np.array([11, 11, 1e12, 0])[:, None] * np.ones(3)
    columns, summary = summarise.compare(
        {"weight": weight, "curvature": curvature},
        {"weight": control},
        {"weight": listing},
        variant,
        SETTINGS,
    )
    assert summary == {
        "meaningful_steps": 2,
        "max_difference": 8e-16,
        "first_step_difference": 2e-16,
        "largest_difference": 2e-3,
        "starts": 3,
        "float32_parting": 2,
        "float32_starts": 2,
    }
    assert columns["step"].tolist() == [0, 1, 2, 3]
    assert columns["median_difference"].tolist() == [0, 1e-16, 4e-16, 1e-3]
    assert columns["largest_difference"].tolist() == [0, 2e-16, 8e-16, 2e-3]
    assert columns["largest_rounding_error"][:2].tolist() == [0, 12 * np.spacing(1.0)]


def command(folder: Path, names: list[str]) -> None:
    """Lay down what the command reads, and call it as its rule does."""
    variants = [shortened(name, steps=8, starts=3) for name in names]
    write_json(folder / "variants.json", [asdict(variant) for variant in variants])
    write_json(folder / "settings.json", asdict(SETTINGS))
    for name in names:
        columns = table(9, 3, curvature=np.zeros(27))
        write_table(folder / f"{name}.parquet", columns)
        write_json(folder / f"{name}.json", LANDSCAPE)
    sys.argv = ["summarise", "--variants", str(folder / "variants.json")]
    sys.argv += ["--settings", str(folder / "settings.json")]
    sys.argv += ["--runs", *(str(folder / f"{name}.parquet") for name in names)]
    sys.argv += ["--landscapes", *(str(folder / f"{name}.json") for name in names)]
    for output in ("measures", "paths", "bands", "differences"):
        sys.argv += [f"--{output}", str(folder / "out" / f"{output}.parquet")]
    sys.argv += ["--agreement", str(folder / "out" / "agreement.json")]
    summarise.main()


def test_the_command_writes_all_tables_in_the_order_of_the_variants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", sys.argv)
    names = ["listing", "seed", "control", "momentum"]
    command(tmp_path, names)
    written = tmp_path / "out"
    assert (
        read_table(written / "measures.parquet")["variant"].tolist() == np.repeat(names, 3).tolist()
    )
    assert len(read_table(written / "paths.parquet")["step"]) == 4 * 3 * 9
    assert len(read_table(written / "bands.parquet")["step"]) == 4 * 9
    assert len(read_table(written / "differences.parquet")["step"]) == 9
    assert read_json(written / "agreement.json")["max_difference"] == 0
    before = {path.name: path.read_bytes() for path in written.iterdir()}
    command(tmp_path, names)
    assert {path.name: path.read_bytes() for path in written.iterdir()} == before


def test_runs_of_different_lengths_are_compared_at_the_early_step() -> None:
    """To step 4 the first start zigzags and the second rises; the losses are 0.5, 0.525, 1.25."""
    rows = summarise.measure_run(
        shortened("seed", steps=8), run(), {"constant_loss": 1.0, "loss_star": 0.25}, SETTINGS
    )
    assert rows["early_sawtooth"].tolist() == [1, 0, 0]
    np.testing.assert_allclose(rows["early_loss_ratio"], [2, 2.1, 5])
    np.testing.assert_allclose(rows["loss_ratio"], [2, 0.2, 5])
    assert rows["early_learned"].tolist() == [0, 0, 0]
    assert rows["learned"].tolist() == [0, 1, 0]


def test_a_run_shorter_than_the_early_step_is_compared_at_its_end() -> None:
    settings = measures.MeasureSettings(**{**asdict(SETTINGS), "early_step": 100})
    landscape = {"constant_loss": 1.0, "loss_star": 0.25}
    rows = summarise.measure_run(shortened("seed", steps=8), run(), landscape, settings)
    for name in ("sawtooth", "learned", "loss_ratio"):
        assert np.array_equal(rows[f"early_{name}"], rows[name])


def test_the_work_of_the_weight_is_measured_beside_that_of_the_gain() -> None:
    """Squares of slopes 1, 4 and 4 over eight updates; the ninth row starts none."""
    last = np.array([1.0] * 8 + [9.0])[:, None] * np.ones(3)
    slopes = {"weight_slope": -last, "gain_slope": 2 * last, "bias_slope": -2 * last}
    rows = summarise.measure_run(
        shortened("batchnorm", steps=8), run(**slopes), LANDSCAPE, SETTINGS
    )
    np.testing.assert_allclose(rows["weight_share"], 1 / 9)
    assert rows["largest_weight_slope"].tolist() == [9] * 3
    assert rows["largest_gain_slope"].tolist() == [18] * 3
    del slopes["weight_slope"]
    frozen = run(**slopes)
    rows = summarise.measure_run(
        shortened("batchnorm_frozen", steps=8), frozen, LANDSCAPE, SETTINGS
    )
    assert rows["weight_share"].tolist() == [0] * 3
    assert np.isnan(rows["largest_weight_slope"]).all()


def test_a_weight_alone_does_all_the_work() -> None:
    rows = summarise.measure_run(shortened("seed", steps=8), run(), LANDSCAPE, SETTINGS)
    assert rows["weight_share"].tolist() == [1] * 3
    assert np.isnan(rows["largest_gain_slope"]).all()


def test_what_enters_the_activation_is_told_for_the_start_and_the_end() -> None:
    ramp = np.arange(9.0)[:, None] * np.ones(3)
    recorded = run(fed_mean=ramp, fed_variance=1 + ramp)
    rows = summarise.measure_run(shortened("batchnorm", steps=8), recorded, LANDSCAPE, SETTINGS)
    told = {name: rows[name].tolist() for name in rows if "_fed_" in name}
    assert told == {
        "first_fed_mean": [0] * 3,
        "first_fed_variance": [1] * 3,
        "final_fed_mean": [8] * 3,
        "final_fed_variance": [9] * 3,
    }
    rows = summarise.measure_run(shortened("seed", steps=8), run(), LANDSCAPE, SETTINGS)
    assert all(np.isnan(rows[name]).all() for name in told)
