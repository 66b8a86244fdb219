"""By how much a longer walk leads further."""

from experiments.settings import Ratio
from juchi.core.errors import run_command
from juchi.results.experiment import Inputs, Result, analysis_command


def analyse(settings: Ratio, inputs: Inputs) -> Result:
    """Return the ratio of the mean squares."""
    square = {name: each.samples["square"].mean() for name, each in inputs.results.items()}
    return Result(scalars={"square": float(square[settings.long] / square[settings.short])})


if __name__ == "__main__":
    run_command(lambda: analysis_command(__doc__, Ratio, analyse))
