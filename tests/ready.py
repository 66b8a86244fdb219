"""Snakemake as ``python -m snakemake`` runs it, in forks of a process that has imported it already.

Importing it takes longer than most of what the tests ask of it. Nothing of the project is imported
before the fork: each folder has code of its own.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

__all__ = ["snakemake"]

# What it imports before it reads a Snakefile, and what while it reads one.
_MODULES = ("snakemake.cli", "snakemake.report.html_reporter", "smart_open", "yte")


def snakemake(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run Snakemake in a folder, with nothing but this environment; return what it said.

    Where the variables are others than those of this process it is started afresh, since some of
    them count before anything is imported.
    """
    command = [sys.executable, "-m", "snakemake", *arguments]
    if dict(environment) != dict(os.environ) or not hasattr(os, "fork"):
        return subprocess.run(
            command, cwd=folder, env=environment, text=True, capture_output=True, check=False
        )
    with contextlib.ExitStack() as stack:
        output, errors = (
            stack.enter_context(tempfile.NamedTemporaryFile("r", encoding="utf-8"))
            for _ in range(2)
        )
        request = {
            "arguments": [*arguments],
            "folder": str(folder),
            "environment": dict(environment),
            "streams": [output.name, errors.name],
        }
        ready = _ready()
        assert ready.stdin
        assert ready.stdout
        ready.stdin.write(f"{json.dumps(request)}\n")
        ready.stdin.flush()
        status = int(ready.stdout.readline())
        return subprocess.CompletedProcess(command, status, output.read(), errors.read())


@cache
def _ready() -> subprocess.Popen[str]:
    """Start the process that has imported it; it ends with this one."""
    ready = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(_end, ready)
    return ready


def _end(ready: subprocess.Popen[str]) -> None:
    with ready:
        pass


def _next_request() -> dict[str, object]:
    """Carry requests out in forks; return, in the fork that is to carry it out, the next one."""
    for line in iter(sys.stdin.readline, ""):
        fork = os.fork()
        if not fork:
            request: dict[str, object] = json.loads(line)
            return request
        _, status = os.waitpid(fork, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    raise SystemExit


def _run(
    arguments: list[str], folder: str, environment: dict[str, str], streams: list[str]
) -> None:
    """Go on as ``python -m snakemake`` in a folder, with what it says written to two files."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, name in enumerate([os.devnull, *streams]):
        with Path(name).open("r" if number == 0 else "w") as stream:
            os.dup2(stream.fileno(), number)
    sys.path[0] = folder
    sys.argv[1:] = arguments
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    # The folder of this file: none that ``-m`` would look into.
    sys.path[0] = ""
    for module in _MODULES:
        importlib.import_module(module)
    gc.freeze()
    _run(**_next_request())  # type: ignore[arg-type]
