"""Columnar tables between rules: open, byte-stable, and checked when they are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from juchi.core.atomic import replacing
from juchi.core.csv_tables import read_csv
from juchi.core.records import FileContents, damaged

__all__ = ["Columns", "read_any_table", "read_table", "write_table"]

Columns = dict[str, np.ndarray]


def write_table(path: Path, columns: Columns) -> None:
    """Write named columns, 1-D and of equal length, as Parquet.

    Page checksums are on: without them a flipped bit is most often read as other data.
    """
    table = pa.table(dict(columns))
    with replacing(path) as part:
        pq.write_table(table, part, compression="zstd", write_page_checksum=True)


def read_table(path: Path) -> Columns:
    """Read a table written by `write_table`; a damaged or missing file is a `UserError`.

    So is a column that it lacks, when it is asked for.
    """
    try:
        # Read as one file: for a folder of them Arrow would import what takes as long as a table.
        with pq.ParquetFile(path, page_checksum_verification=True, memory_map=False) as file:
            table = file.read()
        columns = {name: table.column(name).to_numpy() for name in table.column_names}
    # A ValueError is a column's name that is no UTF-8: no checksum protects the names.
    except (OSError, ValueError, pa.ArrowException) as error:
        raise damaged(path, error, "a whole Parquet table") from error
    return FileContents(columns, path)


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
