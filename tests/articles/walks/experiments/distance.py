"""How far the walkers of each configuration are, step by step."""

import numpy as np

from experiments.settings import Distance
from juchi.core.errors import run_command
from juchi.results.experiment import Inputs, Result, analysis_command


def analyse(_settings: Distance, inputs: Inputs) -> Result:
    """Return the mean square after each step, and the squares at the end."""
    curves: dict[str, list[object]] = {"configuration": [], "step": [], "square": []}
    for name, result in inputs.results.items():
        steps = result.settings["steps"]
        square = np.square(result.curves["place"]).reshape(-1, steps).mean(axis=0)
        curves["configuration"] += [name] * steps
        curves["step"] += [*range(1, steps + 1)]
        curves["square"] += [*square]
    ends = np.sort(inputs.results["drunk"].samples["square"])
    return Result(
        samples={"square": ends},
        curves={
            "configuration": np.array(curves["configuration"], dtype=object),
            "step": np.array(curves["step"], dtype=np.int32),
            "square": np.array(curves["square"], dtype=np.float64),
        },
    )


if __name__ == "__main__":
    run_command(lambda: analysis_command(__doc__, Distance, analyse))
