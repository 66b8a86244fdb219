"""Recompute the facts by the reference, and say which of the article's numbers disagree.

``python -m reference --facts results/facts.json --settings JSON --data FOLDER`` prints a table, a
row for each fact that is recomputed. A fact that is off by more than its tolerance ends it with
status 1 and is named. `JSON` is the part `reference` of the settings that the article was built
with; `FOLDER` holds its published tables.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from juchi.core.errors import UserError, run_command
from reference import (
    boundary,
    cobweb,
    comparison,
    descent,
    digits,
    features,
    initialisation,
    later,
    line,
    methods,
    regimes,
    sweep,
    variance,
)
from reference.agreement import Judgement, Measure, judge, table

__all__ = ["main", "recompute"]

Facts = dict[str, Any]
Rows = list[dict[str, str]]

# Numbers that the reference was given, and did not find.
_GIVEN = "configuration"


def recompute(settings: Mapping[str, Any], facts: Facts, data: Path) -> list[Judgement]:
    """Recompute everything of which there are facts, and hold it against them."""
    measured: list[Judgement] = []
    for experiment, configurations in settings["experiments"].items():
        for configuration in configurations.values():
            found, published = _recomputed(experiment, configuration, facts, data)
            measured += judge(found, {**facts, **published})
    compared = settings["analyses"]["comparison"]
    names = {name for pair in compared["pairs"].values() for name in pair.values()}
    samples = {name: _rows(data, "digits", name) for name in names}
    return measured + judge(comparison.measures(compared, samples), facts)


def _recomputed(
    experiment: str, settings: Mapping[str, Any], facts: Facts, data: Path
) -> tuple[Iterable[Measure], Mapping[str, Any]]:
    """Recompute a configuration; return it with what is published besides the facts.

    An experiment of which there is no reference has nothing to show: its facts are listed as such.
    """
    name = settings["name"]
    match experiment:
        case "boundary":
            return boundary.measures(settings, _rows(data, experiment, name))
        case "later_layers":
            return later.measures(settings, _rows(data, experiment, name))
        case "digits":
            rate = facts[f"{name}.learning_rate"]["value"]
            return digits.measures(settings, rate), {}
        case "sweep":
            return sweep.measures(settings, facts), {}
    plain = {
        "one_weight": descent.measures,
        "initialisation": initialisation.measures,
        "variance": variance.measures,
        "linear_range": line.measures,
        "cobweb": cobweb.measures,
        "regimes": regimes.measures,
        "coordinates": features.measures,
        "four_methods": methods.measures,
        "detours": methods.detours,
        "fewest_steps": features.fewest,
        "layer_widths": digits.powers,
    }
    return (plain[experiment](settings) if experiment in plain else []), {}


def _rows(data: Path, experiment: str, configuration: str) -> Rows:
    """Return the published samples of a configuration, one row for each replicate."""
    with _opened(data / f"{experiment}.samples.csv") as text:
        rows = csv.DictReader(text)
        return [row for row in rows if row["configuration"] == configuration]


def _read(path: Path) -> dict[str, Any]:
    with _opened(path) as text:
        try:
            read: dict[str, Any] = json.load(text)
        except json.JSONDecodeError as error:
            raise UserError(
                where=str(path),
                found=str(error),
                expected="JSON, as the build wrote it",
                hint=f"delete {path} and build again",
            ) from error
    return read


def _opened(path: Path) -> Any:  # noqa: ANN401 - a text file
    try:
        return path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(
            where=str(path),
            found=error.strerror or str(error),
            expected="a file of the built article",
            hint="build the article first: `make article`",
        ) from error


def _summary(judgements: list[Judgement], facts: Facts) -> str:
    """Say how many facts were recomputed, how well they agree, and which were not."""
    checked = {judgement.measure.fact for judgement in judgements}
    left = sorted(
        name
        for name, fact in facts.items()
        if name not in checked and not fact["source"].startswith(_GIVEN)
    )
    worst = max(judgements, key=lambda judgement: judgement.share)
    return "\n".join(
        [
            f"{len(judgements)} numbers recomputed, {len(checked & set(facts))} of them facts.",
            f"Largest difference: {worst.share:.0%} of its tolerance, {worst.measure.fact}.",
            f"Facts that are measured and not recomputed ({len(left)}): {', '.join(left)}.",
        ]
    )


def main() -> None:
    """Print the table and the summary; end with an error if a fact disagrees."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("facts", "settings", "data"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--reasons", action="store_true", help="say where each tolerance is from")
    arguments = parser.parse_args()
    facts = _read(arguments.facts)
    judgements = recompute(_read(arguments.settings), facts, arguments.data)
    print(table(judgements))
    if arguments.reasons:
        print(*(f"{each.measure.fact}: {each.measure.reason}" for each in judgements), sep="\n")
    print(_summary(judgements, facts))
    wrong = [judgement for judgement in judgements if not judgement.agrees]
    if wrong:
        raise UserError(
            where=str(arguments.facts),
            found=f"{len(wrong)} numbers that the reference does not find: "
            + "; ".join(
                f"{each.measure.fact} is {each.article:.9g}, recomputed {each.measure.value:.9g}"
                f" +- {each.measure.tolerance:.1e} ({each.measure.reason})"
                for each in wrong
            ),
            expected="agreement within the tolerances",
            hint="find out which of the two is wrong; a tolerance is no way out",
        )


if __name__ == "__main__":
    run_command(main)
