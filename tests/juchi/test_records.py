"""JSON records: what a file lacks is told with the file's name, and what is no number as none."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jinja2
import pytest

from juchi.core.errors import UserError
from juchi.core.records import FileContents, finite_or_none, read_json, write_json


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """Give a record of an older form."""
    path = tmp_path / "record.json"
    write_json(path, {"a": 1, "part": [{"b": 2}]})
    return path


@pytest.mark.parametrize("keys", [("rate",), ("part", 0, "rate")])
def test_a_name_that_a_file_lacks_is_told(record: Path, keys: tuple[str | int, ...]) -> None:
    value = read_json(record)
    with pytest.raises(UserError) as caught:
        for key in keys:
            value = value[key]
    message = str(caught.value)
    assert message.startswith(f"error: {record}\n")
    assert "no 'rate' in it" in message
    assert f"delete {record} and build again" in message


@pytest.mark.parametrize("value", ["NA", "Inf", "-Inf", "nan"])
def test_what_is_no_number_in_json_is_told_with_what_is(tmp_path: Path, value: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(f'{{\n  "a": 1,\n  "b": {value}\n}}', "utf-8")
    with pytest.raises(UserError) as caught:
        read_json(path)
    message = str(caught.value)
    assert message.startswith(f"error: {path}:3\n")
    assert f"{value}, which is no JSON" in message
    assert 'toJSON(…, na = "null")' in message


def test_otherwise_it_is_a_mapping_like_any_other(record: Path) -> None:
    value = read_json(record)
    assert isinstance(value, FileContents)
    assert value == {"a": 1, "part": [{"b": 2}]} == {**value}
    assert value.get("rate") is None
    assert "rate" not in value
    assert json.loads(json.dumps(value)) == value
    template = jinja2.Environment(autoescape=True).from_string("{{ value.rate is defined }}")
    assert template.render(value=value) == "False"


def test_what_is_no_number_is_told_as_none() -> None:
    whole = {"value": 1.0, "low": 0.5, "high": 1.5}
    told = finite_or_none(
        {
            "plain": 2.5,
            "none": math.nan,
            "far": math.inf,
            "mean": whole,
            "few": {**whole, "low": math.nan},
        }
    )
    assert told == {"plain": 2.5, "none": None, "far": None, "mean": whole, "few": None}
    json.dumps(told, allow_nan=False)
