"""Intervals, tests and the correction for a family of them, on samples worked out elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from juchi.results.estimates import holm, mean_estimate, paired_p, sign_flip_p

SAMPLE = np.array([1.2, -0.3, 0.8, 2.1, 0.4, 1.7, -0.6, 0.9])


def test_the_interval_of_a_mean_is_students() -> None:
    found = mean_estimate(SAMPLE, 0.95)
    result = stats.ttest_1samp(SAMPLE, 0)
    interval = result.confidence_interval(0.95)
    assert found.n == 8
    assert found.value == pytest.approx(SAMPLE.mean())
    assert found.low == pytest.approx(interval.low)
    assert found.high == pytest.approx(interval.high)


def test_three_values_by_hand() -> None:
    # Mean 2, standard error 1 / sqrt 3, and t = 4.302653 for two degrees of freedom.
    found = mean_estimate(np.array([1.0, 2.0, 3.0]), 0.95)
    assert found.high - 2 == pytest.approx(4.302653 / 3**0.5, rel=1e-6)


@pytest.mark.parametrize(
    ("n", "confidence", "expected"),
    [
        # As tables of Student's t have them; the last one is Gauss's quantile and a few millionths.
        (2, 0.95, 12.7062047361747),
        (2, 0.99, 63.6567411628715),
        (6, 0.95, 2.57058183563631),
        (31, 0.99, 2.74999565356722),
        (100_001, 0.95, 1.95998770753461),
    ],
)
def test_the_interval_is_that_of_the_tables(n: int, confidence: float, expected: float) -> None:
    values = np.resize([1.0, -1.0], n)
    found = mean_estimate(values, confidence)
    error = values.std(ddof=1) / n**0.5
    assert (found.high - found.low) / 2 / error == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("n", [2, 3, 8, 30, 1000, 100_000])
@pytest.mark.parametrize("t", [1e-3, 0.5, 2.0, 12.0, 400.0])
def test_a_p_is_right_to_the_last_digits_however_small(n: int, t: float) -> None:
    values = np.resize([1.0, -1.0], n)
    values += t * values.std(ddof=1) / n**0.5 - values.mean()
    expected = 2 * special.stdtr(n - 1, -abs(stats.ttest_1samp(values, 0).statistic))
    assert paired_p(values) == pytest.approx(expected, rel=1e-12, abs=5e-324)


def test_one_value_has_no_interval() -> None:
    with np.errstate(invalid="ignore"), pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        found = mean_estimate(np.array([2.0]), 0.95)
    assert (found.value, found.n) == (2, 1)
    assert np.isnan([found.low, found.high]).all()


def test_the_paired_test_is_scipys() -> None:
    other = np.array([0.2, 0.1, 0.9, 0.3, 0.2, 0.5, 0.1, 0.4])
    expected = stats.ttest_rel(SAMPLE, other).pvalue
    assert paired_p(SAMPLE - other) == pytest.approx(expected, rel=1e-12)
    assert paired_p(other - SAMPLE) == pytest.approx(expected, rel=1e-12)


def test_differences_without_spread() -> None:
    assert paired_p(np.zeros(4)) == 1
    assert paired_p(np.full(4, 0.5)) == 0


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        pytest.param([1.0, 2.0, 3.0], 2 / 8, id="all of one sign: two ways of eight"),
        pytest.param([1.0, 2.0, -3.0], 1, id="a sum of zero"),
        pytest.param([5.0, 1.0, -1.0], 8 / 8 - 2 / 8, id="six of eight sums reach five"),
        pytest.param([0.1, 0.2, -0.3], 1, id="a sum of zero but for rounding"),
    ],
)
def test_sign_flips_by_hand(differences: list[float], expected: float) -> None:
    assert sign_flip_p(np.array(differences)) == expected


def test_sign_flips_agree_with_scipys_exact_test() -> None:
    expected = stats.permutation_test(
        (SAMPLE, np.zeros(8)), lambda a, b: np.mean(a - b), permutation_type="samples"
    ).pvalue
    assert sign_flip_p(SAMPLE) == pytest.approx(expected)


def test_more_seeds_than_can_be_flipped_in_every_way() -> None:
    many = np.random.default_rng(3).normal(0.4, 1, size=30)
    assert sign_flip_p(many) == sign_flip_p(many)
    assert sign_flip_p(many) == pytest.approx(paired_p(many), rel=0.2)


def test_holm_by_hand() -> None:
    # Sorted: 0.01 x 4 = 0.04; 0.02 x 3 = 0.06; 0.03 x 2 = 0.06; 0.5.
    assert holm([0.03, 0.01, 0.5, 0.02]) == pytest.approx([0.06, 0.04, 0.5, 0.06])
    # None is smaller than one before it, and none above one: 0.04 x 2 = 0.08; 0.045 stays at 0.08.
    assert holm([0.045, 0.04]) == pytest.approx([0.08, 0.08])
    assert holm([0.9, 0.8, 0.7]) == [1, 1, 1]
    assert holm([]) == []
