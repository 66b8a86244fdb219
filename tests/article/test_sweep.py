"""The sweep: what it says of the post's loss in a small edition, and of its own measures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from experiments import sweep
from experiments.settings import SweepSettings
from juchi.core.errors import UserError
from juchi.plan.models import validated
from juchi.results.experiment import Result
from tests.declared import EXPERIMENTS

torch.set_num_threads(1)

COMMON = EXPERIMENTS["sweep"]["common"]
SMALL: dict[str, Any] = {
    **COMMON,
    "name": "mine",
    "rates_per_unit": 100,
    "starts": 8,
    "burn_in": 1024,
    "window": 128,
    "starts_drawn": 4,
    "refine_steps": 1024,
    "marked_starts": 16,
    "marked_window": 512,
}


def small(**changes: Any) -> Result:
    return sweep.run(validated(SweepSettings, {**SMALL, **changes}, "here"))


@pytest.fixture(scope="module")
def result() -> Result:
    return small()


def test_swept_rates_are_short_decimals_with_both_ends() -> None:
    rates = sweep.swept_rates(0.5, 2.6, 2000)
    assert len(rates) == 4201
    assert [rates[0], rates[1], rates[1000], rates[-1]] == [0.5, 0.5005, 1.0, 2.6]


def test_the_onset_is_where_the_bound_has_it(result: Result) -> None:
    scalars = result.scalars
    assert scalars["onset_predicted"] == pytest.approx(0.6900945, abs=1e-7)
    assert scalars["onset_relative_error"] < 1e-3
    assert scalars["onset_nearby"] == pytest.approx(scalars["onset_predicted"], rel=1e-6)


def test_the_onset_is_soft(result: Result) -> None:
    scalars = result.scalars
    assert scalars["normal_form"] > 0
    assert scalars["hysteresis"] < 1e-3
    assert scalars["swing_exponent"] == pytest.approx(0.5, abs=0.1)
    assert scalars["swing_factor_predicted"] == pytest.approx(0.2055, abs=1e-4)


def test_doublings_chaos_and_saturation_follow_in_this_order(result: Result) -> None:
    names = ("onset", "period_4", "period_8", "chaos", "first_saturated", "half_saturated")
    rates = [result.scalars[name] for name in names]
    assert rates == sorted(rates)
    assert result.scalars["saturated_below_onset"] == 0


def test_at_the_seeds_rate_every_start_is_chaotic(result: Result) -> None:
    assert len(result.samples["start"]) == 16
    assert result.samples["aperiodic"].all()
    assert not result.samples["saturated"].any()
    assert 0.1 < result.samples["lyapunov"].mean() < 0.3
    assert result.samples["flip_share"].min() > 0.5


def test_the_seeds_rate_lies_just_above_a_window_and_chaos_grows_beyond(result: Result) -> None:
    scalars = result.scalars
    assert 0.2 < scalars["windows_below"] < 0.8
    assert scalars["exponent_beyond"] > result.samples["lyapunov"].mean() + 0.05


def test_no_window_lies_beside_the_rate_of_another_loss() -> None:
    other = small(targets=[0.89, *COMMON["targets"][1:]])
    assert other.scalars["windows_below"] == 0
    low = other.samples["lyapunov"].mean() - other.samples["lyapunov"].std() / 2
    assert low > 0.3
    assert other.scalars["exponent_beyond"] == pytest.approx(low, abs=0.1)


def test_the_curves_have_each_drawn_weight_once_and_a_curve_point_for_each_rate(
    result: Result,
) -> None:
    quantity, rate, value = (result.curves[n] for n in ("quantity", "learning_rate", "value"))
    for curve in ("lyapunov", "lyapunov_low", "lyapunov_high", "saturated_share"):
        assert len(value[quantity == curve]) == result.scalars["rates"] == 211
    calm = (quantity == "weight") & (rate == 0.5)
    assert value[calm].tolist() == [0.1627]
    assert ((quantity == "weight") & (rate == 0.8)).sum() == 2
    saturated = value[quantity == "saturated_share"]
    assert saturated[0] == 0
    assert saturated[-20:].mean() > 0.9
    exponents = [value[quantity == f"lyapunov{part}"] for part in ("_low", "", "_high")]
    assert (np.diff(exponents, axis=0) >= 0).all()


def test_a_sweep_without_onset_is_refused() -> None:
    with pytest.raises(UserError, match="no rates with period one and then two"):
        small(first_rate=0.75, last_rate=0.85)


def swept(**changes: Any) -> sweep.Swept:
    """Return a made-up sweep of two starts at six rates, all of period one and at rest."""
    plain = {name: np.zeros((6, 2)) for name in ("lyapunov", "amplitude", "highest", "drawn")}
    made = sweep.Swept(
        rate=np.arange(1.0, 7.0), period=np.ones((6, 2)), saturated=np.zeros((6, 2), bool), **plain
    )
    return replace(made, **changes)


def test_saturated_starts_have_no_say_in_the_period() -> None:
    period = np.array([[1, 1], [1, 0], [2, 2], [2, 1], [4, 4], [0, 0]], dtype=float)
    saturated = np.array([[0, 0], [0, 1], [0, 0], [0, 1], [0, 0], [1, 1]], dtype=bool)
    found = sweep._brackets(swept(period=period, saturated=saturated), chaos=None)
    assert found == [(1, 2.0, 4.0), (2, 4.0, 5.0)]


def test_doublings_beyond_the_first_chaos_do_not_count() -> None:
    period = np.array([[1, 1], [2, 2], [0, 0], [2, 2], [4, 4], [4, 4]], dtype=float)
    assert sweep._brackets(swept(period=period), chaos=3.0) == [(1, 1.0, 2.0)]


def test_starts_that_settle_on_different_orbits_are_counted() -> None:
    highest = np.zeros((6, 2))
    highest[2, 1] = highest[4, 1] = 0.5
    period = np.ones((6, 2))
    period[4, 0] = 0
    ends = sweep._ends(swept(highest=highest, period=period), onset=3.5)
    assert (ends["settled_rates"], ends["bistable_rates"]) == (5, 1)


def test_saturation_is_counted_from_its_first_rate_on() -> None:
    saturated = np.array([[0, 0], [0, 0], [0, 1], [0, 0], [1, 1], [1, 1]], dtype=bool)
    ends = sweep._ends(swept(saturated=saturated), onset=3.5)
    assert (ends["first_saturated"], ends["half_saturated"]) == (3, 3)
    assert ends["saturated_below_onset"] == pytest.approx(1 / 6)
    assert sweep._ends(swept(), onset=3.5)["first_saturated"] is None


@pytest.mark.parametrize("doublings", [2, 3])
def test_too_few_doublings_give_no_ratio(doublings: int) -> None:
    changes = {str(n): float(n) if n < doublings else None for n in range(5)}
    assert sweep._feigenbaum(changes) == {"feigenbaum": None, "accumulation": None}


def test_a_geometric_cascade_accumulates_where_it_must() -> None:
    changes = {str(n): 1 - 4.0**-n for n in range(5)}
    assert sweep._feigenbaum(changes) == {
        "feigenbaum": pytest.approx(4),
        "accumulation": pytest.approx(1),
    }
