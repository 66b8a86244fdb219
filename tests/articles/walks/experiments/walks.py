"""Walkers on a line."""

import numpy as np

from experiments.chance import positions
from experiments.settings import Walks
from juchi.core.errors import run_command
from juchi.core.progress import track
from juchi.results.experiment import Result, experiment_command


def run(settings: Walks) -> Result:
    """Return where each walker ends, the paths of all, and the mean square that theory has."""
    place = positions(settings.steps, settings.walkers, settings.pause, settings.seed)
    square = np.zeros(settings.walkers)
    for walker in track(range(settings.walkers), settings.walkers):
        square[walker] = float(place[walker, -1]) ** 2
    step = np.arange(1, settings.steps + 1)
    return Result(
        samples={"square": square, "returned": (place == 0).any(axis=1)},
        curves={
            "walker": np.repeat(np.arange(settings.walkers), settings.steps),
            "step": np.tile(step, settings.walkers),
            "place": place.ravel().astype(np.float64),
        },
        scalars={"expected": settings.steps * (1 - settings.pause)},
    )


if __name__ == "__main__":
    run_command(lambda: experiment_command(__doc__, Walks, run))
