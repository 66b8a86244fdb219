"""Where results lie, and under which name they are published: derived from their paths alone.

A configuration of an experiment has ``results/<experiment>/<configuration>.<part>``, an analysis
``results/analyses/<analysis>.<part>``; whatever else a rule of the article writes may lie anywhere
under ``results/``. All configurations of an experiment are published as one table.
"""

from __future__ import annotations

from pathlib import PurePosixPath

__all__ = ["ANALYSES", "PARTS", "configuration_of", "part_of", "published", "result_file"]

# The files of a result, by their parts: how each ends.
PARTS = {
    "samples": ".samples.parquet",
    "curves": ".curves.parquet",
    "scalars": ".scalars.json",
    "checksums": ".checksums.json",
}
# The folder of the analyses, which no experiment may be called.
ANALYSES = "analyses"


def result_file(folder: str, name: str, part: str) -> str:
    """Return the path of a part of a result: of an experiment's configuration, or an analysis."""
    return f"results/{folder}/{name}{PARTS[part]}"


def part_of(path: str) -> str | None:
    """Return which part of a result a file is; None for a file of the article's own rules."""
    name = PurePosixPath(path).name
    return next((part for part, ending in PARTS.items() if name.endswith(ending)), None)


def configuration_of(path: str) -> str | None:
    """Return the configuration whose result a file is; None for an analysis and any other file."""
    file, part = PurePosixPath(path), part_of(path)
    if part is None or file.parent.name == ANALYSES:
        return None
    return file.name.removesuffix(PARTS[part])


def published(path: str) -> str:
    """Return the name under which a result, or a file of data, is published in ``data/``, as CSV.

    A table of the article's own keeps its path below ``results/`` or ``data/``, with dots for
    slashes.
    """
    file, part = PurePosixPath(path), part_of(path)
    if part is None:
        own = file.parts[1:] if file.parts[0] in ("results", "data") else file.parts
        return f"{'.'.join(PurePosixPath(*own).with_suffix('').parts)}.csv"
    name = configuration_of(path)
    if name is not None:
        return f"{file.parent.name}.{part}.csv"
    return f"{file.name.removesuffix(PARTS[part])}.{part}.csv"
