"""The batched engine, checked against `torch.nn`, against closed forms, and against itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from experiments import engine, listing
from experiments.activations import ACTIVATIONS
from experiments.initial_parameters import default_parameters, default_weights
from experiments.models import MODELS, Parameters
from experiments.objective import Objective
from experiments.settings import OneWeightSettings
from experiments.trajectories import Trajectories
from experiments.trajectory_comparison import meaningful_steps, rounding_error
from tests.declared import NAMES, ONE_WEIGHT, descends_with_one_weight, shortened

Array = NDArray[np.float64]

torch.set_num_threads(1)  # as a job does

# What torch.nn calls the parameters of the post's network.
IN_TORCH = {"0.weight": "weight", "0.bias": "bias", "1.weight": "gain", "1.bias": "bias"}
# The bound on rounding is derived for slopes of at most 1/4, those of the sigmoids.
WITH_A_BOUND = [
    name
    for name in NAMES
    if descends_with_one_weight(name)
    and ACTIVATIONS[ONE_WEIGHT[name].activation].largest_slope <= 0.25
]


@dataclass(frozen=True)
class Reference:
    """A run of `torch.nn` and `torch.optim.SGD`: arrays of shape ``(steps + 1, starts)``.

    Row t of `velocity` is the optimiser's momentum buffer before update t; zero without momentum.
    """

    parameters: dict[str, Array]
    velocity: dict[str, Array]
    loss: Array


def data(configuration: OneWeightSettings) -> tuple[Tensor, Tensor]:
    X = torch.tensor(configuration.fed_inputs(), dtype=torch.float64)
    Y = torch.tensor(configuration.targets, dtype=torch.float64) + configuration.target_shift
    return X[:, None], Y[:, None]


def torch_run(configuration: OneWeightSettings, seed: int) -> list[dict[str, float]]:
    """Run the listing's loop and record all of its state before each update."""
    X, Y = data(configuration)
    torch.manual_seed(seed)
    model = listing.network(configuration).double()
    named = {IN_TORCH[name]: parameter for name, parameter in model.named_parameters()}
    optimizer = torch.optim.SGD(
        [parameter for parameter in named.values() if parameter.requires_grad],
        lr=configuration.learning_rate,
        momentum=configuration.momentum,
    )
    rows = []
    for _ in range(configuration.steps + 1):
        optimizer.zero_grad()
        loss = (model(X) - Y).pow(2).mean()
        row = {name: parameter.item() for name, parameter in named.items()}
        for name, parameter in named.items():
            buffer = optimizer.state[parameter].get("momentum_buffer")
            row[f"velocity {name}"] = 0.0 if buffer is None else buffer.item()
        rows.append({**row, "loss": loss.item()})
        loss.backward()
        optimizer.step()
    return rows


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest) -> tuple[OneWeightSettings, Reference]:
    """Give each declared configuration, over the post's 100 steps, and `torch.nn`'s run of it."""
    configuration = shortened(request.param)
    runs = [torch_run(configuration, seed) for seed in range(configuration.starts)]
    table = {key: np.array([[row[key] for row in run] for run in runs]).T for key in runs[0][0]}
    parameters = {name: table[name] for name in IN_TORCH.values() if name in table}
    velocity = {name: table[f"velocity {name}"] for name in parameters}
    return configuration, Reference(parameters, velocity, table["loss"])


def test_the_reference_is_the_listing(case: tuple[OneWeightSettings, Reference]) -> None:
    configuration, reference = case
    faithful = listing.train(configuration, torch.float64)
    assert np.array_equal(faithful["weight"], reference.parameters["weight"])
    assert np.array_equal(faithful["loss"], reference.loss)


def test_each_single_step_is_that_of_torch_nn(case: tuple[OneWeightSettings, Reference]) -> None:
    """From every state that `torch.nn` went through, so that no error of a step is carried on."""
    configuration, reference = case
    objective = Objective(configuration)
    before = {name: torch.tensor(v[:-1].ravel()) for name, v in reference.parameters.items()}
    velocity = {
        name: torch.tensor(reference.velocity[name][:-1].ravel())
        for name in objective.model.trained
    }
    evaluation, gradient, _ = objective.gradients(before)
    after = engine.heavy_ball(before, velocity, gradient, configuration)

    assert after.keys() == reference.parameters.keys()
    assert_near(evaluation.loss, reference.loss[:-1])
    for name, values in reference.parameters.items():
        assert_near(after[name], values[1:])
    if configuration.momentum:
        for name, speed in velocity.items():
            assert_near(speed, reference.velocity[name][1:])


def start(configuration: OneWeightSettings, count: int) -> Parameters:
    """Return what the configuration's own layer draws, for the seeds 0 .. count - 1."""
    return default_parameters(count, bias="bias" in MODELS[configuration.model].drawn)


def trained(configuration: OneWeightSettings, drawn: Parameters) -> Trajectories:
    """Train one replica from each of the drawn parameters."""
    further = {name: values for name, values in drawn.items() if name != "weight"}
    return engine.train(configuration, drawn["weight"], further)


@pytest.mark.parametrize("model", MODELS)
def test_a_chunk_of_any_size_gives_the_same_bits(model: str) -> None:
    configuration = shortened("post").model_copy(update={"model": model, "steps": 20})
    drawn = start(configuration, 200)
    further = {name: values for name, values in drawn.items() if name != "weight"}
    whole = engine.train(configuration, drawn["weight"], further, chunk=256)
    for chunk in (64, 128):
        parts = engine.train(configuration, drawn["weight"], further, chunk=chunk)
        assert parts.keys() == whole.keys()
        for name, values in whole.items():
            np.testing.assert_array_equal(parts[name], values)


def assert_near(actual: Tensor, expected: Array) -> None:
    np.testing.assert_allclose(actual.detach(), expected.ravel(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", WITH_A_BOUND)
def test_whole_trajectories_agree_within_the_rounding_error(name: str) -> None:
    configuration = shortened(name)
    run = engine.train(configuration, default_weights(configuration.starts))
    mean_input = float(np.mean(np.abs(configuration.fed_inputs())))
    error = rounding_error(run["curvature"], run["weight"], configuration.learning_rate, mean_input)
    together = meaningful_steps(error, 1e-6)
    apart = np.abs(run["weight"] - listing.train(configuration, torch.float64)["weight"])
    assert together >= 30, "in the post's regime an error grows a million times in 40 steps"
    assert (apart[: together + 1] <= error[: together + 1]).all()


def test_the_listing_is_the_seed_by_another_engine() -> None:
    post, repaired = ONE_WEIGHT["post"], ONE_WEIGHT["listing"]
    own = {"name": "post", "engine": post.engine, "starts": post.starts}
    assert repaired.model_copy(update=own) == post


def test_the_listing_in_float32_starts_where_the_engine_does() -> None:
    configuration = shortened("listing", steps=3)
    single = listing.train(configuration)["weight"]
    double = engine.train(configuration, default_weights(configuration.starts))["weight"]
    assert np.array_equal(single[0], double[0])
    assert np.array_equal(single, single.astype(np.float32))
    assert 0 < np.abs(single[1] - double[1]).max() < 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_a_replica_depends_on_its_own_start_alone_to_the_last_bit(name: str) -> None:
    configuration = shortened(name, steps=40)
    drawn = start(configuration, 100)
    whole = trained(configuration, drawn)
    for size in (1, 2, 3, 31, 65):
        chosen = np.random.default_rng(size).permutation(100)[:size]
        part = trained(configuration, {key: values[chosen] for key, values in drawn.items()})
        for quantity, values in part.items():
            assert np.array_equal(values, whole[quantity][:, chosen]), f"{quantity}, {size}"


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_float64(name: str) -> None:
    configuration = shortened(name, steps=3)
    drawn = start(configuration, 5)
    run = trained(configuration, drawn)
    assert {values.dtype for values in run.values()} == {np.dtype(np.float64)}
    assert {values.shape for values in run.values()} == {(4, 5)}
    objective = Objective(configuration)
    weights, further = drawn["weight"], {key: drawn[key] for key in drawn if key != "weight"}
    _, gradient, curvature = objective.gradients(objective.start(weights, **further))
    computed = [objective.inputs, objective.targets, *gradient.values()]
    computed += [] if curvature is None else [curvature]
    assert {tensor.dtype for tensor in computed} == {torch.float64}
    assert torch.equal(weights, default_weights(5)), "the caller's weights were changed"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_recorded_belongs_to_the_row(name: str) -> None:
    """Loss, saturation and lowest output are those of the parameters of the same row."""
    configuration = shortened(name, steps=20)
    run = trained(configuration, start(configuration, 4))
    X, Y = (side.ravel().numpy() for side in data(configuration))
    z = run["weight"][..., None] * X
    if configuration.model == "biased":
        z = z + run["bias"][..., None]
    elif configuration.model != "scalar":
        z = (z - z.mean(-1, keepdims=True)) / np.sqrt(z.var(-1, keepdims=True) + 1e-5)
        z = run["gain"][..., None] * z + run["bias"][..., None]
    if configuration.activation == "tanh":
        output, slope, steepest = np.tanh(z), 1 - np.tanh(z) ** 2, 1.0
    else:
        output = 1 / (1 + np.exp(-z))
        slope, steepest = output * (1 - output), 0.25
        output = output - 0.5 * (configuration.activation == "centred_sigmoid")
    np.testing.assert_allclose(run["loss"], ((output - Y) ** 2).mean(-1), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(run["lowest_output"], output.min(-1), rtol=1e-12)
    assert np.array_equal(run["saturated"], (slope < 0.01 * steepest).mean(-1))


@pytest.mark.parametrize(
    ("name", "moving", "still", "curvature"),
    [
        ("post", {"weight"}, set(), True),
        ("batchnorm", {"weight", "gain", "bias"}, set(), False),
        ("batchnorm_frozen", {"gain", "bias"}, {"weight"}, False),
        ("biased", {"weight", "bias"}, set(), False),
    ],
)
def test_only_the_trained_parameters_move(
    name: str, moving: set[str], still: set[str], curvature: bool
) -> None:
    configuration = shortened(name, steps=5)
    run = trained(configuration, start(configuration, 3))
    moved = {key: np.ptp(run[key], axis=0) for key in moving | still}
    assert all((moved[key] > 0).all() for key in moving)
    assert all((moved[key] == 0).all() for key in still)
    assert ("curvature" in run) is curvature


@pytest.mark.parametrize("name", ["batchnorm", "batchnorm_frozen", "biased"])
def test_the_recorded_slopes_are_those_of_the_updates(name: str) -> None:
    configuration = shortened(name, steps=5)
    run = trained(configuration, start(configuration, 3))
    for parameter in MODELS[configuration.model].trained:
        step = configuration.learning_rate * run[f"{parameter}_slope"][:-1]
        assert np.array_equal(run[parameter][1:], run[parameter][:-1] - step)


@pytest.mark.parametrize("name", ["batchnorm", "batchnorm_frozen"])
def test_a_normalised_input_has_mean_zero_and_nearly_variance_one(name: str) -> None:
    """``w^2 s^2 / (w^2 s^2 + eps)`` at the start; then what gain and bias make of it."""
    configuration = shortened(name, steps=20)
    weights = torch.tensor([0.5, -0.1, 1e-3, 1e-4], dtype=torch.float64)
    run = engine.train(configuration, weights)
    spread_out = (run["weight"] ** 2) * np.var(configuration.inputs)
    variance = spread_out / (spread_out + 1e-5)
    assert np.abs(run["fed_mean"][0]).max() < 1e-15
    np.testing.assert_allclose(run["fed_variance"][0], variance[0], rtol=1e-12)
    assert variance[0, 0] > 0.999
    assert variance[0, 3] < 0.1
    np.testing.assert_allclose(run["fed_mean"], run["bias"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(run["fed_variance"], run["gain"] ** 2 * variance, rtol=1e-12)


def spread(configuration: OneWeightSettings, count: int = 16) -> dict[str, Tensor]:
    """Return parameters away from rest, so that no derivative vanishes."""
    objective = Objective(configuration)
    further = {name: torch.zeros(count) for name in objective.model.drawn if name != "weight"}
    parameters = objective.start(torch.linspace(0.05, 0.9, count, dtype=torch.float64), **further)
    for index, name in enumerate({**objective.model.constants, **further}):
        parameters[name] = torch.linspace(0.3 + index, 1.4 - index, count, dtype=torch.float64)
    return parameters


@pytest.mark.parametrize("name", NAMES)
def test_derivatives_agree_with_finite_differences(name: str) -> None:
    objective = Objective(ONE_WEIGHT[name])
    parameters = spread(ONE_WEIGHT[name])
    _, gradient, curvature = objective.gradients(parameters)
    for parameter in objective.model.trained:
        width = 1e-5 * parameters[parameter]
        sides = [
            objective.gradients({**parameters, parameter: parameters[parameter] + shift})
            for shift in (width, -width)
        ]
        losses = [evaluation.loss.detach() for evaluation, _, _ in sides]
        np.testing.assert_allclose(
            gradient[parameter], (losses[0] - losses[1]) / (2 * width), rtol=1e-6, atol=1e-8
        )
        if curvature is not None:
            slopes = [slope[parameter] for _, slope, _ in sides]
            np.testing.assert_allclose(
                curvature, (slopes[0] - slopes[1]) / (2 * width), rtol=1e-6, atol=1e-7
            )


@pytest.mark.parametrize("name", ["post", "control", "scaled_inputs"])
def test_derivatives_of_the_sigmoid_agree_with_the_closed_form(name: str) -> None:
    X, Y = (side.ravel().numpy() for side in data(ONE_WEIGHT[name]))
    parameters = spread(ONE_WEIGHT[name])
    _, gradient, curvature = Objective(ONE_WEIGHT[name]).gradients(parameters)
    s = 1 / (1 + np.exp(-parameters["weight"].numpy()[:, None] * X))
    rest = s - 0.5 * (ONE_WEIGHT[name].activation == "centred_sigmoid") - Y
    slope = s * (1 - s)
    first = (2 * rest * slope * X).mean(1)
    second = (2 * X**2 * (slope**2 + rest * slope * (1 - 2 * s))).mean(1)
    assert curvature is not None
    np.testing.assert_allclose(gradient["weight"], first, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(curvature, second, rtol=1e-11, atol=1e-13)
