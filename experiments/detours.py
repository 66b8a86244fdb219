"""Does the rate alone make the detour of gradient descent? One share of the bound, all features.

Least squares on two features in one kind of coordinates, many drawings. The learning rate is given
as ``eta lambda_max``, of which 2 is the bound of stability and 1 the most that overshoots nowhere.
"""

from __future__ import annotations

import numpy as np

from experiments.columns import curve
from experiments.coordinates import Modes
from experiments.features import FeatureMap, pose
from experiments.quadratic import descend
from experiments.settings import PLANE, DetoursSettings, key_of
from juchi.core.errors import UserError, run_command
from juchi.results.experiment import Result, experiment_command

__all__ = ["main", "run"]

# The bands of the figures are between these quantiles over the drawings.
_QUANTILES = (0.25, 0.5, 0.75)


def run(settings: DetoursSettings) -> Result:
    """Descend at each share of the bound, in closed form, and measure how long the way is.

    A row of `samples` is a drawing; its column ``detour_1_5`` is the path over the distance at
    ``eta lambda_max = 1.5``.
    """
    features = FeatureMap.of(settings)
    modes = Modes.of(pose(features, PLANE, settings.samples, settings.drawings))
    journeys = {
        share: descend(
            modes.curvature,
            modes.offset,
            share / modes.curvature[-1],
            settings.tolerance,
            settings.limit,
        )
        for share in settings.shares
    }
    for share, journey in journeys.items():
        if (journey.steps >= settings.limit).any():
            raise UserError(
                "config/experiments.yaml: "
                f"experiments.detours.configurations.{settings.name}.limit",
                found=f"{settings.limit} updates, in which a descent at {share} did not arrive",
                expected="as many as every descent needs",
                hint="raise limit, or the smallest of the shares, or the tolerance",
            )
    detours = {share: each.path / each.displacement for share, each in journeys.items()}
    low, middle, high = np.quantile([*detours.values()], _QUANTILES, axis=1)
    return Result(
        samples={
            "drawing": np.arange(settings.drawings, dtype=np.int32),
            **{f"detour_{key_of(share)}": detour for share, detour in detours.items()},
        },
        curves=curve("detour", [*detours], middle, low, high),
    )


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, DetoursSettings, run)


if __name__ == "__main__":
    run_command(main)
