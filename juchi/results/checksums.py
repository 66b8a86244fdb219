"""Which settings a result was made with, and the checksum of each of its files.

A cache that clones and machines share gives back a file by its key and never looks into it: not
whether its bytes are those that were made, nor whether they are of that configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from juchi.core.checksums import sha256_of
from juchi.core.errors import UserError
from juchi.core.records import damaged, read_json, remake, write_json

__all__ = ["check_checksums", "write_checksums"]

_KEYS = {"settings", "sha256"}


def write_checksums(path: Path, settings: Mapping[str, Any], files: Iterable[Path]) -> None:
    """Write down the settings of a result, and the checksums of its files by their names."""
    digests = {file.name: sha256_of(file) for file in files}
    write_json(path, {"settings": settings, "sha256": digests})


def check_checksums(path: Path, settings: Mapping[str, Any], files: Iterable[Path]) -> None:
    """Check the files of a result against what was written down when they were made.

    Parameters
    ----------
    path
        What `write_checksums` wrote.
    settings
        Those that the result should have been made with.
    files
        All that belong to it.

    Raises
    ------
    UserError
        That names the file which is not what it should be.
    """
    made = read_json(path)
    if not isinstance(made, dict) or made.keys() != _KEYS:
        raise damaged(path, ValueError("no checksums"), "the checksums of a result")
    if made["settings"] != settings:
        difference = _differing(made["settings"], settings)
        raise UserError(
            where=str(path),
            found=f"a result of other settings: {difference}",
            expected=f"those of {settings['name']} in config/experiments.yaml",
            hint=remake(path),
        )
    for file in files:
        if sha256_of(file) != made["sha256"].get(file.name):
            raise UserError(
                where=str(file),
                found=f"other bytes than those that were made, by their checksum in {path.name}",
                expected=f"the file that {path} was written for",
                hint=remake(file),
            )


def _differing(found: Any, expected: Mapping[str, Any]) -> str:  # noqa: ANN401 - any JSON value
    """Name the first setting that differs, with both values."""
    if not isinstance(found, dict):
        return repr(found)
    key = next(key for key in {**expected, **found} if found.get(key) != expected.get(key))
    return f"{key} {found.get(key)!r} instead of {expected.get(key)!r}"
