"""Networks as they are built today, against PyTorch's own and the reference."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from torch import nn

from experiments.later_layers import Descent, Images, batch, run, steps_to_target
from experiments.optimisers import METHODS
from experiments.settings import LaterNetwork, LaterSettings
from juchi.core.errors import UserError
from juchi.plan.models import validated
from juchi.results.experiment import Result
from reference import later
from reference.digits import Network, divide
from tests.project import ROOT

DECLARED = yaml.safe_load((ROOT / "config/experiments.yaml").read_text("utf-8"))["experiments"][
    "later_layers"
]
SMALL = {"training_samples": 64, "tuning_seeds": 2, "seeds": 2, "limit": 60, "target_loss": 0.5}
OF_TORCH: dict[str, type[nn.Module]] = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
}
MEANS = {"batch_mean": 0, "layer_mean": 1}


def settings(configuration: str = "later_descent", **changes: Any) -> LaterSettings:
    chosen = {**DECLARED["common"], **DECLARED["configurations"][configuration], **SMALL, **changes}
    return validated(LaterSettings, {"name": configuration, **chosen}, "here")


def kind(activation: str, normalisation: str = "none", start: str = "own") -> LaterNetwork:
    chosen = {"activation": activation, "normalisation": normalisation, "start": start}
    return validated(LaterNetwork, chosen, "here")


@pytest.fixture(scope="module")
def images() -> Images:
    return Images.of(range(2), 64)


class MeanTaken(nn.Module):
    """Values without their mean along an axis: of samples in rows, 0 is over the samples."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the values less their mean."""
        return values - values.mean(dim=self.axis, keepdim=True)


def own_network(of: LaterNetwork, seed: int) -> nn.Sequential:
    """Return PyTorch's own network, with what `torch.nn.Linear` draws for the seed."""
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for fan_in, out in ((64, 32), (32, 32)):
        layers.append(nn.Linear(fan_in, out))
        if of.normalisation == "batch_before":
            layers.append(nn.BatchNorm1d(out, affine=False))
        layers.append(OF_TORCH[of.activation]())
        if of.normalisation == "layer":
            layers.append(nn.LayerNorm(out, elementwise_affine=False))
        if of.normalisation == "batch_behind":
            layers.append(nn.BatchNorm1d(out, affine=False))
        if of.normalisation in MEANS:
            layers.append(MeanTaken(MEANS[of.normalisation]))
    return nn.Sequential(*layers, nn.Linear(32, 10)).double()


@pytest.mark.parametrize(
    "of",
    [
        *(kind(activation) for activation in OF_TORCH),
        *(kind("sigmoid", each) for each in ("layer", "batch_before", "batch_behind")),
        *(kind("sigmoid", each) for each in MEANS),
        kind("gelu", "layer"),
        kind("relu", "batch_mean"),
    ],
    ids=lambda of: f"{of.activation}-{of.normalisation}",
)
def test_loss_and_gradient_are_those_of_pytorchs_own_network(
    images: Images, of: LaterNetwork
) -> None:
    descent = Descent(settings(), of, images)
    losses, gradients = descent.step(descent.start(), 0)
    for seed in images.seeds:
        # The draws are those of float32.
        own = own_network(of, seed)
        loss = nn.functional.cross_entropy(own(images.inputs[seed].T), images.labels[seed])
        loss.backward()  # type: ignore[no-untyped-call]
        gradient = torch.cat([each.grad.flatten() for each in own.parameters()])  # type: ignore[union-attr]
        assert losses[seed] == pytest.approx(loss.item(), rel=1e-12)
        np.testing.assert_allclose(gradients[seed], gradient.numpy(), atol=1e-12)


def test_a_sigmoid_network_can_begin_as_the_function_of_the_centred_one(images: Images) -> None:
    losses = []
    for of in (kind("centred_sigmoid"), kind("sigmoid", start="centred"), kind("sigmoid")):
        descent = Descent(settings(), of, images)
        losses.append(descent.step(descent.start(), 0)[0])
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-12)
    assert not np.allclose(losses[0], losses[2], rtol=1e-3)


def test_layer_normalisation_makes_sigmoid_and_centred_sigmoid_one_function(
    images: Images,
) -> None:
    gradients = []
    for activation in ("sigmoid", "centred_sigmoid"):
        descent = Descent(settings(), kind(activation, "layer"), images)
        gradients.append(descent.step(descent.start(), 0)[1])
    np.testing.assert_allclose(gradients[0], gradients[1], atol=1e-12)


def test_an_epoch_of_mini_batches_sees_each_image_at_most_once() -> None:
    seen = [batch(3, step, 70, 32) for step in range(4)]
    assert [len(each) for each in seen] == [32] * 4
    assert len({*seen[0], *seen[1]}) == 64
    assert {*seen[0]} != {*seen[2]}
    assert (batch(3, 1, 70, 32) == seen[1]).all()
    assert (batch(4, 1, 70, 32) != seen[1]).any()


def test_the_amplified_sigmoid_is_four_times_the_sigmoid(images: Images) -> None:
    descent = Descent(settings(), kind("amplified_sigmoid"), images)
    plain = Descent(settings(), kind("sigmoid"), images)
    place = descent.start()
    quartered = place.clone()
    for weight, _ in list(plain.layers(quartered))[1:]:
        weight.mul_(4)
    np.testing.assert_allclose(descent.step(place, 0)[0], plain.step(quartered, 0)[0], rtol=1e-12)


@pytest.mark.parametrize("configuration", DECLARED["configurations"])
@pytest.mark.parametrize(
    "network",
    [
        "sigmoid",
        "same_start",
        "centred_layer",
        "batch_before",
        "amplified",
        "batch_mean",
        "layer_mean",
        "relu_batch_mean",
    ],
)
def test_the_reference_counts_the_same_updates(
    images: Images, configuration: str, network: str
) -> None:
    chosen = settings(configuration)
    rates = chosen.networks[network].rates(chosen.rates)
    # At the middle of the grid ReLU diverges.
    rate = rates[1 if network.startswith("relu") else len(rates) // 2]
    (found,) = steps_to_target(chosen, chosen.networks[network], images, [rate])
    of = chosen.networks[network].model_dump()
    again = [later.steps(chosen.model_dump(), of, seed, rate) for seed in images.seeds]
    assert np.abs(found - again).max() <= 1
    assert found.min() > 0


@pytest.mark.parametrize("activation", ["centred_sigmoid", "amplified_sigmoid", "relu"])
@pytest.mark.parametrize(
    "normalisation", ["none", "layer", "batch_before", "batch_behind", "layer_mean", "batch_mean"]
)
def test_the_gradient_of_the_reference_is_the_slope_of_its_loss(
    normalisation: str, activation: str
) -> None:
    network, part = Network((64, 5, 4, 10), "sigmoid"), divide(20, 0, 0)[0]
    of = {"activation": activation, "normalisation": normalisation}
    vector = network.initial(2)
    gradient = later.descent(network, of, vector, part)[1]
    for place in range(0, len(vector), 37):
        moved = np.zeros(len(vector))
        moved[place] = 1e-6
        losses = [later.descent(network, of, vector + sign * moved, part)[0] for sign in (1, -1)]
        assert gradient[place] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-8)


@pytest.fixture(scope="module")
def result() -> Result:
    return run(settings())


def test_each_network_has_the_rate_with_the_fewest_updates(result: Result) -> None:
    curves, samples = result.curves, result.samples
    for network in DECLARED["common"]["networks"]:
        rows = curves["quantity"] == network
        best = curves["x"][rows][curves["value"][rows].argmin()]
        assert (samples["rate"][samples["network"] == network] == best).all()
    assert len(samples["seed"]) == 2 * len(DECLARED["common"]["networks"])


def test_quotients_are_geometric_means_within_their_intervals(result: Result) -> None:
    samples = result.samples
    for pair, (first, second) in DECLARED["common"]["pairs"].items():
        one, other = (samples["steps"][samples["network"] == each] for each in (first, second))
        quotient = result.scalars[f"{pair}_quotient"]
        assert quotient["value"] == pytest.approx(np.exp(np.log(one / other).mean()))
        assert quotient["low"] <= quotient["value"] <= quotient["high"]
    assert result.scalars["normed_difference"] <= 1


def test_a_network_that_is_left_out_is_not_trained_and_not_compared() -> None:
    few = ["sigmoid", "centred", "amplified"]
    chosen = settings(
        networks={name: DECLARED["common"]["networks"][name] for name in few},
        pairs={"mean": ["sigmoid", "centred"], "amplified": ["sigmoid", "amplified"]},
        same=["sigmoid"],
        left_out=["amplified"],
    )
    found = run(chosen)
    assert set(found.samples["network"]) == {"sigmoid", "centred"}
    assert "mean_quotient" in found.scalars
    assert "amplified_quotient" not in found.scalars


def test_a_network_tries_the_rates_times_its_factor(result: Result) -> None:
    curves, rates = result.curves, np.array(settings().rates)
    for name, factor in {"sigmoid": 1, "amplified": 0.25, "batch_before_centred": 4}.items():
        np.testing.assert_allclose(curves["x"][curves["quantity"] == name], factor * rates)


def test_every_method_is_one_that_there_is() -> None:
    methods = {each["method"] for each in DECLARED["configurations"].values()}
    assert methods <= METHODS.keys()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"batch": 65}, "batch"),
        ({"pairs": {"mean": ["sigmoid", "cented"]}}, "pairs"),
        ({"same": ["sigmoid", "nothing"]}, "same"),
        ({"left_out": ["sigmiod"]}, "left_out"),
        ({"left_out": ["sigmoid_layer"]}, "same"),
        ({"networks": {"sigmoid": {"activation": "tanh", "start": "centred"}}}, "start"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(UserError) as refused:
        settings(**json.loads(json.dumps(changes)))
    assert key in str(refused.value)
