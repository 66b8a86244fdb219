"""JSON records between rules, and what is said of a damaged file.

Apart from the tables, whose library most steps have no use for and would pay to load.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.atomic import write_text
from pipeline.errors import UserError

__all__ = ["damaged", "read_json", "write_json"]


def write_json(path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Write a JSON value with a stable layout; NaN and infinity are refused by `json` itself."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    write_text(path, text + "\n")


def read_json(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON file; a damaged or missing file is a `UserError`."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise damaged(path, error, "a whole JSON document") from error


def damaged(path: Path, error: Exception, expected: str) -> UserError:
    """Return what to tell of a file that cannot be read, with the way out."""
    if isinstance(error, FileNotFoundError):
        return UserError(str(path), "no such file", expected, "build again; Snakemake makes it")
    first_line = str(error).splitlines()[0] if str(error) else "an empty file"
    return UserError(
        where=str(path),
        found=first_line,
        expected=expected,
        remedy=f"delete {path} and build again; Snakemake makes it anew",
    )
