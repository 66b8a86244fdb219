"""Where the behaviour of gradient descent changes with its rate: found on runs, and foretold.

The rates are found without the theory that they are to test. Close to a change orbits settle ever
more slowly, so that no fixed length of run and no tolerance would do: what is judged is whether a
deviation still shrinks, or shrinks as slowly as it does at the change itself.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

from experiments import dynamics
from experiments.initial_parameters import default_weights
from experiments.loss_minimum import LossMinimum
from experiments.objective import Objective
from experiments.replicas import Loss, Replicas, advance, observe
from experiments.settings import OneWeight

__all__ = ["doubling_rates", "normal_form", "repelling_rates", "resting_place", "swing_growth"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Trial rates for each bracket in each round: whole blocks, whose steps cost little more than one.
_POINTS = 64
# Brackets end up narrower than this.
_PRECISION = 1e-8
# A splitting or deviation of this size is rounding.
_ROUNDING = 1e-12
# No momentum.
_PLAIN = np.zeros(1)
# A deviation so many times its first size has left for good: what damped oscillations add up to
# next to the change is less, up to momenta of 0.999.
_ESCAPED = 1e4


def doubling_rates(
    loss: Loss,
    before: NDArray[np.int64],
    between: tuple[Array, Array],
    *,
    starts: Array,
    steps: int,
) -> Array:
    """Return the rate at which each period `before` gives way to its double, beta = 0.

    Parameters
    ----------
    before
        The periods, shape ``(brackets,)``.
    between
        For each a rate where it is the period, and one where its double is, ``(brackets,)``.
    starts
        Initial weights; all have to have doubled that have not escaped to the flat part.
    steps
        Length of the runs; twice a power of two above the periods.
    """

    def doubled(trial: Array) -> Flags:
        replicas = Replicas.start(trial[:, :, None], _PLAIN, starts)
        early, late = (_splitting(loss, replicas, before, steps // 2) for _ in range(2))
        split = dynamics.persists(early, late, _ROUNDING)
        escaped = (replicas.weight.abs() > loss.flat_weight).numpy()
        return np.asarray((split | escaped).reshape(*trial.shape, -1).all(axis=2))

    low, high = dynamics.refine(doubled, *between, points=_POINTS, precision=_PRECISION)
    return (low + high) / 2


def _splitting(loss: Loss, replicas: Replicas, period: NDArray[np.int64], steps: int) -> Array:
    """Take steps; return ``|w[t + p] - w[t]|`` of their end, p by equal shares of replicas."""
    longest = int(period.max())
    advance(loss, replicas, steps - longest)
    orbit = observe(loss, replicas, longest).weight.numpy()
    each = np.repeat(period, replicas.count // len(period))
    return np.asarray(np.abs(orbit[each, np.arange(replicas.count)] - orbit[0]))


def resting_place(loss: Loss, rate: float, starts: int, steps: int) -> float:
    """Return where most default initial weights are after steps at a calm rate."""
    replicas = Replicas.start(np.array(rate), _PLAIN, default_weights(starts).numpy())
    advance(loss, replicas, steps)
    return replicas.weight.median().item()


def repelling_rates(
    loss: Loss,
    rest: float,
    momenta: Array,
    between: tuple[float, float],
    *,
    nudge: float,
    steps: int,
) -> Array:
    """Return for each momentum the rate from which on the point `rest` repels.

    A replica starts at rest, `nudge` away from it; `between` are rates on either side.
    """
    start = np.array(rest + nudge)

    def repels(trial: Array) -> Flags:
        replicas = Replicas.start(trial, momenta[:, None], start)
        early, late = (_distance(loss, replicas, rest, steps // 2) for _ in range(2))
        repelled = dynamics.grows(early, late, _ROUNDING) | (early > _ESCAPED * nudge)
        return np.asarray(repelled.reshape(trial.shape))

    low, high = (np.full_like(momenta, each) for each in between)
    low, high = dynamics.refine(repels, low, high, points=_POINTS, precision=_PRECISION)
    return (low + high) / 2


def _distance(loss: Loss, replicas: Replicas, rest: float, steps: int) -> Array:
    """Take steps; return ``|w - rest|`` after them."""
    advance(loss, replicas, steps)
    distance: Array = (replicas.weight - rest).abs().numpy()
    return distance


def swing_growth(
    loss: Loss, onset: float, distances: Array, *, start: float, steps: int
) -> tuple[float, float]:
    """Return exponent and factor of ``swing = factor * (eta - onset)^exponent`` on runs.

    `distances` from the onset, relative to it; the swing is ``|w[t + 1] - w[t]|`` at the end. NaN
    where one of the orbits has come to rest, or escaped.
    """
    above = onset * distances
    replicas = Replicas.start(onset + above, _PLAIN, np.array(start))
    swing = _splitting(loss, replicas, np.array([1]), steps)
    if not (swing > 0).all():
        return math.nan, math.nan
    return dynamics.power_law(above, swing)


def normal_form(configuration: OneWeight, minimum: LossMinimum) -> tuple[float, float]:
    """Return the coefficient c at the predicted onset, and the factor of the swing just above it.

    With ``f(w) = w - eta L'(w)`` the derivatives at the minimum are ``f'' = -eta L'''`` and
    ``f''' = -eta L''''``, and the excess of ``-f'`` over 1 is ``a = lambda (eta - eta*)``; the
    swing ``2 sqrt(a / c)`` is the factor ``2 sqrt(lambda / c)`` times ``sqrt(eta - eta*)``. NaN
    where ``c <= 0``: then no small swing is stable.
    """
    third, fourth = _higher_derivatives(Objective(configuration), minimum.w_star)
    eta = minimum.eta_star
    coefficient = dynamics.doubling_coefficient(-eta * third, -eta * fourth)
    if coefficient <= 0:
        return coefficient, math.nan
    return coefficient, 2 * math.sqrt(minimum.sharpness / coefficient)


def _higher_derivatives(objective: Objective, weight: float | None) -> tuple[float, float]:
    """Return the third and the fourth derivative of the loss, by automatic differentiation."""
    at = torch.tensor([weight], dtype=torch.float64, requires_grad=True)
    derivative = objective.evaluate({"weight": at}).loss.sum()
    found = []
    for _ in range(4):
        (derivative,) = torch.autograd.grad(derivative.sum(), at, create_graph=True)
        found.append(derivative.item())
    return found[2], found[3]
