"""The published data: all results behind figures and numbers, as CSV; facts and claims as JSON."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from juchi.core.atomic import write_bytes, write_text
from juchi.core.errors import UserError, run_command
from juchi.core.folders import replacing_folder
from juchi.core.records import read_json
from juchi.core.tables import Columns, read_any_table
from juchi.results.layout import configuration_of, published

__all__ = ["as_csv", "main", "write_data"]

# A spreadsheet takes a text that begins so for a formula, and carries it out.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What names the configuration that a row is of, in a table of all those of an experiment.
_CONFIGURATION = "configuration"


def as_csv(columns: Columns) -> str:
    """Return a table as CSV (RFC 4180, but with line feeds): every float in its shortest form.

    A number that does not exist is an empty cell: a measure that a configuration does not have, or
    that a run which has diverged has none of.
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


def write_data(folder: Path, results: Iterable[str], records: Iterable[Path]) -> None:
    """Write the data into a folder that appears whole.

    Parameters
    ----------
    folder
        What is published as ``data/``.
    results
        Tables and records under ``results/``, as `juchi.results.layout` names them. Those of an
        experiment's configurations become one table, with a column that tells which a row is of; an
        empty one is left out.
    records
        JSON files that are published as they are.
    """
    with replacing_folder(folder) as part:
        for name, files in _by_table(results).items():
            table = _stacked([_table(Path(file)) for file in files], list(files.values()))
            if table:
                write_text(part / name, as_csv(table))
        for path in records:
            write_bytes(part / path.name, path.read_bytes())


def _by_table(results: Iterable[str]) -> dict[str, dict[str, str | None]]:
    """Return the files of each published table, each with its configuration if it has one."""
    tables: dict[str, dict[str, str | None]] = {}
    for file in results:
        table = tables.setdefault(published(file), {})
        if table and None in (configuration_of(file), *table.values()):
            found = f"a result that is published as {published(file)}, as {next(iter(table))} is"
            raise UserError(file, found, "a name of its own for each", "rename one of the two")
        table[file] = configuration_of(file)
    return tables


def _table(path: Path) -> Columns:
    """Return a table, or a record as one with a row for each of its numbers."""
    if path.suffix != ".json":
        return read_any_table(path)
    rows = list(_estimates(read_json(path)))
    # Few records state standard errors, and most numbers have neither n nor interval.
    stated = [name for name in ("standard_error",) if any(name in row for row in rows)]
    return {
        name: np.array([row.get(name, "") for row in rows], dtype=object)
        for name in ("name", "value", "n", "low", "high", *stated)
    }


def _estimates(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row for each number of a record."""
    for name, entry in record.items():
        cells = entry if isinstance(entry, Mapping) else {"value": entry}
        value = cells["value"]
        shown = json.dumps(value) if isinstance(value, list) else value
        yield {**cells, "name": name, "value": "" if shown is None else shown}


def _stacked(tables: list[Columns], configurations: list[str | None]) -> Columns:
    """Return tables one below the other; a column that one of them lacks is empty there."""
    filled = [
        (name, table) for name, table in zip(configurations, tables, strict=True) if len(table)
    ]
    if not filled or filled[0][0] is None:
        return filled[0][1] if filled else {}
    columns = dict.fromkeys(column for _, table in filled for column in table)
    sizes = [len(next(iter(table.values()))) for _, table in filled]
    named = [
        np.full(size, name, dtype=object) for (name, _), size in zip(filled, sizes, strict=True)
    ]
    return {
        _CONFIGURATION: np.concatenate(named),
        **{
            column: np.concatenate(
                [
                    table.get(column, np.full(size, "", dtype=object))
                    for (_, table), size in zip(filled, sizes, strict=True)
                ]
            )
            for column in columns
        },
    }


def main() -> None:
    """Write the data that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", required=True, nargs="*")
    parser.add_argument("--records", required=True, type=Path, nargs="*")
    parser.add_argument("--output", required=True, type=Path, help="folder")
    arguments = parser.parse_args()
    write_data(arguments.output, arguments.results, arguments.records)


if __name__ == "__main__":
    run_command(main)
