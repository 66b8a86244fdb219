"""Gradient descent on a least-squares problem as it is done: from the data, step by step.

Nothing here knows eigenvectors or the minimum; `experiments.quadratic` has the closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from experiments.features import Problem

__all__ = ["Trail", "full_batch", "sample_by_sample"]

Array = NDArray[np.float64]

# A part of an update below this share of its length is rounding, and has no direction.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Trail:
    """The way of R descents, each until little enough of its first loss was left.

    Attributes
    ----------
    places
        Parameters before the first update and after each, shape ``(T + 1, R, n)``.
    steps
        How many updates each descent needed, at most T, shape ``(R,)``; what it did afterwards,
        waiting for the slowest, is in `places` and in no measure.
    arrived
        False for a descent that was given up before, shape ``(R,)``.
    """

    places: Array
    steps: NDArray[np.int64]
    arrived: NDArray[np.bool_]

    @cached_property
    def updates(self) -> Array:
        """Differences of consecutive places, zero after the last step, shape ``(T, R, n)``."""
        made = np.arange(len(self.places) - 1)[:, None] < self.steps
        return np.asarray(np.diff(self.places, axis=0) * made[..., None])

    def detour(self) -> Array:
        """Return path length over displacement, shape ``(R,)``."""
        path = np.sqrt(np.square(self.updates).sum(axis=-1)).sum(axis=0)
        end = self.places[self.steps, np.arange(len(self.steps))]
        return np.asarray(path / np.sqrt(np.square(end - self.places[0]).sum(axis=-1)))

    def cosine(self) -> Array:
        """Return the mean cosine between consecutive updates, shape ``(R,)``."""
        length = np.sqrt(np.square(self.updates).sum(axis=-1))
        product = (self.updates[1:] * self.updates[:-1]).sum(axis=-1)
        pairs = (length[1:] > 0) & (length[:-1] > 0)
        cosines = np.divide(
            product, length[1:] * length[:-1], out=np.zeros_like(product), where=pairs
        )
        return np.asarray(cosines.sum(axis=0) / np.maximum(pairs.sum(axis=0), 1))

    def reversals(self, direction: Array) -> Array:
        """Return the share of consecutive updates that go opposite ways along a unit vector.

        `direction` has the shape ``(R, n)``; the result ``(R,)``. Updates that are square to it
        up to rounding do not count.
        """
        length = np.sqrt(np.square(self.updates).sum(axis=-1))
        along = (self.updates * direction).sum(axis=-1)
        sign = np.where(np.abs(along) > _ROUNDING * length, np.sign(along), 0)
        pairs = sign[1:] * sign[:-1]
        return np.asarray((pairs < 0).sum(axis=0) / np.maximum((pairs != 0).sum(axis=0), 1))


def full_batch(problem: Problem, rate: Tensor, tolerance: float, limit: int) -> Trail:
    """Descend along the gradient of the mean squared error over all samples.

    Parameters
    ----------
    problem
        R problems.
    rate
        Learning rates, shape ``(R,)``.
    tolerance
        The share of the first loss at which a descent has arrived.
    limit
        Number of updates after which a descent that has not arrived is given up.
    """
    scale = 2 / problem.targets.shape[1] * rate[:, None]
    place = problem.start
    places, losses = [place], []
    for _ in range(limit):
        residual = _residual(problem, place)
        losses.append(residual.square().mean(dim=1))
        if bool((losses[-1] <= tolerance * losses[0]).all()):
            break
        place = place - scale * (problem.design.mT @ residual[..., None])[..., 0]
        places.append(place)
    return _trail(places, torch.stack(losses), tolerance)


def sample_by_sample(
    problem: Problem, rate: Tensor, order: Tensor, tolerance: float, every: int
) -> Trail:
    """Descend along the gradient of one sample's squared error after the other.

    `order` holds the numbers of the samples, one for each update. The loss over all samples is
    looked at after `every` updates, so `steps` is a multiple of it.
    """
    place = problem.start
    places, losses = [place], []
    for step, sample in enumerate(order.tolist()):
        if step % every == 0:
            losses.append(_residual(problem, place).square().mean(dim=1))
            if bool((losses[-1] <= tolerance * losses[0]).all()):
                break
        features = problem.design[:, sample]
        error = (features * place).sum(dim=1) - problem.targets[:, sample]
        place = place - (2 * rate * error)[:, None] * features
        places.append(place)
    return _trail(places, torch.stack(losses), tolerance, every)


def _residual(problem: Problem, place: Tensor) -> Tensor:
    return (problem.design @ place[..., None])[..., 0] - problem.targets


def _trail(places: list[Tensor], losses: Tensor, tolerance: float, every: int = 1) -> Trail:
    """Find where each descent arrived; one that did not took every step there is."""
    there = losses <= tolerance * losses[0]
    arrived = there.any(dim=0)
    steps = torch.where(arrived, there.int().argmax(dim=0) * every, len(places) - 1)
    return Trail(torch.stack(places).numpy(), steps.numpy(), arrived.numpy())
