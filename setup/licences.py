"""The licences of everything that is installed by a lock file: `make licences` writes the list.

A licence is what a package states of itself: in its metadata (an SPDX expression, a name, or the
classifiers), or in the heading of the licence file that lies beside them.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from juchi.core.atomic import write_text
from juchi.core.errors import run_command
from setup import pins

__all__ = ["FILE", "Package", "allowed", "main", "packages", "table"]

FILE = Path("docs/licences.md")
# What may be used and passed on with no condition for the article or its code. Of a package under
# one of several licences, as the user chooses, one is enough.
_ALLOWED = re.compile(
    r"\b(MIT(-0|-CMU)?|[0-3]?-?BSD\b.*|Apache\b.*|PSF\b.*|Python Software Foundation.*|MPL\b.*"
    r"|Mozilla.*|ISC|BlueOak\b.*|OFL\b.*|CC0\b.*|Public Domain|Zlib|BSL\b.*)",
    re.IGNORECASE,
)
_LONGEST_NAME = 60
# These name no licence in their metadata or at the head of its text; as their makers' repositories
# have it.
_STATED_ELSEWHERE = {"conda-inject": "MIT", "vl-convert-python": "BSD-3-Clause"}


@dataclass(frozen=True)
class Package:
    """A package of a lock file, and the licence that it states."""

    index: str
    name: str
    version: str
    licence: str


def packages(root: Path) -> list[Package]:
    """Return the packages of the lock files, those for Python as they are installed here."""
    return sorted([*_of_python(root), *_of_node(root)], key=lambda each: (each.index, each.name))


def _of_python(root: Path) -> Iterator[Package]:
    for name in {*pins.read(root / pins.TEST_LOCK), *pins.UNHASHED}:
        distribution = importlib.metadata.distribution(name)
        # `+cpu` names a build, not a source.
        version = distribution.version.partition("+")[0]
        yield Package("Python", name, version, _stated(distribution))


def _stated(distribution: importlib.metadata.Distribution) -> str:
    metadata = distribution.metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    named = str((metadata.get_all("License") or [""])[0])
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    if named and len(named) <= _LONGEST_NAME:
        return named
    return (
        " or ".join(classifiers)
        or _STATED_ELSEWHERE.get(pins.canonical(metadata["Name"]))
        or _heading(distribution)
        or "none stated"
    )


def _heading(distribution: importlib.metadata.Distribution) -> str:
    """Return the first line of a licence file, such as ``MIT License``."""
    for file in distribution.files or []:
        if file.name.upper().startswith("LICEN"):
            return next(filter(None, map(str.strip, file.read_text().splitlines())), "")
    return ""


def _of_node(root: Path) -> Iterator[Package]:
    locked = json.loads((root / "juchi/toolchain/package-lock.json").read_text("utf-8"))["packages"]
    for place, entry in locked.items():
        if place:
            name = place.rpartition("node_modules/")[2]
            yield Package("npm", name, entry["version"], entry.get("license", "none stated"))


def allowed(package: Package) -> bool:
    """Return whether a package may be used: all parts of an AND, or one of several choices."""
    choices = re.split(r"\bor\b|;", package.licence, flags=re.IGNORECASE)
    return any(
        all(_ALLOWED.search(part) for part in re.split(r"\band\b", choice, flags=re.IGNORECASE))
        for choice in choices
    )


def table(listed: list[Package]) -> str:
    """Return the list as Markdown."""
    rows = "".join(f"| {p.index} | {p.name} | {p.version} | {p.licence} |\n" for p in listed)
    return (
        "# Licences\n\nWritten by `make licences`: what the packages of the lock files state of"
        " themselves. The article's fonts are\namong them. A test holds the list to the lock files,"
        " and each licence to those that are admitted.\n\n"
        f"| Index | Package | Version | Licence |\n|---|---|---|---|\n{rows}"
    )


def main() -> None:
    """Write the list."""
    write_text(FILE, table(packages(Path())))


if __name__ == "__main__":
    run_command(main)
