"""A process that has imported the modules already, and runs their command lines in forks of it.

Importing what a page is made with takes longer than making it. Each command runs in a fork of its
own, as fresh as one that the shell starts, from the same words.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import runpy
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

__all__ = ["Warm", "main"]

_SOCKET = "socket"


class Warm:
    """Starts the process, and hands it commands from any thread.

    Parameters
    ----------
    modules
        What it imports: the modules that it will be asked to run.
    environment
        Variables beyond those of this process.
    """

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="juchi-")
        self._starting = threading.Lock()
        self._ready = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "studio.warm", self._folder.name, *modules],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Warm:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, module: str, arguments: Sequence[str]) -> str | None:
        """Run a module as ``python -m`` does; return what it said where it failed, else None."""
        if not self._is_ready():
            return "the process that runs the modules could not import them"
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(Path(self._folder.name, _SOCKET)))
            connection.sendall(json.dumps([module, *arguments]).encode())
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("r", encoding="utf-8") as answer:
                said = answer.read()
        # An empty answer: the fork was killed before it could say anything.
        failed, message = json.loads(said) if said else (True, f"{module} was killed")
        return str(message) if failed else None

    def _is_ready(self) -> bool:
        """Wait until everything is imported; return whether that succeeded."""
        with self._starting:
            stream = self._process.stdout
            if not self._ready and stream is not None:
                self._ready = stream.readline() == "ready\n"
            return self._ready

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._folder.cleanup()


class _Command(socketserver.StreamRequestHandler):
    """Runs, in a fork, the command line that a connection brings."""

    def handle(self) -> None:
        """Read it, run it, answer whether it failed and what it said."""
        module, *arguments = json.loads(self.rfile.read())
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            failed = _run(module, arguments)
        self.wfile.write(json.dumps([failed, said.getvalue()]).encode())


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Forks for each connection; ends with the process that started it."""

    block_on_close = False
    # As many as a build ever wants at once.
    request_queue_size = 64

    def __init__(self, path: str) -> None:
        super().__init__(path, _Command)
        self._parent = os.getppid()

    def service_actions(self) -> None:
        """End where the parent is gone, however it went."""
        super().service_actions()
        if os.getppid() != self._parent:
            sys.exit()


def _run(module: str, arguments: Sequence[str]) -> bool:
    """Run a module as the main one; return whether it failed."""
    sys.argv[1:] = arguments
    try:
        with warnings.catch_warnings():
            # That it is imported already is the point of this process.
            warnings.filterwarnings("ignore", category=RuntimeWarning, module="runpy")
            runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code not in (None, 0)
    except BaseException:
        traceback.print_exc()
        return True
    return False


def main() -> None:
    """Import the modules named behind the folder, say so, and serve until terminated."""
    folder, *modules = sys.argv[1:]
    for module in modules:
        importlib.import_module(module)
    with _Server(str(Path(folder, _SOCKET))) as server:
        print("ready", flush=True)
        server.serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    main()
