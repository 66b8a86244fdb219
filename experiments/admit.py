"""Admit what was trained: each file as it was made, and for the settings that are declared now.

Nothing is published before. Results may come from a cache that others write to,
and on a copied disk a record of plain text tells of no flipped bit.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.digests import sha256_of
from pipeline.errors import run_command
from pipeline.records import read_json, write_json
from pipeline.seals import check_seal

__all__ = ["admit", "main"]


def admit(
    settings: Mapping[str, Mapping[str, Any]], seals: Iterable[Path], files: Iterable[Path]
) -> dict[str, str]:
    """Hold every result against its seal.

    Parameters
    ----------
    settings
        By the name of the variant.
    seals
        Of all results, ``<variant>.json``.
    files
        Of all results; the name of each begins with that of its variant.

    Returns
    -------
    dict
        The digest of each seal, by the name of the variant.
    """
    by_variant: dict[str, list[Path]] = {}
    for file in files:
        by_variant.setdefault(file.name.partition(".")[0], []).append(file)
    admitted = {}
    for seal in seals:
        check_seal(seal, settings[seal.stem], by_variant[seal.stem])
        admitted[seal.stem] = sha256_of(seal)
    return admitted


def main() -> None:
    """Admit the results that the command line names, and say so in a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", required=True, type=Path)
    parser.add_argument("--seals", required=True, type=Path, nargs="+")
    parser.add_argument("--files", required=True, type=Path, nargs="+")
    parser.add_argument("--output", required=True, type=Path)
    arguments = parser.parse_args()
    settings = read_json(arguments.settings)
    write_json(arguments.output, admit(settings, arguments.seals, arguments.files))


if __name__ == "__main__":
    run_command(main)
