"""Which verdicts change when a threshold is moved: in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from juchi.html.article_calls import Page
from juchi.prose.messages import fill
from juchi.results.evaluation import evaluate
from juchi.results.facts import Fact
from report.claims import STATEMENTS
from report.tally import count

__all__ = ["DEFINITIONS", "changed", "definitions", "moved_definitions", "sensitivity"]

# By so much of itself each threshold is moved.
_FIFTH = 0.2
_HALF = 0.5
_THRESHOLD = "threshold."
# The shares of starts, and what their names begin with where a definition is moved by a fifth: the
# flip share of a sawtooth, the beginning of its window, the gap of what has learned. The two
# smaller gaps are shown besides.
DEFINITIONS = {
    "sawtooth_share": ("flips_0_4_", "flips_0_6_", "from_0_8_", "from_1_2_"),
    "learned_share": ("gap_0_03_", "gap_0_035_", "gap_0_04_", "gap_0_06_"),
}


def sensitivity(page: Page) -> str:
    """Return how many verdicts change when one threshold is moved by a fifth, and which."""
    return _told(page, changed(page.context.facts, list(page.context.evaluations)))


def definitions(page: Page) -> str:
    """Return how many verdicts change when one definition of a share of starts is moved."""
    return _told(page, moved_definitions(page.context.facts, list(page.context.evaluations)))


def _told(page: Page, verdicts: Mapping[str, str]) -> str:
    words, evaluations = page.words["sensitivity"], page.context.evaluations
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
    moved = ({name: replace(facts[name], value=value)} for name, value in _moved(facts))
    return _others(facts, names, moved)


def moved_definitions(facts: Mapping[str, Fact], names: list[str]) -> dict[str, str]:
    """Return the statements whose verdict changes with a definition, each with another verdict.

    A moved definition takes the place of its share of starts in all configurations at once.
    """
    ways = ((share, way) for share, each in DEFINITIONS.items() for way in each)
    return _others(facts, names, (_by(facts, share, way) for share, way in ways))


def _by(facts: Mapping[str, Fact], share: str, way: str) -> dict[str, Fact]:
    """Return the shares of starts of all configurations by a moved definition."""
    of = {name: name.replace(f".{share}", f".{way}{share}") for name in facts}
    return {name: facts[other] for name, other in of.items() if other != name and other in facts}


def _others(
    facts: Mapping[str, Fact], names: list[str], moved: Iterable[Mapping[str, Fact]]
) -> dict[str, str]:
    before = evaluate(STATEMENTS, facts, names)
    others: dict[str, str] = {}
    for each_moved in moved:
        after = evaluate(STATEMENTS, {**facts, **each_moved}, names)
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
