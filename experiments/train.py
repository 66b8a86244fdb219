"""Train one variant: ``python -m experiments.train --settings JSON --run FILE ...``."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from experiments import engine, listing
from experiments.landscape import survey
from experiments.models import MODELS
from experiments.objective import Objective
from experiments.starts import default_parameters
from experiments.variant import Variant
from juchi.core.errors import UserError, run_command
from juchi.core.records import write_json
from juchi.core.tables import Columns, write_table
from juchi.results.seals import write_seal

__all__ = ["main", "train_variant"]


def train_variant(variant: Variant) -> engine.Trajectories:
    """Return the variant's trajectories, by the engine that it names."""
    if variant.engine == "listing":
        if variant.model != "scalar":
            raise UserError(
                where=f"config/experiments.yaml: variants.{variant.name}.engine",
                found=f"the engine listing with the model {variant.model}",
                expected="the model scalar, of which the listing records the whole state",
                remedy="take the engine batched",
            )
        return _with_outputs(variant, listing.train(variant))
    bias = "bias" in MODELS[variant.model].drawn
    drawn = default_parameters(variant.starts, bias=bias)
    return engine.train(variant, drawn.pop("weight"), drawn)


def _with_outputs(variant: Variant, run: engine.Trajectories) -> engine.Trajectories:
    """Add what the listing does not record, evaluated in float64 at the weights of its run."""
    objective = Objective(variant)
    rows = [objective.evaluate(objective.start(w)) for w in torch.from_numpy(run["weight"])]
    return {
        **run,
        "saturated": torch.stack([row.saturated for row in rows]).numpy(),
        "lowest_output": torch.stack([row.lowest_output for row in rows]).numpy(),
    }


def _as_columns(trajectories: engine.Trajectories) -> Columns:
    """Flatten arrays of shape ``(steps + 1, starts)`` to columns, step by step."""
    rows, starts = trajectories["weight"].shape
    index = {
        "step": np.repeat(np.arange(rows, dtype=np.int32), starts),
        "start": np.tile(np.arange(starts, dtype=np.int32), rows),
    }
    return {**index, **{name: values.ravel() for name, values in trajectories.items()}}


def main() -> None:
    """Read the variant from the command line, train it, write its run, landscape and seal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", required=True)
    for name in ("run", "landscape", "seal"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    variant = Variant.from_json(arguments.settings)
    # One thread: the number of threads decides how sums are split, and so the last bits.
    torch.set_num_threads(1)
    write_table(arguments.run, _as_columns(train_variant(variant)))
    write_json(arguments.landscape, asdict(survey(variant)))
    files = (arguments.run, arguments.landscape)
    write_seal(arguments.seal, json.loads(arguments.settings), files)


if __name__ == "__main__":
    run_command(main)
