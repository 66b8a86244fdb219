"""Facts: every number that the article may print, by name, with its interval and its source."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from juchi.core.errors import UserError, run_command
from juchi.core.records import read_json, remake, write_json
from juchi.core.tables import Columns, read_table
from juchi.results.intervals import (
    mean_interval,
    mean_share_interval,
    median_interval,
    share_interval,
)

__all__ = ["DIVERGED", "Fact", "Results", "collect", "main", "matching", "read_facts"]

# The variants that the comparison of runs is over.
_COMPARED = ("seed", "control", "listing")
# The value of a measure that has none, since runs that it was to be taken over have diverged.
DIVERGED = "diverged"


@dataclass(frozen=True)
class Fact:
    """A measured or configured value.

    Attributes
    ----------
    value
        A number, a list of numbers for a setting that is one, or `DIVERGED`.
    unit
        ``1``, ``share`` (of one) or ``step``.
    n
        How many starts or seeds it was taken over; None where it was not.
    interval
        Confidence interval of a mean, a share or a median; None for anything else, for what is
        certain, and for a mean of values that are all the same.
    source
        Where the value stands, in the published data.
    """

    value: float | list[float] | str
    unit: str
    n: int | None
    interval: tuple[float, float] | None
    source: str


@dataclass(frozen=True)
class Results:
    """Everything that facts are taken from.

    Attributes
    ----------
    measures
        The table of measures, one row for each variant and start.
    runs
        The runs of each variant of a study, by its name.
    landscapes, records, settings
        By the first part of the fact's name: the landscape of each variant; the record of each
        variant of a study; the settings of all variants, of the measures, and the thresholds.
    agreement, printed
        The comparison of runs; the examination of the printed listing.
    """

    measures: Columns
    runs: Mapping[str, Columns]
    landscapes: Mapping[str, Mapping[str, Any]]
    records: Mapping[str, Mapping[str, Any]]
    settings: Mapping[str, Mapping[str, Any]]
    agreement: Mapping[str, Any]
    printed: Mapping[str, Any]

    def rows(self, subject: str) -> tuple[Columns, str]:
        """Return the measures of a variant, one row for each start or seed, and their source."""
        if subject in self.runs:
            return self.runs[subject], f"data/{subject}.runs.csv"
        rows = self.measures["variant"] == subject
        return {name: values[rows] for name, values in self.measures.items()}, "data/measures.csv"

    def diverged(self, *subjects: str) -> bool:
        """Return whether a run of one of the variants has diverged."""
        flags = (self.rows(subject)[0].get("diverged") for subject in subjects)
        return any(flag is not None and bool(np.any(flag)) for flag in flags)


def collect(specification: Mapping[str, Mapping[str, Any]], results: Results) -> dict[str, Fact]:
    """Take every declared fact from the results; one that cannot be taken is a `UserError`."""
    facts: dict[str, Fact] = {}
    for name, entry in specification.items():
        if "ratio" not in entry:
            facts[name] = _take(name, entry, results)
    for name, entry in specification.items():
        if "ratio" in entry:
            facts[name] = _ratio(name, entry["ratio"], facts)
    for name, fact in facts.items():
        _require_sound(
            f"config/facts.yaml: {name}",
            fact,
            "correct what measures it, or its unit in the fact's entry",
        )
    return {name: facts[name] for name in specification}


def _require_sound(where: str, fact: Fact, remedy: str) -> None:
    """Refuse a fact that contradicts itself."""
    for found, expected in _contradictions(fact):
        raise UserError(where=where, found=found, expected=expected, remedy=remedy)


def _contradictions(fact: Fact) -> Iterator[tuple[str, str]]:
    """Yield what of a fact cannot be, and what can."""
    values = fact.value if isinstance(fact.value, list) else [fact.value]
    if fact.value != DIVERGED and not all(map(_is_finite, values)):
        yield f"the value {fact.value}", "a finite number"
        return
    if fact.n is not None and not (_is_finite(fact.n) and fact.n >= 1 and fact.n == int(fact.n)):
        yield f"n = {fact.n}", "a whole number of starts or seeds"
    if isinstance(fact.value, int | float):
        yield from _implausible(fact.value, fact)


def _implausible(value: float, fact: Fact) -> Iterator[tuple[str, str]]:
    """Yield what of a fact with a single number cannot be, and what can."""
    if fact.unit == "share" and not 0 <= value <= 1:
        yield f"a share of {value}", "a share from 0 to 1"
    if fact.unit == "step" and fact.n is None and value != int(value):
        yield f"{value} steps", "a whole number: it is a count, and no mean"
    if fact.interval is not None:
        if not all(map(_is_finite, fact.interval)):
            yield f"the interval {list(fact.interval)}", "two finite numbers"
        elif not fact.interval[0] <= value <= fact.interval[1]:
            yield f"{value} outside of its interval {list(fact.interval)}", "a value within it"


def _is_finite(value: object) -> bool:
    """Tell whether a value is a finite number; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _take(name: str, entry: Mapping[str, Any], results: Results) -> Fact:
    """Take one fact from where its specification says."""
    subject = name.split(".", maxsplit=1)[0]
    if "column" in entry:
        return _statistic(name, subject, entry, results)
    places = {
        "landscape": (results.landscapes.get(subject, {}), f"data/landscapes.csv: {subject}"),
        "record": (results.records.get(subject, {}), f"data/records.csv: {subject}"),
        "setting": (results.settings.get(subject, {}), f"configuration: {subject}"),
        "agreement": (results.agreement, "data/agreement.csv"),
        "printed": (results.printed, "data/printed.csv"),
    }
    kind = next(key for key in places if key in entry)
    record, source = places[kind]
    key, unit = entry[kind], entry.get("unit", "1")
    source = f"{source}, {key}"
    if key not in record:
        raise _missing(name, f"{kind} {key!r}", sorted(record))
    value, n, interval = record[key], None, None
    if value is None and results.diverged(*(_COMPARED if kind == "agreement" else [subject])):
        return Fact(DIVERGED, unit, None, None, source)
    if isinstance(value, Mapping):
        # An estimate that came with its interval, such as that of a paired difference.
        n, interval = value["n"], _given_interval(name, value, unit)
        value = value["value"]
    if kind == "agreement":
        # The comparison with float32 has as many starts as the listing, which is slow.
        n = results.agreement["float32_starts" if key.startswith("float32") else "starts"]
    return Fact(_finite(name, value), unit, n, interval, source)


def _statistic(name: str, subject: str, entry: Mapping[str, Any], results: Results) -> Fact:
    """Take a statistic over the starts or seeds of a variant."""
    columns, source = results.rows(subject)
    conditions = entry.get("where", {})
    for column in (entry["column"], *conditions):
        if column not in columns:
            raise _missing(name, f"column {column!r}", sorted(columns))
    rows = np.ones(len(columns[entry["column"]]), dtype=bool)
    for column, wanted in conditions.items():
        rows &= columns[column] == wanted
    values = columns[entry["column"]][rows].astype(np.float64)
    if len(values) == 0:
        what = f"variant {subject!r}" if not conditions else f"row with {dict(conditions)}"
        known = {*results.measures["variant"], *results.runs}
        if conditions:
            known = {f"{c} = {value}" for c in conditions for value in np.unique(columns[c])}
        raise _missing(name, what, sorted(known))
    unit = entry.get("unit", "share" if entry["statistic"] == "share" else "1")
    where = "".join(f", {column} = {wanted}" for column, wanted in conditions.items())
    source = f"{source}: {subject}, {entry['statistic']} of {entry['column']}{where}"
    flags = columns.get("diverged", np.zeros_like(rows))[rows]
    if not np.isfinite(values).all() and np.any(flags):
        return Fact(DIVERGED, unit, len(values), None, source)
    value, interval = _summary(values, entry["statistic"], unit, results)
    if "certain" in entry:
        _check_certain(name, values)
        interval = None
    return Fact(_finite(name, value), unit, len(values), interval, source)


def _check_certain(name: str, values: NDArray[np.float64]) -> None:
    """Refuse to take for certain what comes out now so, now otherwise."""
    if (values != values[0]).any():
        raise UserError(
            where=f"config/facts.yaml: {name}.certain",
            found=f"values from {values.min():g} to {values.max():g}",
            expected="one value whatever is drawn, since there is no chance in it",
            remedy="remove `certain`, so that the fact has its interval, or find what is wrong",
        )


def _given_interval(
    name: str, estimate: Mapping[str, Any], unit: str
) -> tuple[float, float] | None:
    """Return the interval that an estimate came with, that of a share within zero and one."""
    low, high = _finite(name, estimate["low"]), _finite(name, estimate["high"])
    if low == high:  # All values are the same: no spread to tell chance by.
        return None
    return (max(0.0, low), min(1.0, high)) if unit == "share" else (low, high)


def _summary(
    values: NDArray[np.float64], statistic: str, unit: str, results: Results
) -> tuple[float, tuple[float, float] | None]:
    """Return a statistic and its confidence interval, which an extreme does not have."""
    confidence = results.settings["measures"]["confidence"]
    shares = unit == "share" and bool(((values >= 0) & (values <= 1)).all())
    of_mean = mean_share_interval if shares else mean_interval  # No share is refused by its value.
    statistics: dict[str, Callable[[], tuple[float, tuple[float, float] | None]]] = {
        "mean": lambda: (float(values.mean()), of_mean(values, confidence)),
        "share": lambda: (float(values.mean()), share_interval(values, confidence)),
        "median": lambda: (float(np.median(values)), median_interval(values, confidence)),
        "smallest": lambda: (float(values.min()), None),
        "largest": lambda: (float(values.max()), None),
    }
    return statistics[statistic]()


def _ratio(name: str, parts: list[str], facts: Mapping[str, Fact]) -> Fact:
    for part in parts:
        if part not in facts:
            raise _missing(name, f"fact {part!r}", sorted(facts))
    numerator, denominator = (facts[part] for part in parts)
    if DIVERGED in (numerator.value, denominator.value):
        return Fact(DIVERGED, "1", numerator.n, None, f"{parts[0]} / {parts[1]}")
    if not isinstance(numerator.value, float | int) or not isinstance(
        denominator.value, float | int
    ):
        raise _missing(name, f"single numbers in {parts}", sorted(facts))
    quotient = numerator.value / denominator.value if denominator.value else math.inf
    return Fact(_finite(name, quotient), "1", numerator.n, None, f"{parts[0]} / {parts[1]}")


def _finite(name: str, value: Any) -> Any:  # noqa: ANN401 - a number or a list of numbers
    if not all(map(_is_finite, value if isinstance(value, list) else [value])):
        raise UserError(
            where=f"config/facts.yaml: {name}",
            found=f"the value {value}",
            expected="a finite number",
            remedy="the results hold none here: choose another measure, setting or variant",
        )
    return value


def _missing(name: str, what: str, known: list[str]) -> UserError:
    return UserError(
        where=f"config/facts.yaml: {name}",
        found=f"no {what} in the results",
        expected=f"one of {', '.join(known)}",
        remedy="mend the fact's entry, or declare the variant that it is about",
    )


def matching(names: Iterable[str], patterns: Sequence[str]) -> list[str]:
    """Return those names of facts that patterns such as ``*.mean`` name, in their order."""
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]


def read_facts(path: Path) -> dict[str, Fact]:
    """Read what this module wrote; a file of another shape is a `UserError`."""
    record = read_json(path)
    try:
        facts = {name: Fact(**entry) for name, entry in record.items()}
        facts = {
            name: replace(fact, interval=fact.interval and (fact.interval[0], fact.interval[1]))
            for name, fact in facts.items()
        }
    except (AttributeError, TypeError) as error:
        raise UserError(
            where=str(path),
            found=str(error),
            expected="facts with value, unit, n, interval and source",
            remedy=remake(path),
        ) from error
    for name, fact in facts.items():
        _require_sound(f"{path}: {name}", fact, remake(path))
    return facts


def main() -> None:
    """Collect the facts that the command line declares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specification", required=True, type=Path)
    parser.add_argument("--settings", required=True, type=Path)
    parser.add_argument("--measures", required=True, type=Path)
    for name in ("landscapes", "runs", "records"):
        parser.add_argument(f"--{name}", required=True, type=Path, nargs="*")
    parser.add_argument("--agreement", required=True, type=Path)
    parser.add_argument("--printed", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    arguments = parser.parse_args()
    results = Results(
        measures=read_table(arguments.measures),
        # The runs of a study's variant are in <variant>.runs.parquet.
        runs={path.name.partition(".")[0]: read_table(path) for path in arguments.runs},
        landscapes={path.stem: read_json(path) for path in arguments.landscapes},
        records={path.stem: read_json(path) for path in arguments.records},
        settings=read_json(arguments.settings),
        agreement=read_json(arguments.agreement),
        printed=read_json(arguments.printed),
    )
    facts = collect(read_json(arguments.specification), results)
    write_json(arguments.output, {name: asdict(fact) for name, fact in facts.items()})


if __name__ == "__main__":
    run_command(main)
