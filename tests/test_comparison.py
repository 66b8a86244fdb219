"""Paired comparisons: of samples worked out by SciPy, of the whole family, and of mistakes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from experiments.comparison import compare, main
from experiments.estimates import holm
from pipeline.errors import UserError
from pipeline.records import read_json
from pipeline.tables import Columns, read_table, write_table

RNG = np.random.default_rng(0)
SEEDS = np.arange(12)
RUNS: dict[str, Columns] = {
    name: {"seed": SEEDS, "steps_to_target": RNG.normal(mean, 1, 12), "share": RNG.random(12)}
    for name, mean in {"slow": 9.0, "quick": 7.0, "same": 9.1}.items()
}
SETTINGS: dict[str, Any] = {
    "confidence": 0.95,
    "pairs": {
        "cure": {"first": "slow", "second": "quick"},
        "nothing": {"first": "slow", "second": "same"},
    },
    "measures": {"steps": "steps_to_target", "share": "share"},
}


def test_a_comparison_is_the_paired_test_second_less_first() -> None:
    found = compare(SETTINGS, RUNS)[0]
    slow, quick = (RUNS[name]["steps_to_target"] for name in ("slow", "quick"))
    expected = stats.ttest_rel(quick, slow)
    interval = expected.confidence_interval(0.95)
    assert (found.pair, found.measure, found.difference.n) == ("cure", "steps", 12)
    assert found.difference.value == pytest.approx(quick.mean() - slow.mean())
    assert found.difference.low == pytest.approx(interval.low)
    assert found.difference.high == pytest.approx(interval.high)
    assert found.p == pytest.approx(expected.pvalue)
    # d_z is t over the root of n.
    assert found.effect_size == pytest.approx(expected.statistic / np.sqrt(12))
    assert found.difference.value < 0


def test_the_correction_is_over_the_whole_family() -> None:
    family = compare(SETTINGS, RUNS)
    assert [(each.pair, each.measure) for each in family] == [
        ("cure", "steps"),
        ("cure", "share"),
        ("nothing", "steps"),
        ("nothing", "share"),
    ]
    assert [each.p_holm for each in family] == holm([each.p for each in family])
    assert min(each.p_holm for each in family) == pytest.approx(4 * min(each.p for each in family))


def test_equal_runs_differ_by_nothing() -> None:
    settings = {**SETTINGS, "pairs": {"none": {"first": "slow", "second": "slow"}}}
    found = compare(settings, RUNS)[0]
    assert (found.p, found.p_sign_flip, found.effect_size) == (1, 1, None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"pairs": {"a": {"first": "slow", "second": "x"}}}, "'x'", id="variant"),
        pytest.param({"measures": {"a": "y"}}, "no column 'y'", id="column"),
    ],
)
def test_what_is_not_there_is_named(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(UserError, match=expected):
        compare({**SETTINGS, **changes}, RUNS)


def test_runs_of_other_seeds_are_not_paired() -> None:
    shifted = {**RUNS, "quick": {**RUNS["quick"], "seed": SEEDS + 1}}
    with pytest.raises(UserError, match="different seeds"):
        compare(SETTINGS, shifted)


def test_the_command_writes_a_row_and_numbers_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / f"{name}.runs.parquet" for name in RUNS]
    for path, runs in zip(files, RUNS.values(), strict=True):
        write_table(path, runs)
    table, record = tmp_path / "comparison.parquet", tmp_path / "comparison.json"
    command = ["", "--settings", json.dumps(SETTINGS), "--table", str(table)]
    command += ["--record", str(record), "--runs", *map(str, files)]
    monkeypatch.setattr(sys, "argv", command)
    main()
    rows, numbers = read_table(table), read_json(record)
    assert rows["pair"].tolist() == ["cure", "cure", "nothing", "nothing"]
    assert numbers["comparisons"] == 4
    assert numbers["cure_steps_difference"] == {
        "value": rows["mean_difference"][0],
        "n": 12,
        "low": rows["low"][0],
        "high": rows["high"][0],
    }
    assert numbers["cure_steps_p_holm"] == rows["p_holm"][0]
    assert numbers["cure_steps_effect"] == rows["effect_size"][0]
