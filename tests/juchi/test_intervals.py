"""Confidence intervals: what they cover, counted over many samples of known populations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from juchi.results.intervals import (
    mean_interval,
    mean_share_interval,
    median_interval,
    share_interval,
)

Values = NDArray[np.float64]
Interval = Callable[[Values, float], tuple[float, float] | None]

SAMPLES = 4000


def ends_of(interval: Interval, values: Values, confidence: float) -> tuple[float, float]:
    """Return the ends of an interval that has to be there."""
    ends = interval(values, confidence)
    assert ends is not None
    return ends


def covered(interval: Interval, samples: Values, truth: float, confidence: float) -> float:
    """Return the share of samples, one a row, whose interval holds the truth."""
    ends = np.array([ends_of(interval, sample, confidence) for sample in samples])
    return float(np.mean((ends[:, 0] <= truth) & (truth <= ends[:, 1])))


@pytest.mark.parametrize("confidence", [0.8, 0.95])
@pytest.mark.parametrize(
    ("population", "truth"),
    [("normal", 0.0), ("uniform", 0.5), ("exponential", 1.0)],
)
def test_means_are_covered_as_often_as_stated(
    population: str, truth: float, confidence: float
) -> None:
    """4000 samples of 300: the standard error of the coverage is 0.6 % at most."""
    draw = getattr(np.random.default_rng(11), population)
    samples = draw(size=(SAMPLES, 300))
    assert covered(mean_interval, samples, truth, confidence) == pytest.approx(confidence, abs=0.02)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_shares_are_covered_as_often_as_stated(share: float) -> None:
    rng = np.random.default_rng(12)
    samples = (rng.random((SAMPLES, 512)) < share).astype(np.float64)
    assert covered(share_interval, samples, share, 0.95) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("population", ["normal", "cauchy", "exponential"])
def test_medians_are_covered_as_often_as_stated_whatever_the_population(population: str) -> None:
    truth = np.log(2) if population == "exponential" else 0.0
    draw = getattr(np.random.default_rng(13), f"standard_{population}")
    samples = draw(size=(SAMPLES, 101))
    assert covered(median_interval, samples, truth, 0.95) == pytest.approx(0.955, abs=0.02)


@pytest.mark.parametrize("agreed", [0.0, 1.0])
def test_a_share_on_which_all_agree_has_a_width(agreed: float) -> None:
    """The known value of Wilson's interval there: z^2 / (n + z^2) from the end."""
    low, high = share_interval(np.full(512, agreed), 0.95)
    away = 1.959964**2 / (512 + 1.959964**2)
    assert (low, high) == pytest.approx((0, away) if agreed == 0 else (1 - away, 1), abs=1e-8)
    assert 0 <= low < high <= 1


def test_the_interval_of_a_mean_in_closed_form() -> None:
    low, high = ends_of(mean_interval, np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 0.95)
    half = 2.776445 * np.sqrt(2.5 / 5)  # Student's t with four degrees of freedom
    assert (low, high) == pytest.approx((3 - half, 3 + half), rel=1e-6)


def test_the_interval_of_a_share_in_closed_form() -> None:
    """Wilson for 3 of 10 at 95 %: 0.1078 to 0.6032."""
    low, high = share_interval(np.array([1.0] * 3 + [0.0] * 7), 0.95)
    assert (low, high) == pytest.approx((0.10779, 0.60322), abs=1e-5)


@pytest.mark.parametrize("interval", [mean_interval, median_interval])
@pytest.mark.parametrize("count", [2, 5, 100, 101, 512])
def test_turning_the_values_round_turns_the_interval_round(interval: Interval, count: int) -> None:
    values = np.random.default_rng(14).normal(size=count)
    low, high = ends_of(interval, values, 0.95)
    assert interval(-values, 0.95) == pytest.approx((-high, -low))
    assert low <= np.median(values) <= high


def test_the_ends_for_a_median_are_values_of_the_sample_and_close_in_on_it() -> None:
    values = np.random.default_rng(15).permutation(np.arange(10_000.0))
    low, high = median_interval(values, 0.95)
    assert {low, high} <= set(values.tolist())
    assert 4880 < low < 4920
    assert 5080 < high < 5120


@pytest.mark.parametrize(
    "interval", [mean_interval, mean_share_interval, share_interval, median_interval]
)
def test_more_confidence_is_wider(interval: Interval) -> None:
    values = (np.random.default_rng(16).random(200) < 0.4).astype(np.float64)
    values = values + np.arange(200) * 1e-9 if interval is median_interval else values
    levels = (0.5, 0.8, 0.95, 0.999)
    widths = [np.ptp(ends_of(interval, values, confidence)) for confidence in levels]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


# --- means of shares, and what chance has no part in ---


@pytest.mark.parametrize(("a", "b"), [(2, 2), (8, 0.5), (0.3, 3)])
def test_means_of_shares_are_covered_as_often_as_stated(a: float, b: float) -> None:
    """Shares of a beta distribution, also one that has most of them beside one of the ends."""
    samples = np.random.default_rng(17).beta(a, b, size=(SAMPLES, 100))
    truth = a / (a + b)
    assert covered(mean_share_interval, samples, truth, 0.95) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("count", [2, 5, 64])
def test_the_interval_of_a_mean_share_stays_between_zero_and_one(count: int) -> None:
    """Where Student's own does not: all shares but one are one."""
    values = np.array([0.4] + [1.0] * (count - 1))
    assert ends_of(mean_interval, values, 0.95)[1] > 1
    low, high = mean_share_interval(values, 0.95)
    assert 0 < low < values.mean() < high < 1
    turned = mean_share_interval(1 - values, 0.95)
    assert turned == pytest.approx((1 - high, 1 - low))


def test_far_from_the_ends_it_is_student_s() -> None:
    values = np.random.default_rng(18).normal(0.5, 0.01, size=400)
    student = ends_of(mean_interval, values, 0.95)
    assert mean_share_interval(values, 0.95) == pytest.approx(student, abs=1e-6)


@pytest.mark.parametrize("agreed", [0.0, 0.25, 1.0])
def test_shares_that_agree_may_still_differ_in_those_not_drawn(agreed: float) -> None:
    """By Wilson's bound on how many do, whatever their shares are; the more drawn, the fewer."""
    others = 1.959964**2 / (512 + 1.959964**2)
    low, high = mean_share_interval(np.full(512, agreed), 0.95)
    expected = (agreed - others * agreed, agreed + others * (1 - agreed))
    assert (low, high) == pytest.approx(expected, abs=1e-8)
    assert 0 <= low <= agreed <= high <= 1
    assert high - low < np.ptp(mean_share_interval(np.full(64, agreed), 0.95))


@pytest.mark.parametrize("value", [0.0, 3.25, 150.0])
def test_values_that_agree_have_no_interval(value: float) -> None:
    assert mean_interval(np.full(20, value), 0.95) is None
    rounded: Values = value * (1 + 1e-12 * np.arange(20.0))
    assert mean_interval(rounded, 0.95) is None
    assert mean_interval(rounded + 1e-6 * np.arange(20), 0.95) is not None


@pytest.mark.parametrize("count", range(1, 600, 7))
def test_every_share_lies_in_its_own_interval(count: int) -> None:
    for ones in {0, 1, count // 2, count}:
        values = np.array([1.0] * ones + [0.0] * (count - ones))
        low, high = share_interval(values, 0.95)
        assert 0 <= low <= values.mean() <= high <= 1
