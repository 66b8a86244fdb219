"""Tables and records between rules: the same bytes, and no silence about damage."""

from __future__ import annotations

import io
import math
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from arro3.core import Array, DataType, Table
from arro3.io import read_parquet, write_parquet

from juchi.core.errors import UserError
from juchi.core.records import read_json, write_json
from juchi.core.tables import Columns, read_table, write_table


def columns() -> Columns:
    rng = np.random.default_rng(3)
    return {
        "configuration": np.array(["post", "对照"] * 500, dtype=object),
        "start": np.arange(1000, dtype=np.int32),
        "weight": np.concatenate([rng.normal(size=996), [np.nan, np.inf, -0.0, 5e-324]]),
        "diverged": np.arange(1000) % 3 == 0,
        "day": np.datetime64("1969-12-24") + np.arange(1000),
        "moment": np.datetime64("2020-02-29T12:00:00.000001") + np.arange(1000),
    }


def test_a_table_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet", columns())
    read = read_table(tmp_path / "a.parquet")
    assert list(read) == list(columns())
    for name, values in columns().items():
        assert read[name].dtype == values.dtype
        assert read[name].tolist()[:996] == values.tolist()[:996]
    assert read["weight"].tobytes() == columns()["weight"].tobytes()


def test_the_same_table_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        write_table(tmp_path / name, columns())
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_columns_of_unequal_length_write_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"length"):
        write_table(tmp_path / "a.parquet", {"x": np.zeros(3), "y": np.zeros(4)})
    assert list(tmp_path.iterdir()) == []


def test_the_order_of_the_bytes_and_gaps_between_them_are_no_matter(tmp_path: Path) -> None:
    for values in (np.arange(5.0)[::-2], np.arange(5).astype(">i4"), np.arange(5).astype("<u2")):
        write_table(tmp_path / "a.parquet", {"x": values})
        read = read_table(tmp_path / "a.parquet")["x"]
        assert read.tolist() == values.tolist()
        assert read.dtype == values.dtype.newbyteorder("=")


@pytest.mark.parametrize(
    "values",
    [np.zeros((2, 2)), np.array([1j]), np.array([{}, 1]), np.array(["2020-02-29", "NaT"], "M8[D]")],
)
def test_what_no_column_holds_is_not_written(tmp_path: Path, values: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"the column 'x' is of \d dimensions and of"):
        write_table(tmp_path / "a.parquet", {"x": values})
    assert list(tmp_path.iterdir()) == []


def test_no_flipped_bit_is_read_as_other_data(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    whole = {name: values[:20] for name, values in columns().items()}
    # The last place for a digest counts, whatever stands in a cell.
    whole["text"] = np.array(["juchi.sha256\x18\x40" + "0" * 64] * 20)
    write_table(path, whole)
    contents = path.read_bytes()
    refused = 0
    for at in range(len(contents)):
        path.write_bytes(contents[:at] + bytes([contents[at] ^ 1 << at % 8]) + contents[at + 1 :])
        try:
            read = read_table(path)
        except UserError as error:
            refused += "by their checksum" in str(error)
            continue
        assert list(read) == list(whole)
        assert all(repr(read[n].tolist()) == repr(whole[n].tolist()) for n in whole)
    assert refused > 0.95 * len(contents)


def test_a_table_without_rows_keeps_its_kinds(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet", {name: values[:0] for name, values in columns().items()})
    read = read_table(tmp_path / "a.parquet")
    assert {n: v.dtype for n, v in read.items()} == {n: v.dtype for n, v in columns().items()}


def test_any_program_may_read_it(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet", columns())
    table = read_parquet(tmp_path / "a.parquet").read_all()
    assert [str(table.column(name).type).split(".")[-1].split()[0] for name in columns()] == [
        *("DataType<Utf8>", "DataType<Int32>", "DataType<Float64>"),
        *("DataType<Boolean>", "DataType<Date32>", "DataType<Timestamp(µs)>"),
    ]


def of_another_program() -> dict[str, Any]:
    moments = Array(np.array([1, 2], np.int64)).cast(DataType.timestamp("ms", tz="Europe/Rome"))
    return {
        "n": Array([1, None], DataType.int64()),
        "x": Array([0.5, None], DataType.float64()),
        "open": Array([True, None], DataType.bool()),
        "name": Array([None, "对照"], DataType.large_string()),
        "day": Array(np.array([0, 18321], np.int32)).cast(DataType.date32()),
        "moment": moments,
    }


def test_a_table_of_another_program_is_read_with_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(Table.from_pydict(of_another_program()), path)
    read = read_table(path)
    assert {name: values.dtype.str[1:] for name, values in read.items()} == {
        **{"n": "f8", "x": "f8", "open": "O", "name": "O", "day": "M8[D]", "moment": "M8[us]"}
    }
    np.testing.assert_array_equal(read["n"], [1, np.nan])
    np.testing.assert_array_equal(read["x"], [0.5, np.nan])
    assert read["open"].tolist() == [True, None]
    assert read["name"].tolist() == [None, "对照"]
    assert read["day"].tolist() == [date(1970, 1, 1), date(2020, 2, 29)]
    assert read["moment"].tolist()[0] == datetime(1970, 1, 1, 0, 0, 0, 1000, UTC).replace(
        tzinfo=None
    )


def test_damage_to_a_table_of_another_program_ends_no_process(tmp_path: Path) -> None:
    """The library gives up with the whole process over some bits; which ones is up to it."""
    path = tmp_path / "a.parquet"
    written = io.BytesIO()
    write_parquet(Table.from_pydict(of_another_program()), written)
    contents = written.getvalue()
    refused = 0
    for at in range(4, len(contents), len(contents) // 40):
        path.write_bytes(contents[:at] + bytes([contents[at] ^ 0x80]) + contents[at + 1 :])
        try:
            read_table(path)
        except UserError as error:
            refused += "a whole Parquet table" in str(error)
    assert refused > 5


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[: len(data) // 2], id="cut off"),
        pytest.param(lambda data: data[:-1], id="last byte lost"),
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda _: b"no table at all", id="another file"),
        pytest.param(lambda data: data.replace(b"weight", b"w\xffight"), id="a name that is none"),
        pytest.param(lambda data: b"\0" * len(data), id="zeros"),
    ],
)
def test_a_damaged_table_is_named_with_the_way_out(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "a.parquet"
    write_table(path, columns())
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UserError) as refused:
        read_table(path)
    for part in (f"error: {path}\n", "a whole Parquet table", f"delete {path} and build again"):
        assert part in str(refused.value)


def test_json_comes_back_in_its_order(tmp_path: Path) -> None:
    value = {"锯齿": [0.1, 1e-300, 5e-324], "a": {"z": None, "b": True}}
    path = tmp_path / "a.json"
    write_json(path, value)
    assert read_json(path) == value
    assert list(read_json(path)) == ["锯齿", "a"]
    text = path.read_text(encoding="utf-8")
    assert "锯齿" in text
    assert text.endswith("}\n")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_json_cannot_say_is_not_written(tmp_path: Path, value: float) -> None:
    path = tmp_path / "a.json"
    with pytest.raises(ValueError, match=r"not JSON compliant"):
        write_json(path, {"x": value})
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b'{"a": 1', b"\xff\xfe", b"{'a': 1}"])
def test_a_damaged_record_is_named_with_the_way_out(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(UserError) as refused:
        read_json(path)
    for part in (f"error: {path}\n", "a whole JSON document", f"delete {path} and build again"):
        assert part in str(refused.value)


@pytest.mark.parametrize("read", [read_table, read_json])
def test_a_missing_file_is_named(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(UserError, match=r"absent\.file\n.*no such file\n(.*\n)*.*build again"):
        read(tmp_path / "absent.file")
