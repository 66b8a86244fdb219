"""How statements are put on trial: evidence from facts, claims with their predicates, evaluations.

A claim is judged only where there is something to judge: each one states its preconditions, and
where one of them is not met its verdict is *void*, whatever its predicate would say.

What the claims of an article are is for the article to say; see `report.claims`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from inspect import signature
from pathlib import Path

from juchi.core.errors import UserError, relative
from juchi.core.records import read_json, remake
from juchi.results.facts import Fact

__all__ = [
    "CONDITIONAL",
    "REFUTED",
    "SUPPORTED",
    "VERDICTS",
    "VOID",
    "Claim",
    "Claims",
    "Evaluation",
    "Evidence",
    "Fixed",
    "Precondition",
    "evaluate",
    "read_evaluations",
]

SUPPORTED, CONDITIONAL, REFUTED, VOID = VERDICTS = ("supported", "conditional", "refuted", "void")


class Fixed(StrEnum):
    """When a claim's predicate and its thresholds were fixed, seen from the data they judge."""

    BEFORE = "before"
    """Both before the data."""
    THRESHOLD = "threshold"
    """The thresholds before the data, the predicate with them."""
    WITH = "with"
    """Both when the first data were there."""
    AFTER = "after"
    """One of them was written or changed once the data were known."""


@dataclass(frozen=True)
class Evaluation:
    """A verdict and what it rests on.

    Attributes
    ----------
    verdict
        One of `VERDICTS`.
    predicate
        In words, what gave the verdict.
    facts
        The facts that predicate and preconditions have read, with their values.
    judged_by
        The names of those that the predicate has read.
    preconditions
        What has to hold for the claim to be judged, in words, by the precondition's name.
    unmet
        The names of those that do not hold; the verdict is then void.
    fixed
        When predicate and thresholds were fixed, a value of `Fixed`.
    """

    verdict: str
    predicate: str
    facts: dict[str, float]
    judged_by: list[str]
    preconditions: dict[str, str]
    unmet: list[str]
    fixed: str

    @property
    def nothing_to_judge(self) -> str:
        """The preconditions that do not hold, in words; empty where all of them do."""
        return " ".join(self.preconditions[name] for name in self.unmet)


class Evidence:
    """The facts as a claim sees them: numbers by name, each one noted when it is read."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self.read: dict[str, float] = {}

    def __getitem__(self, name: str) -> float:
        """Return the value of a fact; an unknown name is a `UserError`."""
        if name not in self._facts:
            raise UserError(
                where=f"report/claims.py: fact {name!r}",
                found="a claim reads a fact that is not declared",
                expected="a fact of config/facts.yaml",
                hint=f"declare {name} there, or fix the name in the claim",
            )
        value = self._facts[name].value
        if isinstance(value, str):
            raise UserError(
                where=f"report/claims.py: fact {name!r}",
                found=f"training that has {value}: there is no number to compare",
                expected="a claim that rests on runs which stay within bounds",
                hint="change the settings under which its runs diverge, or take the claim out of "
                "config/article.yaml with the sentences that rest on it",
            )
        if isinstance(value, list):
            raise UserError(
                where=f"report/claims.py: fact {name!r}",
                found=f"the list {value}",
                expected="a single number, which a predicate can compare",
                hint="read another fact in the claim",
            )
        self.read[name] = value
        return value

    def interval(self, name: str) -> tuple[float, float]:
        """Return the confidence interval of a fact.

        A mean over runs that are all alike has none, and its value stands for both ends. A number
        that is no mean over runs has none either, and asking for it is a `UserError`.
        """
        value, fact = self[name], self._facts[name]
        if fact.interval is None and fact.n is None:
            raise UserError(
                where=f"report/claims.py: fact {name!r}",
                found="a claim that asks for the interval of a number that has none",
                expected="a mean, a share or a median over runs, or a result with an interval",
                hint="compare the value itself, or declare a fact that is a statistic of a column",
            )
        return fact.interval or (value, value)


@dataclass(frozen=True)
class Precondition:
    """What has to hold for a claim to have something to judge.

    Attributes
    ----------
    name
        Under this name each language has its words for it.
    words
        What has to hold.
    holds
        Whether it does, by the facts; like a predicate it reads all of its facts in any case.
    """

    name: str
    words: str
    holds: Callable[[Evidence], bool]


@dataclass(frozen=True)
class Claim:
    """A statement on trial: predicate and preconditions, and the function that gives the verdict.

    The attributes are those of a `Evaluation`; `decide` is asked only where the preconditions hold.
    """

    predicate: str
    decide: Callable[[Evidence], str]
    requires: Sequence[Precondition]
    fixed: Fixed

    def evaluate(self, facts: Mapping[str, Fact]) -> Evaluation:
        """Return the evaluation that the facts give."""
        provided, judged = Evidence(facts), Evidence(facts)
        unmet = [each.name for each in self.requires if not each.holds(provided)]
        verdict = self.decide(judged)
        if verdict not in VERDICTS:
            raise UserError(
                where=_place_of(self.decide),
                found=f"the verdict {verdict!r}",
                expected=f"one of {', '.join(VERDICTS)}, a text",
                hint="return it by the names of juchi.results.evaluation: SUPPORTED, CONDITIONAL "
                "and REFUTED",
            )
        return Evaluation(
            verdict=VOID if unmet else verdict,
            predicate=self.predicate,
            facts=dict(sorted({**provided.read, **judged.read}.items())),
            judged_by=sorted(judged.read),
            preconditions={each.name: each.words for each in self.requires},
            unmet=unmet,
            fixed=self.fixed.value,
        )


def _check_takes_evidence(function: Callable[[Evidence], object]) -> None:
    """Refuse a function that cannot be called with the evidence and nothing else."""
    try:
        signature(function).bind(None)
    except TypeError as error:
        raise UserError(
            where=_place_of(function),
            found=f"a function of {signature(function)}",
            expected="a function of one argument, the evidence",
            hint="read what it compares by name, as evidence['name of a fact']; for a threshold "
            "declare the fact threshold.NAME: { setting: NAME }",
        ) from error


def _place_of(function: Callable[[Evidence], object]) -> str:
    """Return the file and the line of a function of the article."""
    code = getattr(function, "__code__", None)
    return f"{relative(code.co_filename)}:{code.co_firstlineno}" if code else "report/claims.py"


class Claims(dict[str, Claim]):
    """The claims of an article by name, in the order in which they were entered."""

    def enter(
        self, predicate: str, *, requires: Sequence[Precondition], fixed: Fixed
    ) -> Callable[[Callable[[Evidence], str]], Callable[[Evidence], str]]:
        """Return a decorator that enters a function under its name; see `Claim`."""

        def entered(function: Callable[[Evidence], str]) -> Callable[[Evidence], str]:
            for each in (function, *(precondition.holds for precondition in requires)):
                _check_takes_evidence(each)
            self[function.__name__] = Claim(predicate, function, requires, fixed)
            return function

        return entered


def evaluate(
    claims: Mapping[str, Claim], facts: Mapping[str, Fact], names: list[str]
) -> dict[str, Evaluation]:
    """Return the evaluation on each named claim; an unknown name is a `UserError`."""
    for name in names:
        if name not in claims:
            raise UserError(
                where=f"config/article.yaml: claims or findings: {name}",
                found=f"an unknown claim {name!r}",
                expected=f"one of {', '.join(claims) or 'none: report/claims.py has no claim'}",
                hint="correct the name, or enter the claim in STATEMENTS of report/claims.py",
            )
    return {name: claims[name].evaluate(facts) for name in names}


def read_evaluations(path: Path, facts: Mapping[str, Fact]) -> dict[str, Evaluation]:
    """Read what this module wrote; a file of another shape is a `UserError`.

    So is one that contradicts itself, or the facts beside it.
    """
    record = read_json(path)
    try:
        evaluations = {name: Evaluation(**entry) for name, entry in record.items()}
        contradictions = [
            (name, *each) for name, it in evaluations.items() for each in _contradictions(it, facts)
        ]
    except (AttributeError, TypeError) as error:
        raise UserError(
            where=str(path),
            found=str(error),
            expected="claims with verdict, predicate, facts and preconditions",
            hint=remake(path),
        ) from error
    for name, found, expected in contradictions:
        raise UserError(f"{path}: {name}", found, expected, remake(path))
    return evaluations


def _contradictions(evaluation: Evaluation, facts: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    """Yield what of a evaluation cannot be, and what can."""
    if evaluation.verdict not in VERDICTS:
        yield f"the verdict {evaluation.verdict!r}", f"one of {', '.join(VERDICTS)}"
    if (evaluation.verdict == VOID) != bool(evaluation.unmet):
        unmet = ", ".join(evaluation.unmet) or "none"
        yield (
            f"the verdict {evaluation.verdict}, unmet: {unmet}",
            "void where a precondition is unmet",
        )
    for name in set(evaluation.unmet) - evaluation.preconditions.keys():
        yield f"an unmet precondition {name!r}", f"one of {', '.join(evaluation.preconditions)}"
    for name, value in evaluation.facts.items():
        if name not in facts or facts[name].value != value:
            there = facts[name].value if name in facts else "nothing"
            yield f"{name} = {value}", f"what the facts say: {there}"
