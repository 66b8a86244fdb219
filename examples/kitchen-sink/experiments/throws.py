"""A die is thrown many times."""

import numpy as np

from juchi.core.errors import run_command
from juchi.plan.models import Model
from juchi.results.experiment import Result, experiment_command


class Throws(Model):
    """How many faces the die has, and how often it is thrown."""

    name: str
    faces: int
    throws: int


def run(settings: Throws) -> Result:
    """Return the face of each throw, and the mean after each."""
    face = np.random.default_rng(0).integers(1, settings.faces + 1, settings.throws)
    number = np.arange(1, settings.throws + 1)
    return Result({"face": face}, {"throw": number, "mean": face.cumsum() / number})


if __name__ == "__main__":
    run_command(lambda: experiment_command(__doc__, Throws, run))
