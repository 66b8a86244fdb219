"""Compare configurations seed by seed.

The family of comparisons is declared in the configuration, before there is anything to compare:
every pair of configurations with every measure. The runs of a pair are matched by their seed, and
all is said of the differences, second less first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.resampling import Grid, difference_interval
from experiments.settings import ComparisonSettings
from juchi.core.errors import UserError, run_command
from juchi.core.tables import Columns
from juchi.results.estimates import Estimate, holm, mean_estimate, paired_p, sign_flip_p
from juchi.results.experiment import Inputs, Result, analysis_command

__all__ = ["Comparison", "analyse", "compare", "main", "table"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """One measure of one pair of configurations.

    Attributes
    ----------
    pair, measure
        Their names in the configuration.
    difference
        Mean of second less first, with the interval of this comparison taken alone. Where the
        configurations were tuned it allows for the chance in the tuning; the tests take the rates
        as they were chosen.
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


def analyse(settings: ComparisonSettings, inputs: Inputs) -> Result:
    """Make every comparison of the family: a row each in `samples`, and in `scalars` by name."""
    samples = {name: result.samples for name, result in inputs.results.items()}
    curves = {name: result.curves for name, result in inputs.results.items()}
    comparisons = compare(settings, samples, curves)
    return Result(samples=table(comparisons), scalars=_scalars(comparisons))


def compare(
    settings: ComparisonSettings, samples: Mapping[str, Columns], curves: Mapping[str, Columns]
) -> list[Comparison]:
    """Return every comparison of the family, in the order of the pairs and the measures.

    Parameters
    ----------
    settings
        Pairs, measures and confidence.
    samples, curves
        By configuration; of the curves, what single seeds do at the rates of a tuning, if there
        was one.
    """
    family = [
        (pair, measure, (sides.first, sides.second), column)
        for pair, sides in settings.pairs.items()
        for measure, column in settings.measures.items()
    ]
    differences = [_differences(*sides, column, samples) for _, _, sides, column in family]
    p_values = [paired_p(difference) for difference in differences]
    compared = []
    for (pair, measure, sides, column), difference, p, p_holm in zip(
        family, differences, p_values, holm(p_values), strict=True
    ):
        grids = [_grid(curves.get(name), samples[name]["seed"], column) for name in sides]
        compared.append(
            Comparison(
                pair=pair,
                measure=measure,
                difference=_estimate(difference, grids, settings.confidence),
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


def _grid(curves: Columns | None, seeds: NDArray[Any], column: str) -> Grid | None:
    """Return what the seeds of a configuration do at the rates of its tuning, if it was tuned."""
    if curves is None:
        return None
    names = [str(name) for name in dict.fromkeys(curves["quantity"])]
    tuning = [name for name in names if name.removeprefix("tuning_").isdigit()]
    if not tuning:
        return None
    rates = curves["x"][curves["quantity"] == tuning[0]]
    wanted = [*tuning, *(f"{column}_{int(seed)}" for seed in seeds)]
    over_rates = np.array([_over(rates, curves, name) for name in wanted]).T
    return Grid(over_rates[:, : len(tuning)], over_rates[:, len(tuning) :])


def _over(rates: Array, curves: Columns, name: str) -> Array:
    """Return a curve's values at the rates; NaN where it has none."""
    rows = curves["quantity"] == name
    known = dict(zip(curves["x"][rows], curves["value"][rows], strict=True))
    return np.array([known.get(rate, math.nan) for rate in rates])


def _differences(
    first: str, second: str, column: str, samples: Mapping[str, Columns]
) -> NDArray[np.float64]:
    """Return second less first, seed by seed."""
    for name in (first, second):
        if column not in samples.get(name, {}):
            raise UserError(
                where="config/experiments.yaml: analyses.comparison",
                found=f"no column {column!r} in the samples of {name!r}",
                expected=f"configurations among {', '.join(sorted(samples))}, and columns of their "
                "samples",
                hint="fix the pair or the measure, or declare the configuration",
            )
    if not np.array_equal(samples[first]["seed"], samples[second]["seed"]):
        raise UserError(
            where=f"config/experiments.yaml: analyses.comparison: {first!r} with {second!r}",
            found="samples with different seeds",
            expected="the same seeds in both, for a comparison in pairs",
            hint="give both configurations the same number of seeds",
        )
    difference: NDArray[np.float64] = samples[second][column] - samples[first][column]
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


def _scalars(comparisons: list[Comparison]) -> dict[str, Any]:
    """Return the same as single numbers, named ``<pair>_<measure>_<what>``."""
    scalars: dict[str, Any] = {"comparisons": len(comparisons)}
    for each in comparisons:
        name = f"{each.pair}_{each.measure}"
        scalars[f"{name}_difference"] = vars(each.difference)
        scalars[f"{name}_effect"] = each.effect_size
        for what in ("p", "p_sign_flip", "p_holm"):
            scalars[f"{name}_{what}"] = getattr(each, what)
    return scalars


def main() -> None:
    """Analyse the results that the command line names."""
    analysis_command(__doc__, ComparisonSettings, analyse)


if __name__ == "__main__":
    run_command(main)
