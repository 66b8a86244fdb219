"""Columnar tables between rules: open, byte-stable, and checked when they are read.

A table is Parquet. Its metadata hold the SHA-256 of the whole file, worked out with zeros in the
place of the digest itself: a flipped bit is most often read as other data without complaint.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from arro3.core import Array, ChunkedArray, DataType, Table
from arro3.io import read_parquet, write_parquet

from juchi.core.atomic import replacing
from juchi.core.csv_tables import read_csv
from juchi.core.records import FileContents, damaged

__all__ = ["Columns", "read_any_table", "read_table", "write_table"]

Columns = dict[str, np.ndarray]

_KEY, _ZEROS = "juchi.sha256", "0" * 64
# As Parquet has it: the key, what says that a text of 64 bytes follows, and the digest.
_DIGEST = re.compile(rb"juchi\.sha256\x18\x40([0-9a-f]{64})")
# A process that reads what came over its standard input, and says what is wrong with it.
_READER = """
import io, sys
from arro3.io import read_parquet
try:
    read_parquet(io.BytesIO(sys.stdin.buffer.read())).read_all()
except BaseException as error:
    sys.exit(str(error).partition("\\n")[0])
"""


def write_table(path: Path, columns: Columns) -> None:
    """Write named columns, 1-D and of equal length, as Parquet.

    Raises
    ------
    ValueError
        Where a column holds something else than numbers, booleans, texts, days or moments, or
        where one is longer than another.
    """
    arrays: dict[str, Any] = {name: _to_arrow(name, values) for name, values in columns.items()}
    written = io.BytesIO()
    write_parquet(
        Table.from_pydict(arrays), written, compression="zstd(1)", key_value_metadata={_KEY: _ZEROS}
    )
    contents = written.getvalue()
    with replacing(path) as part:
        part.write_bytes(_with_digest(contents) or contents)


def _to_arrow(name: str, values: np.ndarray) -> Array:
    kind = values.dtype.kind
    if values.ndim == 1 and kind in "iuf":
        # Arrow takes the bytes as they lie there, those of another machine too.
        return Array(np.ascontiguousarray(values, values.dtype.newbyteorder("=")))
    if values.ndim == 1 and kind == "b":
        return Array(values.tolist(), DataType.bool())
    if kind == "U" or (kind == "O" and all(v is None or isinstance(v, str) for v in values)):
        return Array(values.tolist(), DataType.string())
    if kind == "M" and not np.isnat(values).any():
        if values.dtype == "datetime64[D]":
            return Array(values.astype(np.int32)).cast(DataType.date32())
        moments = values.astype("datetime64[us]").astype(np.int64)
        return Array(moments).cast(DataType.timestamp("us"))
    raise ValueError(f"the column {name!r} is of {values.ndim} dimensions and of {values.dtype}")


def _with_digest(contents: bytes) -> bytes | None:
    """Return a file with the digest that it should have; None where there is no place for it."""
    places = [match.span(1) for match in _DIGEST.finditer(contents)]
    if not places:
        return None
    begin, end = places[-1]
    before, behind = contents[:begin], contents[end:]
    digest = hashlib.sha256(before + _ZEROS.encode() + behind).hexdigest()
    return before + digest.encode() + behind


def read_table(path: Path) -> Columns:
    """Read a table of Parquet; a damaged or missing file is a `UserError`.

    So is a column that it lacks, when it is asked for.
    """
    try:
        contents = path.read_bytes()
        _check(contents)
    except (OSError, ValueError) as error:
        raise damaged(path, error, "a whole Parquet table") from error
    table = read_parquet(io.BytesIO(contents)).read_all()
    return FileContents({name: _to_numpy(table.column(name)) for name in table.column_names}, path)


def _check(contents: bytes) -> None:
    """Raise a `ValueError` where a file is no whole table.

    What other programs have written has no digest. The library ends the whole process over some
    damage, so that another process tries first.
    """
    if (written := _with_digest(contents)) is not None:
        if written != contents:
            raise ValueError("other bytes than those that were written, by their checksum")
        return
    tried = subprocess.run(
        [sys.executable, "-c", _READER], input=contents, capture_output=True, check=False
    )
    if tried.returncode != 0:
        said = tried.stderr.decode(errors="replace").strip().splitlines()
        raise ValueError(said[-1] if tried.returncode == 1 and said else "bytes of no sense")


def _to_numpy(column: ChunkedArray) -> np.ndarray:
    """Return a column; what is missing is NaN among numbers, NaT among dates, and else None."""
    kind = column.type
    numeric = DataType.is_numeric(kind) and not DataType.is_decimal(kind)
    if column.null_count == 0 and (numeric or DataType.is_boolean(kind)):
        parts = column.chunks or [Array([], kind)]
        return np.concatenate([part.to_numpy() for part in parts])
    values: list[Any] = list(column.to_pylist())
    if numeric:
        return np.array([math.nan if value is None else value for value in values], float)
    if DataType.is_date(kind):
        return np.array(values, "datetime64[D]")
    if DataType.is_timestamp(kind):
        return np.array([_in_utc(value) for value in values], "datetime64[us]")
    return np.fromiter(values, object, len(values))


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment and moment.tzinfo else moment


def read_any_table(path: Path, texts: Sequence[str] = ()) -> Columns:
    """Read a table that any program has written, as Parquet or as CSV with a head.

    An empty cell among numbers is NaN. The columns in `texts` are read as they stand. A file that
    cannot be read is a `UserError`.
    """
    if path.suffix != ".csv":
        columns = dict(read_table(path))
        return FileContents(
            columns | {name: columns[name].astype(str) for name in texts if name in columns}, path
        )
    return FileContents(read_csv(path, texts), path)
