"""A site built here held against one built on another platform: statistics, not trajectories.

Chaotic runs part with the last digit of a floating-point library, so that two platforms draw other
curves; what they must share is the statistics, within the tolerances of `config/tolerances.yaml`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from statistics import median
from typing import Any

from juchi.core.errors import UserError
from juchi.core.records import read_json
from juchi.plan.settings import read_subject

__all__ = ["Runs", "Tolerance", "disagreements", "read_tolerances", "runs"]

# Two runs from one start are the same run while their weights end this near to each other.
_TOGETHER = 1e-3
# Starts at the edge of a basin may fall to either side; they are few.
_SHARE_TOGETHER = 0.98
# A variant without an exponent of its own (momentum, single precision) counts as chaotic if at
# least so many of its starts zigzag to the end.
_ZIGZAG = 0.5


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
class Runs:
    """The runs of a one-weight variant on both platforms.

    Attributes
    ----------
    variant
        Its name.
    together
        The share of starts whose runs end at the same weight; None where runs are chaotic.
    exponent
        The median Lyapunov exponent per step; None where the variant has none.
    """

    variant: str
    together: float | None
    exponent: float | None

    @property
    def agree(self) -> bool:
        """Whether as many starts end together as must; chaotic runs need not."""
        return self.together is None or self.together >= _SHARE_TOGETHER


def read_tolerances(folder: Path) -> list[Tolerance]:
    """Read the tolerances of a folder of configuration, in their order."""
    return [Tolerance(**entry) for entry in read_subject(folder, "tolerances")]


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


def runs(here: Path, there: Path) -> list[Runs]:
    """Compare the runs of each one-weight variant in `measures.csv` of two sites' data."""
    ours, theirs = (_by_variant(folder / "measures.csv") for folder in (here, there))
    return [_compared(name, ours[name], theirs.get(name, {})) for name in ours]


def _tolerance(name: str, source: str, tolerances: Sequence[Tolerance]) -> Tolerance:
    for each in tolerances:
        if each.covers(name, source):
            return each
    raise UserError(
        "config/tolerances.yaml",
        f"no entry for the fact {name!r} ({source})",
        "a tolerance for every fact",
        'add an entry, or a last one for "*"',
    )


def _numbers(fact: Mapping[str, Any]) -> list[float]:
    value = fact["value"]
    return [float(each) for each in (value if isinstance(value, list) else [value])]


def _half_width(fact: Mapping[str, Any]) -> float:
    interval = fact["interval"]
    return 0.0 if interval is None else (float(interval[1]) - float(interval[0])) / 2


def _by_variant(path: Path) -> dict[str, dict[str, Mapping[str, str]]]:
    """Return the rows of `measures.csv` by variant and start."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["variant"], {})[row["start"]] = row
    return found


def _number(cell: str) -> float | None:
    """Return the number of a cell; that of a run which has diverged is empty."""
    return float(cell) if cell else None


def _together(here: str, there: str) -> bool:
    ours, theirs = _number(here), _number(there)
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, abs_tol=_TOGETHER)


def _compared(
    variant: str, ours: Mapping[str, Mapping[str, str]], theirs: Mapping[str, Mapping[str, str]]
) -> Runs:
    exponents = [float(row["lyapunov"]) for row in ours.values() if row["lyapunov"]]
    exponent = median(exponents) if exponents else None
    zigzag = sum(_number(row["sawtooth"]) == 1 for row in ours.values()) / len(ours)
    chaotic = zigzag >= _ZIGZAG if exponent is None else exponent > 0
    if chaotic:
        return Runs(variant, None, exponent)
    near = [
        start in theirs and _together(row["final_weight"], theirs[start]["final_weight"])
        for start, row in ours.items()
    ]
    return Runs(variant, sum(near) / len(near), exponent)
