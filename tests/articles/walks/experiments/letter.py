"""A text that is counted."""

from experiments.settings import Distance
from juchi.core.errors import run_command
from juchi.results.experiment import Inputs, Result, analysis_command


def analyse(_settings: Distance, inputs: Inputs) -> Result:
    """Return how many words the only file has."""
    (letter,) = inputs.files
    return Result(scalars={"words": len(letter.read_text("utf-8").split())})


if __name__ == "__main__":
    run_command(lambda: analysis_command(__doc__, Distance, analyse))
