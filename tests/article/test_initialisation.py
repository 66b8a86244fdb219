"""What a linear layer draws: the measures in closed form, and the draws themselves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

from experiments.initialisation import (
    default_draws,
    kolmogorov_distance,
    kolmogorov_limit,
    run,
    same_as_kaiming,
)
from experiments.settings import InitialisationSettings
from juchi.plan.models import validated
from juchi.plan.settings import read_subject
from juchi.results.experiment import Result
from tests.declared import EXPERIMENTS, ROOT

FAN_INS = (1, 5, 64)
SMALL: dict[str, Any] = {
    "name": "small",
    "fan_ins": list(FAN_INS),
    "layers": 8,
    "weights": 320,
    "bins": 22,
}
SMALL["false_alarm"] = 0.01


def small(**changes: Any) -> Result:
    return run(validated(InitialisationSettings, {**SMALL, **changes}, "here"))


@pytest.fixture(scope="module")
def result() -> Result:
    return small()


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ([0.0], 0.5),
        ([-1.0], 1.0),
        ([1.0], 1.0),
        ([3.0, 3.0], 1.0),
        ([-0.5, 0.5], 0.25),
        (np.linspace(-0.9, 0.9, 10).tolist(), 0.05),
        (np.linspace(-0.45, 0.45, 10).tolist(), 0.275),
    ],
)
def test_distance_of_a_sample_in_closed_form(sample: list[float], expected: float) -> None:
    assert kolmogorov_distance(np.array(sample)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_distance_is_the_statistic_of_kolmogorovs_test(seed: int) -> None:
    sample = np.random.default_rng(seed).normal(size=100)
    reference = stats.kstest(sample, stats.uniform(-1, 2).cdf).statistic
    assert kolmogorov_distance(sample) == pytest.approx(reference, rel=1e-12)


@pytest.mark.parametrize("tests", [1, 5])
def test_the_limit_allows_for_the_number_of_tests(tests: int) -> None:
    """Uniform samples fail as often as stated, all tests of a family counted as one."""
    limit = kolmogorov_limit(0.05, tests)
    assert stats.kstwobign.cdf(limit) ** tests == pytest.approx(0.95, rel=1e-9)
    rng = np.random.default_rng(0)
    largest = [
        max(20 * kolmogorov_distance(rng.uniform(-1, 1, 400)) for _ in range(tests))
        for _ in range(2000)
    ]
    assert np.mean(np.array(largest) > limit) == pytest.approx(0.05, abs=0.015)


def test_the_limit_of_several_tests_is_wider_than_that_of_one() -> None:
    assert kolmogorov_limit(0.01, 1) == pytest.approx(1.6276, abs=1e-4)
    assert kolmogorov_limit(0.01, 5) == pytest.approx(1.8579, abs=1e-4)


def test_the_limit_follows_from_the_settings(result: Result) -> None:
    assert result.scalars["tests"] == len(FAN_INS)
    assert result.scalars["limit"] == kolmogorov_limit(0.01, len(FAN_INS))
    fewer = small(fan_ins=[1, 5], false_alarm=0.1)
    assert fewer.scalars["limit"] == kolmogorov_limit(0.1, 2)


def test_the_setting_is_the_threshold_of_the_claim() -> None:
    declared = EXPERIMENTS["initialisation"]["common"]
    thresholds = read_subject(ROOT / "config", "thresholds")
    assert declared["false_alarm"] == thresholds["false_alarm"]["value"]


@pytest.mark.parametrize(("stretch", "shift"), [(math.sqrt(3), 0), (1, 0.05), (0.95, 0)])
def test_another_distribution_is_told_apart(stretch: float, shift: float) -> None:
    """The derived range among them: sqrt(3) times as wide."""
    draws = default_draws(4, 256, 8).ravel()
    assert kolmogorov_distance(draws) * math.sqrt(draws.size) < 1.63
    assert kolmogorov_distance(stretch * draws + shift) * math.sqrt(draws.size) > 1.63


@pytest.mark.parametrize("fan_in", [1, 7, 64])
def test_draws_are_those_of_fresh_layers_and_each_fan_in_has_its_own(fan_in: int) -> None:
    draws = default_draws(fan_in, 3, 5)
    assert draws.shape == (5, 3 * fan_in)
    assert len(np.unique(draws)) == draws.size
    weights = draws / math.sqrt(fan_in)
    assert np.array_equal(weights.astype(np.float32).astype(float) * math.sqrt(fan_in), draws)
    assert np.array_equal(draws[:2], default_draws(fan_in, 3, 2))
    assert not np.isin(draws, default_draws(fan_in + 1, 3, 5)).any()


@pytest.mark.parametrize("fan_in", [1, 3, 200])
def test_the_default_is_called_kaiming_with_the_root_of_five(fan_in: int) -> None:
    assert same_as_kaiming(fan_in, 11)


def test_kaimings_own_range_for_relu_is_the_root_of_six_times_as_wide() -> None:
    """Variance 2 / n of He et al., as a uniform distribution: sqrt(3) sqrt(2 / n)."""
    torch.manual_seed(0)
    drawn = torch.nn.init.kaiming_uniform_(torch.empty(1000, 25), nonlinearity="relu")
    largest = drawn.abs().max().item()
    assert math.sqrt(6 / 25) * 0.999 < largest <= math.sqrt(6 / 25)


def test_layers_keep_to_the_range_and_have_its_variance(result: Result) -> None:
    assert len(result.samples["layer"]) == 8 * 3
    assert (result.samples["reach"] <= 1).all()
    for fan_in in FAN_INS:
        ratio = result.samples["variance_ratio"][result.samples["fan_in"] == fan_in]
        # The sample variance of N uniform draws has the relative variance 4 / (5 N).
        assert abs(ratio.mean() - 1) < 4 * math.sqrt(4 / 5 / (8 * 320))


def test_density_has_area_one_and_excess_ends_at_nothing(result: Result) -> None:
    curves = result.curves
    for fan_in in FAN_INS:
        rows = curves["fan_in"] == fan_in
        width = curves["high"][rows] - curves["low"][rows]
        assert (curves["density"][rows] * width).sum() == pytest.approx(1, rel=1e-12)
        scaled = curves["high"][rows] * math.sqrt(fan_in)
        outside = np.abs(scaled) > 1 + 1e-9
        assert curves["excess"][rows][outside] == pytest.approx(0, abs=1e-9)
        assert (curves["density"][rows][scaled > 1.01] == 0).all()
        distance = result.scalars[f"distance_{fan_in}"]
        assert np.abs(curves["excess"][rows]).max() <= distance + 1e-9


def test_record_names_the_worst_of_all_fan_ins(result: Result) -> None:
    scalars = result.scalars
    for name, worst, choice in (
        ("distance", "distance", max),
        ("reach", "highest_reach", max),
        ("reach", "lowest_reach", min),
    ):
        assert scalars[worst] == choice(scalars[f"{name}_{n}"] for n in FAN_INS)
    assert scalars["distance"] < 1.63
    assert scalars["draws"] == 8 * 320
    assert scalars["same_as_kaiming"] is True
    assert scalars["highest_reach"] == result.samples["reach"].max()


def test_a_fan_ins_results_do_not_depend_on_the_others(result: Result) -> None:
    alone = small(fan_ins=[5])
    rows = result.samples["fan_in"] == 5
    assert all(
        np.array_equal(alone.samples[name], result.samples[name][rows]) for name in alone.samples
    )
    assert alone.scalars["distance"] == result.scalars["distance_5"]
