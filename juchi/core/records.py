"""JSON records between rules, and what is said of a damaged file.

Apart from the tables, whose library most steps have no use for and would pay to load.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from juchi.core.atomic import write_text
from juchi.core.errors import UserError, nearest

__all__ = [
    "DIVERGED",
    "FileContents",
    "damaged",
    "finite_or_none",
    "read_json",
    "remake",
    "write_json",
]


# What stands for a number that there is none of, since runs that it was to be taken over diverged.
DIVERGED = "diverged"
# How R and Python write what is no number.
_NO_JSON = re.compile(r"-?(?:NA|NaN|nan|Inf|inf)\b")


class MissingNameError(UserError, KeyError):
    """A name that a file lacks: for whoever asks any mapping, such as a template, a `KeyError`."""

    # That of a `KeyError` is its name in quotes.
    __str__ = Exception.__str__


class FileContents(dict[str, Any]):
    """What a file holds, by name; a name that it lacks is a `UserError`, as in a file of old.

    `get` and `in` are as ever, for what a file need not have.
    """

    def __init__(
        self, values: Mapping[str, Any] | Iterable[tuple[str, Any]], path: Path | str = "a copy"
    ) -> None:
        # Whoever copies a mapping of any kind, such as `dataclasses.asdict`, gives no path.
        super().__init__(values)
        self._path = path

    def __missing__(self, name: str) -> Any:  # noqa: ANN401 - as a mapping has it
        near = nearest(name, [*map(str, self)], "")
        raise MissingNameError(
            where=str(self._path),
            found=f"no {name!r} in it",
            expected=f"one of {', '.join(map(str, self))}" if near else "a file of today's form",
            hint=f"{near} Correct it where it is asked for" if near else remake(Path(self._path)),
        )


def write_json(path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Write a JSON value with a stable layout; NaN and infinity are refused by `json` itself."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    write_text(path, text + "\n")


def finite_or_none(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with None for what is no finite number, and for its whole estimate.

    An estimate is a mapping with the ends of an interval, `low` and `high`: a mean without them, or
    the other way round, would pass for one that was measured.
    """
    if isinstance(value, Mapping):
        parts = {name: finite_or_none(part) for name, part in value.items()}
        estimate = "low" in parts and "high" in parts
        return None if estimate and None in parts.values() else parts
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def read_json(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON file; a damaged or missing file is a `UserError`, see `FileContents` too."""
    try:
        return json.loads(
            path.read_text(encoding="utf-8"), object_hook=lambda each: FileContents(each, path)
        )
    except (OSError, ValueError) as error:
        if isinstance(error, json.JSONDecodeError) and (
            found := _NO_JSON.match(error.doc, error.pos)
        ):
            raise UserError(
                f"{path}:{error.lineno}",
                f"{found[0]}, which is no JSON",
                "null where there is no number",
                'write null; in R: toJSON(…, na = "null")',
            ) from error
        raise damaged(path, error, "a whole JSON document") from error


def damaged(path: Path, error: Exception, expected: str) -> UserError:
    """Return what to tell of a file that cannot be read, with the hint."""
    if isinstance(error, FileNotFoundError):
        return UserError(str(path), "no such file", expected, "build again; Snakemake makes it")
    first_line = str(error).splitlines()[0] if str(error) else "an empty file"
    return UserError(
        where=str(path),
        found=first_line,
        expected=expected,
        hint=remake(path),
    )


def remake(path: Path) -> str:
    """Return how a file is had again; where it links into a cache, the entry has to go as well."""
    if path.is_symlink():
        return f"delete {path} and {path.resolve()}, to which it links, and build again"
    return f"delete {path} and build again; Snakemake makes it again"
