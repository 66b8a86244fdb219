"""How far trajectories that should be equal part, and how far rounding alone may part them.

A source is compared with its control, whose steps are the same in exact arithmetic, and with its
listing in float32.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.settings import OneWeightSettings, TrajectoryComparisonSettings
from experiments.trajectories import Trajectories, stored
from juchi.core.errors import UserError, run_command
from juchi.core.records import DIVERGED
from juchi.core.tables import Columns
from juchi.results.experiment import Inputs, Result, analysis_command

__all__ = ["analyse", "compare", "first_parting", "main", "meaningful_steps", "rounding_error"]

Array = NDArray[np.float64]


def analyse(settings: TrajectoryComparisonSettings, inputs: Inputs) -> Result:
    """Compare the source with its control, and its float64 with its float32.

    In `curves` the differences, one row for each step; in `scalars` their summary.
    """
    _require_comparable(settings, inputs)
    names = (settings.source, settings.control, settings.listing)
    source, control, listing = (stored(inputs.results[name]) for name in names)
    made_with = json.dumps(inputs.results[settings.source].settings)
    columns, summary = compare(
        source, control, listing, OneWeightSettings.model_validate_json(made_with), settings
    )
    if any(bool(inputs.results[name].samples["diverged"].any()) for name in names):
        summary = {key: _or_diverged(entry) for key, entry in summary.items()}
    return Result(curves=columns, scalars=summary)


def _require_comparable(settings: TrajectoryComparisonSettings, inputs: Inputs) -> None:
    """Refuse runs that cannot be compared step by step."""
    made_with = {name: result.settings for name, result in inputs.results.items()}
    for name, key, *message in settings.check_inputs(made_with):
        place = f"experiments.one_weight.configurations.{name}.{key}"
        raise UserError(f"config/experiments.yaml: {place}", *message)


def _or_diverged(entry: Any) -> Any:  # noqa: ANN401 - a count, or a number with its n
    """Return a number of the summary, with a word in its place where there is none."""
    if isinstance(entry, Mapping) and not math.isfinite(entry["value"]):
        return {**entry, "value": DIVERGED}
    return entry


def compare(
    source: Trajectories,
    control: Trajectories,
    listing: Trajectories,
    configuration: OneWeightSettings,
    settings: TrajectoryComparisonSettings,
) -> tuple[Columns, dict[str, Any]]:
    """Return the differences step by step, and their summary; `configuration` is the source's."""
    difference = np.abs(source["weight"] - control["weight"])
    error = rounding_error(
        source["curvature"],
        source["weight"],
        configuration.learning_rate,
        float(np.mean(np.abs(configuration.fed_inputs()))),
    )
    columns = {
        "step": np.arange(len(difference), dtype=np.int32),
        "median_difference": np.median(difference, axis=1),
        "largest_difference": difference.max(axis=1),
        "largest_rounding_error": error.max(axis=1),
    }
    starts, shared = difference.shape[1], listing["weight"].shape[1]
    steps = meaningful_steps(error, settings.meaningful_error)
    parting = first_parting(
        source["weight"][:, :shared], listing["weight"], settings.together_tolerance
    )
    summary = {
        "meaningful_steps": {"value": steps, "n": starts},
        "max_difference": {"value": float(difference[: steps + 1].max()), "n": starts},
        "first_step_difference": {"value": float(difference[1].max()), "n": starts},
        "largest_difference": {"value": float(difference.max()), "n": starts},
        "starts": starts,
        "float32_parting": {"value": int(np.median(parting)), "n": shared},
        "float32_starts": shared,
    }
    return columns, summary


def rounding_error(
    curvature: Array, weight: Array, learning_rate: float, mean_input: float
) -> Array:
    """Return the size that rounding errors may reach at each step, from the measured curvature.

    Forward error recursion of the map ``w -> w - eta L'(w)``: an error present is multiplied by
    ``|1 - eta L''(w_t)|``, and each step adds its own. That is the spacing u of float64 at the
    weight's size (at least that at 1), for the weight; and ``eta mean|x| u`` for the gradient,
    whose terms ``2 (f - t) f' x / N`` inherit an error of at most u in f with ``f' <= 1/4``.

    Parameters
    ----------
    curvature, weight
        ``L''(w_t)`` and ``w_t``, float64, shape ``(steps + 1, starts)``.
    mean_input
        The mean absolute input.

    Returns
    -------
    Array
        Shape ``(steps + 1, starts)``; zero at the common start.
    """
    growth = np.abs(1 - learning_rate * curvature)
    unit = np.spacing(np.maximum(np.abs(weight), 1.0)) * (1 + learning_rate * mean_input)
    error = np.zeros_like(weight)
    for step in range(len(weight) - 1):
        error[step + 1] = growth[step] * error[step] + unit[step + 1]
    return error


def meaningful_steps(error: Array, largest: float) -> int:
    """Return the last step up to which the error of no start exceeds `largest`."""
    above = (error > largest).any(axis=1)
    return int(np.argmax(above)) - 1 if above.any() else len(error) - 1


def first_parting(first: Array, second: Array, tolerance: float) -> NDArray[np.int64]:
    """Return for each start the first step at which the two differ by more than `tolerance`.

    The number of steps of the run plus one where they never do. Shape ``(starts,)``.
    """
    apart = np.abs(first - second) > tolerance
    return np.where(apart.any(axis=0), apart.argmax(axis=0), len(first))


def main() -> None:
    """Analyse the results that the command line names."""
    analysis_command(__doc__, TrajectoryComparisonSettings, analyse)


if __name__ == "__main__":
    run_command(main)
