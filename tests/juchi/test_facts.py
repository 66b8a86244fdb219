"""Facts are read as they were written; what contradicts itself is refused by its name."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.results.facts import Fact, read_facts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "Expecting value"),
        ('{"post.x": {"value": 1', "Expecting"),
        ("[]", "'list' object"),
        ('{"post.x": [1]}', "must be a mapping"),
        ('{"post.x": {"value": 1}}', "missing 4 required"),
        (json.dumps({"post.x": {**asdict(Fact(1, "1", 2, None, "")), "mean": 1}}), "'mean'"),
        (json.dumps({"post.x": asdict(Fact(1, "1", 2, (0, 1), "")) | {"interval": 3}}), "'int'"),
    ],
)
def test_damaged_facts_are_refused(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError) as caught:
        read_facts(path)
    assert str(caught.value).startswith(f"error: {path}\n")
    assert found in str(caught.value)
    assert f"delete {path} and build again" in str(caught.value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", '"0.5"', "null", "true", "[1, NaN]"])
def test_a_damaged_value_is_refused(tmp_path: Path, value: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(
        f'{{"post.x": {{"value": {value}, "unit": "1", "n": 2, "interval": null, "source": ""}}}}',
        "utf-8",
    )
    with pytest.raises(UserError, match=r"facts\.json: post\.x\n.*the value .*\n.*a finite number"):
        read_facts(path)


SOUND = [
    Fact(0.8789, "share", 512, (0.848, 0.904), ""),
    Fact(1.0, "share", 512, (0.99, 1.0), ""),
    Fact(43, "step", None, None, ""),
    Fact(28.5, "step", 2, (-3.2, 60.2), ""),  # a mean of counts is none
    Fact([10, 2.5], "1", None, None, ""),
    Fact("diverged", "share", 512, None, ""),
]
CONTRADICTIONS = [
    (Fact(0.9789, "share", 512, (0.848, 0.904), ""), "0.9789 outside of its interval"),
    (Fact(0.5, "1", 8, (0.6, 0.4), ""), "0.5 outside of its interval"),
    (Fact(0.5, "1", 8, (0.4, math.inf), ""), "the interval [0.4, inf]"),
    (Fact(1.25, "share", None, None, ""), "a share of 1.25"),
    (Fact(-0.25, "share", None, None, ""), "a share of -0.25"),
    (Fact(43.5, "step", None, None, ""), "43.5 steps"),
    (Fact(0.5, "1", 0, None, ""), "n = 0"),
    (Fact(0.5, "1", 2.5, None, ""), "n = 2.5"),  # type: ignore[arg-type]
    (Fact(math.nan, "1", 2, None, ""), "the value nan"),
    (Fact([1.0, math.inf], "1", 2, None, ""), "the value [1.0, inf]"),
]


def test_sound_facts_are_read(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({str(at): asdict(fact) for at, fact in enumerate(SOUND)}), "utf-8")
    assert list(read_facts(path).values()) == SOUND


@pytest.mark.parametrize(("fact", "found"), CONTRADICTIONS)
def test_a_fact_that_contradicts_itself_is_refused(tmp_path: Path, fact: Fact, found: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"post.x": asdict(fact)}), "utf-8")
    with pytest.raises(UserError) as caught:
        read_facts(path)
    assert str(caught.value).startswith(f"error: {path}: post.x\n  found:    {found}")
    assert f"delete {path} and build again" in str(caught.value)
