"""Two platforms share statistics within tolerances; chaotic trajectories are not compared."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.core.records import write_json
from juchi.verify.platforms import (
    Tolerance,
    disagreements,
    read_comparison,
    read_tolerances,
    runs,
)
from tests.samples import ROOT, Sample

WHY = "a reason that is long enough"


def fact(value: Any, interval: tuple[float, float] | None = None) -> dict[str, Any]:
    return {"value": value, "unit": "1", "n": None, "interval": interval, "source": "data"}


@pytest.mark.parametrize(
    ("tolerance", "here", "there", "agrees"),
    [
        ({"absolute": 0.5}, fact(1.0), fact(1.5), True),
        ({"absolute": 0.5}, fact(1.0), fact(1.6), False),
        ({"relative": 0.1}, fact(-10.0), fact(-9.0), True),
        ({"relative": 0.1}, fact(-10.0), fact(-8.9), False),
        ({"intervals": 1}, fact(0.5, (0.4, 0.6)), fact(0.7, (0.6, 0.8)), True),
        ({"intervals": 1}, fact(0.5, (0.4, 0.6)), fact(0.71, (0.61, 0.81)), False),
        ({"factor": 10}, fact(1e-16), fact(9e-16), True),
        ({"factor": 10}, fact(1e-16), fact(2e-15), False),
        ({"factor": 10}, fact(1e-16), fact(-1e-16), False),
        ({"absolute": 0}, fact([1, 2]), fact([1, 2]), True),
        ({"absolute": 0}, fact([1, 2]), fact([1, 2, 3]), False),
        ({"absolute": 0}, fact([1, 2]), fact([1, 3]), False),
    ],
)
def test_a_tolerance_admits_what_it_says(
    tolerance: dict[str, Any], here: dict[str, Any], there: dict[str, Any], agrees: bool
) -> None:
    assert Tolerance(facts=("*",), why=WHY, **tolerance).admits(here, there) is agrees
    assert Tolerance(facts=("*",), why=WHY, **tolerance).admits(there, here) is agrees


def data(folder: Path, facts: dict[str, Any], rows: list[tuple[Any, ...]]) -> Path:
    """Write the facts and the samples of a site.

    A row is configuration, start, end, exponent, teeth.
    """
    write_json(folder / "facts.json", facts)
    with (folder / "one_weight.samples.csv").open("w", encoding="utf-8", newline="") as file:
        names = ["configuration", "start", "final_weight", "lyapunov", "sawtooth"]
        csv.writer(file).writerows([names, *rows])
    return folder


def test_each_fact_out_of_tolerance_is_named_with_both_values(tmp_path: Path) -> None:
    tolerances = [Tolerance(("a.*",), WHY, relative=0.5), Tolerance(("*",), WHY, absolute=0.0)]
    here = data(tmp_path / "here", {"a.x": fact(1.0), "b.x": fact(1.0), "c": fact(0)}, [])
    there = data(tmp_path / "there", {"a.x": fact(1.1), "b.x": fact(1.1), "d": fact(0)}, [])
    found = list(disagreements(here, there, tolerances))
    assert found == [
        "b.x: 1.0 here, 1.1 there; tolerance: none (data)",
        f"c: a fact of {here} alone",
        f"d: a fact of {there} alone",
    ]


def test_a_fact_without_a_tolerance_is_refused(tmp_path: Path) -> None:
    here = data(tmp_path / "here", {"a": fact(1.0)}, [])
    with pytest.raises(UserError, match="no entry for the fact 'a'"):
        list(disagreements(here, here, [Tolerance(("b",), WHY)]))


def test_chaotic_runs_are_not_compared_and_others_are(tmp_path: Path) -> None:
    calm = [("calm", start, 0.16, -0.5, 0) for start in range(100)]
    astray = [("astray", start, 0.16, -0.5, 0) for start in range(10)]
    chaotic = [("chaotic", start, 0.1, 0.2, 1) for start in range(10)]
    momentum = [("momentum", start, 0.1, "", 0) for start in range(10)]
    zigzag = [("zigzag", start, 0.1, "", 1) for start in range(10)]
    here = data(tmp_path / "here", {}, calm + astray + chaotic + momentum + zigzag)
    others = [("chaotic", start, 0.9, 0.2, 1) for start in range(10)]
    moved = [("calm", 0, 0.9, -0.5, 0), *calm[1:], ("astray", 0, 0.9, -0.5, 0), *astray[1:]]
    there = data(tmp_path / "there", {}, moved + others + momentum + zigzag)
    how = read_comparison(ROOT / "config")
    assert how is not None
    found = {each.name: (each.together, each.agree) for each in runs(here, there, how)}
    assert found == {
        "calm": (0.99, True),
        "astray": (0.9, False),
        "chaotic": (None, True),
        "momentum": (1.0, True),
        "zigzag": (None, True),
    }


def test_every_fact_has_a_tolerance_and_every_tolerance_a_fact(sample: Sample) -> None:
    tolerances = read_tolerances(ROOT / "config")
    covering: list[Callable[[str, str], bool]] = [each.covers for each in tolerances]
    used = set()
    for name, each in sample.facts.items():
        matches = [index for index, covers in enumerate(covering) if covers(name, each.source)]
        assert matches, name
        used.add(matches[0])
    # Made-up sources do not name every file; the patterns of names do not depend on them.
    named = {index for index, each in enumerate(tolerances) if each.facts != ["*"]}
    assert named <= used | {
        index for index, each in enumerate(tolerances) if each.sources != ("*",)
    }
