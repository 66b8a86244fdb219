"""The rate with the fewest steps: against the descent step by step, and against the reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import yaml

from experiments.coordinates import Modes
from experiments.features import FeatureMap, Problem, pose
from experiments.fewest_steps import positive_products, run
from experiments.quadratic import arrival, best_rate, descend, path_length
from experiments.settings import FewestSettings
from juchi.core.errors import UserError
from juchi.plan.models import validated
from reference import features as reference
from tests.project import ROOT

DECLARED = yaml.safe_load((ROOT / "config/experiments.yaml").read_text("utf-8"))["experiments"][
    "fewest_steps"
]
WIDTHS = (2, 8)
SMALL = {"widths": [*WIDTHS], "drawings": 6}


def settings(configuration: str = "fewest_raw", **changes: Any) -> FewestSettings:
    chosen = {**DECLARED["common"], **DECLARED["configurations"][configuration], **SMALL, **changes}
    return validated(FewestSettings, {"name": configuration, **chosen}, "here")


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_steps_and_paths_are_those_of_the_descent_step_by_step(share: float) -> None:
    modes = Modes.of(pose(FeatureMap.of(settings()), 8, 256, 6))
    rate = 2 * share / modes.curvature[-1]
    journey = descend(modes.curvature, modes.offset, rate, 1e-6)
    steps = arrival(modes.curvature, modes.offset, rate, 1e-6)
    assert steps.tolist() == journey.steps.tolist()
    path = path_length(modes.curvature, modes.offset, rate, steps)
    np.testing.assert_allclose(path, journey.path, rtol=1e-9)


@pytest.mark.parametrize("configuration", DECLARED["configurations"])
def test_no_rate_of_the_grid_takes_fewer_steps(configuration: str) -> None:
    chosen = settings(configuration)
    samples = run(chosen).samples
    for width in WIDTHS:
        own = samples["width"] == width
        modes = Modes.of(pose(FeatureMap.of(chosen), width, chosen.samples, chosen.drawings))
        counted = np.array(
            [
                descend(modes.curvature, modes.offset, 2 * each / modes.curvature[-1], 1e-6).steps
                for each in (0.5, 0.9, 0.97)
            ]
        )
        assert (samples["fewest_steps"][own] <= counted.min(axis=0)).all()
        minimax = best_rate(modes.curvature[0], modes.curvature[-1])
        journey = descend(modes.curvature, modes.offset, minimax, 1e-6)
        assert samples["minimax_steps"][own].tolist() == journey.steps.tolist()
        detour = journey.path / journey.displacement
        np.testing.assert_allclose(samples["minimax_detour"][own], detour, rtol=1e-9)


def test_positive_products_tell_how_much_lies_in_one_cone() -> None:
    design = torch.tensor([[[1.0, 2.0], [1.0, 0.0], [1.0, -2.0]]], dtype=torch.float64)
    lone = torch.zeros(1)
    # Of three pairs one, of the first and the last sample, has a negative product.
    assert positive_products(Problem(design, lone, lone, lone)) == pytest.approx([2 / 3])


def test_the_end_of_the_grid_is_counted() -> None:
    assert run(settings(shares=[0.1, 0.2, 0.3])).scalars["at_edge"] == 12


@pytest.mark.parametrize("configuration", DECLARED["configurations"])
def test_the_reference_finds_the_same_medians(configuration: str) -> None:
    chosen = settings(configuration)
    samples = run(chosen).samples
    found = {each.fact: each for each in reference.fewest(chosen.model_dump())}
    for word, width in (("", 2), ("widest_", 8)):
        own = samples["width"] == width
        for fact, column in {
            "condition": "condition",
            "steps": "fewest_steps",
            "share": "fewest_share",
            "detour": "fewest_detour",
            "minimax_steps": "minimax_steps",
            "minimax_detour": "minimax_detour",
            "saved": "saved",
        }.items():
            again = found[f"{configuration}.{word}{fact}"]
            middle = np.median(samples[column][own])
            assert abs(middle - again.value) <= again.tolerance
        products = found[f"{configuration}.{word}positive_products"].value
        assert samples["positive_products"][own].mean() == pytest.approx(products)


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(UserError) as refused:
        settings(samples=10)
    assert "samples" in str(refused.value)


# At such a rate alone a descent would take for ever.
@pytest.mark.parametrize("share", [0.001, 0.9999999])
def test_a_grid_at_which_a_descent_takes_for_ever_is_refused(share: float) -> None:
    with pytest.raises(UserError, match=r"shares"):
        settings(shares=[share, 0.5, 0.9])


def test_features_that_are_all_alike_are_refused() -> None:
    with pytest.raises(UserError, match=r"fewest_raw.*\n.*condition number above 1,000,000"):
        run(settings(slope=0.001))
