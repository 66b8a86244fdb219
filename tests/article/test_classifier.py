"""Training runs of a small network: the steps themselves, and the measures on known vectors."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from experiments.classifier import arrive, one_sided, train
from experiments.handwriting import Parts
from experiments.network import Network, Samples

NETWORK = Network((6, 8, 4, 3), "sigmoid")


def samples(seed: int) -> Samples:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(48) % 3
    centres = torch.eye(3, 6, dtype=torch.float64)[labels]
    noise = torch.randn(48, 6, dtype=torch.float64, generator=generator)
    return Samples.of(4 * centres + 0.3 * noise, labels, 3)


PARTS = Parts(samples(0), samples(1), samples(2))


def test_training_is_plain_gradient_descent() -> None:
    run = train(NETWORK, PARTS, 0, rate=0.5, target=0.0, steps=6, every=2)
    model = torch.nn.Sequential(
        torch.nn.Linear(6, 8),
        torch.nn.Sigmoid(),
        torch.nn.Linear(8, 4),
        torch.nn.Sigmoid(),
        torch.nn.Linear(4, 3),
    ).double()
    torch.nn.utils.vector_to_parameters(NETWORK.initial(0), model.parameters())
    losses, updates = [], []
    for _ in range(7):
        loss = torch.nn.functional.cross_entropy(
            model(PARTS.training.inputs), PARTS.training.labels
        )
        losses.append(loss.item())
        gradient = torch.autograd.grad(loss, list(model.parameters()))
        updates.append(torch.cat([each.flatten() for each in gradient]))
        with torch.no_grad():
            for parameter, slope in zip(model.parameters(), gradient, strict=True):
                parameter.sub_(0.5 * slope)
    np.testing.assert_allclose(run.loss, losses, rtol=1e-12)
    cosines = [
        torch.nn.functional.cosine_similarity(*pair, dim=0).item() for pair in pairwise(updates)
    ]
    np.testing.assert_allclose(run.cosine[1:], cosines, rtol=1e-10)
    assert math.isnan(run.cosine[0])
    assert run.reached is None


def test_the_target_is_reached_when_the_loss_is_there() -> None:
    run = train(NETWORK, PARTS, 1, rate=5, target=0.3, steps=200, every=5)
    assert run.reached is not None
    assert run.loss[run.reached] <= 0.3
    assert (run.loss[: run.reached] > 0.3).all()
    found = arrive(NETWORK, PARTS.training, 1, rate=5, target=0.3, horizon=200)
    assert found is not None
    assert found.steps == run.reached
    assert torch.equal(found.parameters, run.at_target)
    late = arrive(NETWORK, PARTS.training, 1, rate=5, target=0.3, horizon=run.reached - 1)
    assert late is None


def test_a_run_that_leaves_the_numbers_is_given_up() -> None:
    assert arrive(NETWORK, PARTS.training, 1, rate=math.inf, target=0.3, horizon=9) is None


def test_the_step_with_the_lowest_validation_loss_is_the_one_tested() -> None:
    run = train(NETWORK, PARTS, 1, rate=5, target=0.3, steps=100, every=10)
    assert run.chosen_step % 10 == 0
    parameters = NETWORK.initial(1)
    seen = []
    for step in range(101):
        if step % 10 == 0:
            seen.append((NETWORK.evaluate(parameters, PARTS.validation)[0], step, parameters))
        parameters = parameters - 5 * NETWORK.gradient(parameters, PARTS.training).gradient
    _, step, best = min(seen, key=lambda entry: entry[0])
    assert run.chosen_step == step
    assert run.accuracy == NETWORK.evaluate(best, PARTS.test)[1]


def test_a_run_does_not_depend_on_what_was_trained_before() -> None:
    first = train(NETWORK, PARTS, 3, rate=5, target=0.3, steps=50, every=5)
    train(NETWORK, PARTS, 4, rate=50, target=0.3, steps=7, every=5)
    again = train(NETWORK, PARTS, 3, rate=5, target=0.3, steps=50, every=5)
    for name in ("loss", "cosine", "coherence", "one_sided"):
        assert getattr(first, name).tobytes() == getattr(again, name).tobytes()


def test_a_run_that_is_not_watched_arrives_at_the_same_step_with_the_same_accuracy() -> None:
    watched, alone = (
        train(NETWORK, PARTS, 1, rate=5, target=0.3, steps=60, every=5, watched=watched)
        for watched in (True, False)
    )
    assert (alone.way, alone.accuracy) == (watched.way, watched.accuracy)
    assert alone.loss.tobytes() == watched.loss.tobytes()
    assert np.isnan(alone.cosine).all()


def test_positive_activations_force_one_side_and_centred_ones_do_not() -> None:
    sides = {
        activation: train(
            Network((6, 8, 4, 3), activation), PARTS, 0, rate=0.5, target=0, steps=3, every=1
        ).one_sided
        for activation in ("sigmoid", "centred_sigmoid", "relu")
    }
    assert (sides["sigmoid"] == 1).all()
    assert (sides["relu"] == 1).all()
    assert (sides["centred_sigmoid"] < 1).all()
    assert sides["sigmoid"].shape == (4, 2)


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        pytest.param([[1, 2], [3, 4]], [[1], [-1]], 1, id="positive inputs"),
        pytest.param([[1, -2], [3, 4]], [[1], [-1]], 0.5, id="one of two"),
        pytest.param([[0, 2], [-3, 0]], [[1], [1]], 1, id="zeros oppose nothing"),
        pytest.param([[1, -2], [3, 4]], [[0], [1]], 1, id="no error, no gradient"),
        pytest.param([[1, -2], [3, 4]], [[1, 1], [1, 0]], 1 / 3, id="each neuron counts"),
        pytest.param([[0, 0], [1, -1]], [[1], [1]], 0, id="no input, no gradient"),
        pytest.param([[0, 0]], [[0]], 0, id="none at all"),
    ],
)
def test_one_sided_gradients_of_known_samples(
    value: list[list[float]], error: list[list[float]], expected: float
) -> None:
    assert one_sided(torch.tensor(value).double(), torch.tensor(error).double()) == pytest.approx(
        expected
    )


def test_coherence_is_that_of_the_rows_of_the_gradient() -> None:
    run = train(NETWORK, PARTS, 0, rate=0.5, target=0, steps=2, every=1)
    gradient = NETWORK.gradient(NETWORK.initial(0), PARTS.training).gradient
    for layer in (1, 2):
        rows = NETWORK.layers(gradient)[layer][0].numpy()
        expected = np.mean([abs(np.sign(row).sum()) / len(row) for row in rows])
        assert run.coherence[0, layer - 1] == pytest.approx(expected)
