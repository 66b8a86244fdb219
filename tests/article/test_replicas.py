"""The engine of the sweeps: against automatic differentiation, and the same to the last bit."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from experiments import engine
from experiments.activations import ACTIVATIONS
from experiments.initial_parameters import default_weights
from experiments.measures import lyapunov_exponent
from experiments.objective import Objective
from experiments.replicas import CHUNK, STRETCHED, Loss, Replicas, advance, observe
from experiments.settings import OneWeight
from juchi.core.errors import UserError
from tests.declared import ONE_WEIGHT, ROOT

torch.set_num_threads(1)

Array = NDArray[np.float64]

POST = ONE_WEIGHT["post"]
TANH = ONE_WEIGHT["tanh"]
PLAIN = np.zeros(1)
SAMPLES = {
    "the post's": (POST.inputs, POST.targets),
    "one sample": ((3.0,), (0.7,)),
    "of both signs": ((-2.0, 0.0, 0.5, 1.5, 7.0), (0.1, 0.5, 0.4, 0.8, 0.95)),
}


def loss_of(activation: str = "sigmoid", samples: str = "the post's") -> Loss:
    return Loss(activation, *SAMPLES[samples])


def many(count: int = 500) -> tuple[Array, Array, Array]:
    """Return rates, momenta and weights of replicas in every regime."""
    draw = np.random.default_rng(0)
    return draw.uniform(0.1, 2.5, count), draw.uniform(0, 0.95, count), draw.uniform(-1, 1, count)


def test_every_stretched_sigmoid_is_the_activation_of_its_name() -> None:
    z = torch.linspace(-40, 40, 1001, dtype=torch.float64)
    for name, form in STRETCHED.items():
        own = form.height * torch.sigmoid(form.rate * z) + form.offset
        torch.testing.assert_close(own, ACTIVATIONS[name].function(z), rtol=0, atol=1e-15)


@pytest.mark.parametrize("samples", SAMPLES)
@pytest.mark.parametrize("activation", STRETCHED)
def test_derivatives_are_those_of_automatic_differentiation(activation: str, samples: str) -> None:
    loss = loss_of(activation, samples)
    weight = torch.linspace(-3, 3, 333, dtype=torch.float64)
    objective = Objective(loss.configuration("mine"))
    _, gradient, curvature = objective.gradients(objective.start(weight))
    assert curvature is not None
    slope, bend = loss.derivatives(weight)
    torch.testing.assert_close(slope, gradient["weight"], rtol=1e-11, atol=1e-14)
    torch.testing.assert_close(bend, curvature, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(
    ("rate", "momentum", "steps"), [(0.2, 0.0, 100), (0.65, 0.0, 100), (0.5, 0.6, 60), (1, 0, 20)]
)
@pytest.mark.parametrize("configuration", [POST, TANH], ids=["sigmoid", "tanh"])
def test_trajectories_are_those_of_the_other_engine(
    configuration: OneWeight, rate: float, momentum: float, steps: int
) -> None:
    rate *= 0.3 if configuration is TANH else 1
    weights = default_weights(16)
    changed = configuration.model_copy(
        update={"learning_rate": rate, "momentum": momentum, "steps": steps}
    )
    expected = engine.train(changed, weights)["weight"]
    replicas = Replicas.start(np.array(rate), np.array(momentum), weights.numpy())
    seen = observe(loss_of(configuration.activation), replicas, steps).weight.numpy()
    # Rounding grows on the way, most in the chaotic case.
    np.testing.assert_allclose(seen, expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(seen[:5], expected[:5], rtol=1e-12, atol=1e-13)


def test_observing_changes_nothing() -> None:
    advanced, observed = (Replicas.start(*many()) for _ in range(2))
    loss = loss_of()
    advance(loss, advanced, 40)
    seen = observe(loss, observed, 40)
    assert torch.equal(advanced.weight, observed.weight)
    assert torch.equal(advanced.velocity, observed.velocity)
    assert torch.equal(seen.weight[-1], advanced.weight)


def ends(order: NDArray[np.intp], chunk: int = CHUNK) -> tuple[Array, Array]:
    """Return weights and exponents of some of the replicas after a while, by their own number."""
    replicas = Replicas.start(*(each[order] for each in many()))
    advance(loss_of(), replicas, 60, chunk=chunk)
    seen = observe(loss_of(), replicas, 20, chunk=chunk)
    back = np.argsort(order)
    return seen.weight[-1].numpy()[back], seen.exponent.numpy()[back]


def test_a_replica_depends_on_its_own_settings_alone_to_the_last_bit() -> None:
    everyone = np.arange(500)
    weight, exponent = ends(everyone)
    shuffled = np.random.default_rng(1).permutation(500)
    for order, chunk in ((shuffled, CHUNK), (everyone, 64), (shuffled, 192)):
        np.testing.assert_array_equal(ends(order, chunk), (weight, exponent))
    for some in (everyone[:1], everyone[100:177], everyone[::3]):
        np.testing.assert_array_equal(ends(some), (weight[some], exponent[some]))


def test_the_number_of_threads_changes_no_bit() -> None:
    rates, momenta, weights = (np.resize(each, 3 * CHUNK + 1) for each in many())
    found = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        try:
            replicas = Replicas.start(rates, momenta, weights)
            advance(loss_of(), replicas, 30)
            found.append(observe(loss_of(), replicas, 10))
        finally:
            torch.set_num_threads(1)
    assert torch.equal(found[0].weight, found[1].weight)
    assert torch.equal(found[0].exponent, found[1].exponent)


def test_replicas_that_are_taken_out_go_on_as_if_they_had_stayed() -> None:
    loss, together = loss_of(), Replicas.start(*many())
    advance(loss, together, 10)
    chosen = np.array([3, 77, 401])
    apart = together.take(chosen)
    for replicas in (together, apart):
        advance(loss, replicas, 10)
    assert torch.equal(apart.weight, together.weight[chosen])
    parts = list(together.parts(128))
    assert [place.stop for place, _ in parts] == [128, 256, 384, 500]
    assert torch.equal(torch.cat([part.weight for _, part in parts]), together.weight)


@pytest.mark.parametrize("activation", STRETCHED)
def test_extreme_weights_neither_warn_nor_disturb_the_others(activation: str) -> None:
    weights = np.array([math.nan, math.inf, -math.inf, 1e308, -1e308, 0.3])
    loss = loss_of(activation)
    replicas = Replicas.start(np.array([0.2]), np.array([0.5]), weights)
    advance(loss, replicas, 5)
    seen = observe(loss, replicas, 9)
    alone = Replicas.start(np.array([0.2]), np.array([0.5]), weights[-1:])
    advance(loss, alone, 14)
    assert torch.isnan(seen.weight[:, 0]).all()
    assert seen.weight[-1, 1:5].tolist() == weights[1:5].tolist()
    assert seen.weight[-1, 5] == alone.weight[0]


@pytest.mark.parametrize("share", [0.3, 0.9, 1.7])
def test_the_exponent_at_rest_is_that_of_a_quadratic_bowl(share: float) -> None:
    """Each step multiplies a deviation by 1 - eta lambda."""
    loss, sharpness = bowl()
    rate = share / sharpness
    exponent = observe(loss, resting(rate, 0.0), 64).exponent
    assert exponent.tolist() == pytest.approx([math.log(abs(1 - share))], rel=1e-9)


@pytest.mark.parametrize("share", [0.05, 1.5, 3.0])
@pytest.mark.parametrize("momentum", [0.2, 0.9])
def test_with_momentum_it_is_the_larger_root(share: float, momentum: float) -> None:
    """Of r^2 - (1 + beta - eta lambda) r + beta = 0, which the heavy ball obeys in the bowl."""
    loss, sharpness = bowl()
    roots = np.roots([1, -(1 + momentum - share), momentum])
    exponent = observe(loss, resting(share / sharpness, momentum), 2048).exponent
    assert exponent.item() == pytest.approx(math.log(abs(roots).max()), abs=4e-3)


def bowl() -> tuple[Loss, float]:
    """Return a loss whose targets are met at w = 0.2, and L'' = 2 mean (x f')^2 there."""
    x = np.array(POST.inputs)
    s = 1 / (1 + np.exp(-0.2 * x))
    return Loss("sigmoid", POST.inputs, tuple(s.tolist())), float(
        2 * np.mean((x * s * (1 - s)) ** 2)
    )


def resting(rate: float, momentum: float) -> Replicas:
    return Replicas.start(np.array(rate), np.array(momentum), np.array([0.2]))


@pytest.mark.parametrize("rate", [0.5, 0.8, 1.0, 1.5])
def test_without_momentum_the_exponent_is_the_mean_of_the_local_ones(rate: float) -> None:
    replicas = Replicas.start(np.array(rate), PLAIN, default_weights(8).numpy())
    seen = observe(loss_of(), replicas, 100)
    curvature = loss_of().derivatives(seen.weight.flatten())[1].reshape(seen.weight.shape)
    expected = lyapunov_exponent(curvature.numpy(), rate, 0)
    np.testing.assert_allclose(seen.exponent, expected, rtol=1e-10)


def test_a_deviation_that_vanishes_has_a_finite_exponent() -> None:
    """A target met by one sample of input 1 at w = 0: L'' = 1/8, so that eta = 8 removes it."""
    loss = Loss("sigmoid", (1.0,), (0.5,))
    seen = observe(loss, Replicas.start(np.array(8.0), PLAIN, np.array([0.0])), 16)
    assert seen.exponent.item() < -50
    assert math.isfinite(seen.exponent.item())


@pytest.mark.parametrize("activation", STRETCHED)
def test_from_the_flat_weight_on_every_sample_is_saturated(activation: str) -> None:
    loss = loss_of(activation)
    objective = Objective(loss.configuration("mine"))
    at = torch.tensor([0.999, 1.001, -0.999, -1.001], dtype=torch.float64) * loss.flat_weight
    assert (objective.evaluate(objective.start(at)).saturated == 1).tolist() == [False, True] * 2
    assert loss_of(activation, "of both signs").flat_weight == math.inf


def test_an_activation_without_closed_form_is_refused() -> None:
    with pytest.raises(UserError, match=r"'relu', which has no closed form"):
        Loss("relu", POST.inputs, POST.targets)


def _peak(chunk: int) -> int:
    """Return the largest memory, in KiB, of a process that steps many replicas in such chunks.

    As the kernel tells it for the program alone: `getrusage` also knows what forked it.
    """
    script = f"""
from pathlib import Path
import numpy as np
from experiments.replicas import Loss, Replicas, advance
replicas = Replicas.start(np.linspace(0.1, 1, {_MANY}), np.zeros(1), np.zeros(1))
advance(Loss("sigmoid", (1.0, 2.0, 3.0, 4.0), (0.1, 0.2, 0.3, 0.4)), replicas, 1, chunk={chunk})
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


# Replicas whose workspace, of more than twelve numbers each, is much larger than a process.
_MANY = 64 * 2**16


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory of a process")
def test_the_size_of_a_chunk_bounds_the_memory() -> None:
    saved = _peak(_MANY) - _peak(CHUNK)
    # Making the replicas takes some of it too, whatever the chunk.
    assert saved > 6 * 8 * _MANY / 1024
