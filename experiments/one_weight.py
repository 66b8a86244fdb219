"""The experiment with one weight: gradient descent from many initial weights, and its measures."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import torch

from experiments import engine, listing, measures
from experiments.initial_parameters import default_parameters
from experiments.loss_minimum import LossMinimum, find_minimum
from experiments.models import MODELS
from experiments.objective import Objective
from experiments.settings import OneWeightSettings, key_of
from experiments.trajectories import Trajectories, as_columns, bounded
from juchi.core.errors import UserError, run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = ["main", "measured", "run", "train"]


def run(settings: OneWeightSettings) -> Result:
    """Train from every start: the measures, the whole ways, and the minimum.

    In `samples` one row for each start, in `curves` one row for each step of each start.
    """
    trained, minimum = train(settings), find_minimum(settings)
    return Result(
        samples=measured(settings, trained, minimum),
        curves=as_columns(trained),
        scalars=asdict(minimum),
    )


def train(settings: OneWeightSettings) -> Trajectories:
    """Return the trajectories, by the engine that the settings name."""
    if settings.engine == "listing":
        if settings.model != "scalar":
            raise UserError(
                where="config/experiments.yaml: "
                f"experiments.one_weight.configurations.{settings.name}.engine",
                found=f"the engine listing with the model {settings.model}",
                expected="the model scalar, of which the listing records the whole state",
                hint="take the engine batched",
            )
        return _with_outputs(settings, listing.train(settings))
    bias = "bias" in MODELS[settings.model].drawn
    drawn = default_parameters(settings.starts, bias=bias)
    return engine.train(settings, drawn.pop("weight"), drawn)


def _with_outputs(settings: OneWeightSettings, trained: Trajectories) -> Trajectories:
    """Add what the listing does not record, evaluated in float64 at the weights of its run."""
    objective = Objective(settings)
    rows = [objective.evaluate(objective.start(w)) for w in torch.from_numpy(trained["weight"])]
    return {
        **trained,
        "saturated": torch.stack([row.saturated for row in rows]).numpy(),
        "lowest_output": torch.stack([row.lowest_output for row in rows]).numpy(),
    }


def measured(settings: OneWeightSettings, trained: Trajectories, minimum: LossMinimum) -> Columns:
    """Return the measures, one row for each start.

    A start that has diverged has not learned; its other measures are NaN, as if never taken.
    """
    diverged = ~bounded(trained, settings.diverged_weight)[-1]
    with np.errstate(invalid="ignore", over="ignore"):
        taken = _taken(settings, trained, minimum)
    missed = {name: 0.0 if name.endswith("learned") else np.nan for name in taken}
    return {
        "start": np.arange(len(diverged), dtype=np.int32),
        "initial_weight": trained["weight"][0],
        "diverged": diverged,
        **{name: np.where(diverged, missed[name], values) for name, values in taken.items()},
    }


def _taken(settings: OneWeightSettings, trained: Trajectories, minimum: LossMinimum) -> Columns:
    """Return the measures as if no start had diverged."""
    weight, final_loss = trained["weight"], trained["loss"][-1]
    flips = measures.flip_share(weight, settings.burn_in, settings.update_tolerance)
    gap = measures.gap_closed(final_loss, minimum.constant_loss, minimum.loss_star)
    return {
        "final_weight": weight[-1],
        "travel": measures.travel(weight),
        "flip_share": flips,
        "sawtooth": (flips >= settings.sawtooth_flip_share).astype(float),
        "amplitude": measures.amplitude(weight, settings.burn_in),
        "final_loss": final_loss,
        "loss_ratio": measures.loss_ratio(final_loss, minimum.loss_star),
        "gap_closed": gap,
        "learned": (gap >= 1 - settings.learned_gap).astype(float),
        "saturated": trained["saturated"][-1],
        "lowest_output": trained["lowest_output"].min(axis=0),
        "lyapunov": _lyapunov(settings, trained),
        **_early(settings, trained, minimum),
        **_moved(settings, weight, flips, gap),
        **_work_of_the_weight(trained),
        **_normalisation(trained),
    }


def _lyapunov(settings: OneWeightSettings, trained: Trajectories) -> measures.Array:
    """Return the Lyapunov exponents, which are those of a one-dimensional map.

    NaN for anything but plain descent with a single trained weight.
    """
    if "curvature" in trained and settings.model == "scalar" and settings.momentum == 0:
        return measures.lyapunov_exponent(
            trained["curvature"], settings.learning_rate, settings.burn_in
        )
    return np.full(trained["weight"].shape[1], np.nan)


def _early(settings: OneWeightSettings, trained: Trajectories, minimum: LossMinimum) -> Columns:
    """Return the outcome at `early_step`, with the half before it as the window.

    So that runs of different lengths are compared at the same one; for a run that is shorter, at
    its end.
    """
    weight, loss = (trained[name][: settings.early_step + 1] for name in ("weight", "loss"))
    flips = measures.flip_share(weight, (len(weight) - 1) // 2, settings.update_tolerance)
    gap = measures.gap_closed(loss[-1], minimum.constant_loss, minimum.loss_star)
    return {
        "early_sawtooth": (flips >= settings.sawtooth_flip_share).astype(float),
        "early_learned": (gap >= 1 - settings.learned_gap).astype(float),
        "early_loss_ratio": measures.loss_ratio(loss[-1], minimum.loss_star),
    }


def _moved(
    settings: OneWeightSettings, weight: measures.Array, flips: measures.Array, gap: measures.Array
) -> Columns:
    """Return what a sawtooth and what learned would be by other definitions, one of them moved."""
    windows = {
        factor: measures.flip_share(
            weight, settings.moved_burn_in(factor), settings.update_tolerance
        )
        for factor in settings.moved_burn_ins
    }
    line = settings.sawtooth_flip_share
    by_line = {
        f"flips_{key_of(each)}_sawtooth": flips >= each for each in settings.moved_flip_shares
    }
    by_window = {f"from_{key_of(each)}_sawtooth": seen >= line for each, seen in windows.items()}
    by_gap = {f"gap_{key_of(each)}_learned": gap >= 1 - each for each in settings.moved_gaps}
    return {name: seen.astype(float) for name, seen in (by_line | by_window | by_gap).items()}


def _work_of_the_weight(trained: Trajectories) -> Columns:
    """Return what the weight does of the learning, beside the gain of a batch normalisation."""
    slopes = {
        name.removesuffix("_slope"): values
        for name, values in trained.items()
        if name.endswith("_slope")
    }
    unknown = np.full(trained["weight"].shape[1], np.nan)
    largest = {
        f"largest_{name}_slope": np.abs(slopes[name]).max(axis=0) if name in slopes else unknown
        for name in ("weight", "gain")
    }
    # Slopes are recorded where several parameters are trained; a weight alone does everything.
    share = measures.slope_share(slopes, "weight") if slopes else np.ones_like(unknown)
    return {"weight_share": share, **largest}


def _normalisation(trained: Trajectories) -> Columns:
    """Return mean and variance of what enters the activation behind a batch normalisation.

    At the start, where gain and bias do nothing yet, and at the end; NaN without such a layer.
    """
    unknown = np.full_like(trained["weight"], np.nan)
    return {
        f"{name}_fed_{moment}": trained.get(f"fed_{moment}", unknown)[row]
        for name, row in (("first", 0), ("final", -1))
        for moment in ("mean", "variance")
    }


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, OneWeightSettings, run)


if __name__ == "__main__":
    run_command(main)
