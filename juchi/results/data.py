"""The published data: every table behind a figure or a number, as CSV; facts and claims as JSON."""

from __future__ import annotations

import argparse
import csv
import io
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from juchi.core.atomic import write_bytes, write_text
from juchi.core.errors import UserError, run_command
from juchi.core.folders import replacing_folder
from juchi.core.records import read_json
from juchi.core.tables import Columns, read_table

__all__ = ["as_csv", "main", "write_data"]

# A spreadsheet takes a text that begins so for a formula, and carries it out.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# Published as they are; other single records become tables of two columns.
_WHOLE = ("facts", "claims", "configuration", "provenance")


def as_csv(columns: Columns) -> str:
    """Return a table as CSV (RFC 4180, but with line feeds): every float in its shortest form.

    A number that does not exist is an empty cell: a measure that a variant does not have, or that
    a run which has diverged has none of.
    """
    lists = [columns[name].tolist() for name in columns]
    rows = ([_cell(value) for value in row] for row in zip(*lists, strict=True))
    return _lines([list(columns), *rows])


def _cell(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return "" if isinstance(value, float) and not math.isfinite(value) else value


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(map(_harmless, row) for row in rows)
    return buffer.getvalue()


def _harmless(cell: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    """Return a cell, unless it is a text that a spreadsheet would carry out; numbers are none."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        raise UserError(
            "the published tables",
            f"the text {cell!r}, which a spreadsheet takes for a formula",
            "a text that begins with none of = + - @, a tab or a carriage return",
            "rename what is called so",
        )
    return cell


def _records_csv(records: Mapping[str, Mapping[str, Any]], key: str) -> str:
    """Return records of equal shape as CSV, one row each, named in the column `key`."""
    names = list(next(iter(records.values())))
    rows = [
        [name, *("" if record[column] is None else record[column] for column in names)]
        for name, record in records.items()
    ]
    return _lines([[key, *names], *rows])


def _estimates_csv(records: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the single numbers of the studies as CSV; most have neither interval nor n."""
    columns = ("value", "n", "low", "high")
    rows = []
    for variant, record in records.items():
        for name, entry in record.items():
            cells = entry if isinstance(entry, Mapping) else {"value": entry}
            rows.append([variant, name, *(cells.get(column, "") for column in columns)])
    return _lines([["variant", "name", *columns], *rows])


def write_data(folder: Path, arguments: argparse.Namespace) -> None:
    """Write every file of data into a folder that appears whole, each named as its source is."""
    with replacing_folder(folder) as part:
        for path in arguments.tables:
            write_text(part / f"{path.stem}.csv", as_csv(read_table(path)))
        for path in arguments.data:
            record = read_json(path)
            if path.stem in _WHOLE:
                write_bytes(part / path.name, path.read_bytes())
            else:
                write_text(part / f"{path.stem}.csv", _lines([("name", "value"), *record.items()]))
        records = {path.stem: read_json(path) for path in arguments.records}
        write_text(part / "records.csv", _estimates_csv(records))
        landscapes = {path.stem: read_json(path) for path in arguments.landscapes}
        write_text(part / "landscapes.csv", _records_csv(landscapes, "variant"))


def main() -> None:
    """Write the data that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("landscapes", "records", "data", "tables"):
        parser.add_argument(f"--{name}", required=True, type=Path, nargs="*")
    parser.add_argument("--output", required=True, type=Path, help="folder")
    arguments = parser.parse_args()
    write_data(arguments.output, arguments)


if __name__ == "__main__":
    run_command(main)
