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
        "variant": np.array(["a", 'b, "c"\nd'], dtype=object),
        "n": np.array([1, 2], dtype=np.int32),
        "x": np.array([math.nan, 0.5]),
    }
    text = as_csv(table)
    assert text == 'variant,n,x\na,1,\n"b, ""c""\nd",2,0.5\n'
    assert cells(text)[2][0] == table["variant"][1]


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "-1.5"])
def test_text_that_a_spreadsheet_would_carry_out_is_refused(text: str) -> None:
    for table in ({"variant": np.array(["a", text], dtype=object)}, {text: np.array([1.0])}):
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
        self.table = root / "measures.parquet"
        write_table(self.table, {"x": np.array([0.5, math.nan])})
        self.records: dict[str, Any] = {
            "facts": {"seed.x": 1},
            "claims": {"tanh_cures": 2},
            "printed": {"compiles": 0, "share": 0.5},
        }
        for name, record in self.records.items():
            write_json(root / f"{name}.json", record)
        self.landscapes = [root / f"{name}.json" for name in ("seed", "batchnorm")]
        write_json(self.landscapes[0], {"sharpness": 2.5, "w_star": 0.25})
        write_json(self.landscapes[1], {"sharpness": None, "w_star": 1})
        self.estimates = root / "rates.json"
        gain = {"value": 0.5, "n": 10, "low": 0.25, "high": 0.75}
        write_json(self.estimates, {"onset": 0.69, "gain": gain})

    def run(self) -> dict[str, str]:
        """Run the command, and return the text of each file that it wrote."""
        command(
            lambda: run_command(data.main),
            landscapes=self.landscapes,
            records=[self.estimates],
            data=[self.root / f"{name}.json" for name in self.records],
            tables=[self.table],
            output=self.output,
        )
        return contents(self.output)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    return Inputs(tmp_path)


def test_each_table_and_record_is_a_file(inputs: Inputs) -> None:
    assert list(inputs.run()) == [
        "claims.json",
        "facts.json",
        "landscapes.csv",
        "measures.csv",
        "printed.csv",
        "records.csv",
    ]


def test_records_become_tables_and_facts_stay_as_they_are(inputs: Inputs) -> None:
    files = inputs.run()
    assert cells(files["records.csv"]) == [
        ["variant", "name", "value", "n", "low", "high"],
        ["rates", "onset", "0.69", "", "", ""],
        ["rates", "gain", "0.5", "10", "0.25", "0.75"],
    ]
    assert cells(files["landscapes.csv"]) == [
        ["variant", "sharpness", "w_star"],
        ["seed", "2.5", "0.25"],
        ["batchnorm", "", "1"],
    ]
    assert cells(files["printed.csv"]) == [["name", "value"], ["compiles", "0"], ["share", "0.5"]]
    assert files["facts.json"] == (inputs.root / "facts.json").read_text("utf-8")
    assert json.loads(files["claims.json"]) == inputs.records["claims"]


def test_what_no_longer_belongs_there_goes(inputs: Inputs) -> None:
    first = inputs.run()
    (inputs.output / "stale.csv").write_text("x", "utf-8")
    assert inputs.run() == first


@pytest.mark.parametrize(
    ("spoil", "fragments"),
    [
        (lambda i: i.table.write_bytes(b"PAR1"), ["measures.parquet", "whole Parquet table"]),
        (lambda i: i.landscapes[1].write_text("{"), ["batchnorm.json", "whole JSON document"]),
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
