"""A die is thrown many times."""

import math

import numpy as np
from scipy.stats import chisquare

from juchi.core.errors import run_command
from juchi.plan.models import Model
from juchi.results.experiment import Result, experiment_command

TRIALS = 10


class Throws(Model):
    """How many faces the die has and how often it is thrown; what it is made of, and where."""

    name: str
    faces: int
    throws: int
    edge: int
    density: float
    density_error: float
    room: int
    speed: float


def run(settings: Throws) -> Result:
    """Return the face of each throw, the mean after each, and how the faces are shared out."""
    face = np.random.default_rng(0).integers(1, settings.faces + 1, settings.throws)
    number = np.arange(1, settings.throws + 1)
    low, high = 3 * face <= settings.faces, 3 * face > 2 * settings.faces
    samples = {"face": face, "low": low, "middle": ~(low | high), "high": high}
    scalars = {
        "p": chisquare(np.bincount(face)[1:]).pvalue,
        # As likely as that a die which always shows one face is a fair one.
        "p_loaded": math.pow(settings.faces, -TRIALS),
        "sixes": int((face[:TRIALS] == settings.faces).sum()),
        "first_six": int(number[face == settings.faces][0]),
        "trials": TRIALS,
    }
    return Result(samples, {"throw": number, "mean": face.cumsum() / number}, scalars)


if __name__ == "__main__":
    run_command(lambda: experiment_command(__doc__, Throws, run))
