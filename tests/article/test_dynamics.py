"""Estimators on maps whose behaviour is known: the quadratic bowl and the logistic map."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments import dynamics

Array = NDArray[np.float64]

STEPS = np.arange(129)


def logistic(rate: Array, x: Array) -> Array:
    return rate * x * (1 - x)


def after(rate: Array, steps: int, x: Array | float = 0.3) -> Array:
    """Return where an orbit of the logistic map that starts at x is after some steps."""
    at = np.full_like(rate, x) if isinstance(x, float) else x
    for _ in range(steps):
        at = logistic(rate, at)
    return at


def orbit(rate: float, burn_in: int = 2000, steps: int = 128) -> Array:
    """Return an orbit of the logistic map, shape ``(steps + 1, 1)``."""
    rows = [after(np.array([rate]), burn_in)]
    for _ in range(steps):
        rows.append(logistic(np.array([rate]), rows[-1]))
    return np.array(rows)


@pytest.mark.parametrize("period", [1, 2, 3, 5, 8, 64])
def test_the_period_of_a_repeating_sequence_is_its_length(period: int) -> None:
    pattern = np.random.default_rng(period).normal(size=period)
    assert dynamics.period(pattern[STEPS % period][:, None], 64, 1e-9).tolist() == [period]


def test_what_never_repeats_has_no_period() -> None:
    columns = np.stack([STEPS, np.full(129, np.nan), STEPS % 65, np.sqrt(2) * STEPS % 1], axis=1)
    assert dynamics.period(columns.astype(float), 64, 1e-6).tolist() == [0, 0, 0, 0]


def test_one_step_out_of_line_breaks_the_period() -> None:
    pattern = np.tile([[0.0, 0.0], [1.0, 1.0]], (65, 1))[:129]
    pattern[5, 1] += 1e-3
    assert dynamics.period(pattern, 64, 1e-6).tolist() == [2, 0]


@pytest.mark.parametrize(
    ("rate", "period"), [(2.9, 1), (3.2, 2), (3.5, 4), (3.55, 8), (3.83, 3), (3.74, 5), (4.0, 0)]
)
def test_periods_of_the_logistic_map(rate: float, period: int) -> None:
    """May (Nature 261, 459, 1976): doublings, then chaos with windows of periods three and five."""
    assert dynamics.period(orbit(rate), 64, 1e-6).tolist() == [period]


def test_the_doublings_of_the_logistic_map_are_found() -> None:
    """At 3 and 1 + sqrt 6; the third and fourth as Feigenbaum (1978) has them."""
    before = np.array([1, 2, 4, 8])

    def doubled(trial: Array) -> NDArray[np.bool_]:
        sizes = []
        for steps in (4096, 8192):
            now = after(trial, steps)
            each = [after(r, int(p), x) for r, x, p in zip(trial, now, before, strict=True)]
            sizes.append(np.abs(np.array(each) - now))
        return dynamics.persists(sizes[0], sizes[1], 1e-12)

    low, high = np.array([2.5, 3.2, 3.46, 3.546]), np.array([3.3, 3.5, 3.55, 3.567])
    low, high = dynamics.refine(doubled, low, high, points=32, precision=1e-8)
    assert (high - low).max() <= 1e-8
    expected = [3, 1 + np.sqrt(6), 3.5440903, 3.5644073]
    np.testing.assert_allclose((low + high) / 2, expected, rtol=1e-6)
    assert dynamics.feigenbaum_ratios(low)[-1] == pytest.approx(4.6562, abs=1e-3)


@pytest.mark.parametrize("sharpness", [0.5, 2.9])
@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
def test_a_quadratic_bowl_repels_from_its_bound_on(sharpness: float, momentum: float) -> None:
    """The heavy ball in L = lambda w^2 / 2 stays for eta < 2 (1 + beta) / lambda (Polyak 1964)."""

    def repels(trial: Array) -> NDArray[np.bool_]:
        w, v, sizes = np.full_like(trial, 1e-8), np.zeros_like(trial), []
        for step in range(1, 2049):
            v = momentum * v + sharpness * w
            w = w - trial * v
            if step in (1024, 2048):
                sizes.append(np.abs(w))
        return dynamics.grows(sizes[0], sizes[1], 1e-12)

    bound = 2 * (1 + momentum) / sharpness
    low, high = dynamics.refine(
        repels, np.array([0.5 * bound]), np.array([1.02 * bound]), points=16, precision=1e-9
    )
    assert low[0] == pytest.approx(bound, rel=1e-8)
    assert high[0] == pytest.approx(bound, rel=1e-8)


def test_rounding_neither_grows_nor_persists() -> None:
    noise = np.array([1e-16, 3e-16])
    assert not dynamics.grows(noise, 10 * noise, 1e-12).any()
    assert not dynamics.persists(noise, 10 * noise, 1e-12).any()


def test_at_the_doubling_itself_a_splitting_shrinks_by_the_root_of_two() -> None:
    """X <- x - c x^3 from x0: x_t = 1 / sqrt(2 c t + 1 / x0^2), up to higher orders."""
    early, late = (1 / np.sqrt(2 * t + 1) for t in (1000.0, 2000.0))
    assert dynamics.persists(np.array([early]), np.array([late]), 1e-12).all()
    assert not dynamics.persists(np.array([early]), np.array([late * 0.999]), 1e-12).any()


def test_the_coefficient_gives_the_swing_of_the_logistic_map_above_three() -> None:
    """Its period-two orbit is known: x+ - x- = sqrt((r - 3) (r + 1)) / r, and a = r - 3."""
    coefficient = dynamics.doubling_coefficient(second=-2 * 3.0, third=0.0)
    for excess in (1e-4, 1e-6):
        rate = 3 + excess
        swing = np.sqrt(excess * (rate + 1)) / rate
        assert 2 * np.sqrt(excess / coefficient) == pytest.approx(swing, rel=excess)


def test_a_cubic_map_may_be_hard() -> None:
    """-x - x^3 pushes outwards at its fixed point, -x + x^3 inwards."""
    assert dynamics.doubling_coefficient(0, -6) == -1
    assert dynamics.doubling_coefficient(0, 6) == 1


def test_a_power_law_is_recovered() -> None:
    x = np.geomspace(1e-3, 1, 20)
    assert dynamics.power_law(x, 3 * x**0.5) == pytest.approx((0.5, 3.0))


def test_geometric_gaps_have_their_own_ratio() -> None:
    onsets = 1 - np.float64(4) ** -np.arange(5)
    assert dynamics.feigenbaum_ratios(onsets).tolist() == [4, 4, 4]
