"""A coin is thrown."""

import numpy as np

from experiments.settings import Coin
from juchi.core.errors import run_command
from juchi.results.experiment import Result, experiment_command


def run(settings: Coin) -> Result:
    """Return how each throw ended."""
    heads = np.random.default_rng(2).integers(0, 2, settings.throws).astype(bool)
    return Result(samples={"heads": heads}, scalars={"heads": int(heads.sum())})


if __name__ == "__main__":
    run_command(lambda: experiment_command(__doc__, Coin, run))
