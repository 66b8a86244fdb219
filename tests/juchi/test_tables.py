"""Tables and records between rules: the same bytes, and no silence about damage."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from juchi.core.errors import UserError
from juchi.core.records import read_json, write_json
from juchi.core.tables import Columns, read_table, write_table


def columns() -> Columns:
    rng = np.random.default_rng(3)
    return {
        "configuration": np.array(["post", "对照"] * 500, dtype=object),
        "start": np.arange(1000, dtype=np.int32),
        "weight": np.concatenate([rng.normal(size=996), [np.nan, np.inf, -0.0, 5e-324]]),
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


def test_a_flipped_bit_in_the_numbers_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_table(path, columns())
    pages = pq.read_metadata(path).row_group(0).column(2)
    damaged = bytearray(path.read_bytes())
    damaged[pages.dictionary_page_offset + pages.total_compressed_size // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(UserError, match=r"a\.parquet\n.*(CRC|checksum)"):
        read_table(path)


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
