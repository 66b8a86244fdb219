"""Which verdicts change when a threshold is moved: in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from juchi.html.article_calls import Page
from juchi.prose.messages import fill
from juchi.results.evaluation import evaluate
from juchi.results.facts import Fact
from report.claims import STATEMENTS
from report.tally import count

__all__ = ["changed", "sensitivity"]

# By so much of itself each threshold is moved.
_FIFTH = 0.2
_HALF = 0.5
_THRESHOLD = "threshold."


def sensitivity(page: Page) -> str:
    """Return how many verdicts change when one threshold is moved by a fifth, and which."""
    words, evaluations = page.words["sensitivity"], page.context.evaluations
    verdicts = changed(page.context.facts, list(evaluations))
    which = [
        fill(
            str(words["change"]),
            statement=str(page.words["claims"][name]["statement"]).rstrip(".。"),
            verdict=str(page.words["verdicts"][verdict]),
        )
        for name, verdict in verdicts.items()
    ]
    return fill(
        str(words["some" if which else "none"]),
        changed=count(len(which), "criterion", page),
        all=count(len(evaluations), "criterion", page),
        which=str(words["separator"]).join(which),
    )


def changed(facts: Mapping[str, Fact], names: list[str]) -> dict[str, str]:
    """Return the statements whose verdict changes, each with the first other verdict."""
    before = evaluate(STATEMENTS, facts, names)
    others: dict[str, str] = {}
    for name, value in _moved(facts):
        after = evaluate(STATEMENTS, {**facts, name: replace(facts[name], value=value)}, names)
        for each in names:
            if after[each].verdict != before[each].verdict:
                others.setdefault(each, after[each].verdict)
    return others


def _moved(facts: Mapping[str, Fact]) -> Iterator[tuple[str, float]]:
    """Yield each threshold a fifth lower and a fifth higher.

    Of a share above one half it is what it lacks to one that is moved: it stays a share.
    """
    for name, fact in facts.items():
        if name.startswith(_THRESHOLD) and isinstance(fact.value, int | float):
            high_share = _HALF < fact.value < 1
            moved = 1 - fact.value if high_share else fact.value
            for factor in (1 - _FIFTH, 1 + _FIFTH):
                yield name, 1 - moved * factor if high_share else moved * factor
