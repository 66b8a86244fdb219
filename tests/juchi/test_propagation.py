"""The standard error of an expression of facts."""

from __future__ import annotations

from typing import Any

import pytest

from juchi.results.collect import Collector
from juchi.results.facts import Fact

SETTINGS: dict[str, Any] = {
    "facts": {"confidence": 0.95},
    "a": {"x": 10, "dx": 0.3, "y": 4, "dy": 0.2, "known": 2, "way": 36, "dway": 0.5, "time": 30},
}


def measured(value: str, error: str | None = None, **more: Any) -> dict[str, Any]:
    return {"of": "a", "setting": value, **({"standard_error": error} if error else {}), **more}


FACTS: dict[str, dict[str, Any]] = {
    "a.x": measured("x", "dx"),
    "a.y": measured("y", "dy"),
    "a.known": measured("known"),
    "a.way": measured("way", "dway", unit="km", measured=True),
    "a.time": measured("time", unit="min", measured=True),
    "a.sum": {"expression": "a.x + a.y"},
    "a.difference": {"expression": "a.x - a.y"},
}


def found(expression: str, **more: Any) -> Fact:
    return Collector(FACTS | {"a.any": {"expression": expression, **more}}, SETTINGS).fact("a.any")


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("a.x + a.y", (0.3**2 + 0.2**2) ** 0.5),
        ("a.x - a.y", (0.3**2 + 0.2**2) ** 0.5),
        ("a.known * a.x", 0.6),
        ("a.x * a.y", ((4 * 0.3) ** 2 + (10 * 0.2) ** 2) ** 0.5),
        ("a.x / a.y", ((0.3 / 4) ** 2 + (10 * 0.2 / 16) ** 2) ** 0.5),
        ("log(a.x)", 0.03),
        ("max(a.x, a.y)", 0.3),
        # one fact twice is no two independent ones
        ("a.x + a.x", 0.6),
        ("a.x * a.x", 6.0),
        ("a.sum + a.difference", 0.6),
        ("a.sum - a.x", 0.2),
    ],
)
def test_an_expression_has_the_error_that_follows_from_its_facts(
    expression: str, error: float
) -> None:
    assert found(expression).standard_error == pytest.approx(error, rel=1e-6)


@pytest.mark.parametrize("expression", ["a.known * 2", "a.sum - a.x - a.y", "a.known / a.known"])
def test_what_no_uncertain_fact_changes_has_none(expression: str) -> None:
    assert found(expression).standard_error is None


def test_the_error_is_in_the_unit_of_the_expression() -> None:
    fact = found("a.way / a.time", unit="km/h", measured=True)
    assert fact.value == pytest.approx(72)
    assert fact.unit == "km/h"
    assert fact.standard_error == pytest.approx(1.0)


def test_a_part_whose_error_nobody_knows_leaves_the_whole_without_one() -> None:
    """A median of rows is uncertain, but has no standard error."""

    class Half(Collector):
        def fact(self, name: str) -> Fact:
            if name == "a.median":
                return Fact(3.0, "1", 9, (2.0, 4.0), "data/a.csv: median of x")
            return super().fact(name)

    median = {"file": "a.csv", "column": "x", "statistic": "median"}
    facts = FACTS | {"a.median": median, "a.any": {"expression": "a.x + a.median"}}
    assert Half(facts, SETTINGS).fact("a.any").standard_error is None
    twice = facts | {"a.more": {"expression": "a.any * a.x"}}
    assert Half(twice, SETTINGS).fact("a.more").standard_error is None
