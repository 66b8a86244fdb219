"""The minimum of a loss, the sharpness there, and the stability bound that follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from experiments.models import Parameters
from experiments.objective import Objective
from experiments.settings import OneWeight
from juchi.core.errors import UserError

__all__ = ["LossMinimum", "find_minimum", "find_parameters", "largest_stable_rate"]

# |w x| of the grid's last point at inputs of mean size: the sigmoid is flat far before that.
_GRID_REACH = 40.0
_GRID_POINTS = 40_001
# The same for a line over standardised inputs, in each of its two directions.
_LINE_REACH = 10.0
_LINE_POINTS = 201
_DAMPED_STEPS = 60
_NEWTON_STEPS = 8
# Newton's last step at a minimum is rounding; where the loss only levels out, it stays large.
_NEWTON_REST = 1e-8
# Eigenvalues of the Hessian smaller than this, relative to the largest, are rounding.
_LEVEL = 1e-14


@dataclass(frozen=True)
class LossMinimum:
    """What gradient descent could reach, and how fast it may go there.

    Attributes
    ----------
    w_star
        Weight of the minimiser; None with batch normalisation, whose loss hardly depends on w.
    loss_star
        The least loss that the model can reach.
    constant_loss
        The least loss of a constant prediction: the variance of the targets.
    sharpness
        Largest eigenvalue of the Hessian at the minimum, over the parameters that matter there.
    condition_number
        That eigenvalue over the smallest one; 1 with a single parameter.
    eta_star
        ``2 (1 + momentum) / sharpness``: above it the minimum repels (see `largest_stable_rate`).
    """

    w_star: float | None
    loss_star: float
    constant_loss: float
    sharpness: float
    condition_number: float
    eta_star: float


def largest_stable_rate(sharpness: float, momentum: float) -> float:
    """Return the learning rate at which a quadratic bowl stops attracting the heavy ball.

    ``eta < 2 (1 + beta) / lambda``: on ``L = lambda w^2 / 2`` the update has the characteristic
    polynomial ``r^2 - (1 + beta - eta lambda) r + beta``, whose roots lie inside the unit circle
    for 0 <= beta < 1 just under this bound (Polyak 1964).
    """
    return 2 * (1 + momentum) / sharpness


def find_minimum(configuration: OneWeight) -> LossMinimum:
    """Find the minimum of the configuration's loss and measure the sharpness there, in float64.

    A loss without one, such as that of targets which the activation reaches only at infinity, is a
    `UserError`.
    """
    objective = Objective(configuration)
    free, fixed, minimiser = _minimise(objective, configuration.name)
    _, hessian = _derivatives(lambda p: _loss(objective, free, fixed, p), minimiser)
    eigenvalues = torch.linalg.eigvalsh(hessian)
    sharpness = eigenvalues[-1].item()
    # A valley whose floor is level up to rounding has no single lowest point either.
    if not eigenvalues[0].item() > _LEVEL * sharpness:
        raise _no_minimum(configuration.name)
    return LossMinimum(
        w_star=minimiser[free.index("weight")].item() if "weight" in free else None,
        loss_star=_loss(objective, free, fixed, minimiser).item(),
        constant_loss=objective.targets.var(correction=0).item(),
        sharpness=sharpness,
        condition_number=(eigenvalues[-1] / eigenvalues[0]).item(),
        eta_star=largest_stable_rate(sharpness, configuration.momentum),
    )


def find_parameters(configuration: OneWeight) -> dict[str, float]:
    """Return the parameters at the minimum of the configuration's loss, by name."""
    free, _, minimiser = _minimise(Objective(configuration), configuration.name)
    return dict(zip(free, minimiser.tolist(), strict=True))


def _minimise(objective: Objective, name: str) -> tuple[tuple[str, ...], Parameters, Tensor]:
    """Return the parameters to minimise over, the fixed ones, and the minimiser."""
    free, fixed, start = _start(objective)
    near = _descend(objective, free, fixed, start)
    minimiser, last_step = _newton(objective, free, fixed, near)
    if not last_step < _NEWTON_REST:
        raise _no_minimum(name)
    return free, fixed, minimiser


def _no_minimum(name: str) -> UserError:
    return UserError(
        where=f"config/experiments.yaml: the inputs and targets of {name}",
        found="a loss without a minimum that Newton's method finds",
        expected="targets that the model can come near to with finite parameters",
        hint="keep the targets, shift included, inside the range of the activation, "
        "and the inputs apart, of ordinary size, and not all zero",
    )


def _start(objective: Objective) -> tuple[tuple[str, ...], Parameters, Tensor]:
    """Return the parameters to minimise over, the fixed ones, and a point near the minimum.

    With batch normalisation the loss keeps its value when the weight is scaled, up to the small
    constant in the root, so the weight is held at one and the gain and the bias are free.
    """
    if objective.model.normalises:
        one = torch.ones(1, dtype=torch.float64)
        return ("gain", "bias"), {"weight": one}, torch.tensor([1.0, 0.0], dtype=torch.float64)
    if objective.model.drawn == ("weight", "bias"):
        return ("weight", "bias"), {}, _best_line(objective)
    # Inputs that are all zero decide no weight: `find_minimum` refuses them.
    reach = _GRID_REACH / (objective.inputs.abs().mean().item() or 1.0)
    grid = torch.linspace(-reach, reach, _GRID_POINTS, dtype=torch.float64)
    best = objective.evaluate(objective.start(grid)).loss.argmin()
    return ("weight",), {}, grid[best : best + 1]


def _best_line(objective: Objective) -> Tensor:
    """Return the weight and the bias of least loss on a grid of lines over the standardised inputs.

    Over those the two directions have the same scale, whatever the inputs' own mean and scale are;
    inputs that are all the same are left as they are, and `find_minimum` refuses them.
    """
    deviation, mean = torch.std_mean(objective.inputs, correction=0)
    side = torch.linspace(-_LINE_REACH, _LINE_REACH, _LINE_POINTS, dtype=torch.float64)
    slope, level = (axis.ravel() for axis in torch.meshgrid(side, side, indexing="ij"))
    weight = slope / (deviation if deviation > 0 else 1.0)
    bias = level - weight * mean
    best = objective.evaluate(objective.start(weight, bias=bias)).loss.argmin()
    return torch.stack([weight[best], bias[best]])


def _loss(objective: Objective, free: tuple[str, ...], fixed: Parameters, point: Tensor) -> Tensor:
    named = {name: point[i : i + 1] for i, name in enumerate(free)}
    z = objective.model.preactivation({**fixed, **named}, objective.inputs)
    return (objective.activation.function(z) - objective.targets).square().mean()


def _descend(
    objective: Objective, free: tuple[str, ...], fixed: Parameters, start: Tensor
) -> Tensor:
    """Return a point close enough to the minimum for Newton's method.

    Newton's method, damped after Levenberg (Quart. Appl. Math. 2, 164, 1944): more so after a step
    that does not lower the loss, less so after one that does. Not an optimiser of `torch.optim`,
    whose first use imports a compiler, for a second or more.
    """

    def loss(p: Tensor) -> Tensor:
        return _loss(objective, free, fixed, p)

    point, damping, unit = start, 1.0, torch.eye(len(start), dtype=start.dtype)
    for _ in range(_DAMPED_STEPS):
        gradient, hessian = _derivatives(loss, point)
        step, _info = torch.linalg.solve_ex(hessian + damping * unit, gradient)
        lower = bool(loss(point - step) < loss(point))
        point, damping = (point - step, damping / 4) if lower else (point, damping * 4)
    return point


def _newton(
    objective: Objective, free: tuple[str, ...], fixed: Parameters, point: Tensor
) -> tuple[Tensor, float]:
    """Polish a minimiser with a fixed number of Newton steps: quadratic convergence needs few.

    Returns the minimiser and the size of the last step, which is NaN for a singular Hessian.
    """

    def loss(p: Tensor) -> Tensor:
        return _loss(objective, free, fixed, p)

    step = torch.full_like(point, torch.nan)
    for _ in range(_NEWTON_STEPS):
        gradient, hessian = _derivatives(loss, point)
        step, _info = torch.linalg.solve_ex(hessian, gradient)
        point = point - step
    return point, step.abs().max().item()


def _derivatives(loss: Callable[[Tensor], Tensor], point: Tensor) -> tuple[Tensor, Tensor]:
    """Return gradient and Hessian, by reverse differentiation twice."""
    gradient = torch.autograd.functional.jacobian(loss, point)  # type: ignore[no-untyped-call]
    hessian = torch.autograd.functional.hessian(loss, point)  # type: ignore[no-untyped-call]
    return gradient, hessian
