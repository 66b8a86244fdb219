"""Where two builds differ: by file; within tables by cell, within records by key."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from juchi.core.errors import UserError
from juchi.core.tables import Columns, read_table

__all__ = ["Difference", "compare"]

_SHOWN = 5
_NOTHING = "nothing"


@dataclass(frozen=True)
class Difference:
    """A file that is not the same in both builds.

    Attributes
    ----------
    path
        Where it stands, from the folder of the build.
    details
        What differs, the first few places each on a line of its own.
    only_here
        Whether the other build has no such file.
    """

    path: str
    details: list[str]
    only_here: bool = False


def compare(here: Path, there: Path, named_by: Sequence[str] = ()) -> Iterator[Difference]:
    """Yield the files that differ between two folders, and those that only one of them has.

    Hidden files do not count: a build that was killed may leave some, and reads none of them.

    Parameters
    ----------
    here, there
        The two folders.
    named_by
        The columns that name a row of a table, where it has them.
    """
    ours, theirs = _files(here), _files(there)
    for name in sorted(ours | theirs):
        if name not in theirs:
            yield Difference(name, [f"only in {here}"], only_here=True)
        elif name not in ours:
            yield Difference(name, [f"only in {there}"])
        elif (here / name).read_bytes() != (there / name).read_bytes():
            yield Difference(name, _details(here / name, there / name, named_by))


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def _details(here: Path, there: Path, named_by: Sequence[str]) -> list[str]:
    """Return the first places in which two files differ, as finely as their form allows."""
    try:
        if read := _TABLES.get(here.suffix):
            found = list(_cells(read(here), read(there), named_by))
        else:
            found = list(_PLACES.get(here.suffix, _bytes)(here, there))
    except (UserError, UnicodeDecodeError, ValueError) as error:
        # A damaged file has no cells; what is said of the damage is worth more than an offset.
        return [str(error).splitlines()[0], *_bytes(here, there)]
    # Two files may hold the same and be written otherwise.
    found = found or list(_bytes(here, there))
    more = [f"... and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return found[:_SHOWN] + more


def _csv_columns(path: Path) -> Columns:
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    cells = zip_longest(*rows, fillvalue="") if rows else ([] for _ in head)
    return {name: np.array(cell, dtype=object) for name, cell in zip(head, cells, strict=True)}


def _cells(ours: Columns, theirs: Columns, named_by: Sequence[str]) -> Iterator[str]:
    """Yield the cells in which two tables differ."""
    if list(ours) != list(theirs):
        yield f"columns: {', '.join(ours)} | {', '.join(theirs)}"
        return
    lengths = [len(next(iter(table.values()), [])) for table in (ours, theirs)]
    if lengths[0] != lengths[1]:
        yield f"rows: {lengths[0]} | {lengths[1]}"
        return
    for name, column in ours.items():
        for row in np.flatnonzero(_unequal(column, theirs[name])):
            yield f"{_row(ours, int(row), named_by)}, {name}: {column[row]} | {theirs[name][row]}"


def _unequal(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    unequal: np.ndarray = here != there
    if here.dtype.kind == "f" and there.dtype.kind == "f":
        unequal &= ~(np.isnan(here) & np.isnan(there))
    return unequal


def _row(columns: Columns, row: int, named_by: Sequence[str]) -> str:
    names = [f"{name} {columns[name][row]}" for name in named_by if name in columns]
    return f"row {row + 1}" + (f" ({', '.join(names)})" if names else "")


def _json(here: Path, there: Path) -> Iterator[str]:
    ours, theirs = (dict(_leaves(json.loads(path.read_text("utf-8")))) for path in (here, there))
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key, _NOTHING) != theirs.get(key, _NOTHING):
            yield f"{key}: {ours.get(key, _NOTHING)} | {theirs.get(key, _NOTHING)}"


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield the leaves of a JSON value by their keys, joined by slashes."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{key}/{name}")
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{key}/{index}")
    else:
        yield key, repr(value)


def _text(here: Path, there: Path) -> Iterator[str]:
    lines = zip_longest(*(path.read_text("utf-8").splitlines() for path in (here, there)))
    for number, (ours, theirs) in enumerate(lines, start=1):
        if ours != theirs:
            yield f"line {number}: {_excerpt(ours, theirs)} | {_excerpt(theirs, ours)}"


def _excerpt(line: str | None, other: str | None) -> str:
    """Return a line from shortly before it parts from the other."""
    if line is None:
        return _NOTHING
    pairs = zip(line, other or "", strict=False)
    parting = next((at for at, (a, b) in enumerate(pairs) if a != b), 0)
    return repr(line[max(0, parting - 20) : parting + 40])


def _bytes(here: Path, there: Path) -> Iterator[str]:
    ours, theirs = here.read_bytes(), there.read_bytes()
    pairs = zip(ours, theirs, strict=False)
    first = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))
    yield f"from byte {first} on; sizes {len(ours)} | {len(theirs)}"


_TABLES: dict[str, Callable[[Path], Columns]] = {".parquet": read_table, ".csv": _csv_columns}
_PLACES: dict[str, Callable[[Path, Path], Iterator[str]]] = {
    ".json": _json,
    **dict.fromkeys((".html", ".css", ".js", ".svg", ".txt", ".xml"), _text),
}
