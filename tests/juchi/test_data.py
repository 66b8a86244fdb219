"""The published data: tables as CSV to the bit, records as tables, facts and claims as they are."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from juchi.core.errors import UserError, run_command
from juchi.core.records import write_json
from juchi.core.tables import write_table
from juchi.results import data
from juchi.results.data import as_csv
from tests.samples import command

FLOATS = [0.1, 1 / 3, -0.0, 5e-324, 1.7976931348623157e308, 1e-7, 123456789.125, 2.0**53 + 2]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


# --- tables as CSV ---


def test_floats_come_back_to_the_bit() -> None:
    column = np.random.default_rng(0).normal(size=200) * 10.0 ** np.arange(-100, 100)
    values = np.concatenate([column, FLOATS])
    read = [float(row[0]) for row in cells(as_csv({"x": values}))[1:]]
    assert np.array_equal(np.array(read).view(np.int64), values.view(np.int64))


def test_what_does_not_exist_is_an_empty_cell() -> None:
    table = {
        "configuration": np.array(["a", 'b, "c"\nd'], dtype=object),
        "n": np.array([1, 2], dtype=np.int32),
        "x": np.array([math.nan, 0.5]),
    }
    text = as_csv(table)
    assert text == 'configuration,n,x\na,1,\n"b, ""c""\nd",2,0.5\n'
    assert cells(text)[2][0] == table["configuration"][1]


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "-1.5"])
def test_text_that_a_spreadsheet_would_carry_out_is_refused(text: str) -> None:
    for table in ({"configuration": np.array(["a", text], dtype=object)}, {text: np.array([1.0])}):
        with pytest.raises(UserError, match="a spreadsheet takes for a formula") as caught:
            as_csv(table)
        assert repr(text) in str(caught.value)


def test_numbers_stay_numbers_whatever_their_sign() -> None:
    table = {"x": np.array([-1.5, -1e-7]), "n": np.array([-1, 2], dtype=np.int32)}
    assert as_csv(table) == "x,n\n-1.5,-1\n-1e-07,2\n"


# --- the folder ---


class Inputs:
    """Small inputs of the command, and the folder that it writes."""

    def __init__(self, root: Path) -> None:
        self.root, self.output = root, root / "data"
        tables: dict[str, dict[str, Any]] = {
            "weights/post.samples": {"x": np.array([0.5, math.nan])},
            "weights/tanh.samples": {"x": np.array([2.0]), "y": np.array([3], dtype=np.int32)},
            "weights/tanh.curves": {},
            "analyses/paths.curves": {"step": np.array([1, 2], dtype=np.int32)},
        }
        records: dict[str, Any] = {
            "weights/post.scalars": {"sharpness": 2.5, "none": None, "rates": [1, 2]},
            "weights/tanh.scalars": {"gain": {"value": 0.5, "n": 10, "low": 0.25, "high": 0.75}},
        }
        self.results = [f"results/{name}.parquet" for name in tables]
        self.results += [f"results/{name}.json" for name in records] + ["results/rain/x.csv"]
        for name in self.results:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            write_table(root / f"results/{name}.parquet", table)
        for name, record in records.items():
            write_json(root / f"results/{name}.json", record)
        (root / "results/rain/x.csv").write_text("day,depth\n1,0.5\n", "utf-8")
        self.records: dict[str, Any] = {
            "facts": {"post.x": 1},
            "claims": {"tanh_cures": 2},
            "configuration": {"post": {}},
        }
        for name, record in self.records.items():
            write_json(root / f"{name}.json", record)

    def run(self) -> dict[str, str]:
        """Run the command, and return the text of each file that it wrote."""
        command(
            lambda: run_command(data.main),
            self.root,
            results=self.results,
            records=[self.root / f"{name}.json" for name in self.records],
            output=self.output,
        )
        return contents(self.output)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    return Inputs(tmp_path)


def test_the_results_of_an_experiment_are_one_file_and_an_empty_one_is_none(
    inputs: Inputs,
) -> None:
    assert list(inputs.run()) == [
        "claims.json",
        "configuration.json",
        "facts.json",
        "paths.curves.csv",
        "rain.x.csv",
        "weights.samples.csv",
        "weights.scalars.csv",
    ]


def test_results_become_tables_and_facts_stay_as_they_are(inputs: Inputs) -> None:
    files = inputs.run()
    assert cells(files["weights.samples.csv"]) == [
        ["configuration", "x", "y"],
        ["post", "0.5", ""],
        ["post", "", ""],
        ["tanh", "2.0", "3"],
    ]
    assert cells(files["weights.scalars.csv"]) == [
        ["configuration", "name", "value", "n", "low", "high"],
        ["post", "sharpness", "2.5", "", "", ""],
        ["post", "none", "", "", "", ""],
        ["post", "rates", "[1, 2]", "", "", ""],
        ["tanh", "gain", "0.5", "10", "0.25", "0.75"],
    ]
    assert cells(files["paths.curves.csv"]) == [["step"], ["1"], ["2"]]
    assert cells(files["rain.x.csv"]) == [["day", "depth"], ["1", "0.5"]]
    assert files["facts.json"] == (inputs.root / "facts.json").read_text("utf-8")
    assert json.loads(files["claims.json"]) == inputs.records["claims"]


def test_what_no_longer_belongs_there_goes(inputs: Inputs) -> None:
    first = inputs.run()
    (inputs.output / "stale.csv").write_text("x", "utf-8")
    assert inputs.run() == first


def add_a_second(inputs: Inputs) -> None:
    (inputs.root / "results/rain.x.csv").write_text("day\n1\n", "utf-8")
    inputs.results.append("results/rain.x.csv")


@pytest.mark.parametrize(
    ("spoil", "fragments"),
    [
        (
            lambda i: (i.root / i.results[0]).write_bytes(b"PAR1"),
            ["post.samples.parquet", "whole Parquet table"],
        ),
        (
            lambda i: (i.root / "results/weights/post.scalars.json").write_text("{"),
            ["post.scalars.json", "whole JSON document"],
        ),
        (add_a_second, ["results/rain.x.csv", "published as rain.x.csv, as results/rain/x.csv is"]),
    ],
)
def test_a_failure_leaves_the_old_data_and_nothing_beside_it(
    inputs: Inputs, spoil: Callable[[Inputs], object], fragments: list[str]
) -> None:
    before = inputs.run()
    spoil(inputs)
    beside = sorted(inputs.root.iterdir())
    with pytest.raises(SystemExit) as caught:
        inputs.run()
    message = str(caught.value.code)
    assert message.startswith("error: ")
    for fragment in fragments:
        assert fragment in message
    assert contents(inputs.output) == before
    assert sorted(inputs.root.iterdir()) == beside
