"""How statements are put on trial: evidence from facts, claims with their predicates, rulings.

What the claims of an article are is for the article to say; see `report.claims`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UserError
from pipeline.records import read_json, remake
from report.facts import Fact

__all__ = [
    "CONDITIONAL",
    "REFUTED",
    "SUPPORTED",
    "VERDICTS",
    "Claim",
    "Claims",
    "Evidence",
    "Ruling",
    "judge",
    "read_rulings",
]

SUPPORTED, CONDITIONAL, REFUTED = VERDICTS = ("supported", "conditional", "refuted")


@dataclass(frozen=True)
class Ruling:
    """A verdict, the predicate that gave it, and the facts that were read, with their values."""

    verdict: str
    predicate: str
    facts: dict[str, float]


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
                remedy=f"declare {name} there, or mend the name in the claim",
            )
        value = self._facts[name].value
        if isinstance(value, str):
            raise UserError(
                where=f"report/claims.py: fact {name!r}",
                found=f"training that has {value}: there is no number to compare",
                expected="a claim that rests on runs which stay within bounds",
                remedy="lower the learning rate of the variant, or take the claim out of "
                "config/article.yaml with the sentences that rest on it",
            )
        if isinstance(value, list):
            raise UserError(
                where=f"report/claims.py: fact {name!r}",
                found=f"the list {value}",
                expected="a single number, which a predicate can compare",
                remedy="read another fact in the claim",
            )
        self.read[name] = value
        return value


@dataclass(frozen=True)
class Claim:
    """A statement on trial: its predicate in words, and the function that gives the verdict."""

    predicate: str
    judge: Callable[[Evidence], str]


class Claims(dict[str, Claim]):
    """The claims of an article by name, in the order in which they were entered."""

    def enter(
        self, predicate: str
    ) -> Callable[[Callable[[Evidence], str]], Callable[[Evidence], str]]:
        """Return a decorator that enters a function under its name.

        Parameters
        ----------
        predicate
            In words, what the function computes.
        """

        def entered(function: Callable[[Evidence], str]) -> Callable[[Evidence], str]:
            self[function.__name__] = Claim(predicate, function)
            return function

        return entered


def judge(
    claims: Mapping[str, Claim], facts: Mapping[str, Fact], names: list[str]
) -> dict[str, Ruling]:
    """Return the ruling on each named claim; an unknown name is a `UserError`."""
    rulings = {}
    for name in names:
        if name not in claims:
            raise UserError(
                where=f"config/article.yaml: claims.{name}",
                found=f"an unknown claim {name!r}",
                expected=f"one of {', '.join(claims)}",
                remedy="correct the name, or write the claim's function in report/claims.py",
            )
        evidence = Evidence(facts)
        verdict = claims[name].judge(evidence)
        facts_read = dict(sorted(evidence.read.items()))
        rulings[name] = Ruling(verdict, claims[name].predicate, facts_read)
    return rulings


def read_rulings(path: Path) -> dict[str, Ruling]:
    """Read what this module wrote; a file of another shape is a `UserError`."""
    record = read_json(path)
    try:
        return {name: Ruling(**entry) for name, entry in record.items()}
    except (AttributeError, TypeError) as error:
        raise UserError(
            where=str(path),
            found=str(error),
            expected="claims with verdict, predicate and facts",
            remedy=remake(path),
        ) from error
