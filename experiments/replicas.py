"""Sweeps of the one-weight model: many replicas at once, the derivatives in closed form, float64.

Each replica has its own learning rate, momentum and initial weight; replicas of one call share the
activation and the training set. The activations here are stretched sigmoids,

    f(z) = a s(k z) + c,    s(z) = 1 / (1 + exp(-z)),    s' = s (1 - s),    s'' = s' (1 - 2 s),

the hyperbolic tangent among them (``tanh z = 2 s(2 z) - 1``). With ``q = (y - c) / a`` the mean
squared error of ``f(w x)`` over N samples has the derivatives

    L'(w)  = sum of (2 a^2 k x / N) (s - q) s'
    L''(w) = sum of (2 a^2 k^2 x^2 / N) s' (s' + (s - q) (1 - 2 s)),    all s at k x w,

so that a step needs one exponential for each sample and no graph. (Powers of a single exponential
for inputs on a grid save nothing worth having: the division and the passes over memory remain.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from experiments.device import CPU, require_device
from experiments.objective import SATURATION
from experiments.settings import OneWeight, StretchedSettings
from juchi.core.errors import UserError
from juchi.core.progress import track

__all__ = [
    "CHUNK",
    "STRETCHED",
    "Loss",
    "Observation",
    "Replicas",
    "advance",
    "observe",
]

Array = NDArray[np.float64]

# Replicas that are stepped together: their buffers fit the cache, and no array is so large
# (32,768 entries) that torch would split it between threads, which could change the last bits.
CHUNK = 6144
# As in experiments/engine.py: in whole blocks no array has an end that other code computes.
_BLOCK = 64
# A deviation is measured and brought back to size one after this many steps: long before it can
# leave the range of float64.
_RENORMALISE = 8
# A deviation that shrinks more than this between two renormalisations counts as having shrunk
# this much: the logarithm of an exact zero is no number to average.
_LEAST_DEVIATION = 1e-300


@dataclass(frozen=True)
class Stretched:
    """A sigmoid stretched along both axes: ``f(z) = height * sigmoid(rate * z) + offset``."""

    height: float
    rate: float
    offset: float


STRETCHED = {
    "sigmoid": Stretched(1, 1, 0),
    "centred_sigmoid": Stretched(1, 1, -0.5),
    "tanh": Stretched(2, 2, -1),
}


class Loss:
    """The mean squared error of ``f(w x)``: its first two derivatives at many weights at once."""

    def __init__(
        self,
        activation: str,
        inputs: tuple[float, ...],
        targets: tuple[float, ...],
        device: str = CPU,
    ) -> None:
        require_device(device)
        if activation not in STRETCHED:
            raise UserError(
                where="config/experiments.yaml: activation of a sweep",
                found=f"{activation!r}, which has no closed form in experiments/replicas.py",
                expected=f"one of {', '.join(STRETCHED)}",
                hint="choose one of these, or add its height, rate and offset there",
            )
        form = STRETCHED[activation]
        self.activation, self.inputs, self.targets = activation, inputs, targets
        self.device = device
        x = torch.tensor(inputs, dtype=torch.float64, device=device)
        y = torch.tensor(targets, dtype=torch.float64, device=device)
        share = 2 * form.height**2 / len(inputs)
        self.stretch = (form.rate * x)[:, None]
        self.aim = ((y - form.offset) / form.height)[:, None]
        self.first = (share * form.rate * x).tolist()
        self.second = (share * (form.rate * x).square()).tolist()

    @classmethod
    def of(cls, settings: StretchedSettings) -> Loss:
        """Return the loss that the settings of an experiment declare."""
        return cls(settings.activation, settings.inputs, settings.targets, settings.device)

    def configuration(self, name: str) -> OneWeight:
        """Return the same model for what goes by automatic differentiation, with plain settings."""
        return OneWeight.plain(name, self.activation, self.inputs, self.targets)

    @property
    def flat_weight(self) -> float:
        """The size of weight above which every sample is saturated, see `SATURATION`.

        The slope is ``sech^2(k z / 2)`` of its largest value; infinite where an input is zero.
        """
        least = self.stretch.abs().min().item()
        return 2 * math.acosh(SATURATION**-0.5) / least if least else math.inf

    def derivatives(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``L'`` and ``L''`` at weights ``(replicas,)``, in new tensors of the processor."""
        space = _Workspace(self, len(weight))
        space.gradient(weight.to(self.device))
        space.curvature()
        return space.slope.cpu(), space.bend.cpu()


class _Workspace:
    """Buffers for one chunk, shape ``(samples, replicas)``, and the in-place arithmetic on them."""

    def __init__(self, loss: Loss, replicas: int) -> None:
        self.loss = loss
        shape = (len(loss.first), replicas)
        empty = partial(torch.empty, dtype=torch.float64, device=loss.device)
        self.output, self.steepness, self.residual, self.part = (empty(shape) for _ in range(4))
        self.slope, self.bend = (empty(replicas) for _ in range(2))
        self.one = torch.ones(1, dtype=torch.float64, device=loss.device)

    def gradient(self, weight: Tensor) -> None:
        """Write ``L'(weight)`` into `slope`."""
        s, d, r = self.output, self.steepness, self.residual
        torch.mul(self.loss.stretch, weight, out=s)
        s.sigmoid_()
        torch.addcmul(s, s, s, value=-1, out=d)
        torch.sub(s, self.loss.aim, out=r)
        torch.mul(r[0], d[0], out=self.slope).mul_(self.loss.first[0])
        for sample in range(1, len(self.loss.first)):
            self.slope.addcmul_(r[sample], d[sample], value=self.loss.first[sample])

    def curvature(self) -> None:
        """Write ``L''`` at the weight of the last `gradient` into `bend`."""
        d, part = self.steepness, self.part
        torch.sub(self.one, self.output, alpha=2, out=part)
        torch.addcmul(d, self.residual, part, out=part)
        part.mul_(d)
        torch.mul(part[0], self.loss.second[0], out=self.bend)
        for sample in range(1, len(self.loss.second)):
            self.bend.add_(part[sample], alpha=self.loss.second[sample])


def _followed(total: int, size: int) -> Iterator[int]:
    """Yield where the parts of a whole begin, and tell how far that is."""
    starts = range(0, total, size)
    return track(starts, len(starts))


class Replicas:
    """Heavy balls on the way: rate, momentum, weight and velocity of each, float64.

    Stored in whole blocks, the last replica repeated; the properties show the real ones only.
    """

    def __init__(self, rate: Tensor, momentum: Tensor, weight: Tensor, velocity: Tensor) -> None:
        self.count = len(weight)
        self.state = tuple(
            torch.cat([each, each[-1:].expand(-self.count % _BLOCK)])
            for each in (rate, momentum, weight, velocity)
        )

    @classmethod
    def start(cls, rate: Array, momentum: Array, weight: Array) -> Replicas:
        """Return replicas at rest; the three are broadcast together and flattened."""
        every = np.broadcast_arrays(rate, momentum, weight)
        eta, beta, w = (torch.tensor(each.ravel(), dtype=torch.float64) for each in every)
        return cls(eta, beta, w, torch.zeros_like(w))

    @property
    def rate(self) -> Tensor:
        """Learning rates, shape ``(count,)``; so the momenta, weights and velocities below."""
        return self.state[0][: self.count]

    @property
    def momentum(self) -> Tensor:
        """Momenta."""
        return self.state[1][: self.count]

    @property
    def weight(self) -> Tensor:
        """Weights after the steps taken so far."""
        return self.state[2][: self.count]

    @property
    def velocity(self) -> Tensor:
        """Velocities after the steps taken so far."""
        return self.state[3][: self.count]

    def take(self, chosen: NDArray[np.intp]) -> Replicas:
        """Return some of the replicas, as they are now, by index."""
        index = torch.from_numpy(chosen)
        return Replicas(*(each[index] for each in self.state))

    def parts(self, size: int) -> Iterator[tuple[slice, Replicas]]:
        """Yield copies of `size` replicas after another, each with its place."""
        for first in _followed(self.count, size):
            place = slice(first, min(first + size, self.count))
            yield place, self.take(np.arange(place.start, place.stop))

    def chunks(self, loss: Loss, size: int) -> Iterator[tuple[slice, _Workspace, list[Tensor]]]:
        """Yield chunk by chunk: its place, a workspace, and its state on the loss's device.

        On the processor these are views; from a GPU, weight and velocity are brought back after
        each chunk, so that no more than one has to fit there.
        """
        total = len(self.state[2])
        space = _Workspace(loss, min(size, total))
        for first in _followed(total, size):
            place = slice(first, min(first + size, total))
            if place.stop - first != len(space.slope):
                space = _Workspace(loss, place.stop - first)
            there = [each[place].to(loss.device) for each in self.state]
            yield place, space, there
            for here, each in zip(self.state[2:], there[2:], strict=True):
                _bring_back(each, here[place])


@dataclass(frozen=True)
class Observation:
    """What a window of steps showed.

    Attributes
    ----------
    weight
        Shape ``(steps + 1, replicas)``: before the first step of the window, and after each.
    exponent
        Largest Lyapunov exponent per step, ``(replicas,)``; see `observe`.
    """

    weight: Tensor
    exponent: Tensor


@torch.inference_mode()
def advance(loss: Loss, replicas: Replicas, steps: int, *, chunk: int = CHUNK) -> None:
    """Take steps, in place: ``v <- beta v + L'(w); w <- w - eta v`` (Polyak 1964, as PyTorch).

    A replica's numbers depend on its own settings alone, to the last bit; `chunk` is a multiple
    of 64.
    """
    for _, space, (rate, momentum, weight, velocity) in replicas.chunks(loss, chunk):
        for _ in range(steps):
            space.gradient(weight)
            _update(space, rate, momentum, weight, velocity)


def _bring_back(there: Tensor, here: Tensor) -> None:
    """Copy what was computed to where it belongs, unless it was computed there."""
    if there.device != here.device:
        here.copy_(there)


def _update(
    space: _Workspace, rate: Tensor, momentum: Tensor, weight: Tensor, velocity: Tensor
) -> None:
    velocity.mul_(momentum).add_(space.slope)
    weight.addcmul_(rate, velocity, value=-1)


@torch.inference_mode()
def observe(loss: Loss, replicas: Replicas, steps: int, *, chunk: int = CHUNK) -> Observation:
    """Take steps as `advance` does, recording weights and the growth of small deviations.

    A deviation follows the derivative of the step,

        dv <- beta dv + L''(w) dw;    dw <- dw - eta dv,

    and the exponent is the mean over the window of the growth of the logarithm of its size
    ``sqrt(dw^2 + (beta eta dv)^2)`` (Benettin et al. 1980, with one vector): for beta = 0 that is
    exactly the mean of ``log |1 - eta L''(w_t)|``. It starts as (1, 0).
    """
    recorded = torch.empty(steps + 1, len(replicas.state[2]), dtype=torch.float64)
    growth = torch.zeros_like(replicas.state[2])
    for place, space, (rate, momentum, weight, velocity) in replicas.chunks(loss, chunk):
        deviation = _Deviation(rate, momentum)
        orbit = recorded[:, place].to(loss.device)
        for step in range(steps):
            orbit[step] = weight
            space.gradient(weight)
            space.curvature()
            deviation.follow(space.bend)
            if (step + 1) % _RENORMALISE == 0 or step + 1 == steps:
                growth[place] += deviation.renormalise().cpu()
            _update(space, rate, momentum, weight, velocity)
        orbit[steps] = weight
        _bring_back(orbit, recorded[:, place])
    return Observation(recorded[:, : replicas.count], growth[: replicas.count] / steps)


class _Deviation:
    """A small deviation of each replica of a chunk, in weight and velocity."""

    def __init__(self, rate: Tensor, momentum: Tensor) -> None:
        self.rate, self.momentum = rate, momentum
        self.kept = rate * momentum
        self.weight, self.velocity = torch.ones_like(rate), torch.zeros_like(rate)

    def follow(self, curvature: Tensor) -> None:
        """Take one step."""
        self.velocity.mul_(self.momentum).addcmul_(curvature, self.weight)
        self.weight.addcmul_(self.rate, self.velocity, value=-1)

    def renormalise(self) -> Tensor:
        """Bring the deviation to size one; return the logarithm of the size that it had."""
        size = (self.kept * self.velocity).square_().add_(self.weight.square()).sqrt_()
        size.clamp_(min=_LEAST_DEVIATION)
        self.weight.div_(size)
        self.velocity.div_(size)
        return size.log_()
