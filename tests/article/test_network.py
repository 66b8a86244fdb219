"""The network's gradient and sharpness against PyTorch's own, and a case in closed form."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from experiments.activations import ACTIVATIONS
from experiments.network import Network, Samples, sharpness
from juchi.core.errors import UserError

WIDTHS = (5, 4, 3, 3)


def samples(count: int = 12) -> Samples:
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(count, WIDTHS[0], dtype=torch.float64, generator=generator)
    return Samples.of(inputs, torch.arange(count) % WIDTHS[-1], WIDTHS[-1])


def loss_of(network: Network, parameters: Tensor, given: Samples) -> Tensor:
    logits = network.forward(parameters, given.inputs)[-1]
    return torch.nn.functional.cross_entropy(logits, given.labels)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_loss_and_gradient_are_those_of_automatic_differentiation(activation: str) -> None:
    network = Network(WIDTHS, activation)
    parameters = network.initial(0).requires_grad_()
    loss = loss_of(network, parameters, samples())
    (gradient,) = torch.autograd.grad(loss, parameters)
    found = network.gradient(parameters.detach(), samples())
    torch.testing.assert_close(found.loss, loss.detach())
    torch.testing.assert_close(found.gradient, gradient)


def test_the_network_is_the_one_that_torch_builds() -> None:
    torch.manual_seed(7)
    first, second = torch.nn.Linear(4, 3), torch.nn.Linear(3, 2)
    model = torch.nn.Sequential(first, torch.nn.Tanh(), second).double()
    network = Network((4, 3, 2), "tanh")
    parameters = network.initial(7)
    inputs = torch.randn(6, 4, dtype=torch.float64)
    torch.testing.assert_close(network.forward(parameters, inputs)[-1], model(inputs).detach())
    flat = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    assert torch.equal(parameters, flat)


def test_the_activation_has_no_part_in_the_initial_parameters() -> None:
    starts = [Network(WIDTHS, activation).initial(3) for activation in ACTIVATIONS]
    assert all(torch.equal(starts[0], start) for start in starts[1:])
    assert not torch.equal(starts[0], Network(WIDTHS, "relu").initial(4))


def test_a_linear_classifier_has_the_known_gradient() -> None:
    # Without a hidden layer and from zero, softmax gives every class the same probability.
    network = Network((2, 2), "sigmoid")
    given = Samples.of(torch.tensor([[1.0, 2.0], [3.0, 5.0]]).double(), torch.tensor([0, 1]), 2)
    found = network.gradient(torch.zeros(6, dtype=torch.float64), given)
    assert found.loss.item() == pytest.approx(torch.log(torch.tensor(2.0)).item())
    # Half of the mean over samples of (1/2 - wanted) x: first less second input for one class.
    assert found.gradient.tolist() == pytest.approx([0.5, 0.75, -0.5, -0.75, 0, 0])


def test_accuracy_is_the_share_of_hits() -> None:
    network = Network((2, 2), "sigmoid")
    identity = torch.tensor([1.0, 0, 0, 1, 0, 0]).double()
    inputs = torch.tensor([[2.0, 1], [1, 2], [3, 1], [0, 1]]).double()
    given = Samples.of(inputs, torch.tensor([0, 1, 1, 1]), 2)
    loss, accuracy = network.evaluate(identity, given)
    assert accuracy == 0.75
    assert loss == pytest.approx(network.gradient(identity, given).loss.item())


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_sharpness_is_the_largest_eigenvalue_of_the_hessian(activation: str) -> None:
    network = Network(WIDTHS, activation)
    parameters = network.initial(2)
    hessian = torch.autograd.functional.hessian(  # type: ignore[no-untyped-call]
        lambda point: loss_of(network, point, samples()), parameters
    )
    largest = torch.linalg.eigvalsh(hessian)[-1].item()
    assert sharpness(network, parameters, samples(), rounds=40) == pytest.approx(largest, rel=1e-9)
    assert sharpness(network, parameters, samples(), rounds=4) <= largest + 1e-12


def test_an_unknown_activation_is_named() -> None:
    with pytest.raises(UserError, match="'step'"):
        Network(WIDTHS, "step")
