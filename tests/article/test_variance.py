"""The variance from layer to layer: closed forms, the two senses, and the limit of wide layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from experiments.settings import VarianceCase, VarianceSettings
from experiments.variance import (
    INPUTS,
    SCHEMES,
    expectations,
    propagate,
    run,
    variances,
    wide_limit,
)
from juchi.plan.models import validated
from juchi.results.experiment import Result

torch.set_num_threads(1)


def case(inputs: str, scheme: str, activation: str, depth: int) -> dict[str, Any]:
    return {"inputs": inputs, "scheme": scheme, "activation": activation, "depth": depth}


SMALL: dict[str, Any] = {
    "name": "small",
    "width": 96,
    "samples": 32,
    "networks": 40,
    "data": [10, 2, 11, 21],
    "cases": {
        **{
            f"{scheme}_{activation}": case("standardised", scheme, activation, 5)
            for scheme, activation in (
                ("default", "linear"),
                ("derived", "linear"),
                ("default", "sigmoid"),
                ("derived", "tanh"),
                ("he", "relu"),
            )
        },
        **{
            f"{name}_inputs": case(name, "derived", "linear", 1)
            for name in ("standardised", "sigmoid", "related", "post")
        },
    },
}
SETTINGS = validated(VarianceSettings, SMALL, "here")


@pytest.fixture(scope="module")
def result() -> Result:
    return run(SETTINGS)


def runs(result: Result, name: str, column: str) -> np.ndarray:
    return np.asarray(result.samples[column][result.samples["case"] == name])


def agrees(values: np.ndarray, expected: float) -> bool:
    """Whether a mean is within four standard errors of what is expected."""
    return bool(abs(values.mean() - expected) < 4 * values.std(ddof=1) / math.sqrt(len(values)))


def test_variances_of_a_known_table() -> None:
    """Two samples (rows) at three neurons: over the samples 1, 4, 9; over the neurons 1, 9."""
    values = torch.tensor([[1.0, 2.0, 3.0], [3.0, 6.0, 9.0]], dtype=torch.float64)
    found = variances(values)
    assert found.over_samples == pytest.approx((1 + 4 + 9) / 3)
    assert found.over_weights == pytest.approx((1 + 9) / 2)
    assert found.over_both == pytest.approx(np.var([1, 2, 3, 3, 6, 9]))
    assert found.unevenness == pytest.approx(np.std([1, 4, 9], ddof=1) / (14 / 3))


@pytest.mark.parametrize(("scheme", "bound"), [("default", 1), ("derived", 3), ("he", 6)])
def test_scheme_draws_uniformly_within_its_range(scheme: str, bound: float) -> None:
    draw, gain = SCHEMES[scheme]
    torch.manual_seed(1)
    weight = draw(50, 1000)
    assert weight.shape == (1000, 50)
    assert weight.dtype == torch.float64
    scaled = (weight * math.sqrt(50 / bound)).abs()
    assert 0.999 < scaled.max().item() <= 1
    # n var(w) = bound / 3; a mean square of N uniform draws has the relative variance 4 / (5 N).
    assert gain == bound / 3
    assert abs(scaled.square().mean().item() * 3 - 1) < 4 * math.sqrt(4 / 5 / 50_000)


def test_inputs_have_the_moments_that_they_are_named_for() -> None:
    inputs = {name: make(SETTINGS) for name, make in INPUTS.items()}
    standardised = inputs["standardised"]
    assert standardised.mean(dim=0).abs().max() < 1e-15
    assert (standardised.var(dim=0, correction=0) - 1).abs().max() < 1e-14
    for name in ("sigmoid", "related"):
        assert inputs[name].mean().item() == pytest.approx(0.5, abs=0.01)
    # Half of the variance is shared: features correlate, those of the others do not.
    correlation = {
        name: np.corrcoef(inputs[name].numpy().T)[np.triu_indices(96, 1)].mean()
        for name in ("sigmoid", "related")
    }
    assert correlation["sigmoid"] == pytest.approx(0, abs=0.05)
    assert correlation["related"] == pytest.approx(0.5, abs=0.2)
    assert inputs["post"].tolist() == [[10], [2], [11], [21]]


def test_formula_holds_over_the_samples_whatever_the_inputs(result: Result) -> None:
    """The derived range: n var(w) = 1, so var(y) / var(x) is one."""
    for name in ("standardised", "sigmoid", "related", "post"):
        assert agrees(runs(result, f"{name}_inputs", "over_samples"), 1)


def test_over_the_weights_the_mean_of_the_inputs_counts(result: Result) -> None:
    """There the factor is mean(x^2) / var(x), which is one only for inputs of mean zero."""
    assert agrees(runs(result, "standardised_inputs", "over_weights"), 1)
    x = np.array(SMALL["data"])
    assert agrees(runs(result, "post_inputs", "over_weights"), np.mean(x**2) / np.var(x))
    for name in ("sigmoid", "related"):
        inputs = INPUTS[name](SETTINGS)
        expected = (inputs.square().mean() / inputs.var(dim=0, correction=0).mean()).item()
        factors = runs(result, f"{name}_inputs", "over_weights")
        assert agrees(factors, expected)
        assert factors.min() > 3


def test_one_input_spreads_the_variance_as_the_square_of_a_uniform_weight(
    result: Result,
) -> None:
    """w^2 of a uniform w has the relative standard deviation sqrt(4 / 5)."""
    assert runs(result, "post_inputs", "unevenness").mean() == pytest.approx(
        math.sqrt(0.8), rel=0.05
    )


@pytest.mark.parametrize("measure", ["over_weights", "over_samples", "over_both"])
@pytest.mark.parametrize(("name", "factor"), [("default_linear", 1 / 3), ("derived_linear", 1)])
def test_without_activation_a_layer_multiplies_by_n_var_w(
    result: Result, name: str, factor: float, measure: str
) -> None:
    """The mean of the fifth power is exact for any width."""
    assert agrees(runs(result, name, measure) ** 5, factor**5)


def arc_cosine(q: float, c: float) -> float:
    """Return ``E relu(z_1) relu(z_2)`` (Cho and Saul 2009)."""
    angle = math.acos(c / q)
    return q / (2 * math.pi) * (math.sin(angle) + (math.pi - angle) * math.cos(angle))


@pytest.mark.parametrize("q", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("share", [1.05, 1.0, 0.4, 1e-3])
def test_expectations_of_a_normal_pair_in_closed_form(q: float, share: float) -> None:
    """The pair has the variance q and the covariance (1 - share) q."""
    d, c = share * q, (1 - share) * q
    assert expectations(lambda z: 2 * z, q, d) == pytest.approx((4 * q, 4 * d), rel=1e-12)
    assert expectations(torch.square, q, d) == pytest.approx(
        (3 * q**2, 2 * (q**2 - c**2)), rel=1e-9
    )
    relu = (q / 2, q / 2 - arc_cosine(q, c))
    assert expectations(torch.relu, q, d) == pytest.approx(relu, rel=1e-3)


def test_opposite_values_have_expectations_however_they_are_rounded() -> None:
    q = 16.0
    for d in (2 * q, 2 * q * (1 + 1e-12)):
        assert expectations(lambda z: z, q, d) == pytest.approx((q, 2 * q), rel=1e-11)


def test_samples_that_are_almost_alike_lose_no_accuracy() -> None:
    """There the difference grows with the mean square of the slope."""
    _, difference = expectations(torch.sigmoid, 0.25, 1e-20)
    z = torch.linspace(-5, 5, 100_001, dtype=torch.float64)
    s = torch.sigmoid(z)
    density = torch.exp(-z.square() / (2 * 0.25))
    slope = ((s * (1 - s)).square() @ density / density.sum()).item()
    assert difference == pytest.approx(1e-20 * slope, rel=1e-4)


def test_networks_follow_the_limit_of_wide_layers(result: Result) -> None:
    """Within a tenth for a hundred neurons, over ten orders of magnitude."""
    curves = result.curves
    assert set(curves["case"]) == set(SMALL["cases"])
    for measure in ("over_weights", "over_samples"):
        ratio = curves[f"{measure}_median"] / curves[f"{measure}_expected"]
        assert np.abs(ratio - 1).max() < 0.15
        assert (curves[f"{measure}_low"] <= curves[f"{measure}_median"]).all()
        assert (curves[f"{measure}_median"] <= curves[f"{measure}_high"]).all()
    assert curves["over_samples_expected"].min() < 1e-7
    for name in SMALL["cases"]:
        for measure in ("over_weights", "over_samples"):
            limit = result.scalars[f"{name}_{measure}"]
            assert runs(result, name, measure).mean() == pytest.approx(limit, rel=0.05)


def test_the_sigmoid_keeps_what_neurons_differ_by_and_loses_what_samples_differ_by(
    result: Result,
) -> None:
    rows = result.curves["case"] == "default_sigmoid"
    over_weights = result.curves["over_weights_median"][rows]
    over_samples = result.curves["over_samples_median"][rows]
    assert over_weights[-1] == pytest.approx(over_weights[1], rel=0.05)
    # A slope of at most one quarter: a factor of at most one forty-eighth.
    assert (over_samples[1:] < over_samples[:-1] / 48 * 1.1).all()


def test_a_network_is_the_same_whatever_else_is_drawn(result: Result) -> None:
    cases = {"he_relu": SMALL["cases"]["he_relu"]}
    few = validated(VarianceSettings, SMALL | {"networks": 3, "cases": cases}, "here")
    alone = run(few)
    for name in ("over_weights", "over_samples", "over_both", "unevenness"):
        assert np.array_equal(alone.samples[name], runs(result, "he_relu", name)[:3])


def test_layers_compute_what_torchs_own_do() -> None:
    chosen = VarianceCase(**case("standardised", "default", "tanh", 2))
    inputs = INPUTS["standardised"](SETTINGS)
    torch.manual_seed(5)
    layers = [torch.nn.Linear(96, 96, bias=False, dtype=torch.float64) for _ in range(2)]
    model = torch.nn.Sequential(torch.nn.Tanh(), layers[0], torch.nn.Tanh(), layers[1])
    with torch.no_grad():
        expected = variances(model(inputs))
    found = propagate(chosen, inputs, 96, seed=5)[-1]
    assert found.over_samples == pytest.approx(expected.over_samples, rel=1e-12)
    assert found.over_weights == pytest.approx(expected.over_weights, rel=1e-12)


def test_inputs_of_the_limit_are_measured() -> None:
    chosen = VarianceCase(**case("post", "derived", "linear", 1))
    q, d = wide_limit(chosen, INPUTS["post"](SETTINGS))
    assert q.tolist() == pytest.approx([166.5, 166.5])
    assert d.tolist() == pytest.approx([45.5, 45.5])
