"""Paired comparisons: of samples worked out by SciPy, of the whole family, and of mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from experiments.comparison import analyse, compare
from experiments.resampling import Grid, difference_interval
from experiments.settings import ComparisonSettings
from juchi.core.errors import UserError
from juchi.core.tables import Columns, write_table
from juchi.plan.models import validated
from juchi.results.estimates import holm
from juchi.results.experiment import Inputs, StoredResult

RNG = np.random.default_rng(0)
SEEDS = np.arange(12)
SAMPLES: dict[str, Columns] = {
    name: {"seed": SEEDS, "steps_to_target": RNG.normal(mean, 1, 12), "share": RNG.random(12)}
    for name, mean in {"slow": 9.0, "quick": 7.0, "same": 9.1}.items()
}
RATES = np.array([4.0, 1.0, 2.0])  # in an order of their own


def grid(name: str, column: str) -> Grid:
    """Return a tuning in which the first two rates are about as good, and the last is bad.

    At the first rate the reported seeds do what they do in the runs, at the second a little better.
    """
    rng = np.random.default_rng([3, len(name)])
    tuning = np.array([5.0, 5.0, 50.0])[:, None] + rng.normal(0, 1, (3, 5))
    value = SAMPLES[name][column]
    return Grid(tuning, np.array([value, value - 1, np.full(12, np.nan)]))


def curves(name: str) -> Columns:
    parts = [
        (f"tuning_{seed}", RATES, steps) for seed, steps in enumerate(grid(name, "share").tuning.T)
    ]
    for column in ("steps_to_target", "share"):
        for seed, values in zip(SEEDS, grid(name, column).measured.T, strict=True):
            parts.append((f"{column}_{seed}", RATES[:2], values[:2]))
    values = np.concatenate([value for _, _, value in parts])
    return {
        "quantity": np.concatenate([np.full(len(x), quantity) for quantity, x, _ in parts]),
        "x": np.concatenate([x for _, x, _ in parts]),
        "value": values,
    }


CURVES: dict[str, Columns] = {name: curves(name) for name in SAMPLES}
DECLARED: dict[str, Any] = {
    "name": "comparison",
    "confidence": 0.95,
    "pairs": {
        "cure": {"first": "slow", "second": "quick"},
        "nothing": {"first": "slow", "second": "same"},
    },
    "measures": {"steps": "steps_to_target", "share": "share"},
}


def settings(**changes: Any) -> ComparisonSettings:
    return validated(ComparisonSettings, {**DECLARED, **changes}, "here")


SETTINGS = settings()


def test_a_comparison_is_the_paired_test_second_less_first() -> None:
    found = compare(SETTINGS, SAMPLES, {})[0]
    slow, quick = (SAMPLES[name]["steps_to_target"] for name in ("slow", "quick"))
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
    family = compare(SETTINGS, SAMPLES, {})
    assert [(each.pair, each.measure) for each in family] == [
        ("cure", "steps"),
        ("cure", "share"),
        ("nothing", "steps"),
        ("nothing", "share"),
    ]
    assert [each.p_holm for each in family] == holm([each.p for each in family])
    assert min(each.p_holm for each in family) == pytest.approx(4 * min(each.p for each in family))


def test_equal_runs_differ_by_nothing() -> None:
    pairs = {"none": {"first": "slow", "second": "slow"}}
    found = compare(settings(pairs=pairs), SAMPLES, {})[0]
    assert (found.p, found.p_sign_flip, found.effect_size) == (1, 1, None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"pairs": {"a": {"first": "slow", "second": "x"}}}, "'x'", id="configuration"),
        pytest.param({"measures": {"a": "y"}}, "no column 'y'", id="column"),
    ],
)
def test_what_is_not_there_is_named(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(UserError, match=expected):
        compare(settings(**changes), SAMPLES, {})


def test_runs_of_other_seeds_are_not_paired() -> None:
    shifted = {**SAMPLES, "quick": {**SAMPLES["quick"], "seed": SEEDS + 1}}
    with pytest.raises(UserError, match="different seeds"):
        compare(SETTINGS, shifted, {})


def test_there_is_a_row_and_there_are_numbers_for_each(tmp_path: Path) -> None:
    for name, samples in SAMPLES.items():
        write_table(tmp_path / f"{name}.samples.parquet", samples)
        write_table(tmp_path / f"{name}.curves.parquet", CURVES[name])
    stored = {name: StoredResult(tmp_path / name) for name in SAMPLES}
    result = analyse(SETTINGS, Inputs(stored))
    rows, numbers = result.samples, result.scalars
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
    found = compare(SETTINGS, SAMPLES, CURVES)
    assert rows["low"].tolist() == [each.difference.low for each in found]


def test_the_interval_of_tuned_configurations_allows_for_the_tuning() -> None:
    """The value and the tests are as they were; the interval is that of the bootstrap."""
    plain, tuned = compare(SETTINGS, SAMPLES, {}), compare(SETTINGS, SAMPLES, CURVES)
    for before, after in zip(plain, tuned, strict=True):
        assert after.difference.value == before.difference.value
        assert (after.p, after.p_holm) == (before.p, before.p_holm)
        first, second = (DECLARED["pairs"][after.pair][side] for side in ("first", "second"))
        column = SETTINGS.measures[after.measure]
        ends = difference_interval(grid(first, column), grid(second, column), 0.95)
        assert (after.difference.low, after.difference.high) == ends


def test_curves_without_a_tuning_change_nothing() -> None:
    untuned = {name: {key: column[:0] for key, column in CURVES[name].items()} for name in SAMPLES}
    assert compare(SETTINGS, SAMPLES, untuned) == compare(SETTINGS, SAMPLES, {})
