"""Shell commands one after another; those of Python in forks of what has imported much already.

Nothing of the project is imported before the fork, so that a trace tells what each command reads.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import shlex
import sys
from pathlib import Path

__all__ = ["MARK"]

# A file that there is not: to ask for it says in a trace that the next command begins.
MARK = "/a command begins"
_PYTHON = "python -m "
_MODULES = """
arro3.io babel.dates fontTools.ttLib jinja2 lxml.html markdown_it matplotlib.pyplot mdit_py_plugins
numpy pikepdf pydantic pygments scipy.stats sklearn.datasets torch uharfbuzz weasyprint yaml
""".split()  # noqa: SIM905


def _run(command: str) -> None:
    """Become a command, in a fork."""
    if not command.startswith(_PYTHON):
        os.execvp("bash", ["bash", "-c", command])
    words = shlex.split(command)
    sys.argv[:] = words[2:]
    sys.path.insert(0, str(Path.cwd()))
    runpy.run_module(words[2], run_name="__main__", alter_sys=True)
    raise SystemExit(0)


def _main() -> None:
    commands = json.load(sys.stdin)
    if any(command.startswith(_PYTHON) for command in commands):
        for module in _MODULES:
            importlib.import_module(module)
    gc.freeze()
    for command in commands:
        with contextlib.suppress(FileNotFoundError):
            os.close(os.open(MARK, os.O_RDONLY))
        fork = os.fork()
        if not fork:
            _run(command)
        _, status = os.waitpid(fork, 0)
        if status:
            raise SystemExit(f"{command}: status {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    _main()
