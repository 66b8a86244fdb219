"""The minimum, its sharpness, and the bound on the learning rate that follows."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from experiments import engine
from experiments.loss_minimum import find_minimum, largest_stable_rate
from experiments.objective import Objective
from experiments.settings import OneWeight
from juchi.core.errors import UserError
from tests.declared import NAMES, ONE_WEIGHT

torch.set_num_threads(1)

SCALAR = [name for name in NAMES if ONE_WEIGHT[name].model == "scalar"]
INPUTS = np.array(ONE_WEIGHT["post"].inputs)


def sigmoid(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-z)))


def values(activation: str, z: NDArray[np.float64]) -> NDArray[np.float64]:
    if activation == "tanh":
        return np.asarray(np.tanh(z))
    return sigmoid(z) - 0.5 * (activation == "centred_sigmoid")


def slopes(activation: str, z: NDArray[np.float64]) -> NDArray[np.float64]:
    if activation == "tanh":
        return np.asarray(1 - np.tanh(z) ** 2)
    return sigmoid(z) * (1 - sigmoid(z))


def changed(configuration: OneWeight, **changes: object) -> OneWeight:
    return configuration.model_copy(update=changes)


def reachable(activation: str, w: float, inputs: NDArray[np.float64]) -> OneWeight:
    """Return a configuration whose targets are the model's own outputs at weight `w`."""
    return changed(
        ONE_WEIGHT["post"],
        activation=activation,
        inputs=tuple(inputs.tolist()),
        targets=tuple(values(activation, w * inputs).tolist()),
    )


def loss_at(configuration: OneWeight, weights: list[float]) -> list[float]:
    objective = Objective(configuration)
    at = objective.start(torch.tensor(weights, dtype=torch.float64))
    return objective.evaluate(at).loss.tolist()


@pytest.mark.parametrize("activation", ["sigmoid", "centred_sigmoid", "tanh"])
@pytest.mark.parametrize("w", [-0.3, 0.05, 0.2])
@pytest.mark.parametrize("inputs", [[3.0], [10.0, 2.0, 11.0, 21.0], [-2.0, -1.0, 1.0, 2.0]])
def test_targets_within_reach_have_a_minimum_in_closed_form(
    activation: str, w: float, inputs: list[float]
) -> None:
    """With every target met, L = 0 and L'' = 2 mean (x f'(w x))^2; inputs may have mean zero."""
    x = np.array(inputs)
    found = find_minimum(reachable(activation, w, x))
    sharpness = 2 * np.mean((x * slopes(activation, w * x)) ** 2)
    assert found.w_star == pytest.approx(w, rel=1e-9)
    assert found.loss_star == pytest.approx(0, abs=1e-24)
    assert found.sharpness == pytest.approx(sharpness, rel=1e-9)
    assert found.condition_number == 1
    assert found.eta_star == pytest.approx(2 / sharpness, rel=1e-9)
    assert found.constant_loss == pytest.approx(np.var(values(activation, w * x)), abs=1e-15)


@pytest.mark.parametrize("name", SCALAR)
def test_the_minimum_of_a_declared_variant_is_one(name: str) -> None:
    configuration = ONE_WEIGHT[name]
    found = find_minimum(configuration)
    assert found.w_star is not None
    objective = Objective(configuration)
    at = objective.start(torch.tensor([found.w_star], dtype=torch.float64))
    _, gradient, curvature = objective.gradients(at)
    assert abs(gradient["weight"].item()) < 1e-13
    assert curvature is not None
    assert curvature.item() == pytest.approx(found.sharpness, rel=1e-12)
    near = [found.w_star + shift for shift in (-1e-3, 1e-3)]
    everywhere = np.linspace(-100 * found.w_star, 100 * found.w_star, 9_999).tolist()
    assert loss_at(configuration, [found.w_star]) == [pytest.approx(found.loss_star, rel=1e-12)]
    assert found.loss_star < min(loss_at(configuration, near))
    assert found.loss_star < min(loss_at(configuration, everywhere))
    assert found.loss_star < found.constant_loss


@pytest.mark.parametrize("scale", [0.1, 0.5, 3.0])
@pytest.mark.parametrize("name", ["post", "tanh"])
def test_scaling_the_inputs_scales_the_sharpness_by_its_square(name: str, scale: float) -> None:
    plain, scaled = (find_minimum(changed(ONE_WEIGHT[name], input_scale=c)) for c in (1.0, scale))
    assert plain.w_star is not None
    assert scaled.w_star == pytest.approx(plain.w_star / scale, rel=1e-9)
    assert scaled.sharpness == pytest.approx(plain.sharpness * scale**2, rel=1e-9)
    assert scaled.loss_star == pytest.approx(plain.loss_star, rel=1e-12)


def test_momentum_widens_the_bound_and_moves_no_minimum() -> None:
    plain, heavy = (find_minimum(changed(ONE_WEIGHT["post"], momentum=beta)) for beta in (0.0, 0.9))
    assert (heavy.w_star, heavy.sharpness) == (plain.w_star, plain.sharpness)
    assert heavy.eta_star == pytest.approx(1.9 * plain.eta_star)


def test_the_centred_control_has_the_minimum_of_the_post() -> None:
    post, control = find_minimum(ONE_WEIGHT["post"]), find_minimum(ONE_WEIGHT["control"])
    assert control.w_star == pytest.approx(post.w_star, rel=1e-12)
    assert control.sharpness == pytest.approx(post.sharpness, rel=1e-12)
    assert control.loss_star == pytest.approx(post.loss_star, rel=1e-12)


@pytest.mark.parametrize("model", ["batchnorm", "batchnorm_frozen"])
def test_with_batch_normalisation_gain_and_bias_are_what_is_minimised(model: str) -> None:
    """Targets made by a known gain and bias; the Hessian is 2 mean f'^2 (n, 1) (n, 1)^T."""
    gain, bias = 1.3, 0.4
    normalised = (INPUTS - INPUTS.mean()) / np.sqrt(INPUTS.var() + 1e-5)
    z = gain * normalised + bias
    found = find_minimum(
        changed(ONE_WEIGHT["post"], model=model, targets=tuple(sigmoid(z).tolist()))
    )
    features = np.stack([normalised, np.ones_like(normalised)]) * slopes("sigmoid", z)
    flattest, sharpness = np.linalg.eigvalsh(2 * features @ features.T / len(INPUTS))
    assert found.w_star is None
    assert found.loss_star == pytest.approx(0, abs=1e-24)
    assert found.sharpness == pytest.approx(sharpness, rel=1e-9)
    assert found.condition_number == pytest.approx(sharpness / flattest, rel=1e-9)


def with_bias(w: float, b: float, inputs: NDArray[np.float64], **changes: object) -> OneWeight:
    """Return a biased configuration whose targets are the model's own outputs at `w` and `b`."""
    configuration = changed(
        ONE_WEIGHT["post"],
        model="biased",
        inputs=tuple(inputs.tolist()),
        **changes,
    )
    z = w * np.array(configuration.fed_inputs()) + b
    return changed(configuration, targets=tuple(sigmoid(z).tolist()))


def hessian(w: float, b: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``2 mean f'^2 (x, 1) (x, 1)^T``, the Hessian where every target is met."""
    features = np.stack([x, np.ones_like(x)]) * slopes("sigmoid", w * x + b)
    return np.asarray(2 * features @ features.T / len(x))


@pytest.mark.parametrize(("w", "b"), [(0.4, -2.3), (-0.2, 1.5), (0.05, 0.0)])
@pytest.mark.parametrize("inputs", [[10.0, 2.0, 11.0, 21.0], [-2.0, -1.0, 1.0, 2.0]])
def test_with_a_bias_the_minimum_has_two_directions(
    w: float, b: float, inputs: list[float]
) -> None:
    x = np.array(inputs)
    found = find_minimum(with_bias(w, b, x))
    flattest, sharpness = np.linalg.eigvalsh(hessian(w, b, x))
    assert found.w_star == pytest.approx(w, rel=1e-9)
    assert found.loss_star == pytest.approx(0, abs=1e-24)
    assert found.sharpness == pytest.approx(sharpness, rel=1e-9)
    assert found.condition_number == pytest.approx(sharpness / flattest, rel=1e-7)


@pytest.mark.parametrize(
    ("transform", "condition_number"),
    [("raw", 0.0), ("centred", 45.5), ("standardised", 1.0)],
)
def test_where_the_unit_is_linear_the_inputs_alone_set_the_condition_number(
    transform: str, condition_number: float
) -> None:
    """LeCun, Kanter & Solla (1991): the Hessian is that of a linear unit, times f'(0)^2.

    ``2 [[mean x^2, mean x], [mean x, 1]] / 16``: diagonal for centred inputs, and for standardised
    ones a multiple of the unit matrix.
    """
    configuration = with_bias(1e-6, 0.0, INPUTS, input_transform=transform)
    x = np.array(configuration.fed_inputs())
    linear = np.array([[np.mean(x**2), np.mean(x)], [np.mean(x), 1]]) / 8
    flattest, sharpness = np.linalg.eigvalsh(linear)
    found = find_minimum(configuration)
    assert found.sharpness == pytest.approx(sharpness, rel=1e-6)
    assert found.condition_number == pytest.approx(sharpness / flattest, rel=1e-6)
    if transform != "raw":
        assert found.condition_number == pytest.approx(condition_number, rel=1e-6)


def test_with_a_bias_what_is_done_to_the_inputs_moves_no_loss() -> None:
    """A line is a line over shifted and scaled inputs too, and over normalised ones."""
    best = find_minimum(ONE_WEIGHT["biased"]).loss_star
    names = ("scaled_inputs_biased", "centred_inputs_biased", "standardised_inputs_biased")
    for name in (*names, "batchnorm"):
        assert find_minimum(ONE_WEIGHT[name]).loss_star == pytest.approx(best, rel=1e-9)


@pytest.mark.parametrize("transform", ["raw", "standardised"])
def test_with_a_bias_the_bound_is_that_of_the_sharpest_direction(transform: str) -> None:
    configuration = with_bias(0.4, -2.3, INPUTS, input_transform=transform)
    x = np.array(configuration.fed_inputs())
    direction = 1e-6 * np.linalg.eigh(hessian(0.4, -2.3, x))[1][:, -1]
    weight, bias = (torch.tensor([at + by]) for at, by in zip((0.4, -2.3), direction, strict=True))
    ends = []
    for share in (0.97, 1.03):
        rate = share * find_minimum(configuration).eta_star
        run = engine.train(
            changed(configuration, learning_rate=rate, steps=100), weight, {"bias": bias}
        )
        ends.append(np.hypot(run["weight"][-1, 0] - 0.4, run["bias"][-1, 0] + 2.3))
    assert ends[0] < 0.1 * 1e-6
    assert ends[1] > 10 * 1e-6


def test_inputs_and_a_bias_that_cannot_be_told_apart_are_refused() -> None:
    configuration = changed(ONE_WEIGHT["biased"], name="mine", inputs=(3.0,), targets=(0.7,))
    with pytest.raises(UserError, match=r"inputs and targets of mine\n.*without a minimum"):
        find_minimum(configuration)


def test_gain_and_bias_reach_less_than_the_weight_alone() -> None:
    """The declared configuration: the best of two free parameters is better than that of one."""
    found = find_minimum(ONE_WEIGHT["batchnorm"])
    assert 0 < found.loss_star < find_minimum(ONE_WEIGHT["post"]).loss_star
    assert found == find_minimum(ONE_WEIGHT["batchnorm_frozen"])


@pytest.mark.parametrize(
    "changes",
    [
        {"targets": (1.0, 1.0, 1.0, 1.0)},
        {"activation": "centred_sigmoid", "targets": (0.9, 0.7, 0.92, 0.987)},
        {"model": "batchnorm", "targets": (0.0, 0.0, 1.0, 1.0)},
        {"model": "batchnorm", "inputs": (3.0,), "targets": (0.7,)},
        {"inputs": (0.0, 0.0, 0.0, 0.0)},
    ],
    ids=["at infinity", "shift forgotten", "steps of the gain", "one sample", "zero inputs"],
)
def test_a_loss_without_a_minimum_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(UserError, match=r"inputs and targets of mine\n.*without a minimum"):
        find_minimum(changed(ONE_WEIGHT["post"], name="mine", **changes))


def bowl(rate: float, momentum: float, sharpness: float, steps: int = 500) -> float:
    """Return how far the engine's update ends from the minimum of L = lambda w^2 / 2."""
    configuration = changed(ONE_WEIGHT["post"], learning_rate=rate, momentum=momentum)
    w = {"weight": torch.ones(1, dtype=torch.float64)}
    velocity = {"weight": torch.zeros(1, dtype=torch.float64)}
    for _ in range(steps):
        w = engine.heavy_ball(w, velocity, {"weight": sharpness * w["weight"]}, configuration)
    return abs(w["weight"].item())


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("sharpness", [0.5, 40.0])
def test_the_bound_divides_the_heavy_balls_that_come_to_rest_from_those_that_leave(
    momentum: float, sharpness: float
) -> None:
    bound = largest_stable_rate(sharpness, momentum)
    assert bowl(0.99 * bound, momentum, sharpness) < 1e-3
    assert bowl(1.01 * bound, momentum, sharpness) > 1e3


@pytest.mark.parametrize("name", SCALAR)
def test_the_minimum_of_a_declared_variant_attracts_up_to_its_bound(name: str) -> None:
    found = find_minimum(ONE_WEIGHT[name])
    assert found.w_star is not None
    start = torch.tensor([found.w_star * (1 + 1e-6)], dtype=torch.float64)
    ends = []
    for share in (0.97, 1.03):
        configuration = changed(ONE_WEIGHT[name], learning_rate=share * found.eta_star, steps=100)
        ends.append(abs(engine.train(configuration, start)["weight"][-1, 0] - found.w_star))
    assert ends[0] < 0.1 * 1e-6 * found.w_star
    assert ends[1] > 10 * 1e-6 * found.w_star
