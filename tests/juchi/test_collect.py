"""Each fact is taken from where its specification says, or refused by its name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from juchi.core.errors import UserError
from juchi.core.records import write_json
from juchi.core.tables import write_table
from juchi.results import collect
from juchi.results.collect import Collector
from juchi.results.facts import Fact, read_facts
from tests.samples import command

POST = "results/weights/post.samples.parquet"
CONTROL = "results/weights/control.samples.parquet"
RATES = "results/sweeps/rates.samples.parquet"
TABLES = {
    POST: {
        "amplitude": np.array([0.5, 0.1, 0.3, 0.2]),
        "sawtooth": np.array([1.0, 1.0, 0.0, 1.0]),
        "lyapunov": np.array([0.1, 0.2, 0.3, 0.4]),
        "case": np.array(["a", "b", "a", "b"], dtype=object),
    },
    CONTROL: {
        "amplitude": np.array([7.0, 9.0]),
        "sawtooth": np.array([0.0, 0.0]),
        "lyapunov": np.array([np.nan, np.nan]),
    },
    RATES: {"rate": np.array([1.0, 1.0, 2.0]), "period": np.array([2.0, 4.0, 8.0])},
}
GAIN = {"value": 0.5, "n": 10, "low": 0.25, "high": 0.75}
RECORDS = {
    "results/weights/post.scalars.json": {"sharpness": 2.5, "w_star": 0.25, "flat": 0.0},
    "results/sweeps/rates.scalars.json": {"onset": 0.69, "gain": GAIN, "lost": "diverged"},
    "results/analyses/pairs.scalars.json": {"difference": {"value": 2e-10, "n": 4}, "none": None},
}
SHARPNESS = {"file": "results/weights/post.scalars.json", "key": "sharpness"}
W_STAR = {**SHARPNESS, "key": "w_star"}
SETTINGS: dict[str, dict[str, Any]] = {
    "post": {"inputs": [10, 2], "steps": 100, "activation": "sigmoid"},
    "facts": {"confidence": 0.95},
    "threshold": {"gone": 0.05},
}


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the results, and work beside them."""
    monkeypatch.chdir(tmp_path)
    for file, table in TABLES.items():
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        write_table(Path(file), table)
    for file, record in RECORDS.items():
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        write_json(Path(file), record)
    Path("results/rain.csv").write_text("day,depth,place\n1,0.5,x\n2,,y\n", "utf-8")
    return tmp_path


def facts(
    specification: Mapping[str, Mapping[str, Any]], confidence: float = 0.95
) -> dict[str, Fact]:
    settings = {**SETTINGS, "facts": {"confidence": confidence}}
    return Collector(specification, settings).facts()


def taken(file: str = POST, **entry: Any) -> Fact:
    return facts({"post.any": {"file": file, **entry}})["post.any"]


def refusal(specification: dict[str, Any]) -> str:
    with pytest.raises(UserError) as caught:
        facts(specification)
    return str(caught.value)


@pytest.mark.parametrize(
    ("statistic", "column", "value", "unit"),
    [
        ("mean", "amplitude", 0.275, "1"),
        ("median", "amplitude", 0.25, "1"),
        ("smallest", "amplitude", 0.1, "1"),
        ("largest", "amplitude", 0.5, "1"),
        ("share", "sawtooth", 0.75, "share"),
    ],
)
def test_a_statistic_is_over_the_rows_of_its_file(
    statistic: str, column: str, value: float, unit: str
) -> None:
    fact = taken(column=column, statistic=statistic)
    assert fact.value == pytest.approx(value)
    assert (fact.unit, fact.n) == (unit, 4)
    assert fact.source == f"data/weights.samples.csv: post, {statistic} of {column}"


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
    interval = taken(column=column, statistic=statistic).interval
    assert interval == pytest.approx((low, high), abs=1e-5)


def test_the_interval_has_the_declared_confidence() -> None:
    entry = {"post.any": {"file": POST, "column": "amplitude", "statistic": "mean"}}
    narrow = facts(entry, confidence=0.5)["post.any"].interval
    wide = facts(entry)["post.any"].interval
    assert narrow is not None
    assert wide is not None
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_an_extreme_has_no_interval() -> None:
    assert taken(column="amplitude", statistic="smallest").interval is None


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (SHARPNESS, Fact(2.5, "1", None, None, "data/weights.scalars.csv: post, sharpness")),
        (
            {**SHARPNESS, "key": "flat"},
            Fact(0.0, "1", None, None, "data/weights.scalars.csv: post, flat"),
        ),
        (
            {"of": "post", "setting": "steps", "unit": "step"},
            Fact(100, "step", None, None, "configuration: post, steps"),
        ),
        (
            {"of": "post", "setting": "inputs"},
            Fact([10, 2], "1", None, None, "configuration: post, inputs"),
        ),
        (
            {"of": "threshold", "setting": "gone"},
            Fact(0.05, "1", None, None, "configuration: threshold, gone"),
        ),
        # What was taken over some replicates, without an interval.
        (
            {"file": "results/analyses/pairs.scalars.json", "key": "difference"},
            Fact(2e-10, "1", 4, None, "data/pairs.scalars.csv, difference"),
        ),
        (
            {"file": "results/sweeps/rates.scalars.json", "key": "gain"},
            Fact(0.5, "1", 10, (0.25, 0.75), "data/sweeps.scalars.csv: rates, gain"),
        ),
        (
            {"file": "results/sweeps/rates.scalars.json", "key": "lost"},
            Fact("diverged", "1", None, None, "data/sweeps.scalars.csv: rates, lost"),
        ),
        (
            {"file": "results/rain.csv", "column": "day", "statistic": "largest"},
            Fact(2.0, "1", 2, None, "data/rain.csv: largest of day"),
        ),
    ],
)
def test_other_facts_come_from_their_record(entry: dict[str, Any], expected: Fact) -> None:
    assert facts({"post.any": entry})["post.any"] == expected


def test_an_expression_takes_facts_declared_before_or_after_it() -> None:
    found = facts(
        {
            "post.ratio": {"expression": "post.sharpness / post.w_star"},
            "post.sharpness": SHARPNESS,
            "post.w_star": W_STAR,
            "post.more": {"expression": "max(post.ratio, 2) - -post.w_star ** 2"},
        }
    )
    assert list(found) == ["post.ratio", "post.sharpness", "post.w_star", "post.more"]
    assert found["post.ratio"] == Fact(10.0, "1", None, None, "post.sharpness / post.w_star")
    assert found["post.more"].value == pytest.approx(10 + 0.25**2)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("air.days - air.missing", "116"),
        ("air.days * air.days + 1", "23410"),
        ("air.days / 9", "17"),
        ("abs(min(air.days, -1 * air.missing))", "37"),
        ("sqrt(air.missing - 1)", "6"),
        ("air.days / 2", "76.5"),
        ("air.mean + air.missing", "74.0"),
        ("air.days ** 40", "2.4415028338406017e+87"),
    ],
)
def test_an_expression_of_whole_numbers_is_whole_where_it_can_be(
    expression: str, value: str
) -> None:
    write_json(Path("results/air.json"), {"days": 153, "missing": 37, "mean": 37.0})
    keys = ("days", "missing", "mean")
    parts = {f"air.{key}": {"file": "results/air.json", "key": key} for key in keys}
    found = facts({**parts, "air.any": {"expression": expression}})["air.any"].value
    assert repr(found) == value


@pytest.mark.parametrize(
    ("statistic", "column", "value"),
    [
        ("largest", "day", "3"),
        ("median", "day", "2"),
        ("count", "wet", "2"),
        ("mean", "day", "2.0"),
        ("largest", "depth", "1.0"),
    ],
)
def test_a_statistic_of_whole_numbers_is_whole_where_it_can_be(
    statistic: str, column: str, value: str
) -> None:
    Path("results/wet.csv").write_text("day,wet,depth\n1,1,0.5\n2,0,1\n3,1,0.2\n", "utf-8")
    found = taken("results/wet.csv", column=column, statistic=statistic)
    assert repr(found.value) == value


def test_an_expression_of_a_run_that_diverged_has_diverged() -> None:
    lost = {"file": "results/sweeps/rates.scalars.json", "key": "lost"}
    found = facts({"post.lost": lost, "post.twice": {"expression": "2 * post.lost"}})
    assert found["post.twice"].value == "diverged"


@pytest.mark.parametrize(
    ("entry", "fragments"),
    [
        ({"file": POST, "column": "amplitud", "statistic": "mean"}, ["column 'amplitud'", POST]),
        ({"file": POST, "column": "case", "statistic": "mean"}, ["'case'", "column of numbers"]),
        ({"file": "results/no.csv", "column": "x", "statistic": "mean"}, ["results/no.csv"]),
        ({**SHARPNESS, "key": "sharpnes"}, ["key 'sharpnes'", "sharpness"]),
        ({"of": "post", "setting": "step"}, ["setting 'step'", "steps"]),
        ({"expression": "no.one / post.y"}, ["fact 'no.one'"]),
        ({"expression": "post.yy / post.y"}, ["fact 'post.yy'", "did you mean 'post.y'?"]),
        ({"expression": "post.list / post.y"}, ["post.list, a list", "single numbers"]),
        ({"expression": "post.y / post.flat"}, ["the value inf", "a finite number"]),
        ({"expression": "(-post.y) ** 0.5"}, ["the value nan", "a finite number"]),
        ({"expression": "post.x + 1"}, ["a circle: post.x needs post.x"]),
        ({"expression": "post.y +"}, ["which is no expression"]),
        ({"expression": "post.y[0]"}, ["'post.y[0]' in an expression"]),
        ({"expression": "print(post.y)"}, ["'print(post.y)' in an expression"]),
        ({"expression": "'text'"}, ["in an expression"]),
        (
            {"file": CONTROL, "column": "lyapunov", "statistic": "mean"},
            ["no number in 2 of 2 rows of the column 'lyapunov'", "choose another column"],
        ),
        ({"file": CONTROL, "column": "lyapunov", "statistic": "count"}, ["no number in 2 of 2"]),
        (
            {"file": CONTROL, "column": "lyapunov", "statistic": "mean", "omit_missing": True},
            ["no number in 2 of 2 rows"],
        ),
        (
            {"file": "results/rain.csv", "column": "depth", "statistic": "mean"},
            ["no number in 1 of", "`omit_missing: true`"],
        ),
        ({"file": "results/analyses/pairs.scalars.json", "key": "none"}, ["no number: none"]),
        ({"of": "post", "setting": "activation"}, ["the value sigmoid", "a finite number"]),
    ],
)
def test_a_fact_that_cannot_be_taken_is_named(entry: dict[str, Any], fragments: list[str]) -> None:
    others = {
        "post.y": SHARPNESS,
        "post.flat": {**SHARPNESS, "key": "flat"},
        "post.list": {"of": "post", "setting": "inputs"},
    }
    message = refusal({**others, "post.x": entry})
    assert message.startswith("error: config/facts.yaml: post.x\n")
    for fragment in fragments:
        assert fragment in message


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("results/rain.csv", "day\n1,2\n", "a table as CSV"),
        ("results/rain.csv", "", "a table as CSV"),
        ("results/rain.json", "[1]", "numbers by their names"),
        ("results/rain.json", "{", "a whole JSON document"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(file: str, text: str, expected: str) -> None:
    Path(file).write_text(text, "utf-8")
    kind = {"key": "x"} if file.endswith(".json") else {"column": "day", "statistic": "mean"}
    message = refusal({"post.x": {"file": file, **kind}})
    assert message.startswith((f"error: {file}\n", f"error: {file}:2\n"))
    assert expected in message


@pytest.mark.parametrize(
    ("record", "fragments"),
    [
        ('{"x": [153, 7]}', ["the list [153, 7] as x of", "a single number", "auto_unbox = TRUE"]),
        ('{"x": [153]}', ["the list [153] as x of", "auto_unbox = TRUE"]),
        ('{"x": "153"}', ["the text '153' as x of", "without quotation marks"]),
        ('{"x": {"value": [0.5]}}', ["the list [0.5] as x.value of", "auto_unbox = TRUE"]),
        ('{"x": {"value": 0.5, "n": [9]}}', ["the list [9] as x.n of"]),
        ('{"x": {"value": 1, "standard_error": "2"}}', ["the text '2' as x.standard_error of"]),
        ('{"x": {"value": 1, "low": [0], "high": 2}}', ["the list [0] as x.low of"]),
        ('{"x": {"value": 1, "low": 2, "high": 0}}', ["low = 2 above high = 0", "exchange"]),
    ],
)
def test_what_is_no_single_number_of_a_record_is_named(record: str, fragments: list[str]) -> None:
    Path("results/model.json").write_text(record, "utf-8")
    message = refusal({"post.x": {"file": "results/model.json", "key": "x"}})
    assert message.startswith("error: config/facts.yaml: post.x\n")
    for fragment in fragments:
        assert fragment in message


def test_a_number_in_another_form_is_told_how_it_is_written() -> None:
    Path("results/rain.csv").write_text('depth\n2.5\n"1,5"\n', "utf-8")
    kind = {"column": "depth", "statistic": "mean"}
    message = refusal({"post.x": {"file": "results/rain.csv", **kind}})
    assert "'1,5' in row 2" in message
    assert "hint:     write a decimal point, as 1.5" in message


def test_a_statistic_of_texts_is_told_how_rows_are_chosen() -> None:
    message = refusal({"post.x": {"file": POST, "column": "case", "statistic": "mean"}})
    assert "texts have no mean: choose a column of numbers; `where: { case: a }`" in message


def test_a_statistic_may_be_over_some_rows_only() -> None:
    fact = taken(RATES, column="period", statistic="mean", where={"rate": 1})
    assert (fact.value, fact.n) == (3.0, 2)
    assert fact.source == "data/sweeps.samples.csv: rates, mean of period, rate = 1"


# What R, pandas and spreadsheets write where there is no number.
_GAPS = ("", "NA", "nan", "NaN", "N/A", "#N/A", "NULL")


@pytest.mark.parametrize("gap", _GAPS)
@pytest.mark.parametrize("statistic", ["mean", "count", "median", "largest"])
def test_rows_without_a_number_are_refused_with_how_many_there_are(
    gap: str, statistic: str
) -> None:
    Path("results/depth.csv").write_text(f"day,depth\n1,2\n2,{gap}\n3,4\n4,{gap}\n", "utf-8")
    entry = {"file": "results/depth.csv", "column": "depth", "statistic": statistic}
    told = refusal({"rain.depth": entry})
    assert "no number in 2 of 4 rows of the column 'depth' of results/depth.csv, row 2" in told
    assert "`omit_missing: true`" in told


def test_rows_without_a_number_are_left_out_where_that_is_declared_and_the_source_says_so() -> None:
    Path("results/depth.csv").write_text("day,depth\n1,2\n2,NA\n3,4\n", "utf-8")
    fact = taken("results/depth.csv", column="depth", statistic="mean", omit_missing=True)
    assert (fact.value, fact.n, fact.omitted) == (3.0, 2, 1)
    assert fact.source == "data/depth.csv: mean of depth, 1 missing omitted"


def test_truth_values_may_be_missing() -> None:
    Path("results/wet.csv").write_text("wet\ntrue\nNA\nfalse\ntrue\n", "utf-8")
    entry = {"file": "results/wet.csv", "column": "wet", "statistic": "share"}
    assert "no number in 1 of 4 rows" in refusal({"rain.wet": entry})
    assert taken("results/wet.csv", column="wet", statistic="share", omit_missing=True).n == 3


def test_a_cell_that_is_no_number_is_named_with_its_row() -> None:
    Path("results/depth.csv").write_text("depth\n2\n.\n4\n", "utf-8")
    entry = {"file": "results/depth.csv", "column": "depth", "statistic": "mean"}
    assert "'.' in row 2 of the column 'depth'" in refusal({"rain.depth": entry})


def test_a_condition_that_no_row_has_is_named() -> None:
    entry = {"file": RATES, "column": "period", "statistic": "mean", "where": {"rate": 3}}
    message = refusal({"rates.period": entry})
    assert "row with {'rate': 3}" in message
    assert "rate = 1.0, rate = 2.0" in message


def test_the_command_writes_what_is_read_again(results: Path) -> None:
    specification = {
        "post.amplitude": {"file": POST, "column": "amplitude", "statistic": "mean"},
        "post.inputs": {"of": "post", "setting": "inputs"},
        "rates.onset": {"file": "results/sweeps/rates.scalars.json", "key": "onset"},
    }
    paths = {name: results / f"{name}.json" for name in ("specification", "settings", "output")}
    write_json(paths["specification"], specification)
    write_json(paths["settings"], SETTINGS)
    command(collect.main, results, results=[POST], **paths)
    read = read_facts(paths["output"])
    assert read == facts(specification)
    assert isinstance(read["post.amplitude"].interval, tuple)
    assert list(json.loads(paths["output"].read_text("utf-8"))) == list(specification)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"file": RATES, "column": "period", "statistic": "mean", "unit": "share"}, "a share of "),
        (
            {"file": "results/sweeps/rates.scalars.json", "key": "onset", "unit": "step"},
            " steps",
        ),
    ],
)
def test_no_fact_is_written_that_contradicts_itself(entry: dict[str, str], found: str) -> None:
    message = refusal({"rates.x": entry})
    assert message.startswith("error: config/facts.yaml: rates.x\n")
    assert found in message


def test_a_share_has_a_width_where_all_starts_agree() -> None:
    fact = taken(CONTROL, column="sawtooth", statistic="share")
    assert fact.value == 0
    assert fact.interval == pytest.approx((0.0, 0.65762), abs=1e-5)


def rates(**columns: Any) -> str:
    """Write other samples; return their file."""
    write_table(Path(RATES), {name: np.asarray(values) for name, values in columns.items()})
    return RATES


def test_a_mean_of_shares_keeps_its_interval_between_zero_and_one() -> None:
    """Student's would reach beyond one."""
    file = rates(share=[1.0, 1.0, 0.5])
    fact = taken(file, column="share", statistic="mean", unit="share")
    assert fact.interval is not None
    assert 0 < fact.interval[0] < 2.5 / 3 < fact.interval[1] < 1
    plain = taken(file, column="share", statistic="mean")
    assert plain.interval is not None
    assert plain.interval[1] > 1


def test_values_that_are_all_the_same_have_no_interval() -> None:
    fact = taken(rates(steps=np.full(5, 150.0)), column="steps", statistic="mean")
    assert (fact.value, fact.n, fact.interval) == (150.0, 5, None)


def test_what_has_diverged_is_said_to_have() -> None:
    file = rates(steps=[1.0, np.nan], diverged=[False, True])
    fact = taken(file, column="steps", statistic="mean")
    assert (fact.value, fact.n) == ("diverged", 2)


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
    file = "results/sweeps/rates.scalars.json"
    write_json(Path(file), {"gain": estimate})
    fact = taken(file, key="gain", unit=unit)
    assert (fact.value, fact.interval) == (estimate["value"], interval)


def test_what_is_certain_has_no_interval_and_must_not_vary() -> None:
    entry = {"file": RATES, "column": "share", "statistic": "mean", "unit": "share"}
    entry["certain"] = "one error times positive features"
    rates(share=np.ones(4))
    fact = facts({"rates.share": entry})["rates.share"]
    assert (fact.value, fact.n, fact.interval) == (1.0, 4, None)
    rates(share=[1.0, 0.875])
    message = refusal({"rates.share": entry})
    assert message.startswith("error: config/facts.yaml: rates.share.certain\n")
    assert "values from 0.875 to 1" in message


# --- units, quantiles and standard errors ---

TRIP: dict[str, dict[str, Any]] = {
    "trip.way": {"of": "trip", "setting": "way", "unit": "km", "measured": True},
    "trip.time": {"of": "trip", "setting": "time", "unit": "min", "measured": True},
    "trip.evening": {"of": "trip", "setting": "evening", "unit": "°C", "measured": True},
    "trip.noon": {"of": "trip", "setting": "noon", "unit": "°C", "measured": True},
    "trip.stops": {"of": "trip", "setting": "stops"},
    # Hours with words of their own are counted, and a time all the same.
    "trip.hours": {"of": "trip", "setting": "hours", "unit": "hour"},
}
TRIP_SETTINGS = {"way": 36, "time": 30, "evening": 12.5, "noon": 20, "stops": 4, "hours": 2}


def expressed(expression: str, unit: str | None = None) -> Fact:
    """Return an expression of facts of a trip; its unit is one of physics."""
    entry: dict[str, Any] = {"expression": expression}
    entry |= {"unit": unit, "measured": True} if unit else {}
    settings = {**SETTINGS, "trip": TRIP_SETTINGS}
    return Collector({**TRIP, "trip.any": entry}, settings).fact("trip.any")


@pytest.mark.parametrize(
    ("expression", "unit", "value", "printed_unit"),
    [
        ("trip.way / trip.time", "km/h", 72, "km/h"),
        ("trip.way / trip.time", "m/s", 20, "m/s"),
        ("trip.way / 4", None, 9, "km"),
        ("trip.way / trip.stops", "m", 9000, "m"),
        ("trip.way + trip.way", None, 72, "km"),
        ("trip.way / trip.way", None, 1, "1"),
        ("sqrt(trip.way * trip.way)", None, 36, "km"),
        ("max(trip.way, trip.way / 2)", None, 36, "km"),
        ("trip.way / trip.time * trip.hours", "km", 144, "km"),
        ("trip.way / trip.hours", "km/h", 18, "km/h"),
        ("trip.time * trip.hours / trip.time", None, 120, "min"),
        ("trip.hours + 1", None, 3, "1"),
        # A difference of temperatures has no zero of its own.
        ("trip.noon - trip.evening", None, 7.5, "delta_degree_Celsius"),
        ("trip.noon - trip.evening", "K", 7.5, "K"),
    ],
)
def test_an_expression_has_the_unit_of_its_facts(
    expression: str, unit: str | None, value: float, printed_unit: str
) -> None:
    fact = expressed(expression, unit)
    assert fact.value == pytest.approx(value)
    assert fact.unit == printed_unit


@pytest.mark.parametrize(
    ("expression", "unit", "fragment"),
    [
        ("trip.way + trip.time", None, "Cannot convert from 'kilometer'"),
        ("trip.way + 1", None, "Cannot convert from 'kilometer'"),
        ("trip.way / trip.time", None, "a result in km min^-1"),
        ("trip.way / trip.time", "km", "one in km"),
        ("log(trip.way)", None, "Cannot convert from 'kilometer'"),
        ("trip.noon + trip.evening", None, "offset unit"),
        ("trip.stops / 2", "m", "a result without a unit"),
        ("max(trip.way, 1)", None, "Cannot compare"),
    ],
)
def test_units_that_do_not_go_together_are_refused(
    expression: str, unit: str | None, fragment: str
) -> None:
    with pytest.raises(UserError) as caught:
        expressed(expression, unit)
    assert "config/facts.yaml: trip.any" in str(caught.value)
    assert fragment in str(caught.value)


def test_a_quantile_is_taken_as_the_median_is() -> None:
    fact = taken(column="amplitude", statistic="quantile", at=0.75)
    assert fact.value == pytest.approx(0.35)
    assert fact.source == "data/weights.samples.csv: post, quantile 0.75 of amplitude"
    # Four values do not tell where the upper quarter of all begins.
    assert fact.interval is None
    half = taken(column="amplitude", statistic="quantile", at=0.5)
    assert half.value == taken(column="amplitude", statistic="median").value


@pytest.mark.parametrize(
    ("statistic", "column", "error"),
    [
        ("mean", "amplitude", 0.17078 / 2),
        ("share", "sawtooth", (0.75 * 0.25 / 4) ** 0.5),
        ("median", "amplitude", None),
        ("smallest", "amplitude", None),
        ("largest", "amplitude", None),
    ],
)
def test_means_and_shares_have_a_standard_error(
    statistic: str, column: str, error: float | None
) -> None:
    found = taken(column=column, statistic=statistic).standard_error
    assert found == (None if error is None else pytest.approx(error, abs=1e-5))


def test_values_that_are_all_the_same_have_no_standard_error() -> None:
    assert taken(CONTROL, column="sawtooth", statistic="share").standard_error is None
    assert taken(CONTROL, column="sawtooth", statistic="mean").standard_error is None


def test_a_standard_error_may_come_with_the_value() -> None:
    write_json(
        Path("results/weights/post.scalars.json"),
        {"rate": {"value": 0.5, "standard_error": 0.1}, "slope": 2.0, "slope_error": 0.25},
    )
    file = "results/weights/post.scalars.json"
    assert facts({"post.a": {"file": file, "key": "rate"}})["post.a"].standard_error == 0.1
    entry = {"file": file, "key": "slope", "standard_error": "slope_error"}
    assert facts({"post.a": entry})["post.a"].standard_error == 0.25
    told = refusal({"post.a": {**entry, "standard_error": "slop"}})
    assert "no standard error 'slop'" in told
