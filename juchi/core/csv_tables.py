"""Tables that other programs have written as CSV: read by Arrow, and explained where it cannot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from juchi.core.errors import UserError
from juchi.core.records import damaged

__all__ = ["read_csv"]

_EXPECTED = "a table as CSV in UTF-8: a head, then rows of as many cells, commas between them"
_SEPARATORS = {";": "semicolons", "\t": "tabs"}
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_csv(path: Path, texts: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """Read columns by name; those in `texts` are read as they stand.

    An empty cell among numbers is NaN. A file that cannot be read is a `UserError`.
    """
    try:
        contents = path.read_bytes()
    except OSError as error:
        raise damaged(path, error, _EXPECTED) from error
    head = _head(path, contents)
    kinds = pc.ConvertOptions(column_types=dict.fromkeys(texts, pa.string()))
    try:
        table = pc.read_csv(io.BytesIO(contents), convert_options=kinds)
        columns = {name: table.column(name).to_numpy() for name in table.column_names}
    except (ValueError, KeyError, pa.ArrowException) as error:
        found = str(error).splitlines()[0] if str(error) else "an empty file"
        raise UserError(str(path), found, _EXPECTED, _hint(head)) from error
    if len(columns) == 1 and (other := _other_separator(head)):
        raise UserError(f"{path}:1", f"cells between {other}", _EXPECTED, _hint(head))
    return columns


def _head(path: Path, contents: bytes) -> str:
    """Return the first line; refuse what is no UTF-8, with the line."""
    if contents.startswith(_BYTE_ORDER_MARKS):
        raise _no_utf8(str(path), "UTF-16")
    try:
        text = contents.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = contents.count(b"\n", 0, error.start) + 1
        wrong = contents[error.start]
        raise _no_utf8(f"{path}:{line}", f"the byte 0x{wrong:02x}, which is no UTF-8") from error
    return text.partition("\n")[0].rstrip("\r")


def _no_utf8(where: str, found: str) -> UserError:
    hint = 'save it as UTF-8; in R: write.csv(…, fileEncoding = "UTF-8")'
    return UserError(where, found, _EXPECTED, hint)


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
    if head.startswith("#"):
        return "take the remark above the head away"
    names = [name.strip('" ') for name in head.split(",")]
    if len(set(names)) < len(names):
        return "give each column a name of its own"
    return "mend what writes it; a cell with a comma stands in quotation marks"
