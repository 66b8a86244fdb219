"""Four methods of descent, and what signs and axes of the features are to them."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from numpy.typing import NDArray

from experiments.detours import run as run_detours
from experiments.four_methods import half_flipped, run, turned
from experiments.layer_widths import run as run_widths
from experiments.optimisers import METHODS, steps_to
from experiments.settings import DetoursSettings, MethodsSettings, WidthsSettings
from juchi.core.errors import UserError
from juchi.plan.models import validated
from juchi.results.experiment import Result
from reference.features import Quadratic
from reference.methods import measures, rotation
from reference.methods import steps as reference_steps
from tests.project import ROOT

Array = NDArray[np.float64]

DECLARED = yaml.safe_load((ROOT / "config/experiments.yaml").read_text("utf-8"))["experiments"]
SMALL = {"widths": [2, 16], "turns": [0, 1], "drawings": 4, "limit": 400}
OF_TORCH: dict[str, Any] = {
    "gradient_descent": lambda place, rate: torch.optim.SGD([place], lr=rate),
    "heavy_ball": lambda place, rate: torch.optim.SGD([place], lr=rate, momentum=0.9),
    "rmsprop": lambda place, rate: torch.optim.RMSprop([place], lr=rate),
    "adam": lambda place, rate: torch.optim.Adam([place], lr=rate),
}


def settings(method: str, **changes: Any) -> MethodsSettings:
    declared = DECLARED["four_methods"]
    chosen = {**declared["common"], **declared["configurations"][method], **SMALL, **changes}
    return validated(MethodsSettings, {"name": method, **chosen}, "here")


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    return {method: run(settings(method)) for method in METHODS}


def torch_steps(hessian: Array, offset: Array, method: str, rate: float, limit: int) -> float:
    """Return the updates to a hundredth of the loss, as PyTorch's own optimiser takes them."""
    matrix = torch.from_numpy(hessian)
    place = torch.from_numpy(offset.copy()).requires_grad_()
    optimiser = OF_TORCH[method](place, rate)
    first = math.nan
    for step in range(limit + 1):
        loss = place @ matrix @ place / 2
        if step == 0:
            first = loss.item()
        if loss.item() <= 0.01 * first:
            return step
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return math.inf


@pytest.mark.parametrize("method", METHODS)
def test_each_method_takes_the_steps_of_pytorchs_own(method: str) -> None:
    generator = np.random.default_rng(0)
    factor = generator.normal(size=(5, 3, 3))
    hessian = factor @ factor.transpose(0, 2, 1) + np.eye(3)
    offset = generator.normal(size=(5, 3))
    rates = np.tile([0.01, 0.05], (5, 1))
    found = steps_to(hessian, offset, method, rates, tolerance=0.01, limit=300)
    wanted = [
        [torch_steps(hessian[row], offset[row], method, rate, 300) for rate in rates[row]]
        for row in range(5)
    ]
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("width", [2, 3, 16])
@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_turn_is_a_rotation_of_the_weights_towards_the_first_axis(
    width: int, share: float
) -> None:
    change = turned(width, share)
    assert np.allclose(change @ change.T, np.eye(width + 1), atol=1e-14)
    assert np.linalg.det(change) == pytest.approx(1)
    assert np.array_equal(change[0], np.eye(width + 1)[0])
    image = change[1:, 1:] @ np.full(width, 1 / math.sqrt(width))
    whole = math.acos(1 / math.sqrt(width))
    assert image[0] == pytest.approx(math.cos((1 - share) * whole))
    assert np.allclose(change, rotation(width, share), atol=1e-12)


def test_every_second_weight_changes_its_sign() -> None:
    assert np.diag(half_flipped(4)).tolist() == [1, 1, -1, 1, -1]


@pytest.mark.parametrize("method", METHODS)
def test_signs_change_no_step_and_take_the_common_sign_away(
    results: dict[str, Result], method: str
) -> None:
    scalars = results[method].scalars
    assert scalars["largest_sign_difference"] == 0
    assert scalars["one_sign"] == 1
    assert scalars["flipped_one_sign"] == 0


def test_axes_change_the_steps_of_the_methods_that_go_by_them_alone(
    results: dict[str, Result],
) -> None:
    differences = {name: each.scalars["largest_axis_difference"] for name, each in results.items()}
    assert max(differences["gradient_descent"], differences["heavy_ball"]) <= 1
    assert min(differences["adam"], differences["rmsprop"]) > 1


def test_starts_that_are_off_in_their_last_bits_move_the_steps_of_rmsprop_alone(
    results: dict[str, Result],
) -> None:
    moved = {name: each.samples["hangs_on_rounding"].any() for name, each in results.items()}
    assert moved == {name: name == "rmsprop" for name in METHODS}


def test_the_reference_allows_for_what_rounding_scatters_and_for_no_more() -> None:
    few = settings("rmsprop", widths=[16], drawings=16, rates=[0.005, 0.01, 0.02], limit=1000)
    steps = {each.fact: each for each in measures(few.model_dump())}["rmsprop.diagonal_steps"]
    assert "last bits" in steps.reason
    assert steps.tolerance < steps.value / 4


def test_a_run_that_was_given_up_counts_as_its_limit() -> None:
    found = run(settings("gradient_descent", limit=3)).samples
    assert found["given_up"].all()
    assert (found["best_steps"] == 3).all()
    assert (found["best_quotient"] == 1).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_reference_counts_the_same_steps(method: str) -> None:
    chosen = settings(method)
    bowl = Quadratic.draw(chosen.model_dump(), 16, 2)
    rates = np.array(chosen.rates) / (bowl.modes[0][0] if chosen.relative else 1)
    hessian = 2 * bowl.design.T @ bowl.design / len(bowl.design)
    for share in (0.0, 1.0):
        change = turned(16, share)
        own = steps_to(
            (change @ hessian @ change.T)[None],
            (change @ (bowl.start - bowl.teacher))[None],
            method,
            rates[None],
            tolerance=chosen.tolerance,
            limit=chosen.limit,
        )
        other = reference_steps(bowl, change, method, rates, chosen.model_dump())
        assert np.array_equal(own[0], other)


def test_the_reference_finds_the_facts(results: dict[str, Result]) -> None:
    found = {each.fact: each for each in measures(settings("adam").model_dump())}
    samples = results["adam"].samples
    rows = (samples["width"] == 16) & (samples["flipped"] == 0) & (samples["turned"] == 1)
    assert found["adam.axis_quotient"].value == pytest.approx(
        float(np.median(samples["best_quotient"][rows]))
    )
    assert found["adam.sign_difference"].value == 0


@pytest.mark.parametrize(
    ("changes", "key"), [({"small_rate": 0.3}, "small_rate"), ({"turns": [0.5, 1]}, "turns")]
)
def test_settings_that_do_not_go_together_are_refused(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(UserError) as refused:
        settings("adam", **changes)
    assert key in str(refused.value)


def test_the_detour_grows_with_the_rate_and_is_that_of_the_mode_alone_at_the_bound() -> None:
    declared = DECLARED["detours"]["common"]
    chosen = {**declared, "name": "detours_raw", "drawings": 20}
    found = run_detours(validated(DetoursSettings, chosen, "here"))
    medians = found.curves["value"]
    assert (np.diff(medians) > 0).all()
    assert json.loads(json.dumps(found.curves["x"].tolist())) == declared["shares"]
    assert (found.samples["detour_0_5"] >= 1).all()


def test_the_ratio_of_sharpnesses_is_fitted_by_a_power_of_the_width() -> None:
    chosen = {
        **DECLARED["layer_widths"]["common"],
        "name": "network_widths",
        "widths": [4, 8],
        "training_samples": 60,
        "seeds": 2,
        "sharpness_rounds": 6,
    }
    found = run_widths(validated(WidthsSettings, chosen, "here"))
    # Through two points the line is exact.
    wanted = np.log2(found.samples["ratio_8"] / found.samples["ratio_4"])
    np.testing.assert_allclose(found.samples["power"], wanted, rtol=1e-12)
    assert found.scalars == {"narrowest": 4, "widest": 8}
