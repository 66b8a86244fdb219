"""The recorded ways, from a table and back, damage on the way, and what figures draw of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments import bands, paths
from experiments.settings import BandsSettings, PathsSettings
from experiments.trajectories import Trajectories, as_columns, recorded
from juchi.core.errors import UserError
from juchi.core.records import write_json
from juchi.core.tables import Columns, read_table, write_table
from juchi.results.experiment import Inputs, StoredResult

DIVERGED_WEIGHT = 1e3


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


def read(path: Path) -> Trajectories:
    return recorded(read_table(path), path)


def test_a_run_is_read_as_it_was_recorded(tmp_path: Path) -> None:
    columns = table(curvature=np.arange(15.0))
    write_table(tmp_path / "run.parquet", columns)
    found = read(tmp_path / "run.parquet")
    assert set(found) == {"weight", "loss", "saturated", "lowest_output", "curvature"}
    assert found["weight"].shape == (5, 3)
    assert found["curvature"][4].tolist() == [12, 13, 14]
    assert np.array_equal(found["weight"][:, 1], columns["weight"][1::3])
    again = as_columns(found)
    assert list(again) == list(columns)
    assert all(np.array_equal(again[name], columns[name]) for name in columns)


@pytest.mark.parametrize("column", ["step", "start", "weight", "loss", "saturated"])
def test_a_run_without_a_column_is_refused(tmp_path: Path, column: str) -> None:
    path = tmp_path / "post.parquet"
    write_table(path, {name: values for name, values in table().items() if name != column})
    with pytest.raises(UserError) as refused:
        read(path)
    for part in (str(path), f"no column '{column}'", "delete", "build again"):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    "rows",
    [slice(0, 0), slice(0, 14), slice(1, 15), slice(None, None, -1), [*range(14), 13]],
    ids=["empty", "last row lost", "first row lost", "turned round", "a row twice"],
)
def test_a_run_with_rows_lost_or_moved_is_refused(tmp_path: Path, rows: slice | list[int]) -> None:
    path = tmp_path / "post.parquet"
    write_table(path, {name: values[rows] for name, values in table().items()})
    with pytest.raises(UserError, match=r"post\.parquet\n.*not all steps of all starts"):
        read(path)


def test_no_flipped_bit_is_read_as_other_numbers(tmp_path: Path) -> None:
    """Every 61st bit of the file: each is refused by name, or stands where nothing is read."""
    path = tmp_path / "post.parquet"
    write_table(path, table())
    whole, expected = path.read_bytes(), read(path)
    refused = 0
    for bit in range(0, 8 * len(whole), 61):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            found = read(path)
        except UserError as error:
            assert str(path) in str(error)
            refused += 1
        else:
            assert found.keys() == expected.keys()
            assert all(np.array_equal(found[name], expected[name]) for name in expected)
    assert refused > 8 * len(whole) / 61 / 2


def run(**changes: NDArray[np.float64]) -> Trajectories:
    """Return weights and losses of 8 updates from three starts: zigzag, rising, and at rest."""
    steps = np.arange(9.0)
    weight = np.stack([(-1.0) ** steps, steps, np.zeros(9)], axis=1)
    loss = np.stack([np.full(9, 0.5), np.linspace(1, 0.05, 9), np.full(9, 1.25)], axis=1)
    return {"weight": weight, "loss": loss, **changes}


def test_figures_get_the_first_steps_of_the_first_starts() -> None:
    steps, starts = paths.DRAWN_STEPS + 50, paths.DRAWN_STARTS + 5
    weight = np.arange(steps)[:, None] + np.arange(starts) / 100
    drawn = paths.paths("post", {"weight": weight, "loss": -weight}, DIVERGED_WEIGHT)
    rows = (paths.DRAWN_STEPS + 1) * paths.DRAWN_STARTS
    assert {name: len(values) for name, values in drawn.items()} == dict.fromkeys(drawn, rows)
    np.testing.assert_array_equal(drawn["weight"], drawn["step"] + drawn["start"] / 100)
    np.testing.assert_array_equal(drawn["loss"], -drawn["weight"])
    assert drawn["start"].max() == paths.DRAWN_STARTS - 1
    assert drawn["step"].max() == paths.DRAWN_STEPS


def test_bands_are_quantiles_over_the_starts() -> None:
    loss = np.arange(11.0) + np.arange(3)[:, None]
    band = bands.bands("post", {"weight": np.zeros_like(loss), "loss": loss}, DIVERGED_WEIGHT)
    assert band["step"].tolist() == [0, 1, 2]
    assert band["loss_low"].tolist() == [1, 2, 3]
    assert band["loss_median"].tolist() == [5, 6, 7]
    assert band["loss_high"].tolist() == [9, 10, 11]


def test_curves_end_where_a_start_has_diverged() -> None:
    """Even if the weight comes back by a leap across the bound."""
    weight = run()["weight"]
    weight[5, 1] = 2e3
    changed = run(weight=weight)
    drawn = paths.paths("post", changed, DIVERGED_WEIGHT)["weight"].reshape(3, 9)
    assert np.isnan(drawn[1, 5:]).all()
    assert np.isfinite(drawn[1, :5]).all()
    assert np.isfinite(drawn[[0, 2]]).all()
    band, ordinary = (bands.bands("post", each, DIVERGED_WEIGHT) for each in (changed, run()))
    # One of three: above the median, which is now the highest but one of what is left.
    assert np.isnan(band["loss_high"][5:]).all()
    assert np.isfinite(band["loss_median"]).all()
    np.testing.assert_array_equal(band["loss_high"][:5], ordinary["loss_high"][:5])


def test_the_analyses_take_the_configurations_in_their_order(tmp_path: Path) -> None:
    names = ["listing", "post", "control", "momentum"]
    for name in names:
        write_table(tmp_path / f"{name}.curves.parquet", table(9, 3))
        made_with = {"name": name, "diverged_weight": DIVERGED_WEIGHT}
        write_json(tmp_path / f"{name}.checksums.json", {"settings": made_with, "sha256": {}})
    inputs = Inputs({name: StoredResult(tmp_path / name) for name in names})
    drawn = paths.analyse(PathsSettings(name="paths"), inputs).curves
    band = bands.analyse(BandsSettings(name="bands"), inputs).curves
    assert drawn["configuration"].tolist() == np.repeat(names, 3 * 9).tolist()
    assert band["configuration"].tolist() == np.repeat(names, 9).tolist()
