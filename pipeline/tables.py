"""Columnar tables and JSON records between rules: open formats, byte-stable, checked when read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.atomic import replacing, write_text
from pipeline.errors import UserError

__all__ = ["Columns", "read_json", "read_table", "write_json", "write_table"]

Columns = dict[str, np.ndarray]


def write_table(path: Path, columns: Columns) -> None:
    """Write named columns, 1-D and of equal length, as Parquet.

    Page checksums are on: without them a flipped bit is most often read as other data.
    """
    table = pa.table(dict(columns))
    with replacing(path) as part:
        pq.write_table(table, part, compression="zstd", write_page_checksum=True)


def read_table(path: Path) -> Columns:
    """Read a table written by `write_table`; a damaged or missing file is a `UserError`."""
    try:
        table = pq.read_table(path, page_checksum_verification=True, memory_map=False)
        return {name: table.column(name).to_numpy() for name in table.column_names}
    # A ValueError is a column's name that is no UTF-8: no checksum protects the names.
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _damaged(path, error, "a whole Parquet table") from error


def write_json(path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Write a JSON value with a stable layout; NaN and infinity are refused by `json` itself."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    write_text(path, text + "\n")


def read_json(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON file; a damaged or missing file is a `UserError`."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(path, error, "a whole JSON document") from error


def _damaged(path: Path, error: Exception, expected: str) -> UserError:
    if isinstance(error, FileNotFoundError):
        return UserError(str(path), "no such file", expected, "build again; Snakemake makes it")
    first_line = str(error).splitlines()[0] if str(error) else "an empty file"
    return UserError(
        where=str(path),
        found=first_line,
        expected=expected,
        remedy=f"delete {path} and build again; Snakemake makes it anew",
    )
