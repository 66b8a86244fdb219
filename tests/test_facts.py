"""Each fact is taken from where its specification says, or refused by its name."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from juchi.core.errors import UserError
from juchi.core.records import write_json
from juchi.core.tables import write_table
from juchi.results import facts
from juchi.results.facts import Fact, Results, collect, read_facts
from tests.samples import command

AMPLITUDE = [0.5, 0.1, 0.3, 0.2]
SAWTOOTH = [1.0, 1.0, 0.0, 1.0]
RESULTS = Results(
    measures={
        "variant": np.array(["seed"] * 4 + ["control"] * 2, dtype=object),
        "amplitude": np.array([*AMPLITUDE, 7.0, 9.0]),
        "sawtooth": np.array([*SAWTOOTH, 0.0, 0.0]),
        "lyapunov": np.array([0.1, 0.2, 0.3, 0.4, np.nan, np.nan]),
    },
    runs={"rates": {"rate": np.array([1.0, 1.0, 2.0]), "period": np.array([2.0, 4.0, 8.0])}},
    records={"rates": {"onset": 0.69, "gain": {"value": 0.5, "n": 10, "low": 0.25, "high": 0.75}}},
    landscapes={"seed": {"sharpness": 2.5, "w_star": 0.25, "flat": 0.0}, "control": {}},
    settings={
        "seed": {"inputs": [10, 2], "steps": 100, "activation": "sigmoid"},
        "measures": {"confidence": 0.95},
        "threshold": {"gone": 0.05},
    },
    agreement={"max_difference": 2e-10, "starts": 4, "float32_parting": 31, "float32_starts": 2},
    printed={"compiles": 0, "optimisers": 2},
)


def taken(name: str, **entry: Any) -> Fact:
    return collect({name: entry}, RESULTS)[name]


def refusal(specification: dict[str, Any], results: Results = RESULTS) -> str:
    with pytest.raises(UserError) as caught:
        collect(specification, results)
    return str(caught.value)


@pytest.mark.parametrize(
    ("statistic", "column", "value", "unit"),
    [
        ("mean", "amplitude", 0.275, "1"),
        ("median", "amplitude", 0.25, "1"),
        ("smallest", "amplitude", 0.1, "1"),
        ("share", "sawtooth", 0.75, "share"),
    ],
)
def test_a_statistic_is_over_the_starts_of_its_variant(
    statistic: str, column: str, value: float, unit: str
) -> None:
    fact = taken("seed.any", column=column, statistic=statistic)
    assert fact.value == pytest.approx(value)
    assert (fact.unit, fact.n) == (unit, 4)
    assert fact.source == f"data/measures.csv: seed, {statistic} of {column}"


@pytest.mark.parametrize(
    ("statistic", "column", "low", "high"),
    [
        # mean -+ t s / sqrt(n), with s = 0.17078 and t = 3.18245 of three degrees of freedom
        ("mean", "amplitude", 0.275 - 0.27175, 0.275 + 0.27175),
        # Wilson's score interval of 3 out of 4
        ("share", "sawtooth", 0.30064, 0.95442),
        # with four values the ranks run over all of them
        ("median", "amplitude", 0.1, 0.5),
    ],
)
def test_a_statistic_has_its_interval(statistic: str, column: str, low: float, high: float) -> None:
    interval = taken("seed.any", column=column, statistic=statistic).interval
    assert interval == pytest.approx((low, high), abs=1e-5)


def test_the_interval_has_the_declared_confidence() -> None:
    entry = {"seed.any": {"column": "amplitude", "statistic": "mean"}}
    settings = {**RESULTS.settings, "measures": {"confidence": 0.5}}
    narrow = collect(entry, replace(RESULTS, settings=settings))["seed.any"].interval
    wide = collect(entry, RESULTS)["seed.any"].interval
    assert narrow is not None
    assert wide is not None
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_an_extreme_has_no_interval() -> None:
    assert taken("seed.any", column="amplitude", statistic="smallest").interval is None


@pytest.mark.parametrize(
    ("name", "entry", "expected"),
    [
        (
            "seed.sharpness",
            {"landscape": "sharpness"},
            Fact(2.5, "1", None, None, "data/landscapes.csv: seed, sharpness"),
        ),
        (
            "seed.flat",
            {"landscape": "flat"},
            Fact(0.0, "1", None, None, "data/landscapes.csv: seed, flat"),
        ),
        (
            "seed.steps",
            {"setting": "steps", "unit": "step"},
            Fact(100, "step", None, None, "configuration: seed, steps"),
        ),
        (
            "seed.inputs",
            {"setting": "inputs"},
            Fact([10, 2], "1", None, None, "configuration: seed, inputs"),
        ),
        (
            "threshold.gone",
            {"setting": "gone"},
            Fact(0.05, "1", None, None, "configuration: threshold, gone"),
        ),
        (
            "control.max_difference",
            {"agreement": "max_difference"},
            Fact(2e-10, "1", 4, None, "data/agreement.csv, max_difference"),
        ),
        (
            "listing.float32_parting",
            {"agreement": "float32_parting", "unit": "step"},
            Fact(31, "step", 2, None, "data/agreement.csv, float32_parting"),
        ),
        (
            "printed.compiles",
            {"printed": "compiles"},
            Fact(0, "1", None, None, "data/printed.csv, compiles"),
        ),
    ],
)
def test_other_facts_come_from_their_record(
    name: str, entry: dict[str, Any], expected: Fact
) -> None:
    assert taken(name, **entry) == expected


def test_a_ratio_takes_facts_declared_before_or_after_it() -> None:
    found = collect(
        {
            "seed.ratio": {"ratio": ["seed.sharpness", "seed.w_star"]},
            "seed.sharpness": {"landscape": "sharpness"},
            "seed.w_star": {"landscape": "w_star"},
        },
        RESULTS,
    )
    assert list(found) == ["seed.ratio", "seed.sharpness", "seed.w_star"]
    assert found["seed.ratio"] == Fact(10.0, "1", None, None, "seed.sharpness / seed.w_star")


@pytest.mark.parametrize(
    ("name", "entry", "fragments"),
    [
        ("seed.x", {"column": "amplitud", "statistic": "mean"}, ["column 'amplitud'", "lyapunov"]),
        ("sead.x", {"column": "amplitude", "statistic": "mean"}, ["variant 'sead'", "control"]),
        ("seed.x", {"landscape": "sharpnes"}, ["landscape 'sharpnes'", "sharpness"]),
        ("control.x", {"landscape": "sharpness"}, ["landscape 'sharpness'"]),
        ("seed.x", {"setting": "step"}, ["setting 'step'", "steps"]),
        ("sead.x", {"setting": "steps"}, ["setting 'steps'"]),
        ("seed.x", {"agreement": "worst"}, ["agreement 'worst'", "max_difference"]),
        ("seed.x", {"printed": "compile"}, ["printed 'compile'", "optimisers"]),
        ("seed.x", {"ratio": ["no.one", "seed.y"]}, ["fact 'no.one'", "seed.y"]),
        ("seed.x", {"ratio": ["seed.list", "seed.y"]}, ["single numbers in"]),
        ("seed.x", {"ratio": ["seed.y", "seed.flat"]}, ["the value inf", "a finite number"]),
        ("control.x", {"column": "lyapunov", "statistic": "mean"}, ["the value nan"]),
        ("control.x", {"column": "lyapunov", "statistic": "median"}, ["the value nan"]),
        ("seed.x", {"setting": "activation"}, ["the value sigmoid", "a finite number"]),
    ],
)
def test_a_fact_that_cannot_be_taken_is_named(
    name: str, entry: dict[str, Any], fragments: list[str]
) -> None:
    others = {
        "seed.y": {"landscape": "sharpness"},
        "seed.flat": {"landscape": "flat"},
        "seed.list": {"setting": "inputs"},
    }
    message = refusal({**others, name: entry})
    assert message.startswith(f"error: config/facts.yaml: {name}\n")
    for fragment in fragments:
        assert fragment in message


def test_a_study_has_runs_of_its_own() -> None:
    fact = taken("rates.period", column="period", statistic="largest")
    assert (fact.value, fact.n, fact.interval) == (8.0, 3, None)
    assert fact.source == "data/rates.runs.csv: rates, largest of period"


def test_a_statistic_may_be_over_some_rows_only() -> None:
    fact = taken("rates.period", column="period", statistic="mean", where={"rate": 1})
    assert (fact.value, fact.n) == (3.0, 2)
    assert fact.source == "data/rates.runs.csv: rates, mean of period, rate = 1"


def test_a_condition_that_no_row_has_is_named() -> None:
    entry = {"column": "period", "statistic": "mean", "where": {"rate": 3}}
    message = refusal({"rates.period": entry})
    assert "row with {'rate': 3}" in message
    assert "rate = 1.0, rate = 2.0" in message


def test_a_record_is_a_number_or_an_estimate() -> None:
    assert taken("rates.onset", record="onset") == Fact(
        0.69, "1", None, None, "data/records.csv: rates, onset"
    )
    assert taken("rates.gain", record="gain") == Fact(
        0.5, "1", 10, (0.25, 0.75), "data/records.csv: rates, gain"
    )


def test_the_command_writes_what_is_read_again(tmp_path: Path) -> None:
    specification = {
        "seed.amplitude": {"column": "amplitude", "statistic": "mean"},
        "seed.inputs": {"setting": "inputs"},
        "rates.onset": {"record": "onset"},
        "rates.period": {"column": "period", "statistic": "mean"},
    }
    runs = tmp_path / "rates.runs.parquet"
    write_table(runs, RESULTS.runs["rates"])
    table = tmp_path / "measures.parquet"
    write_table(table, RESULTS.measures)
    records = {
        "specification": specification,
        "settings": RESULTS.settings,
        "agreement": RESULTS.agreement,
        "printed": RESULTS.printed,
        "seed": RESULTS.landscapes["seed"],
        "rates": RESULTS.records["rates"],
    }
    paths = {name: tmp_path / f"{name}.json" for name in records}
    for name, record in records.items():
        write_json(paths[name], record)
    paths["landscapes"], paths["records"] = paths.pop("seed"), paths.pop("rates")
    output = tmp_path / "facts.json"
    command(facts.main, measures=table, runs=runs, output=output, **paths)
    read = read_facts(output)
    assert read == collect(specification, RESULTS)
    assert isinstance(read["seed.amplitude"].interval, tuple)
    assert list(json.loads(output.read_text("utf-8"))) == list(specification)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "Expecting value"),
        ('{"seed.x": {"value": 1', "Expecting"),
        ("[]", "'list' object"),
        ('{"seed.x": [1]}', "must be a mapping"),
        ('{"seed.x": {"value": 1}}', "missing 4 required"),
        (json.dumps({"seed.x": {**asdict(Fact(1, "1", 2, None, "")), "mean": 1}}), "'mean'"),
        (json.dumps({"seed.x": asdict(Fact(1, "1", 2, (0, 1), "")) | {"interval": 3}}), "'int'"),
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
        f'{{"seed.x": {{"value": {value}, "unit": "1", "n": 2, "interval": null, "source": ""}}}}',
        "utf-8",
    )
    with pytest.raises(UserError, match=r"facts\.json: seed\.x\n.*the value .*\n.*a finite number"):
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
    path.write_text(json.dumps({"seed.x": asdict(fact)}), "utf-8")
    with pytest.raises(UserError) as caught:
        read_facts(path)
    assert str(caught.value).startswith(f"error: {path}: seed.x\n  found:    {found}")
    assert f"delete {path} and build again" in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"column": "period", "statistic": "mean", "unit": "share"}, "a share of "),
        ({"record": "onset", "unit": "step"}, " steps"),
    ],
)
def test_no_fact_is_written_that_contradicts_itself(entry: dict[str, str], found: str) -> None:
    with pytest.raises(UserError) as caught:
        collect({"rates.x": entry}, RESULTS)
    assert str(caught.value).startswith("error: config/facts.yaml: rates.x\n")
    assert found in str(caught.value)


def test_a_share_has_a_width_where_all_starts_agree() -> None:
    fact = taken("control.sawtooth", column="sawtooth", statistic="share")
    assert fact.value == 0
    assert fact.interval == pytest.approx((0.0, 0.65762), abs=1e-5)


def test_a_mean_of_shares_keeps_its_interval_between_zero_and_one() -> None:
    """Student's would reach beyond one."""
    results = replace(RESULTS, runs={"rates": {"share": np.array([1.0, 1.0, 0.5])}})
    entry = {"column": "share", "statistic": "mean", "unit": "share"}
    fact = collect({"rates.share": entry}, results)["rates.share"]
    assert fact.interval is not None
    assert 0 < fact.interval[0] < 2.5 / 3 < fact.interval[1] < 1
    plain = collect({"rates.share": {**entry, "unit": "1"}}, results)["rates.share"]
    assert plain.interval is not None
    assert plain.interval[1] > 1


def test_values_that_are_all_the_same_have_no_interval() -> None:
    results = replace(RESULTS, runs={"rates": {"steps": np.full(5, 150.0)}})
    fact = collect({"rates.x": {"column": "steps", "statistic": "mean"}}, results)["rates.x"]
    assert (fact.value, fact.n, fact.interval) == (150.0, 5, None)


@pytest.mark.parametrize(
    ("estimate", "unit", "interval"),
    [
        ({"value": 0.9, "n": 3, "low": 0.7, "high": 1.1}, "share", (0.7, 1.0)),
        ({"value": 0.9, "n": 3, "low": 0.7, "high": 1.1}, "1", (0.7, 1.1)),
        ({"value": 150, "n": 5, "low": 150, "high": 150}, "step", None),
    ],
)
def test_an_estimate_s_interval_is_held_to_what_it_is_of(
    estimate: dict[str, float], unit: str, interval: tuple[float, float] | None
) -> None:
    results = replace(RESULTS, records={"rates": {"gain": estimate}})
    fact = collect({"rates.gain": {"record": "gain", "unit": unit}}, results)["rates.gain"]
    assert (fact.value, fact.interval) == (estimate["value"], interval)


def test_what_is_certain_has_no_interval_and_must_not_vary() -> None:
    why = "one error times positive features"
    entry = {"column": "share", "statistic": "mean", "unit": "share", "certain": why}
    same = replace(RESULTS, runs={"rates": {"share": np.ones(4)}})
    fact = collect({"rates.share": entry}, same)["rates.share"]
    assert (fact.value, fact.n, fact.interval) == (1.0, 4, None)
    other = replace(RESULTS, runs={"rates": {"share": np.array([1.0, 0.875])}})
    message = refusal({"rates.share": entry}, other)
    assert message.startswith("error: config/facts.yaml: rates.share.certain\n")
    assert "values from 0.875 to 1" in message
