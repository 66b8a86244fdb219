"""The regimes: each criterion on orbits whose regime is plain, and the map of a small grid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from experiments import regimes
from experiments.regimes import REGIMES
from experiments.replicas import Loss, Observation, Replicas, advance
from experiments.settings import RegimesSettings
from juchi.plan.models import validated
from juchi.results.experiment import Result
from tests.declared import EXPERIMENTS

torch.set_num_threads(1)

Array = NDArray[np.float64]

COMMON = EXPERIMENTS["regimes"]["common"]
SETTINGS: dict[str, Any] = {**COMMON, "name": "mine"}
CHOSEN = validated(RegimesSettings, SETTINGS, "here")
STEPS = np.arange(129.0)
W_STAR, FLAT = 0.16, 3.0


def regime(orbit: Array, exponent: float = -0.1) -> str:
    """Return the regime of a single orbit."""
    seen = Observation(torch.tensor(orbit)[:, None], torch.tensor([exponent]).double())
    return REGIMES[regimes.classify(CHOSEN, seen, W_STAR, FLAT)[0]]


def logistic(x: float = 0.3) -> Array:
    """Return an orbit of x -> 4 x (1 - x), which is chaotic with exponent log 2 (May 1976)."""
    rows = [x]
    for _ in range(128):
        rows.append(4 * rows[-1] * (1 - rows[-1]))
    return np.array(rows)


@pytest.mark.parametrize(
    ("orbit", "exponent", "expected"),
    [
        pytest.param(np.full(129, W_STAR), -1, "converged", id="at rest"),
        pytest.param(W_STAR + 5e-5 * (-1) ** STEPS, 0, "converged", id="nearly at rest"),
        pytest.param(W_STAR + 5e-4 * (-1) ** STEPS, -0.1, "periodic", id="period two"),
        pytest.param(W_STAR + 0.1 * (STEPS % 64 == 0), -0.1, "periodic", id="period sixty-four"),
        pytest.param(W_STAR + 0.1 * (STEPS % 65 == 0), -0.1, "unsettled", id="a longer one"),
        pytest.param(logistic(), np.log(2), "chaotic", id="the logistic map"),
        pytest.param(np.sin(STEPS), 0.0, "unsettled", id="quasiperiodic"),
        pytest.param(0.5 - STEPS / 1000, 0.1, "unsettled", id="rolling off a crest"),
        pytest.param(5 - STEPS / 1000, 0.001, "saturated", id="creeping on the flat part"),
        pytest.param(-5 + STEPS / 1000, 0.001, "saturated", id="on the other flat part"),
        pytest.param(5 * (-1) ** STEPS, -0.1, "periodic", id="to and fro over the minimum"),
        pytest.param(np.append(STEPS[:-1] / 100, np.nan), 0, "diverged", id="not a number"),
        pytest.param(2.0**STEPS, 1, "diverged", id="out of range"),
        pytest.param(np.full(129, 0.7), 0, "unsettled", id="at rest elsewhere"),
    ],
)
def test_plain_cases(orbit: Array, exponent: float, expected: str) -> None:
    assert regime(orbit, exponent) == expected


def test_the_grid_has_short_decimals_and_begins_without_momentum() -> None:
    rates, momenta = regimes.grid(CHOSEN)
    assert (len(rates), len(momenta)) == (512, 512)
    assert [rates[0], rates[199], rates[-1]] == [0.005, 1, 2.56]
    assert [momenta[0], momenta[256], momenta[-1]] == [0, 0.5, 511 / 512]


def test_what_is_decided_early_stays_so() -> None:
    """Run to the end all the same, the replicas set aside end where the early look puts them."""
    loss = Loss.of(CHOSEN)
    rates, momenta = np.meshgrid(np.linspace(0.1, 2.5, 25), np.linspace(0, 0.99, 25))
    weights = np.linspace(-1, 1, 8)
    replicas = Replicas.start(rates[..., None], momenta[..., None], weights)
    advance(loss, replicas, CHOSEN.early)
    w_star = 0.16271298677
    early = regimes.decided(CHOSEN, loss, replicas, w_star)
    advance(loss, replicas, CHOSEN.burn_in - CHOSEN.early)
    end = replicas.weight.numpy()
    converged, saturated = (early == REGIMES.index(name) for name in ("converged", "saturated"))
    assert converged.sum() > 500
    assert saturated.sum() > 500
    assert (np.abs(end[converged] - w_star) < CHOSEN.rest_tolerance).all()
    assert (np.abs(end[saturated]) > loss.flat_weight).all()


def small() -> Result:
    changes = {"rates": 32, "rates_per_unit": 16, "momenta": 16, "starts": 4}
    settings = {**SETTINGS, **changes, "patience": 512, "place_starts": 16}
    return regimes.run(validated(RegimesSettings, settings, "here"))


@pytest.fixture(scope="module")
def result() -> Result:
    return small()


def test_every_start_is_in_one_regime(result: Result) -> None:
    total = np.sum([result.curves[name] for name in REGIMES], axis=0)
    assert len(total) == 32 * 16
    assert (total == 4).all()
    assert sum(result.scalars[f"{name}_share"] for name in REGIMES) == pytest.approx(1)


def test_without_momentum_the_bound_decides(result: Result) -> None:
    plain = result.curves["momentum"] == 0
    rate, converged = result.curves["learning_rate"][plain], result.curves["converged"][plain]
    assert (converged[(rate > 0.1) & (rate < 0.69)] == 4).all()
    assert (converged[rate > 0.7] == 0).all()
    assert result.scalars["converged_above"] == 0


def test_with_momentum_it_does_not_suffice(result: Result) -> None:
    assert result.scalars["failing_below"] > 0.2
    assert result.scalars["first_failing_momentum"] > 0


def test_the_places_are_judged_start_by_start(result: Result) -> None:
    place = result.samples["place"]
    assert [*dict.fromkeys(place)] == [*COMMON["places"]]
    assert len(place) == 16 * len(COMMON["places"])
    assert result.samples["chaotic"][place == "post_place"].all()
    assert result.samples["converged"][place == "weaker_place"].all()
    assert result.samples["saturated"][place == "prescribed_place"].mean() > 0.9


def test_the_map_does_not_depend_on_how_many_are_observed_at_once(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regimes, "_OBSERVED", 64)
    again = small()
    for name, column in result.curves.items():
        np.testing.assert_array_equal(again.curves[name], column)


def test_a_cell_fails_when_too_many_of_its_starts_are_lost() -> None:
    cells = {
        "momentum": np.array([0.0, 0.0, 0.5, 0.0]),
        "learning_rate": np.array([0.1, 0.2, 0.1, 1.9]),
        **{name: np.zeros(4, dtype=np.int16) for name in REGIMES},
    }
    cells["converged"][:] = [4, 3, 3, 1]
    cells["saturated"][:] = [0, 1, 0, 3]
    cells["unsettled"][:] = [0, 0, 1, 0]
    chosen = CHOSEN.model_copy(update={"starts": 4, "rates_per_unit": 16})
    scalars = regimes._against_bound(chosen, sharpness=2.0, cells=cells)
    assert scalars["below_cells"] == 3
    assert scalars["failing_below"] == pytest.approx(1 / 3)
    assert scalars["first_failing_momentum"] == 0
    assert (scalars["above_cells"], scalars["converged_above"]) == (1, 1)


def test_the_map_is_of_the_seeds_own_training_set() -> None:
    for experiment in ("sweep", "boundary", "regimes"):
        common = EXPERIMENTS[experiment]["common"]
        for key in ("activation", "inputs", "targets"):
            assert common[key] == EXPERIMENTS["one_weight"]["common"][key]
