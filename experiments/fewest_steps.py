"""Steps and detour of gradient descent at the rate that takes the fewest steps.

Least squares on features in one kind of coordinates. The rate that is best for the worst start
("minimax", ``2 / (h_min + h_max)``) need not be the one that brings a given start to the tolerance
in the fewest steps: that is looked for on a grid of shares of the bound, drawing by drawing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.columns import curve, stacked
from experiments.coordinates import Modes, band, check_condition
from experiments.features import FeatureMap, Problem, pose
from experiments.quadratic import (
    arrival,
    best_rate,
    expected_condition,
    path_length,
    population_condition,
)
from experiments.settings import FewestSettings
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = ["main", "positive_products", "run"]

Array = NDArray[np.float64]

_DRAWN = ("condition", "minimax_steps", "fewest_steps")


def run(settings: FewestSettings) -> Result:
    """Descend at the minimax rate and at every share of the bound, at every number of features.

    A row of `samples` is a drawing of one width; `at_edge` counts those whose fewest steps lie at
    an end of the grid.
    """
    features = FeatureMap.of(settings)
    mean, variance = features.moments()
    samples, curves = [], []
    for width in sorted(settings.widths):
        measured = _measured(settings, pose(features, width, settings.samples, settings.drawings))
        drawings = np.arange(settings.drawings, dtype=np.int32)
        labels = {
            "width": np.full_like(drawings, width),
            "widest": np.full_like(drawings, width == max(settings.widths)),
            "drawing": drawings,
        }
        samples.append(labels | measured)
        curves += [band(name, width, measured[name]) for name in _DRAWN]
        foretold = {
            "population_condition": population_condition(width, mean, variance),
            "expected_condition": expected_condition(width, settings.samples, mean, variance),
        }
        curves += [curve(name, width, value) for name, value in foretold.items()]
    table = stacked(samples)
    ends = np.isin(table["fewest_share"], [min(settings.shares), max(settings.shares)])
    scalars: dict[str, Any] = {"at_edge": int(ends.sum()), "widest": max(settings.widths)}
    return Result(table, stacked(curves), scalars)


def _measured(settings: FewestSettings, problem: Problem) -> Columns:
    """Return what is measured of each drawing: at the minimax rate, and at the fewest steps."""
    modes = Modes.of(problem)
    curvature, offset, bound = modes.curvature, modes.offset, 2 / modes.curvature[-1]
    check_condition(curvature, f"fewest_steps.configurations.{settings.name}")
    shares = np.sort(np.array(settings.shares))
    tried = np.array(
        [arrival(curvature, offset, share * bound, settings.tolerance) for share in shares]
    )
    best = tried.argmin(axis=0)
    minimax = best_rate(curvature[0], curvature[-1])
    minimax_steps = arrival(curvature, offset, minimax, settings.tolerance)
    fewest = tried.min(axis=0)
    return {
        "condition": curvature[-1] / curvature[0],
        "positive_products": positive_products(problem),
        "minimax_share": minimax / bound,
        "minimax_steps": minimax_steps.astype(np.float64),
        "minimax_detour": _detour(modes, minimax, minimax_steps),
        "fewest_share": shares[best],
        "fewest_steps": fewest.astype(np.float64),
        "fewest_detour": _detour(modes, shares[best] * bound, fewest),
        "saved": minimax_steps / fewest,
    }


def _detour(modes: Modes, rate: Array, steps: NDArray[np.int64]) -> Array:
    """Return path over displacement."""
    reached = (1 - rate * modes.curvature) ** steps
    displacement = np.sqrt(np.square(modes.offset * (1 - reached)).sum(axis=0))
    return np.asarray(path_length(modes.curvature, modes.offset, rate, steps) / displacement)


def positive_products(problem: Problem) -> Array:
    """Return the share of pairs of samples ``(1, a)`` that have a positive product.

    Where it is one no two samples are a right angle apart; shape ``(R,)``.
    """
    products = problem.design @ problem.design.mT
    samples = products.shape[1]
    # Of a sample with itself the product is always positive.
    above = (products > 0).sum(dim=(1, 2)).numpy() - samples
    share: Array = above / (samples * (samples - 1))
    return share


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, FewestSettings, run)


if __name__ == "__main__":
    run_command(main)
