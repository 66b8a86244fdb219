"""A site built here checked against one built on another platform: statistics, not trajectories.

Chaotic runs part with the last digit of a floating-point library, so that two platforms draw other
curves; what they must share is the statistics, within the tolerances of `config/tolerances.yaml`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from statistics import median
from typing import Any

from juchi.core.errors import UserError
from juchi.core.records import read_json
from juchi.plan.settings import read_subject

__all__ = [
    "Comparison",
    "Runs",
    "Tolerance",
    "disagreements",
    "read_comparison",
    "read_tolerances",
    "runs",
]


@dataclass(frozen=True)
class Tolerance:
    """How far two values of a fact may be apart; see `config/tolerances.yaml`."""

    facts: Sequence[str]
    why: str
    sources: Sequence[str] = ("*",)
    absolute: float = 0.0
    relative: float = 0.0
    intervals: float = 0.0
    factor: float | None = None

    def covers(self, name: str, source: str) -> bool:
        """Return whether this tolerance is one for the fact."""
        return any(fnmatchcase(name, each) for each in self.facts) and any(
            fnmatchcase(source, each) for each in self.sources
        )

    def admits(self, here: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
        """Return whether two records of a fact agree, number by number where it is a list.

        Where runs have diverged there is a word for the number: the same on both platforms.
        """
        if isinstance(here["value"], str) or isinstance(there["value"], str):
            return bool(here["value"] == there["value"])
        ours, theirs = _numbers(here), _numbers(there)
        slack = self.absolute + self.intervals * (_half_width(here) + _half_width(there))
        return len(ours) == len(theirs) and all(
            self._near(a, b, slack) for a, b in zip(ours, theirs, strict=True)
        )

    def _near(self, ours: float, theirs: float, slack: float) -> bool:
        small, large = sorted((abs(ours), abs(theirs)))
        if abs(ours - theirs) <= slack + self.relative * large:
            return True
        return self.factor is not None and ours * theirs > 0 and large <= self.factor * small

    def __str__(self) -> str:
        """Return the tolerance in words."""
        parts = {
            "absolute": self.absolute,
            "relative": self.relative,
            "half widths of the intervals": self.intervals,
            "factor": self.factor,
        }
        return ", ".join(f"{name} {value:g}" for name, value in parts.items() if value) or "none"


@dataclass(frozen=True)
class Comparison:
    """How runs are compared one by one; see ``runs`` in `config/tolerances.yaml`.

    Attributes
    ----------
    table
        The published file with one row a run.
    of, run, end
        Its columns: the configuration that a run is of, the run's name, and where it ends.
    near
        How far apart two runs end at most that count as the same.
    share
        The least share of the runs of a configuration that have to be the same.
    exponent
        The column of the Lyapunov exponent: above zero in the median, runs are chaotic.
    restless, restless_share
        A column that is 1 for runs that keep moving; without exponents, this share of them makes
        the runs of a configuration chaotic.
    """

    table: str
    of: str
    run: str
    end: str
    near: float
    share: float
    exponent: str | None = None
    restless: str | None = None
    restless_share: float = 0.5


@dataclass(frozen=True)
class Runs:
    """The runs of one configuration on both platforms.

    Attributes
    ----------
    name
        The configuration.
    together
        The share of its runs that end at the same place; None where runs are chaotic.
    exponent
        The median Lyapunov exponent per step; None where there is none.
    agree
        Whether as many runs end together as must; chaotic runs need not.
    """

    name: str
    together: float | None
    exponent: float | None
    agree: bool


def read_tolerances(folder: Path) -> list[Tolerance]:
    """Read the tolerances of a folder of configuration, in their order."""
    return [Tolerance(**entry) for entry in read_subject(folder, "tolerances")["facts"]]


def read_comparison(folder: Path) -> Comparison | None:
    """Read how runs are compared one by one; None where the article has none to compare."""
    declared = read_subject(folder, "tolerances").get("runs")
    return Comparison(**declared) if declared else None


def disagreements(here: Path, there: Path, tolerances: Sequence[Tolerance]) -> Iterator[str]:
    """Yield a line for each fact of two sites' data that is out of tolerance, or in one alone."""
    ours, theirs = (read_json(folder / "facts.json") for folder in (here, there))
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours or name not in theirs:
            yield f"{name}: a fact of {here if name in ours else there} alone"
            continue
        source = str(ours[name]["source"])
        tolerance = _tolerance(name, source, tolerances)
        if not tolerance.admits(ours[name], theirs[name]):
            yield (
                f"{name}: {ours[name]['value']} here, {theirs[name]['value']} there; "
                f"tolerance: {tolerance} ({source})"
            )


def runs(here: Path, there: Path, how: Comparison) -> list[Runs]:
    """Compare the runs of each configuration in a table of two sites' data."""
    ours, theirs = (_by_configuration(folder / how.table, how) for folder in (here, there))
    return [_compared(name, ours[name], theirs.get(name, {}), how) for name in ours]


def _tolerance(name: str, source: str, tolerances: Sequence[Tolerance]) -> Tolerance:
    for each in tolerances:
        if each.covers(name, source):
            return each
    raise UserError(
        "config/tolerances.yaml",
        f"no entry for the fact {name!r} ({source})",
        "a tolerance for every fact",
        f'add an entry under `facts` whose own `facts` name it, as in `- facts: ["{name}"]`, or '
        'a last one with `facts: ["*"]`; each says `why`, and how far apart two values may be',
    )


def _numbers(fact: Mapping[str, Any]) -> list[float]:
    value = fact["value"]
    return [float(each) for each in (value if isinstance(value, list) else [value])]


def _half_width(fact: Mapping[str, Any]) -> float:
    interval = fact["interval"]
    return 0.0 if interval is None else (float(interval[1]) - float(interval[0])) / 2


def _by_configuration(path: Path, how: Comparison) -> dict[str, dict[str, Mapping[str, str]]]:
    """Return the rows of a table by configuration and run."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row[how.of], {})[row[how.run]] = row
    return found


def _number(cell: str) -> float | None:
    """Return the number of a cell; that of a run which has diverged is empty."""
    return float(cell) if cell else None


def _together(here: str, there: str, near: float) -> bool:
    ours, theirs = _number(here), _number(there)
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, abs_tol=near)


def _compared(
    name: str,
    ours: Mapping[str, Mapping[str, str]],
    theirs: Mapping[str, Mapping[str, str]],
    how: Comparison,
) -> Runs:
    exponent = _exponent(ours.values(), how)
    if _is_chaotic(ours.values(), exponent, how):
        return Runs(name, None, exponent, agree=True)
    near = [
        run in theirs and _together(row[how.end], theirs[run][how.end], how.near)
        for run, row in ours.items()
    ]
    share = sum(near) / len(near)
    return Runs(name, share, exponent, agree=share >= how.share)


def _exponent(rows: Collection[Mapping[str, str]], how: Comparison) -> float | None:
    """Return the median exponent of the runs that have one."""
    if how.exponent is None:
        return None
    exponents = [float(row[how.exponent]) for row in rows if row[how.exponent]]
    return median(exponents) if exponents else None


def _is_chaotic(
    rows: Collection[Mapping[str, str]], exponent: float | None, how: Comparison
) -> bool:
    if exponent is not None:
        return exponent > 0
    if how.restless is None:
        return False
    return sum(_number(row[how.restless]) == 1 for row in rows) >= how.restless_share * len(rows)
