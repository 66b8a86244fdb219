"""Models of settings: what each fault is told as, and where."""

from __future__ import annotations

import datetime
import math
from typing import Annotated, Any, Literal, Self

import pytest
from pydantic import Field, model_validator

from juchi.core.errors import UserError
from juchi.plan.article_model import Finding
from juchi.plan.models import Distinct, Model, Name, check_configuration, conflict, validated

PLACES = {"momentum": "experiments.walk.common", "cases": "experiments.walk.configurations.long"}
OWN = "experiments.walk.configurations.short"


class Case(Model):
    """One case."""

    start: float = Field(description="where it starts", gt=0)
    kind: Literal["raw", "centred"] = Field(default="raw", description="what is done to it")


class Walk(Model):
    """A walk."""

    name: str = Field(description="its name")
    momentum: float = Field(description="beta, from 0 to less than 1", ge=0, lt=1)
    steps: int = Field(default=3, description="number of steps, at least 3", ge=3)
    cases: dict[Name, Case] = Field(default={}, description="the cases")
    widths: Distinct[Annotated[int, Field(description="a width", ge=1)]] = Field(
        default=(1,), description="the widths", min_length=1
    )
    where: dict[str, str | float] | None = Field(default=None, description="values of columns")

    @model_validator(mode="after")
    def _many_steps(self) -> Self:
        if self.momentum and self.steps < len(self.widths):
            found = f"{self.steps} with {len(self.widths)} widths"
            raise conflict("steps", found, "a step for each width", "raise steps")
        return self


SOUND: dict[str, Any] = {"name": "short", "momentum": 0}


def refused(**changes: Any) -> str:
    with pytest.raises(UserError) as caught:
        validated(Walk, {**SOUND, **changes}, "config/walk.yaml", ["walks"])
    return str(caught.value)


def test_sound_values_become_a_model() -> None:
    walk = validated(Walk, {**SOUND, "widths": [2, 1], "where": {"a": "x", "b": 2}}, "here")
    assert walk.momentum == 0
    assert walk.widths == (2, 1)
    assert walk.where == {"a": "x", "b": 2}


@pytest.mark.parametrize(
    ("changes", "key", "parts"),
    [
        ({"momentun": 1}, "momentun", ["unknown key 'momentun'", "did you mean 'momentum'?"]),
        ({"momentum": "x"}, "momentum", ['found:    "x"', "beta, from 0", '(type: "number")']),
        ({"momentum": True}, "momentum", ["found:    true", '(type: "number")']),
        ({"momentum": 1}, "momentum", ["found:    1\n", "beta", "(exclusiveMaximum: 1)"]),
        ({"momentum": -0.5}, "momentum", ["found:    -0.5", "(minimum: 0)"]),
        ({"momentum": math.nan}, "momentum", ["found:    NaN", "beta", '(type: "number")']),
        ({"momentum": math.inf}, "momentum", ["found:    Infinity", "beta"]),
        ({"steps": 4.0}, "steps", ["found:    4.0", '(type: "integer")']),
        ({"steps": None}, "steps", ["found:    null", "number of steps"]),
        ({"cases": {"a": {}}}, "cases.a.start", ["no such key", "where it starts", "add the key"]),
        ({"cases": {"a": {"start": 0}}}, "cases.a.start", ["(exclusiveMinimum: 0)"]),
        ({"cases": {"A": {"start": 1}}}, "cases.A", ["the name 'A'", "a plain name (pattern: ^"]),
        ({"cases": {"a": None}}, "cases.a", ["found:    null", "One case.", '(type: "object")']),
        (
            {"cases": {"a": {"start": 1, "kind": "odd"}}},
            "cases.a.kind",
            ['found:    "odd"', "what is done to it", '(enum: ["raw", "centred"])'],
        ),
        ({"widths": []}, "widths", ["found:    []", "the widths", "(minItems: 1)"]),
        ({"widths": [2, 2]}, "widths", ["found:    [2, 2]", "(uniqueItems: true)"]),
        ({"widths": [0]}, "widths.0", ["found:    0\n", "a width", "(minimum: 1)"]),
        ({"widths": [1, 0]}, "widths.1", ["found:    0\n", "a width", "(minimum: 1)"]),
        ({"where": {"a": [1]}}, "where.a", ["found:    [1]", '(type: ["string", "number"])']),
        (
            {"momentum": 0.5, "widths": [1, 2, 3, 4]},
            "steps",
            ["3 with 4 widths", "a step for each width", "raise steps"],
        ),
        (
            {"name": datetime.date(2026, 1, 1)},
            "name",
            ['found:    "2026-01-01"', "its name", '(type: "string")'],
        ),
        ({"cases": {"b": {}}, "steps": 0, "zeal": 1}, "zeal", ["unknown key 'zeal'"]),
    ],
)
def test_a_fault_is_told_by_its_key(changes: dict[str, Any], key: str, parts: list[str]) -> None:
    message = refused(**changes)
    assert message.startswith(f"error: config/walk.yaml: walks.{key}\n")
    for part in parts:
        assert part in message


def test_values_that_are_no_mapping_are_told_by_the_file() -> None:
    with pytest.raises(UserError, match=r"^error: config/walk\.yaml\n  found:    null\n"):
        validated(Walk, None, "config/walk.yaml")


@pytest.mark.parametrize(
    ("changes", "place", "found"),
    [
        ({"momentum": 2}, f"{PLACES['momentum']}.momentum", "2"),
        ({"steps": 1}, f"{OWN}.steps", "1"),
        ({"stps": 1}, f"{OWN}.stps", "an unknown key 'stps'"),
        ({"cases": {"a": {"start": 0}}}, f"{PLACES['cases']}.cases.a.start", "0"),
        ({"momentum": 0.5, "widths": [1, 2, 3, 4]}, f"{OWN}.steps", "3 with 4 widths"),
    ],
)
def test_a_setting_is_told_where_it_is_declared(
    changes: dict[str, Any], place: str, found: str
) -> None:
    with pytest.raises(UserError) as caught:
        check_configuration(Walk, {**SOUND, **changes}, lambda key: PLACES.get(key, OWN))
    start = f"error: config/experiments.yaml: {place}\n  found:    {found}\n"
    assert str(caught.value).startswith(start)


def test_a_conflict_with_what_another_declares_says_so() -> None:
    other = "experiments.walk.configurations.long"
    values = {**SOUND, "momentum": 0.5, "widths": [1, 2, 3, 4]}
    with pytest.raises(UserError) as caught:
        check_configuration(Walk, values, lambda key: other if key == "steps" else OWN)
    assert f"{OWN}.steps\n  found:    3 with 4 widths (steps as in {other})\n" in str(caught.value)


def test_a_sound_configuration_is_none() -> None:
    check_configuration(Walk, SOUND, lambda _key: OWN)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("tbl-rain", "tab-rain"), ("tab-rain", "tab-rain"), ("fig-a-b", "fig-a-b")],
)
def test_a_claim_is_shown_by_a_table_of_either_prefix(written: str, meant: str) -> None:
    assert Finding(shown=written).shown == meant
