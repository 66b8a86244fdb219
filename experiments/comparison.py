"""Compare variants seed by seed: ``python -m experiments.comparison --settings JSON ...``.

The family of comparisons is declared in the configuration, before there is anything to compare:
every pair of variants with every measure. The runs of a pair are matched by their seed, and all
is said of the differences, second less first.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.resampling import Grid, difference_interval
from juchi.core.errors import UserError, run_command
from juchi.core.records import finite_or_none, write_json
from juchi.core.tables import Columns, read_table, write_table
from juchi.results.estimates import Estimate, holm, mean_estimate, paired_p, sign_flip_p

__all__ = ["Comparison", "compare", "main", "table"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """One measure of one pair of variants.

    Attributes
    ----------
    pair, measure
        Their names in the configuration.
    difference
        Mean of second less first, with the interval of this comparison taken alone. Where the
        variants were tuned it allows for the chance in the tuning; the tests take the rates as
        they were chosen.
    effect_size
        Cohen's d_z: that mean over the standard deviation of the differences; None where all
        differences are the same, for want of a spread to measure by.
    p, p_sign_flip, p_holm
        Of the paired t-test; of Fisher's randomisation test, as a check that no normal
        distribution is needed; and the first after Holm's correction over the whole family.
    """

    pair: str
    measure: str
    difference: Estimate
    effect_size: float | None
    p: float
    p_sign_flip: float
    p_holm: float


def compare(
    settings: Mapping[str, Any], runs: Mapping[str, Columns], series: Mapping[str, Columns]
) -> list[Comparison]:
    """Return every comparison of the family, in the order of the pairs and the measures.

    Parameters
    ----------
    settings
        Pairs, measures and confidence.
    runs, series
        By variant; of the series, what single seeds do at the rates of a tuning, if there was one.
    """
    family = [
        (pair, measure, (sides["first"], sides["second"]), column)
        for pair, sides in settings["pairs"].items()
        for measure, column in settings["measures"].items()
    ]
    differences = [_differences(*sides, column, runs) for _, _, sides, column in family]
    p_values = [paired_p(difference) for difference in differences]
    compared = []
    for (pair, measure, sides, column), difference, p, p_holm in zip(
        family, differences, p_values, holm(p_values), strict=True
    ):
        grids = [_grid(series.get(name), runs[name]["seed"], column) for name in sides]
        compared.append(
            Comparison(
                pair=pair,
                measure=measure,
                difference=_estimate(difference, grids, settings["confidence"]),
                effect_size=_effect_size(difference),
                p=p,
                p_sign_flip=sign_flip_p(difference),
                p_holm=p_holm,
            )
        )
    return compared


def _estimate(difference: Array, grids: Sequence[Grid | None], confidence: float) -> Estimate:
    """Return the mean difference; its interval is Student's where nothing was tuned."""
    estimate = mean_estimate(difference, confidence)
    first, second = grids
    if first is None or second is None:
        return estimate
    low, high = difference_interval(first, second, confidence)
    return replace(estimate, low=low, high=high)


def _grid(series: Columns | None, seeds: NDArray[Any], column: str) -> Grid | None:
    """Return what the seeds of a variant do at the rates of its tuning, if it was tuned."""
    if series is None:
        return None
    names = [str(name) for name in dict.fromkeys(series["quantity"])]
    tuning = [name for name in names if name.removeprefix("tuning_").isdigit()]
    if not tuning:
        return None
    rates = series["x"][series["quantity"] == tuning[0]]
    curves = [*tuning, *(f"{column}_{int(seed)}" for seed in seeds)]
    over_rates = np.array([_over(rates, series, name) for name in curves]).T
    return Grid(over_rates[:, : len(tuning)], over_rates[:, len(tuning) :])


def _over(rates: Array, series: Columns, name: str) -> Array:
    """Return a curve's values at the rates; NaN where it has none."""
    rows = series["quantity"] == name
    known = dict(zip(series["x"][rows], series["value"][rows], strict=True))
    return np.array([known.get(rate, math.nan) for rate in rates])


def _differences(
    first: str, second: str, column: str, runs: Mapping[str, Columns]
) -> NDArray[np.float64]:
    """Return second less first, seed by seed."""
    for variant in (first, second):
        if column not in runs.get(variant, {}):
            raise UserError(
                where="config/experiments.yaml: comparisons",
                found=f"no column {column!r} in the runs of {variant!r}",
                expected=f"variants among {', '.join(sorted(runs))}, and columns of their runs",
                remedy="mend the pair or the measure, or declare the variant",
            )
    if not np.array_equal(runs[first]["seed"], runs[second]["seed"]):
        raise UserError(
            where=f"config/experiments.yaml: comparisons of {first!r} with {second!r}",
            found="runs with different seeds",
            expected="the same seeds in both, for a comparison in pairs",
            remedy="give both variants the same number of seeds",
        )
    difference: NDArray[np.float64] = runs[second][column] - runs[first][column]
    return difference


def _effect_size(difference: NDArray[np.float64]) -> float | None:
    spread = float(difference.std(ddof=1))
    return None if spread == 0 else float(difference.mean()) / spread


def table(comparisons: list[Comparison]) -> Columns:
    """Return one row for each comparison."""
    effects = [np.nan if each.effect_size is None else each.effect_size for each in comparisons]
    return {
        "pair": np.array([each.pair for each in comparisons]),
        "measure": np.array([each.measure for each in comparisons]),
        "n": np.array([each.difference.n for each in comparisons]),
        "mean_difference": np.array([each.difference.value for each in comparisons]),
        "low": np.array([each.difference.low for each in comparisons]),
        "high": np.array([each.difference.high for each in comparisons]),
        "effect_size": np.array(effects),
        "p": np.array([each.p for each in comparisons]),
        "p_sign_flip": np.array([each.p_sign_flip for each in comparisons]),
        "p_holm": np.array([each.p_holm for each in comparisons]),
    }


def _record(comparisons: list[Comparison]) -> dict[str, Any]:
    """Return the same as single numbers, named ``<pair>_<measure>_<what>``."""
    record: dict[str, Any] = {"comparisons": len(comparisons)}
    for each in comparisons:
        name = f"{each.pair}_{each.measure}"
        record[f"{name}_difference"] = vars(each.difference)
        record[f"{name}_effect"] = each.effect_size
        for what in ("p", "p_sign_flip", "p_holm"):
            record[f"{name}_{what}"] = getattr(each, what)
    return record


def main() -> None:
    """Compare what the command line names; files are ``<variant>.{runs,series}.parquet``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", required=True, type=json.loads)
    for name in ("runs", "series"):
        parser.add_argument(f"--{name}", required=True, type=Path, nargs="+")
    for name in ("table", "record"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    runs, series = (
        {path.name.partition(".")[0]: read_table(path) for path in paths}
        for paths in (arguments.runs, arguments.series)
    )
    comparisons = compare(arguments.settings, runs, series)
    write_table(arguments.table, table(comparisons))
    write_json(arguments.record, finite_or_none(_record(comparisons)))


if __name__ == "__main__":
    run_command(main)
