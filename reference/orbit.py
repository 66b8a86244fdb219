"""Many orbits of gradient descent with momentum at once, and what they show.

``v <- beta v + L'(w); w <- w - eta v``; every array has the shape ``(orbits,)``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.loss import Loss

__all__ = ["Orbits", "Window"]

Array = NDArray[Any]

# The distance of the two orbits whose growth is the Lyapunov exponent.
_APART = 1e-7


@dataclass(frozen=True)
class Window:
    """What a stretch of the orbits showed.

    Attributes
    ----------
    low, high
        The extremes of the weight, in the first and in the second half, shape ``(2, orbits)``.
    flattest
        The least |w|.
    exponent
        Mean logarithm of the growth of a small distance in one step.
    last
        The last weights, shape ``(kept, orbits)``.
    """

    low: Array
    high: Array
    flattest: Array
    exponent: Array
    last: Array


@dataclass(frozen=True)
class Orbits:
    """Where orbits are: weights and velocities, with the rate and the momentum of each."""

    loss: Loss
    rate: Array
    momentum: Array
    weight: Array
    velocity: Array

    @classmethod
    def begin(cls, loss: Loss, rate: Any, momentum: Any, weight: Array) -> Orbits:  # noqa: ANN401 - numbers or arrays
        """Start at rest, with rate, momentum and weight stretched to a common shape, then flat."""
        each = (np.ravel(values) for values in np.broadcast_arrays(rate, momentum, weight))
        rates, momenta, weights = (values.astype(float) for values in each)
        return cls(loss, rates, momenta, weights, np.zeros_like(weights))

    def some(self, chosen: Array) -> Orbits:
        """Return the orbits at an index or a mask."""
        parts = (self.rate, self.momentum, self.weight, self.velocity)
        return Orbits(self.loss, *(part[chosen] for part in parts))

    def step(self) -> Orbits:
        """Return the orbits one update later."""
        velocity = self.momentum * self.velocity + self.loss.slope(self.weight)
        return replace(self, weight=self.weight - self.rate * velocity, velocity=velocity)

    def after(self, steps: int) -> Orbits:
        """Return the orbits some updates later."""
        now = self
        for _ in range(steps):
            now = now.step()
        return now

    def watch(self, steps: int, kept: int = 0) -> tuple[Orbits, Window]:
        """Follow each orbit, and a second one close by, which is drawn back after every step.

        The growth of the distance between the two, in the plane of weight and velocity, is the
        largest Lyapunov exponent (Benettin, Galgani, Giorgilli & Strelcyn, Meccanica 15, 9, 1980).
        The velocity does not count without momentum, where it has no memory.
        """
        now, twin = self, replace(self, weight=self.weight + _APART)
        low, high = np.full((2, 2, len(self.weight)), np.inf)
        high = -high
        flattest, growth = np.abs(self.weight), np.zeros_like(self.weight)
        last = [now.weight]
        remembers = np.where(self.momentum > 0, 1.0, 0.0)
        for step in range(steps):
            half = 2 * step // steps
            low[half] = np.minimum(low[half], now.weight)
            high[half] = np.maximum(high[half], now.weight)
            now, twin = now.step(), twin.step()
            flattest = np.minimum(flattest, np.abs(now.weight))
            last = [*last, now.weight][-kept - 1 :]
            aside = twin.weight - now.weight
            swerve = remembers * (twin.velocity - now.velocity)
            stretch = np.hypot(aside, swerve) / _APART
            # Two orbits that have met count as having come as close as float64 tells.
            stretch = np.maximum(stretch, np.finfo(float).eps)
            growth += np.log(stretch)
            twin = replace(
                now,
                weight=now.weight + np.where(aside == 0, _APART, aside / stretch),
                velocity=now.velocity + swerve / stretch,
            )
        return now, Window(low, high, flattest, growth / steps, np.array(last))
