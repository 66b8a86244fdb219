"""What signs and axes of the features are to gradient descent, heavy ball, Adam and RMSprop.

One problem in several coordinates: with all features positive, with half of the signs changed, and
with the mean of the features turned from the diagonal to the first axis. None of these changes the
set of functions, the start or the shape of the loss.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from experiments.columns import curve, stacked
from experiments.features import FeatureMap, Problem, pose
from experiments.optimisers import steps_to
from experiments.settings import MethodsSettings, whole
from experiments.signs import one_sign
from juchi.core.errors import run_command
from juchi.core.progress import track
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = ["half_flipped", "main", "run", "turned"]

Array = NDArray[np.float64]


def half_flipped(width: int) -> Array:
    """Return the change of coordinates that changes the sign of every second weight."""
    signs = np.ones(width + 1)
    signs[2::2] = -1
    return np.diag(signs)


def turned(width: int, share: float) -> Array:
    """Return the rotation of the weights that takes their diagonal towards the first axis.

    By a share of the angle between the two, in the plane of both; the bias stays as it is.
    """
    diagonal = np.full(width, 1 / math.sqrt(width))
    beside = np.eye(width)[0] - diagonal[0] * diagonal
    length = np.linalg.norm(beside)
    rotation = np.eye(width + 1)
    if length == 0:
        return rotation
    beside = beside / length
    angle = share * math.acos(diagonal[0])
    within = np.outer(diagonal, diagonal) + np.outer(beside, beside)
    across = np.outer(beside, diagonal) - np.outer(diagonal, beside)
    rotation[1:, 1:] += (math.cos(angle) - 1) * within + math.sin(angle) * across
    return rotation


def run(settings: MethodsSettings) -> Result:
    """Descend by one method at every rate, in every form of every width."""
    samples, curves = [], []
    signs, axes, shares = 0.0, 0.0, []
    features = FeatureMap.of(settings)
    for width in track(settings.widths, len(settings.widths)):
        problem = pose(features, width, settings.samples, settings.drawings)
        forms = _forms(settings, width)
        steps = {form: _steps(settings, problem, change) for form, change in forms.items()}
        first, last = (("turned", share) for share in (0.0, 1.0))
        signs = max(signs, _largest_difference(steps["flipped", 0.0], steps[first], lost=True))
        axes = max(axes, _largest_difference(steps[last], steps[first], lost=False))
        shares.append([_one_sign(problem, forms[form]) for form in (first, ("flipped", 0.0))])
        for (kind, share), counts in steps.items():
            nudged = _nudged(settings, problem, forms[kind, share], _best(counts))
            samples.append(_rows(settings, width, (kind, share), (counts, nudged), steps[first]))
            curves.append(_curve(settings, f"{kind}_{width}_{whole(100 * share)}", counts))
    before, flipped = np.mean(shares, axis=0).tolist()
    scalars = {
        "largest_sign_difference": signs,
        "largest_axis_difference": axes,
        "one_sign": before,
        "flipped_one_sign": flipped,
        "widest": max(settings.widths),
    }
    return Result(stacked(samples), stacked(curves), scalars)


def _forms(settings: MethodsSettings, width: int) -> dict[tuple[str, float], Array]:
    """Return the change of coordinates of each form, by its kind and how far it is turned."""
    turns = {("turned", share): turned(width, share) for share in settings.turns}
    return {**turns, ("flipped", 0.0): half_flipped(width)}


def _one_sign(problem: Problem, change: Array) -> float:
    """Return the share of samples whose own gradient moves all weights one way."""
    return float(one_sign((problem.design.numpy() @ change.T)[..., 1:]).mean())


def _steps(settings: MethodsSettings, problem: Problem, change: Array) -> Array:
    """Return the steps of each drawing at each rate, shape ``(drawings, rates)``."""
    offset = (problem.start - problem.teacher).numpy() @ change.T
    return _descend(settings, problem, change, offset, settings.rates)


def _nudged(settings: MethodsSettings, problem: Problem, change: Array, best: int) -> Array:
    """Return the steps at one rate from starts that are off in their last bits, one a drawing.

    Every component is the next larger float64: no two programs round a start alike.
    """
    offset = np.nextafter((problem.start - problem.teacher).numpy() @ change.T, np.inf)
    return _descend(settings, problem, change, offset, [settings.rates[best]])[:, 0]


def _descend(
    settings: MethodsSettings,
    problem: Problem,
    change: Array,
    offset: Array,
    rates_tried: Sequence[float],
) -> Array:
    hessian = change @ problem.hessian.numpy() @ change.T
    rates = np.tile(rates_tried, (settings.drawings, 1))
    if settings.relative:
        rates = rates / torch.linalg.eigvalsh(problem.hessian)[:, -1:].numpy()
    return steps_to(
        hessian, offset, settings.method, rates, tolerance=settings.tolerance, limit=settings.limit
    )


def _largest_difference(one: Array, other: Array, *, lost: bool) -> float:
    """Return the largest difference of two step counts; infinite where one run alone was given up.

    With `lost` false, runs that one of the two gave up are left out.
    """
    both = np.isfinite(one) & np.isfinite(other)
    if lost and (np.isfinite(one) != np.isfinite(other)).any():
        return math.inf
    return float(np.abs(one[both] - other[both]).max(initial=0))


def _rows(
    settings: MethodsSettings,
    width: int,
    form: tuple[str, float],
    counts: tuple[Array, Array],
    diagonal: Array,
) -> Columns:
    """Return a row for each drawing: its steps at the form's best rate and at the small one.

    A run that was given up counts as many steps as it was given. A quotient is of the steps on the
    diagonal, each form at its own best rate. `counts` are the steps at each rate, and those at the
    best rate from a start that is off in its last bits: a run hangs on rounding where they differ.
    """
    kind, share = form
    steps, nudged = counts
    best, at_first = _best(steps), _best(diagonal)
    small = settings.rates.index(settings.small_rate)
    drawings = np.arange(settings.drawings, dtype=np.int32)
    counted, beside = (np.minimum(each, settings.limit) for each in (steps, diagonal))
    return {
        "width": np.full_like(drawings, width),
        "widest": np.full_like(drawings, width == max(settings.widths)),
        "flipped": np.full_like(drawings, kind == "flipped"),
        "turned": np.full(settings.drawings, share),
        "drawing": drawings,
        "best_rate": np.full(settings.drawings, settings.rates[best]),
        "given_up": np.isinf(steps[:, best]).astype(np.int32),
        "hangs_on_rounding": (steps[:, best] != nudged).astype(np.int32),
        "best_steps": counted[:, best],
        "small_steps": counted[:, small],
        "best_quotient": beside[:, at_first] / counted[:, best],
        "small_quotient": beside[:, small] / counted[:, small],
    }


def _best(steps: Array) -> int:
    """Return the rate with the fewest steps in the median; of several, the smallest."""
    return int(np.median(steps, axis=0).argmin())


def _curve(settings: MethodsSettings, name: str, steps: Array) -> Columns:
    """Return the median steps over the rates, with the quartiles of the drawings."""
    counted = np.minimum(steps, settings.limit)
    low, middle, high = np.quantile(counted, (0.25, 0.5, 0.75), axis=0)
    return curve(name, settings.rates, middle, low, high)


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, MethodsSettings, run)


if __name__ == "__main__":
    run_command(main)
