"""The loss against one weight, and gradient descent that walks on it, at several rates."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from experiments import engine
from experiments.columns import stacked
from experiments.loss_minimum import find_minimum
from experiments.measures import Array
from experiments.objective import Objective
from experiments.settings import OneWeight, ValleySettings, Walk, whole
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = ["loss_at", "main", "run"]


def loss_at(configuration: OneWeight, weights: Array) -> tuple[Array, Array]:
    """Return the loss at each of the weights, and the share of saturated samples there."""
    objective = Objective(configuration)
    evaluation = objective.evaluate(objective.start(torch.from_numpy(weights)))
    return evaluation.loss.numpy(), evaluation.saturated.numpy()


def run(settings: ValleySettings) -> Result:
    """Draw the loss of every case over its window, and walk on it."""
    samples = [_minimum(settings, name, case) for name, case in settings.cases.items()]
    return Result(
        samples={key: np.array([row[key] for row in samples]) for key in samples[0]},
        curves=stacked(
            table
            for name, case in settings.cases.items()
            for table in (_loss(settings, name, case), _walk(settings, name, case))
        ),
    )


def _minimum(settings: ValleySettings, name: str, case: Walk) -> dict[str, Any]:
    minimum = find_minimum(settings.configuration(case))
    return {
        "case": name,
        "learning_rate": whole(case.learning_rate),
        "w_star": minimum.w_star,
        "loss_star": minimum.loss_star,
        "sharpness": minimum.sharpness,
        "eta_star": minimum.eta_star,
    }


def _loss(settings: ValleySettings, name: str, case: Walk) -> Columns:
    """Return the loss on a grid of weights; the step of its points is -1."""
    weight = np.linspace(*case.window, settings.points)
    loss, saturated = loss_at(settings.configuration(case), weight)
    step = np.full(len(weight), -1, dtype=np.int32)
    return _labelled(
        name, "loss", {"step": step, "weight": weight, "loss": loss, "saturated": saturated}
    )


def _walk(settings: ValleySettings, name: str, case: Walk) -> Columns:
    start = torch.tensor([case.start], dtype=torch.float64)
    walk = engine.train(settings.configuration(case), start)
    columns = {key: walk[key][:, 0] for key in ("weight", "loss", "saturated")}
    step = np.arange(settings.steps + 1, dtype=np.int32)
    return _labelled(name, "walk", {"step": step, **columns})


def _labelled(name: str, kind: str, columns: Columns) -> Columns:
    labels = {
        key: np.full(len(columns["step"]), value, dtype=object)
        for key, value in (("case", name), ("kind", kind))
    }
    return {**labels, **columns}


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, ValleySettings, run)


if __name__ == "__main__":
    run_command(main)
