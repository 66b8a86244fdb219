"""A linear read-out of sigmoid features, and the same functions in other coordinates.

The model is ``f = b + w . a`` with the features ``a = gain (sigmoid(slope (z - threshold)) -
shift)``. Shift and gain leave the set of functions as it is: only the coordinates (b, w) of a
function change, and with them the geometry of the loss.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from experiments.settings import FeatureSettings

__all__ = ["FeatureMap", "Problem", "mirrored", "pose"]

# The normal density is below 1e-31 at the ends. The trapezoidal rule converges geometrically for a
# function that is analytic and vanishes at both ends; halving the spacing moves no digit.
_REACH = 12.0
_NODES = 4801


@dataclass(frozen=True)
class FeatureMap:
    """How a feature is made of its pre-activation; see the module's docstring."""

    slope: float
    threshold: float
    shift: float
    gain: float

    @classmethod
    def of(cls, settings: FeatureSettings) -> FeatureMap:
        """Return the features that an experiment is set to."""
        return cls(settings.slope, settings.threshold, settings.shift, settings.gain)

    def __call__(self, z: Tensor) -> Tensor:
        """Return the features at `z`, entry by entry."""
        return self.gain * (torch.sigmoid(self.slope * (z - self.threshold)) - self.shift)

    def moments(self) -> tuple[float, float]:
        """Return mean and variance of a feature whose `z` is standard normal."""
        z = torch.linspace(-_REACH, _REACH, _NODES, dtype=torch.float64)
        density = torch.exp(-z.square() / 2)
        density /= density.sum()
        mean = (density * self(z)).sum()
        return mean.item(), (density * (self(z) - mean).square()).sum().item()

    def coordinates(self, function: Tensor) -> Tensor:
        """Return the parameters (b, w) that give a function in these features.

        `function` holds its parameters for features without shift and gain, in the last axis; the
        bias takes up the shift: ``b + w . s = (b + shift sum w) + (w / gain) . gain (s - shift)``.
        """
        bias, weights = function[..., :1], function[..., 1:]
        shifted = bias + self.shift * weights.sum(dim=-1, keepdim=True)
        return torch.cat([shifted, weights / self.gain], dim=-1)


@dataclass(frozen=True)
class Problem:
    """Least squares, one for each of R drawings; n = d + 1 parameters, the bias first.

    Attributes
    ----------
    design
        A column of ones and the features at N samples, shape ``(R, N, n)``.
    targets
        What the teacher answers, shape ``(R, N)``: the least loss is zero, whatever the features.
    start, teacher
        Parameters, shape ``(R, n)``.
    """

    design: Tensor
    targets: Tensor
    start: Tensor
    teacher: Tensor

    @property
    def hessian(self) -> Tensor:
        """The Hessian of the mean squared error, ``2 / N`` times the Gram matrix, ``(R, n, n)``."""
        return 2 / self.design.shape[1] * (self.design.mT @ self.design)


def pose(features: FeatureMap, width: int, samples: int, drawings: int) -> Problem:
    """Draw problems with `width` features of standard normal pre-activations.

    Start and teacher are two functions drawn alike, with parameters as ``torch.nn.Linear(d, 1)``
    draws them for features without shift and gain: uniform within ``1 / sqrt(d)``. A drawing
    depends on its own number alone, and is the same for all features of one sigmoid.
    """
    functions, pre_activations = zip(
        *(_draw(number, width, samples) for number in range(drawings)), strict=True
    )
    start, teacher = features.coordinates(torch.stack(functions)).unbind(dim=1)
    columns = features(torch.stack(pre_activations)).mT
    design = torch.cat([torch.ones_like(columns[..., :1]), columns], dim=-1)
    return Problem(design, (design @ teacher[..., None])[..., 0], start, teacher)


def _draw(number: int, width: int, samples: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(number)
    options = {"generator": generator, "dtype": torch.float64}
    uniform = torch.rand(2, width + 1, **options)  # type: ignore[call-overload]
    functions = (2 * uniform - 1) / math.sqrt(width)
    return functions, torch.randn(width, samples, **options)  # type: ignore[call-overload]


def mirrored(problem: Problem, mean: float, image: str) -> Problem:
    """Return the same problem in coordinates mirrored at a plane through the origin.

    The mirror takes the direction of the mean sample ``(1, mean, ..., mean)`` to that of the image:
    ``axis``, the first parameter's axis, so that the other columns have mean zero; or
    ``diagonal``, where all columns have the same mean. It is an orthogonal change of coordinates,
    so it moves signs and leaves every length and angle as it is.
    """
    parameters = problem.design.shape[-1]
    axis = torch.zeros(parameters, dtype=torch.float64)
    axis[0] = 1
    mean_sample = torch.full_like(axis, mean)
    mean_sample[0] = 1
    mirror = _reflection(mean_sample, {"axis": axis, "diagonal": torch.ones_like(axis)}[image])
    return replace(
        problem,
        design=problem.design @ mirror,
        start=problem.start @ mirror,
        teacher=problem.teacher @ mirror,
    )


def _reflection(one: Tensor, other: Tensor) -> Tensor:
    """Return the Householder reflection that swaps the directions of two different vectors."""
    normal = one / one.norm() - other / other.norm()
    normal = normal / normal.norm()
    identity = torch.eye(len(one), dtype=one.dtype)
    return identity - 2 * torch.outer(normal, normal)
