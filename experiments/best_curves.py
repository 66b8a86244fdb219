"""The curves of least loss: what each model can make of the training set."""

from __future__ import annotations

import numpy as np
import torch

from experiments.columns import stacked
from experiments.loss_minimum import find_minimum, find_parameters
from experiments.models import Parameters
from experiments.objective import Objective
from experiments.settings import BestCurve, BestCurvesSettings
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = ["main", "run"]


def run(settings: BestCurvesSettings) -> Result:
    """Fit every case, and draw its curve over the window."""
    found = {name: _fit(settings, case) for name, case in settings.cases.items()}
    rows = [{"case": name, **numbers} for name, (numbers, _) in found.items()]
    return Result(
        samples={key: np.array([row[key] for row in rows]) for key in rows[0]},
        curves=stacked(
            {"case": np.full(settings.points, name, dtype=object), **curve}
            for name, (_, curve) in found.items()
        ),
    )


def _fit(settings: BestCurvesSettings, case: BestCurve) -> tuple[dict[str, float], Columns]:
    """Return the parameters and the loss of a case at its minimum, and its curve there."""
    configuration = settings.configuration(case)
    found = find_parameters(configuration)
    loss = find_minimum(configuration).loss_star
    numbers = {"weight": found["weight"], "bias": found.get("bias", 0.0), "loss": loss}
    objective = Objective(configuration)
    inputs = torch.linspace(*settings.window, settings.points, dtype=torch.float64)
    parameters: Parameters = {
        name: torch.tensor([value], dtype=torch.float64) for name, value in found.items()
    }
    output = objective.activation.function(objective.model.preactivation(parameters, inputs))[0]
    return numbers, {"input": inputs.numpy(), "output": output.numpy()}


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, BestCurvesSettings, run)


if __name__ == "__main__":
    run_command(main)
