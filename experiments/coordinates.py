"""What the mean of a layer's inputs does when there is more than one weight.

One set of functions, ``b + w . sigmoid(z)``, in several coordinates; gradient descent from the same
function to the same function, each at its own best rate. The condition number, the signs of the
gradient and the length of the way are measured apart, and mirrored coordinates, which change the
signs and nothing else, tell which of them makes the way long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from experiments import ravine
from experiments.columns import curve, stacked
from experiments.descent import Trail, full_batch, sample_by_sample
from experiments.features import FeatureMap, Problem, mirrored, pose
from experiments.quadratic import best_rate, descend, expected_condition, population_condition
from experiments.settings import PLANE, CoordinatesSettings
from experiments.signs import chance_coherence, chance_one_sign, coherence, one_sign
from juchi.core.errors import UserError, run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = ["Modes", "band", "check_condition", "main", "run"]

Array = NDArray[np.float64]

# The bands of the figures are between these quantiles over the drawings.
_QUANTILES = (0.05, 0.5, 0.95)
# The order of the samples is one for all drawings: the samples of each are drawn alike.
_ORDER_SEED = 0
# The rates at which a descent is had both in closed form and from the data.
_TRAILED = ("best", "calm")
# How often sample-by-sample descent looks whether it has arrived.
_LOOK_EVERY = 8
# A descent takes about as many steps as the condition number: this many take seconds.
_LARGEST_CONDITION = 1e6


def run(settings: CoordinatesSettings) -> Result:
    """Pose the problems of every width in these coordinates, and measure them."""
    features = FeatureMap.of(settings)
    mean, variance = features.moments()
    samples, curves = [], []
    for width in sorted(settings.widths):
        problem = pose(features, width, settings.samples, settings.drawings)
        measured = _measured(settings, problem)
        if width == PLANE:
            close, trails = _close_up(settings, problem)
            measured |= close
            drawing = ravine.shown(features, problem)
            curves.append(ravine.picture(problem, trails, drawing, "ravine_"))
            image = mirrored(problem, mean, settings.mirror)
            close, trails = _close_up(settings, image)
            curves.append(ravine.picture(image, trails, drawing, "mirrored_"))
            seen = _measured(settings, image) | close
            samples.append(_labels(settings, 1, problem) | seen)
        samples.append(_labels(settings, 0, problem) | measured)
        curves += [_bands(width, measured), _expected(settings, width, mean, variance)]
    table = stacked(samples)
    scalars = {
        "widest": max(settings.widths),
        "feature_mean": mean,
        "feature_variance": variance,
        "closed_form_difference": _closed_form_difference(table),
        **_growth(settings, table, mean, variance),
    }
    return Result(table, stacked(curves), scalars)


def _closed_form_difference(samples: Columns) -> float:
    """Return by how much, at most, a detour from the data differs from the closed form's."""
    rows = samples["width"] == PLANE
    detours = ((samples[f"{name}_trail_detour"], samples[f"{name}_detour"]) for name in _TRAILED)
    return max(float(np.abs(trail[rows] / form[rows] - 1).max()) for trail, form in detours)


def _growth(
    settings: CoordinatesSettings, samples: Columns, mean: float, variance: float
) -> dict[str, Any]:
    """Return how the median condition number grows with the width, and how theory fares.

    The local exponents are those between the two narrowest and the two widest; beside the last are
    those of the exact formula, for infinitely many samples and for as many as here. The error is
    the largest relative one of any width against `expected_condition`.
    """
    widths = sorted(settings.widths)
    plain = samples["mirrored"] == 0
    medians = np.array(
        [np.median(samples["condition"][plain & (samples["width"] == width)]) for width in widths]
    )
    foretold = np.array(
        [expected_condition(width, settings.samples, mean, variance) for width in widths]
    )
    exact = np.array([population_condition(width, mean, variance) for width in widths])
    exponents, exact_exponents, foretold_exponents = (
        (np.diff(np.log(each)) / np.diff(np.log(widths))).tolist() or [None]
        for each in (medians, exact, foretold)
    )
    return {
        "first_local_exponent": exponents[0],
        "last_local_exponent": exponents[-1],
        "last_exact_exponent": exact_exponents[-1],
        "last_foretold_exponent": foretold_exponents[-1],
        "condition_error": float(np.abs(medians / foretold - 1).max()),
    }


def _labels(settings: CoordinatesSettings, form: int, problem: Problem) -> Columns:
    """Return what each row is of.

    `widest` marks the largest width, whatever the preset's is; `mixed_way` the drawings in which
    some weights have to rise and others to fall.
    """
    drawings = np.arange(settings.drawings, dtype=np.int32)
    way = (problem.teacher - problem.start)[:, 1:].numpy()
    return {
        "width": np.full_like(drawings, way.shape[1]),
        "widest": np.full_like(drawings, way.shape[1] == max(settings.widths)),
        "mirrored": np.full_like(drawings, form),
        "drawing": drawings,
        "mixed_way": (~one_sign(way)).astype(np.int32),
    }


@dataclass(frozen=True)
class Modes:
    """Problems in the eigenvectors of their Hessians, in order of curvature, flattest first.

    `curvature` and `offset` (start minus minimum) have the shape ``(n, R)``, the modes first as
    `experiments.quadratic` has them; `directions` ``(R, n, n)``, an eigenvector in each column.
    """

    curvature: Array
    offset: Array
    directions: Array

    @classmethod
    def of(cls, problem: Problem) -> Modes:
        """Return the modes of R problems."""
        curvature, directions = torch.linalg.eigh(problem.hessian)
        offset = (directions.mT @ (problem.start - problem.teacher)[..., None])[..., 0]
        modes_first = [np.ascontiguousarray(each.T.numpy()) for each in (curvature, offset)]
        return cls(modes_first[0], modes_first[1], directions.numpy())

    def rates(self, small_step: float) -> dict[str, Array]:
        """Return the best rate, the largest that overshoots in no mode, and a small one."""
        calm = 1 / self.curvature[-1]
        best = best_rate(self.curvature[0], self.curvature[-1])
        return {"best": best, "calm": calm, "small": small_step * calm}


def _measured(settings: CoordinatesSettings, problem: Problem) -> Columns:
    """Return what is measured in every width, one row for each drawing."""
    modes = Modes.of(problem)
    curvature = modes.curvature
    check_condition(curvature, f"coordinates.configurations.{settings.name}")
    columns = {"condition": curvature[-1] / curvature[0], "sharpness": curvature[-1]}
    for name in _TRAILED:
        rate = modes.rates(settings.small_step)[name]
        journey = descend(curvature, modes.offset, rate, settings.tolerance)
        columns[f"{name}_steps"] = journey.steps.astype(np.float64)
        columns[f"{name}_detour"] = journey.path / journey.displacement
        share, agreement = _batch_signs(modes, rate, np.minimum(journey.steps, settings.window))
        columns |= {f"{name}_one_sign": share, f"{name}_coherence": agreement}
    return columns | _sample_signs(problem)


def check_condition(curvature: Array, configuration: str) -> None:
    """Refuse features so alike that a descent would take for ever."""
    if not (curvature[-1] <= _LARGEST_CONDITION * curvature[0]).all():
        raise UserError(
            where=f"config/experiments.yaml: experiments.{configuration}: "
            "slope, threshold, shift, gain or samples",
            found=f"features with a condition number above {_LARGEST_CONDITION:,.0f}",
            expected="features that differ from sample to sample, and from each other",
            hint="bring slope, gain and threshold near one, or raise samples",
        )


def _batch_signs(modes: Modes, rate: Array, updates: NDArray[np.int64]) -> tuple[Array, Array]:
    """Return the share of the first updates whose weights go one way, and their coherence."""
    share, agreement = np.zeros_like(rate), np.zeros_like(rate)
    here, factor = modes.offset.copy(), 1 - rate * modes.curvature
    for update in range(int(updates.max())):
        gradient = (modes.directions @ (modes.curvature * here).T[..., None])[:, 1:, 0]
        share += one_sign(gradient) * (update < updates)
        agreement += coherence(gradient) * (update < updates)
        here *= factor
    return share / updates, agreement / updates


def _sample_signs(problem: Problem) -> Columns:
    """Return how far the signs in the gradients of single samples agree, at the start.

    Over the weights, and over all parameters with the bias, since a mirror mixes all of them.
    """
    residual = (problem.design @ problem.start[..., None])[..., 0] - problem.targets
    gradients = (2 * residual[..., None] * problem.design).numpy()
    return {
        "sample_one_sign": one_sign(gradients[..., 1:]).mean(axis=1),
        "sample_one_sign_all": one_sign(gradients).mean(axis=1),
        "sample_coherence": coherence(gradients[..., 1:]).mean(axis=1),
    }


def _close_up(settings: CoordinatesSettings, problem: Problem) -> tuple[Columns, dict[str, Trail]]:
    """Return what is measured of descents that are done from the data, and their ways."""
    modes = Modes.of(problem)
    trails = {
        name: full_batch(problem, torch.from_numpy(rate), settings.tolerance, settings.limit)
        for name, rate in modes.rates(settings.small_step).items()
    }
    trails["single"] = _single_samples(settings, problem)
    columns: Columns = {}
    for name, trail in trails.items():
        if not trail.arrived.all():
            raise UserError(
                where="config/experiments.yaml: "
                f"experiments.coordinates.configurations.{settings.name}.limit",
                found=f"{settings.limit} updates, in which a descent ({name}) did not arrive",
                expected="as many updates as every descent needs to the tolerance",
                hint="raise limit, or small_step, or the tolerance",
            )
        columns |= {
            f"{name}_trail_steps": trail.steps.astype(np.float64),
            f"{name}_trail_detour": trail.detour(),
            f"{name}_trail_cosine": trail.cosine(),
            f"{name}_trail_reversals": trail.reversals(modes.directions[..., -1]),
        }
    return columns, trails


def _single_samples(settings: CoordinatesSettings, problem: Problem) -> Trail:
    """Descend sample by sample, in one random order for all drawings.

    The rate is the largest at which no update overshoots its own sample's target,
    ``1 / (2 |x|^2)`` of the longest sample x (after Needell, Srebro & Ward 2014).
    """
    longest = problem.design.square().sum(dim=2).amax(dim=1)
    generator = torch.Generator().manual_seed(_ORDER_SEED)
    order = torch.randint(settings.samples, (settings.limit,), generator=generator)
    return sample_by_sample(problem, 1 / (2 * longest), order, settings.tolerance, _LOOK_EVERY)


def band(name: str, width: int, values: Array) -> Columns:
    """Return the median of a measure over the drawings, with the band of the figures around it."""
    low, middle, high = np.quantile(values, _QUANTILES)
    return curve(name, width, middle, low, high)


def _bands(width: int, measured: Columns) -> Columns:
    """Return the median of every measure over the drawings with a band around it, and its mean."""
    bands = (band(name, width, values) for name, values in measured.items())
    means = (curve(f"{name}_mean", width, values.mean()) for name, values in measured.items())
    return stacked([*bands, *means])


def _expected(settings: CoordinatesSettings, width: int, mean: float, variance: float) -> Columns:
    """Return what theory and chance foretell."""
    foretold = {
        "population_condition": population_condition(width, mean, variance),
        "expected_condition": expected_condition(width, settings.samples, mean, variance),
        "chance_one_sign": chance_one_sign(width),
        "chance_coherence": chance_coherence(width),
    }
    return stacked(curve(name, width, value) for name, value in foretold.items())


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, CoordinatesSettings, run)


if __name__ == "__main__":
    run_command(main)
