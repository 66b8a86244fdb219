"""Measure every run: a row for each variant and start; what figures draw; how far runs agree."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments import agreement, measures
from experiments.measures import MeasureSettings
from experiments.variant import Variant
from juchi.core.errors import UserError, run_command
from juchi.core.records import finite_or_none, read_json, remake, write_json
from juchi.core.tables import Columns, read_table, write_table

__all__ = ["bands", "compare", "main", "measure_run", "paths", "read_run"]

# What the figures show of a run: this many starts, and this many steps of each.
DRAWN_STARTS = 16
DRAWN_STEPS = 100
BAND = (0.1, 0.5, 0.9)

# What every training run records; some record more.
RECORDED = ("step", "start", "weight", "loss", "saturated", "lowest_output")


def read_run(path: Path) -> dict[str, measures.Array]:
    """Return a run's recorded quantities as arrays of shape ``(steps + 1, starts)``."""
    columns = read_table(path)
    for name in RECORDED:
        if name not in columns:
            raise _no_run(path, f"no column {name!r}")
    step, start = columns.pop("step"), columns.pop("start")
    shape = (int(step.max(initial=-1)) + 1, int(start.max(initial=-1)) + 1)
    cells = shape[0] * shape[1]
    if not cells or not np.array_equal(step * shape[1] + start, np.arange(cells)):
        raise _no_run(path, f"{len(step)} rows that are not all steps of all starts, in order")
    return {name: values.reshape(shape) for name, values in columns.items()}


def _no_run(path: Path, found: str) -> UserError:
    return UserError(
        where=str(path),
        found=found,
        expected=f"the columns {', '.join(RECORDED)}; a row for every step of every start",
        remedy=remake(path),
    )


def measure_run(
    variant: Variant,
    run: dict[str, measures.Array],
    landscape: dict[str, float],
    settings: MeasureSettings,
) -> Columns:
    """Return the measures of one variant, one row for each start.

    A start that has diverged has not learned; its other measures are NaN, as if never taken.
    """
    diverged = ~_bounded(run, settings)[-1]
    with np.errstate(invalid="ignore", over="ignore"):
        taken = _taken(variant, run, landscape, settings)
    missed = {name: 0.0 if name.endswith("learned") else np.nan for name in taken}
    return {
        "variant": np.full(len(diverged), variant.name, dtype=object),
        "start": np.arange(len(diverged), dtype=np.int32),
        "initial_weight": run["weight"][0],
        "diverged": diverged,
        **{name: np.where(diverged, missed[name], values) for name, values in taken.items()},
    }


def _bounded(run: dict[str, measures.Array], settings: MeasureSettings) -> NDArray[np.bool_]:
    return measures.within_bounds(run["weight"], run["loss"], settings.diverged_weight)


def _taken(
    variant: Variant,
    run: dict[str, measures.Array],
    landscape: dict[str, float],
    settings: MeasureSettings,
) -> Columns:
    """Return the measures as if no start had diverged."""
    flips = measures.flip_share(run["weight"], variant.burn_in, settings.update_tolerance)
    gap = measures.gap_closed(run["loss"][-1], landscape["constant_loss"], landscape["loss_star"])
    lyapunov = np.full_like(flips, np.nan)
    # The exponent is that of a one-dimensional map: plain descent with a single trained weight.
    if "curvature" in run and variant.model == "scalar" and variant.momentum == 0:
        lyapunov = measures.lyapunov_exponent(
            run["curvature"], variant.learning_rate, variant.burn_in
        )
    return {
        "final_weight": run["weight"][-1],
        "travel": measures.travel(run["weight"]),
        "flip_share": flips,
        "sawtooth": (flips >= settings.sawtooth_flip_share).astype(float),
        "amplitude": measures.amplitude(run["weight"], variant.burn_in),
        "final_loss": run["loss"][-1],
        "loss_ratio": measures.loss_ratio(run["loss"][-1], landscape["loss_star"]),
        "gap_closed": gap,
        "learned": (gap >= 1 - settings.learned_gap).astype(float),
        "saturated": run["saturated"][-1],
        "lowest_output": run["lowest_output"].min(axis=0),
        "lyapunov": lyapunov,
        **_early(run, landscape, settings),
        **_work_of_the_weight(run),
        **_normalisation(run),
    }


def _early(
    run: dict[str, measures.Array], landscape: dict[str, float], settings: MeasureSettings
) -> Columns:
    """Return the outcome at `early_step`, with the half before it as the window.

    So that runs of different lengths are compared at the same one; for a run that is shorter, at
    its end.
    """
    weight, loss = (run[name][: settings.early_step + 1] for name in ("weight", "loss"))
    flips = measures.flip_share(weight, (len(weight) - 1) // 2, settings.update_tolerance)
    gap = measures.gap_closed(loss[-1], landscape["constant_loss"], landscape["loss_star"])
    return {
        "early_sawtooth": (flips >= settings.sawtooth_flip_share).astype(float),
        "early_learned": (gap >= 1 - settings.learned_gap).astype(float),
        "early_loss_ratio": measures.loss_ratio(loss[-1], landscape["loss_star"]),
    }


def _work_of_the_weight(run: dict[str, measures.Array]) -> Columns:
    """Return what the weight does of the learning, beside the gain of a batch normalisation."""
    slopes = {
        name.removesuffix("_slope"): values
        for name, values in run.items()
        if name.endswith("_slope")
    }
    unknown = np.full(run["weight"].shape[1], np.nan)
    largest = {
        f"largest_{name}_slope": np.abs(slopes[name]).max(axis=0) if name in slopes else unknown
        for name in ("weight", "gain")
    }
    # Slopes are recorded where several parameters are trained; a weight alone does everything.
    share = measures.slope_share(slopes, "weight") if slopes else np.ones_like(unknown)
    return {"weight_share": share, **largest}


def _normalisation(run: dict[str, measures.Array]) -> Columns:
    """Return mean and variance of what enters the activation behind a batch normalisation.

    At the start, where gain and bias do nothing yet, and at the end; NaN without such a layer.
    """
    unknown = np.full_like(run["weight"], np.nan)
    return {
        f"{name}_fed_{moment}": run.get(f"fed_{moment}", unknown)[row]
        for name, row in (("first", 0), ("final", -1))
        for moment in ("mean", "variance")
    }


def paths(variant: Variant, run: dict[str, measures.Array], settings: MeasureSettings) -> Columns:
    """Return the first steps of the first starts, a row for each step of each start.

    NaN from where a start has diverged.
    """
    bounded = _bounded(run, settings)
    weight, loss = (
        np.where(bounded, run[name], np.nan)[: DRAWN_STEPS + 1, :DRAWN_STARTS]
        for name in ("weight", "loss")
    )
    steps, starts = weight.shape
    return {
        "variant": np.full(weight.size, variant.name, dtype=object),
        "start": np.repeat(np.arange(starts, dtype=np.int32), steps),
        "step": np.tile(np.arange(steps, dtype=np.int32), starts),
        "weight": weight.T.ravel(),
        "loss": loss.T.ravel(),
    }


def bands(variant: Variant, run: dict[str, measures.Array], settings: MeasureSettings) -> Columns:
    """Return the quantiles `BAND` of the loss over the starts, a row for each step.

    The loss of a start that has diverged is above all others; a quantile among those is NaN.
    """
    # Not infinity: between that and a number there is nothing to interpolate, even at the number.
    lost = np.finfo(np.float64).max
    loss = np.where(_bounded(run, settings), run["loss"], lost)
    highest = np.max(loss, axis=1, where=loss < lost, initial=-np.inf)
    quantiles = np.quantile(loss, BAND, axis=1)
    low, median, high = np.where(quantiles <= highest, quantiles, np.nan)
    return {
        "variant": np.full(len(median), variant.name, dtype=object),
        "step": np.arange(len(median), dtype=np.int32),
        "loss_low": low,
        "loss_median": median,
        "loss_high": high,
    }


def compare(
    seed: dict[str, measures.Array],
    control: dict[str, measures.Array],
    listing: dict[str, measures.Array],
    variant: Variant,
    settings: MeasureSettings,
) -> tuple[Columns, dict[str, Any]]:
    """Compare the seed with its centred control, and its float64 with its float32.

    `variant` is the seed's. Returns the differences step by step, and their summary.
    """
    difference = np.abs(seed["weight"] - control["weight"])
    error = agreement.rounding_error(
        seed["curvature"],
        seed["weight"],
        variant.learning_rate,
        float(np.mean(np.abs(variant.fed_inputs()))),
    )
    steps = agreement.meaningful_steps(error, settings.meaningful_error)
    shared = listing["weight"].shape[1]
    parting = agreement.first_parting(
        seed["weight"][:, :shared], listing["weight"], settings.together_tolerance
    )
    columns = {
        "step": np.arange(len(difference), dtype=np.int32),
        "median_difference": np.median(difference, axis=1),
        "largest_difference": difference.max(axis=1),
        "largest_rounding_error": error.max(axis=1),
    }
    summary = {
        "meaningful_steps": steps,
        "max_difference": float(difference[: steps + 1].max()),
        "first_step_difference": float(difference[1].max()),
        "largest_difference": float(difference.max()),
        "starts": int(difference.shape[1]),
        "float32_parting": int(np.median(parting)),
        "float32_starts": int(shared),
    }
    return columns, summary


def _stack(tables: list[Columns]) -> Columns:
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def main() -> None:
    """Read the runs and landscapes named on the command line, in the order of the variants."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variants", required=True, type=Path)
    parser.add_argument("--settings", required=True, type=Path)
    parser.add_argument("--runs", required=True, type=Path, nargs="+")
    parser.add_argument("--landscapes", required=True, type=Path, nargs="+")
    parser.add_argument("--measures", required=True, type=Path)
    parser.add_argument("--paths", required=True, type=Path)
    parser.add_argument("--bands", required=True, type=Path)
    parser.add_argument("--differences", required=True, type=Path)
    parser.add_argument("--agreement", required=True, type=Path)
    arguments = parser.parse_args()

    variants = [
        Variant.from_config(entry.pop("name"), entry) for entry in read_json(arguments.variants)
    ]
    runs = {
        variant.name: read_run(path) for variant, path in zip(variants, arguments.runs, strict=True)
    }
    settings = MeasureSettings(**read_json(arguments.settings))
    rows = [
        measure_run(variant, runs[variant.name], read_json(path), settings)
        for variant, path in zip(variants, arguments.landscapes, strict=True)
    ]
    write_table(arguments.measures, _stack(rows))
    for output, part in ((arguments.paths, paths), (arguments.bands, bands)):
        parts = [part(variant, runs[variant.name], settings) for variant in variants]
        write_table(output, _stack(parts))
    seed = next(variant for variant in variants if variant.name == "seed")
    differences, summary = compare(runs["seed"], runs["control"], runs["listing"], seed, settings)
    write_table(arguments.differences, differences)
    write_json(arguments.agreement, finite_or_none(summary))


if __name__ == "__main__":
    run_command(main)
