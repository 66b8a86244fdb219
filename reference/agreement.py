"""Whether two numbers for the same fact agree: a measure with its tolerance and the reason for it.

A tolerance is never chosen by looking at the difference that it is to allow. It follows from the
method (rounding, the width of a bracket), from the scatter of what is random, or from how far the
reference's own number moves where the definition leaves room.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["ROUNDING", "Judgement", "Measure", "judge", "near", "table"]

# What sums of thousands of float64 terms in another order may differ by, relatively, and more.
ROUNDING = 1e-9

_HEADER = ("fact", "article", "reference", "tolerance", "off by", "agrees")


@dataclass(frozen=True)
class Measure:
    """What the reference finds for a fact.

    Attributes
    ----------
    fact
        The fact's name.
    value
        The reference's number.
    tolerance
        The largest absolute difference from the article's number that still is agreement.
    reason
        Where the tolerance comes from.
    """

    fact: str
    value: float
    tolerance: float
    reason: str


@dataclass(frozen=True)
class Judgement:
    """A measure beside the article's number for the same fact."""

    measure: Measure
    article: float

    @property
    def share(self) -> float:
        """The difference as a share of the tolerance; NaN, which agrees with nothing, stays so."""
        difference = abs(self.article - self.measure.value)
        if difference == 0:
            return 0.0
        return difference / self.measure.tolerance if self.measure.tolerance else float("inf")

    @property
    def agrees(self) -> bool:
        """Whether the difference is within the tolerance."""
        return self.share <= 1


def near(fact: str, value: float, share: float = ROUNDING, reason: str = "rounding") -> Measure:
    """Return a measure whose tolerance is a share of its own size."""
    return Measure(fact, value, share * abs(value), f"{share:.0e} of the value: {reason}")


def _number(value: float | str) -> float:
    """Return the article's number; where it has a word for none, NaN, which agrees with nothing."""
    return math.nan if isinstance(value, str) else float(value)


def judge(measures: Iterable[Measure], facts: Mapping[str, Mapping[str, Any]]) -> list[Judgement]:
    """Hold every measure of a declared fact against the article's number.

    `facts` is what the article's ``facts.json`` holds: by name, a record with its ``value``. A
    measure of no declared fact has nothing to be checked against and is left out.
    """
    return [
        Judgement(measure, _number(facts[measure.fact]["value"]))
        for measure in measures
        if measure.fact in facts
    ]


def table(judgements: Iterable[Judgement]) -> str:
    """Return the judgements as a table for the terminal; the last column is for the eye."""
    rows = [_HEADER, *(_row(judgement) for judgement in judgements)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(judgement: Judgement) -> tuple[str, ...]:
    measure = judgement.measure
    return (
        measure.fact,
        f"{judgement.article:.9g}",
        f"{measure.value:.9g}",
        f"{measure.tolerance:.1e}",
        f"{judgement.share:.1%}",
        "yes" if judgement.agrees else "NO",
    )
