"""Facts: every number that the article may print, by name, with its interval and its source."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, get_args

from juchi.core.errors import UserError
from juchi.core.records import DIVERGED, read_json, remake

__all__ = [
    "DIVERGED",
    "OMITTED",
    "SETTING",
    "STYLES",
    "Fact",
    "Style",
    "is_finite",
    "matching",
    "read_facts",
    "require_sound",
    "whole",
]


# How a number may be printed.
Style = Literal[
    "decimal", "fixed", "percent", "permille", "scientific", "probability", "points", "year"
]
# What the source of a fact begins with that is a setting.
SETTING = "configuration: "
# What it ends with where rows without a number were left out.
OMITTED = ", {} missing omitted"
_OMITTED = re.compile(OMITTED.format(r"(\d+)") + "$")
STYLES: tuple[str, ...] = get_args(Style)
# Above this not every whole number is a float.
_LARGEST_WHOLE = 2**53


@dataclass(frozen=True)
class Fact:
    """A measured or configured value.

    Attributes
    ----------
    value
        A number, a list of numbers for a setting that is one, or `DIVERGED`.
    unit
        ``1``, ``share`` (of one), a unit of physics such as ``m/s``, or what is counted, such as
        ``step``.
    n
        How many replicates it was taken over; None where it was not.
    interval
        Confidence interval of a mean, a share or a median; None for anything else, for what is
        certain, and for a mean of values that are all the same.
    source
        Where the value stands, in the published data.
    standard_error
        Of a mean or a share, of an expression of facts that have one, or what came with the value;
        None for anything else, and where the values are all the same.
    """

    value: float | list[float] | str
    unit: str
    n: int | None
    interval: tuple[float, float] | None
    source: str
    standard_error: float | None = None

    @property
    def omitted(self) -> int:
        """How many rows were left out since they have no number."""
        found = _OMITTED.search(self.source)
        return int(found[1]) if found else 0


def require_sound(where: str, fact: Fact, remedy: str) -> None:
    """Refuse a fact that contradicts itself."""
    for found, expected in _contradictions(fact):
        raise UserError(where=where, found=found, expected=expected, hint=remedy)


def _contradictions(fact: Fact) -> Iterator[tuple[str, str]]:
    """Yield what of a fact cannot be, and what can."""
    values = fact.value if isinstance(fact.value, list) else [fact.value]
    if fact.value != DIVERGED and not all(map(is_finite, values)):
        yield f"the value {fact.value}", "a finite number"
        return
    if fact.n is not None and not (is_finite(fact.n) and fact.n >= 1 and fact.n == int(fact.n)):
        yield f"n = {fact.n}", "a whole number of replicates"
    if isinstance(fact.value, int | float):
        yield from _implausible(fact.value, fact)


def _implausible(value: float, fact: Fact) -> Iterator[tuple[str, str]]:
    """Yield what of a fact with a single number cannot be, and what can."""
    if fact.unit == "share" and not 0 <= value <= 1:
        yield f"a share of {value}", "a share from 0 to 1"
    if fact.unit == "step" and fact.n is None and value != int(value):
        yield f"{value} steps", "a whole number: it is a count, and no mean"
    if fact.standard_error is not None and not (
        is_finite(fact.standard_error) and fact.standard_error > 0
    ):
        yield f"the standard error {fact.standard_error}", "a finite number above zero"
    if fact.interval is not None:
        if not all(map(is_finite, fact.interval)):
            yield f"the interval {list(fact.interval)}", "two finite numbers"
        elif not fact.interval[0] <= value <= fact.interval[1]:
            yield f"{value} outside of its interval {list(fact.interval)}", "a value within it"


def is_finite(value: object) -> bool:
    """Tell whether a value is a finite number; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def whole(value: float) -> float:
    """Return a number that is made of whole ones, whole where it can be: 37, but 18.5."""
    is_whole = math.isfinite(value) and abs(value) <= _LARGEST_WHOLE and value == int(value)
    return int(value) if is_whole else value


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
            hint=remake(path),
        ) from error
    for name, fact in facts.items():
        require_sound(f"{path}: {name}", fact, remake(path))
    return facts
