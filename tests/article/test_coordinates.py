"""The coordinates: what must hold between the configurations, whatever is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from experiments.coordinates import run
from experiments.settings import CoordinatesSettings
from juchi.core.errors import UserError
from juchi.core.tables import Columns
from juchi.plan.models import validated
from juchi.results.experiment import Result

CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "features_raw": {"slope": 1, "threshold": 0, "shift": 0, "gain": 1, "mirror": "axis"},
    "features_centred": {"slope": 1, "threshold": 0, "shift": 0.5, "gain": 1, "mirror": "diagonal"},
    "features_scaled": {"slope": 1, "threshold": 0, "shift": 0.5, "gain": 4, "mirror": "diagonal"},
    "features_sparse": {"slope": 8, "threshold": 1.5, "shift": 0, "gain": 4, "mirror": "axis"},
}
WIDTHS = [1, 2, 4]
SMALL: dict[str, Any] = {
    "widths": WIDTHS,
    "samples": 64,
    "drawings": 12,
    "tolerance": 1e-4,
    "small_step": 0.5,
    "window": 20,
    "limit": 5000,
}


def found(name: str, **changes: Any) -> Result:
    torch.set_num_threads(1)
    return run(settings(name, **changes))


def settings(name: str, **changes: Any) -> CoordinatesSettings:
    chosen = {"name": name, **SMALL, **CONFIGURATIONS[name], **changes}
    return validated(CoordinatesSettings, chosen, "here")


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    return {name: found(name) for name in CONFIGURATIONS}


def rows(result: Result, width: int, mirrored: int = 0) -> Columns:
    samples = result.samples
    chosen = (samples["width"] == width) & (samples["mirrored"] == mirrored)
    return {name: values[chosen] for name, values in samples.items()}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_there_is_a_row_for_each_drawing_and_width(results: dict[str, Result], name: str) -> None:
    samples = results[name].samples
    assert len(samples["width"]) == SMALL["drawings"] * (len(SMALL["widths"]) + 1)
    assert set(samples["width"][samples["widest"] == 1]) == {4}
    assert set(samples["width"][samples["mirrored"] == 1]) == {2}
    for measure, values in samples.items():
        assert np.isfinite(values[samples["width"] == 2]).all(), measure


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["features_raw", "features_sparse"])
def test_positive_features_give_every_sample_one_sign(
    results: dict[str, Result], name: str, width: int
) -> None:
    here = rows(results[name], width)
    for measure in ("sample_one_sign", "sample_one_sign_all", "sample_coherence"):
        assert set(here[measure]) == {1}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_mirror_moves_the_signs_and_not_the_way(results: dict[str, Result], name: str) -> None:
    plain, mirrored = (rows(results[name], 2, form) for form in (0, 1))
    assert abs(plain["sample_one_sign_all"].mean() - mirrored["sample_one_sign_all"].mean()) > 0.05
    for way in ("best", "calm", "small", "single"):
        assert plain[f"{way}_trail_steps"].tolist() == mirrored[f"{way}_trail_steps"].tolist()
        for measure in ("detour", "cosine"):
            np.testing.assert_allclose(
                mirrored[f"{way}_trail_{measure}"], plain[f"{way}_trail_{measure}"], rtol=1e-9
            )
    np.testing.assert_allclose(mirrored["condition"], plain["condition"])


def test_the_condition_number_grows_as_theory_says(results: dict[str, Result]) -> None:
    for name, result in results.items():
        scalars = result.scalars
        medians = [np.median(rows(result, width)["condition"]) for width in WIDTHS]
        growth = np.log2(np.array(medians[1:]) / medians[:-1])
        assert scalars["first_local_exponent"] == pytest.approx(growth[0]), name
        assert scalars["last_local_exponent"] == pytest.approx(growth[-1]), name
        assert 0 < scalars["condition_error"] < 0.5, name


def test_with_a_mean_the_exponent_of_the_width_approaches_two() -> None:
    raw = found("features_raw", widths=[1, 2, 64, 128], samples=8192, drawings=4).scalars
    centred = found("features_centred", widths=[1, 2, 64, 128], samples=8192, drawings=4).scalars
    assert raw["first_local_exponent"] < 1
    assert raw["last_local_exponent"] == pytest.approx(2, abs=0.15)
    assert abs(centred["last_local_exponent"]) < 0.15
    assert max(raw["condition_error"], centred["condition_error"]) < 0.1


def test_a_single_width_has_no_exponent() -> None:
    scalars = found("features_raw", widths=[2]).scalars
    assert scalars["first_local_exponent"] is None
    assert scalars["last_local_exponent"] is None


def test_the_mirror_forces_one_sign_on_centred_features(results: dict[str, Result]) -> None:
    assert set(rows(results["features_centred"], 2, 1)["sample_one_sign_all"]) == {1}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_descents_from_the_data_go_as_the_closed_form_says(
    results: dict[str, Result], name: str
) -> None:
    assert results[name].scalars["closed_form_difference"] < 1e-9
    here = rows(results[name], 2)
    for way in ("best", "calm"):
        assert here[f"{way}_steps"].tolist() == here[f"{way}_trail_steps"].tolist()


@pytest.mark.parametrize("width", WIDTHS)
def test_all_coordinates_of_one_function_start_with_the_same_loss(
    results: dict[str, Result], width: int
) -> None:
    """In one bowl, with the worse condition, each drawing needs more steps."""
    raw, centred, scaled = (
        rows(results[f"features_{name}"], width) for name in ("raw", "centred", "scaled")
    )
    assert raw["mixed_way"].tolist() == centred["mixed_way"].tolist()
    assert (raw["condition"] > centred["condition"]).all()
    assert (centred["condition"] > scaled["condition"]).all()
    assert np.median(raw["best_steps"]) > np.median(centred["best_steps"])


def test_only_the_overshooting_rate_zigzags(results: dict[str, Result]) -> None:
    for result in results.values():
        here = rows(result, 2)
        assert set(here["best_trail_reversals"]) == {1}
        assert set(here["calm_trail_reversals"]) == {0}
        # Three modes that shrink, none changing sign: at most the root of three.
        assert here["calm_detour"].max() < np.sqrt(3)


def test_the_ways_drawn_are_of_one_function(results: dict[str, Result]) -> None:
    """The weights' common part is the same up to the gain; the bias takes up the shift."""
    ends = []
    for name in ("features_raw", "features_centred", "features_scaled"):
        curves, chosen = results[name].curves, settings(name)
        common, bias = curves["value"][curves["quantity"] == "ravine_minimum"]
        raw = chosen.gain * common
        ends.append([raw, bias - chosen.shift * raw * np.sqrt(2)])
    np.testing.assert_allclose(ends[1], ends[0], rtol=1e-9)
    np.testing.assert_allclose(ends[2], ends[0], rtol=1e-9)


def test_a_mean_makes_a_ravine_of_the_loss(results: dict[str, Result]) -> None:
    ratios = {}
    for name, result in results.items():
        curves = result.curves
        hessian = curves["value"][curves["quantity"] == "ravine_hessian"].reshape(2, 2)
        low, high = np.linalg.eigvalsh(hessian)
        ratios[name] = high / low
    assert ratios["features_raw"] > ratios["features_centred"] > ratios["features_scaled"]


def test_a_drawing_gives_the_same_bits_whatever_else_is_drawn(
    results: dict[str, Result],
) -> None:
    few, many = found("features_raw", drawings=5), results["features_raw"]
    for width, form in ((1, 0), (2, 0), (2, 1), (4, 0)):
        some, all_of_them = rows(few, width, form), rows(many, width, form)
        for name, values in some.items():
            np.testing.assert_array_equal(values, all_of_them[name][:5], err_msg=name)


def test_the_number_of_threads_changes_no_bit(results: dict[str, Result]) -> None:
    torch.set_num_threads(2)
    again = run(settings("features_raw"))
    torch.set_num_threads(1)
    for name, values in results["features_raw"].samples.items():
        np.testing.assert_array_equal(values, again.samples[name], err_msg=name)


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(UserError, match=r"here: samples\n.*64 samples for 40 features"):
        found("features_raw", widths=[2, 40])


def test_a_descent_that_does_not_arrive_is_refused() -> None:
    with pytest.raises(UserError, match=r"limit\n.*30 updates"):
        found("features_raw", limit=30)
