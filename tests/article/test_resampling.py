"""The bootstrap of tuned comparisons: what it chooses, and how often its interval is right."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from experiments import resampling
from experiments.resampling import RESAMPLES, Grid, chosen, difference_interval, draws


def test_a_resample_chooses_by_the_mean_of_its_seeds() -> None:
    """Of three seeds every resample is known: the shares of the choices are exact."""
    tuning = np.array([[10.0, 14.0, 12.0], [11.0, 11.0, 15.0], [30.0, 30.0, 30.0]])
    means = [tuning[:, list(each)].mean(axis=1) for each in product(range(3), repeat=3)]
    exact = np.bincount([int(mean.argmin()) for mean in means], minlength=3) / 27
    counted = np.bincount(chosen(tuning), minlength=3) / RESAMPLES
    assert exact[2] == counted[2] == 0
    assert 0 < exact[1] < 1
    assert counted == pytest.approx(exact, abs=0.02)


def test_the_draws_are_the_same_every_time_and_uniform() -> None:
    first, again = draws(7, 1), draws(7, 1)
    assert first.tobytes() == again.tobytes()
    assert first.shape == (RESAMPLES, 7)
    assert np.bincount(first.ravel()) / first.size == pytest.approx(np.full(7, 1 / 7), abs=0.01)
    assert draws(7, 2).tobytes() != first.tobytes()


def test_without_a_choice_it_is_student_s() -> None:
    """One rate: nothing to tune. For normal differences the ends are those of Student's."""
    rng = np.random.default_rng(1)
    here, there = rng.normal(80, 5, (1, 20)), rng.normal(30, 5, (1, 20))
    first, second = (Grid(np.ones((1, 5)), measured) for measured in (here, there))
    ends = difference_interval(first, second, 0.95)
    student = stats.ttest_rel(there[0], here[0]).confidence_interval(0.95)
    assert ends == pytest.approx((student.low, student.high), abs=0.35)


def test_a_variant_differs_from_itself_by_nothing() -> None:
    """The seeds of both are drawn together, those of the tuning too."""
    rng = np.random.default_rng(2)
    grid = Grid(rng.normal(10, 3, (4, 5)), rng.normal(50, 9, (4, 20)))
    assert difference_interval(grid, grid, 0.95) == (0, 0)


def test_a_rate_that_might_have_been_another_widens_the_interval() -> None:
    rng = np.random.default_rng(3)
    sure = np.array([[10.0] * 5, [20.0] * 5])
    unsure = np.array([[10.0, 10, 10, 10, 10], [4.0, 4, 14, 16, 16]])
    measured = np.array([rng.normal(80, 1, 20), rng.normal(90, 1, 20)])
    other = Grid(np.ones((1, 5)), rng.normal(30, 1, (1, 20)))
    narrow = difference_interval(Grid(sure, measured), other, 0.95)
    wide = difference_interval(Grid(unsure, measured), other, 0.95)
    assert np.ptp(narrow) < 3
    assert np.ptp(wide) > 8


def test_it_holds_the_truth_nearly_as_often_as_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tuned on few seeds, two rates about as good: Student's at the chosen rate is too narrow.

    The bootstrap is so as well, by far less: five tuning seeds spread as four independent ones do.
    The truth is the mean over all tunings of what the chosen rates give.
    """
    monkeypatch.setattr(resampling, "RESAMPLES", 400)
    rng = np.random.default_rng(4)
    means = np.array([80.0, 76.0])  # of the reported seeds at the two rates

    def tuned(samples: int) -> NDArray[np.float64]:
        return np.array([5.0, 5.2])[:, None, None] + rng.normal(0, 1, (2, samples, 5))

    truth = means[tuned(20_000).mean(axis=2).argmin(axis=0)].mean()
    held, student = [], []
    for _ in range(400):
        tuning, seeds = tuned(1)[:, 0], means[:, None] + rng.normal(0, 2, (2, 20))
        nothing = Grid(np.ones((1, 5)), np.zeros((1, 20)))
        low, high = difference_interval(nothing, Grid(tuning, seeds), 0.95)
        held.append(low <= truth <= high)
        row = seeds[tuning.mean(axis=1).argmin()]
        ends = stats.ttest_1samp(row, 0).confidence_interval(0.95)
        student.append(ends.low <= truth <= ends.high)
    assert np.mean(student) < 0.5
    assert 0.85 < np.mean(held) < 0.97
