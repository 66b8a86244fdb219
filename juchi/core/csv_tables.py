"""Tables that other programs have written as CSV: each column of one kind, or explained."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from juchi.core.encodings import encoding_hint, not_utf8
from juchi.core.errors import UserError
from juchi.core.records import damaged

__all__ = ["read_csv"]

_EXPECTED = "a table as CSV in UTF-8: a head, then rows of as many cells, commas between them"
_SEPARATORS = {";": "semicolons", "\t": "tabs", "，": "full-width commas", "|": "bars"}
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SPREADSHEET = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# How R, pandas and spreadsheets write that a value is missing.
_MISSING = frozenset(["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-nan", "NULL", "null"])
_END = "unexpected end of data"
_UNCLOSED = (_END, f"{_END}: a quotation mark that nothing closes")
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# Shorter ones are kept in any kind of number.
_LONG_WHOLE = re.compile(r"[+-]?\d{16,}", re.ASCII).fullmatch
_DAY = r"\d{4}-\d\d-\d\d"
# What the cells of a column may be, as numpy calls it: how they look, and what one says if missing.
_KINDS = {
    "int64": (r"-?\d+", ""),
    "float64": (r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?)", "nan"),
    "datetime64[D]": (_DAY, "NaT"),
    "datetime64[us]": (rf"{_DAY}[ t]\d\d:\d\d(:\d\d(\.\d{{1,6}})?)?", "NaT"),
}


def read_csv(path: Path, texts: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """Read columns by name; those in `texts` are read as they stand.

    A column whose cells are all numbers, truth values or dates is of these; one with another cell
    is of texts. An empty cell among numbers is NaN. A file that cannot be read is a `UserError`.
    """
    try:
        contents = path.read_bytes()
    except OSError as error:
        raise damaged(path, error, _EXPECTED) from error
    text = _decoded(path, contents)
    head, *rows = _rows(path, text)
    names = [name.strip(" \t") for name in head]
    first = text.partition("\n")[0].rstrip("\r")
    if fault := _fault_of_head(names, rows, first):
        raise UserError(f"{path}:1", fault, _EXPECTED, _hint(first))
    return {
        name: _as_texts(cells) if name in texts else _typed(cells)
        for name, *cells in zip(names, *rows, strict=True)
    }


def _fault_of_head(names: Sequence[str], rows: Sequence[Sequence[str]], first: str) -> str | None:
    """Return what is wrong with the names of the columns; the first may be that of row names."""
    if len(names) <= 1 and (other := _other_separator(first)):
        return f"cells between {other}"
    if other := next(
        filter(None, (_within(*column) for column in zip(names, *rows, strict=True))), None
    ):
        return f"cells between commas and {other}"
    if "" in names[1:]:
        return f"a column without a name, number {names.index('', 1) + 1} of {len(names)}"
    twice = next((name for name in names if names.count(name) > 1), None)
    return None if twice is None else f"two columns named {twice!r}"


def _within(name: str, *cells: str) -> str | None:
    """Return what else stands between cells, where a name has it and so has each cell below."""
    for mark, word in _SEPARATORS.items():
        if cells and mark in name and all(mark in cell for cell in cells):
            return word
    return None


def _decoded(path: Path, contents: bytes) -> str:
    """Return the text; refuse what is no UTF-8, with the line."""
    if contents.startswith(_SPREADSHEET):
        hint = "export the sheet as “CSV UTF-8”"
        raise UserError(str(path), "a spreadsheet, whatever its name says", _EXPECTED, hint)
    if contents.startswith(_BYTE_ORDER_MARKS):
        raise UserError(str(path), "UTF-16", _EXPECTED, encoding_hint(contents, str(path)))
    if (at := contents.find(b"\0")) >= 0:
        line = contents.count(b"\n", 0, at) + 1
        hint = encoding_hint(contents, str(path))
        raise UserError(f"{path}:{line}", "the byte 0x00, which no text has", _EXPECTED, hint)
    try:
        return contents.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_utf8(path, error, _EXPECTED) from error


def _rows(path: Path, text: str) -> list[list[str]]:
    """Return the head and the rows behind it, all of as many cells; empty lines are no rows."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    hint = _hint(text.partition("\n")[0].rstrip("\r"))
    rows: list[list[str]] = []
    try:
        for row in reader:
            if len(row) == 1 < len(rows[0] if rows else row) and not row[0].strip():
                continue
            if row and rows and len(row) != len(rows[0]):
                found = f"cells: {len(rows[0])} in the head, {len(row)} in this row"
                raise UserError(f"{path}:{reader.line_num}", found, _EXPECTED, hint)
            rows += [row] if row else []
    except csv.Error as error:
        found = str(error).replace(*_UNCLOSED)
        raise UserError(f"{path}:{reader.line_num}", found, _EXPECTED, hint) from error
    if not rows:
        raise UserError(str(path), "an empty file", _EXPECTED, hint)
    # As spreadsheets write them below a table.
    while len(rows) > 1 and len(rows[0]) > 1 and not any(map(str.strip, rows[-1])):
        del rows[-1]
    while len(rows[0]) > 1 and not any(row[-1].strip() for row in rows):
        rows = [row[:-1] for row in rows]
    return rows


def _typed(cells: Sequence[str]) -> np.ndarray:
    """Return a column as what all its cells can be, or else as texts."""
    bare = [cell.strip(" \t") for cell in cells]
    known = [cell for cell in bare if cell not in _MISSING]
    if not known:
        return np.full(len(cells), None, object)
    if all(cell in _TRUTH for cell in known):
        whole = len(known) == len(cells)
        return np.array([_TRUTH.get(cell) for cell in bare], bool if whole else object)
    for kind, (pattern, missing) in _KINDS.items():
        if all(map(re.compile(pattern, re.ASCII | re.IGNORECASE).fullmatch, known)):
            # No such integer, such as a missing one, or no such day: of the next kind.
            with contextlib.suppress(ValueError, OverflowError):
                typed = np.array([missing if cell in _MISSING else cell for cell in bare], kind)
                return typed if _keeps(typed, bare) else _as_texts(cells)
    return _as_texts(cells)


def _keeps(values: np.ndarray, cells: Sequence[str]) -> bool:
    """Tell whether the whole numbers of a column are kept to their last digit."""
    if values.dtype.kind != "f":
        return True
    pairs = zip(cells, values, strict=True)
    return all(int(cell) == int(value) for cell, value in pairs if _LONG_WHOLE(cell))


def _as_texts(cells: Sequence[str]) -> np.ndarray:
    return np.array(cells, object)


def _other_separator(head: str) -> str | None:
    """Return the name of what stands between the names of the head, where it is no comma."""
    found = [name for mark, name in _SEPARATORS.items() if mark in head]
    return found[0] if found and "," not in head else None


def _hint(head: str) -> str:
    """Return what is likely to be wrong, by the first line."""
    if other := _other_separator(head):
        return (
            f"write it with commas instead of {other}, and decimal points; in R by write.csv and "
            "not write.csv2"
        )
    names = [name.strip('" ') for name in head.split(",")]
    bare = re.sub(r'"[^"]*"', "", head)
    likely = {
        "take the remark above the head away": head.startswith("#"),
        "write commas between all cells, in the head and below it": any(
            mark in bare for mark in _SEPARATORS
        ),
        "if the first line is a title, take it away: the head is the first line": len(names) == 1,
        "name each column; a head in two rows or with merged cells becomes one row, and "
        "columns in config/article.yaml have a `group`": "" in names[1:],
        "give each column a name of its own": len(set(names)) < len(names),
        "mend what writes it; a cell with a comma stands in quotation marks": True,
    }
    return next(hint for hint, holds in likely.items() if holds)
