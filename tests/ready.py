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
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

__all__ = ["Build", "snakemake"]

# What it imports before it reads a Snakefile, and what while it reads one.
_MODULES = (
    *("snakemake.cli", "snakemake.report.html_reporter", "smart_open", "yte"),
    # What the code of an article imports then.
    *("matplotlib.pyplot", "arro3.io", "pylatexenc.latexwalker", "uharfbuzz", "babel"),
)
# The bytes of a request.
_LARGEST = 1 << 20


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
        status = Build(arguments, folder, output.name, errors.name).wait()
        return subprocess.CompletedProcess(command, status, output.read(), errors.read())


class Build:
    """A run of Snakemake that may be killed.

    Parameters
    ----------
    arguments
        Those of Snakemake.
    folder
        Where it runs.
    output, errors
        The files that what it says is written to.
    session
        Whether it begins a session of its own.

    Attributes
    ----------
    pid
        Its process.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        output: str | Path,
        errors: str | Path,
        *,
        session: bool = False,
    ) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            request = {
                "arguments": [*arguments],
                "folder": str(folder),
                "environment": dict(os.environ),
                "streams": [str(output), str(errors)],
                "session": session,
            }
            socket.send_fds(_ready(), [json.dumps(request).encode()], [theirs.fileno()])
        self._told = ours.makefile("r")
        ours.close()
        self._status: int | None = None
        self.pid = int(self._told.readline())

    def poll(self) -> int | None:
        """Return how it ended, as `subprocess.Popen` does; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, so many seconds at most, and return how it ended."""
        if self._status is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("snakemake", timeout or 0)
            self._status = int(self._told.readline())
            self._told.close()
        return self._status


@cache
def _ready() -> socket.socket:
    """Start the process that has imported it, and return the way to it; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        number = theirs.fileno()
        ready = subprocess.Popen([sys.executable, __file__, str(number)], pass_fds=[number])
    atexit.register(_end, ours, ready)
    return ours


def _end(way: socket.socket, ready: subprocess.Popen[bytes]) -> None:
    way.close()
    ready.wait()


def _next_request(way: socket.socket) -> dict[str, object]:
    """Carry requests out in forks; return, in the fork that is to carry it out, the next one.

    Between this process and that fork stands another one, which waits for its end and tells of it.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        content, told, *_ = socket.recv_fds(way, _LARGEST, 1)
        if not content:
            raise SystemExit
        if not os.fork():
            way.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            fork = os.fork()
            if not fork:
                os.close(told[0])
                request: dict[str, object] = json.loads(content)
                return request
            os.write(told[0], b"%d\n" % fork)
            _, status = os.waitpid(fork, 0)
            os.write(told[0], b"%d\n" % os.waitstatus_to_exitcode(status))
            os._exit(0)
        os.close(told[0])


def _run(
    arguments: list[str],
    folder: str,
    environment: dict[str, str],
    streams: list[str],
    session: bool,
) -> None:
    """Go on as ``python -m snakemake`` in a folder, with what it says written to two files."""
    if session:
        os.setsid()
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
    _run(**_next_request(socket.socket(fileno=int(sys.argv[1]))))  # type: ignore[arg-type]
