"""Processes that have imported the modules of a package already, and run jobs in forks of theirs.

Importing what a job is made with often takes longer than the job. Each job runs in a fork of its
own, as fresh as one that the shell starts, from the same words; it ends with the program that
handed it over, see `juchi.runtime.client`. For Linux: elsewhere a fork is less than a copy.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import gc
import importlib
import json
import os
import runpy
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from juchi.core.errors import INTERRUPTED
from juchi.runtime import client

__all__ = ["Forkserver", "main"]

# How often a process looks whether the one that started it is still there.
_SECONDS = 0.5
_LISTENING = 128
# Starts a program that passes over Control-C from its first moment on, until it can end in peace.
_UNINTERRUPTED = ("sh", "-c", 'trap "" INT && exec "$@"', "sh")


class Forkserver:
    """Starts the processes, one for each package.

    Parameters
    ----------
    packages
        The packages whose modules are run warm; a module is imported when it is first asked for.
    environment
        That of the jobs; the one of this process unless another is given.
    modules
        What is imported at once, before anything is asked for.
    inherited
        File descriptors that stay open in every job, such as that of a lock.
    """

    def __init__(
        self,
        packages: Sequence[str],
        environment: Mapping[str, str] | None = None,
        modules: Sequence[str] = (),
        inherited: Sequence[int] = (),
    ) -> None:
        self._folder = tempfile.mkdtemp(prefix="juchi-")
        self._environment = dict(os.environ if environment is None else environment)
        self._inherited = inherited
        self._processes = [self._start(package, modules) for package in packages]

    def _start(self, package: str, modules: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start a process that listens; whoever connects before it is ready waits."""
        with socket.socket(socket.AF_UNIX) as listener:
            with client.address(self._folder, package) as here:
                listener.bind(here)
            listener.listen(_LISTENING)
            own = [module for module in modules if module.partition(".")[0] == package]
            told = [str(listener.fileno()), str(os.getpid()), self._folder]
            return subprocess.Popen(
                [*_UNINTERRUPTED, sys.executable, "-m", "juchi.runtime.forkserver", *told, *own],
                env=self._environment,
                pass_fds=[listener.fileno(), *self._inherited],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def programs(self, elsewhere: Path) -> str:
        """Return a folder with a ``python`` that hands over what is warm, for the head of PATH.

        Parameters
        ----------
        elsewhere
            A folder for the program where none may be run in that of temporary files.

        Raises
        ------
        PermissionError
            Where none may be run in either.
        """
        words = [sys.executable, "-IS", client.__file__, self._folder]
        for folder in (Path(self._folder, "bin"), elsewhere.resolve()):
            program = folder / "python"
            folder.mkdir(parents=True, exist_ok=True)
            program.write_text(f'#!/bin/sh\ntrap "" INT\nexec {shlex.join(words)} "$@"\n', "utf-8")
            program.chmod(0o755)
            # On a disk that is mounted noexec nothing may be run. The file would do harm there:
            # Python takes the first of its name on PATH for itself.
            if os.access(program, os.X_OK):
                return str(folder)
            program.unlink()
        raise PermissionError(errno.EACCES, "no program may be run there", str(elsewhere))

    def run(self, module: str, arguments: Sequence[str]) -> str | None:
        """Run a module as ``python -m`` does; return what it said where it failed, else None."""
        words = ["-m", module, *arguments]
        connection = client.connected(self._folder, words)
        if connection is None:
            return f"the process that runs {module} has ended"
        with connection, tempfile.TemporaryFile() as said, Path(os.devnull).open("rb") as nothing:
            streams = (nothing.fileno(), said.fileno(), said.fileno())
            if client.run_job(connection, words, self._environment, streams) == 0:
                return None
            said.seek(0)
            return said.read().decode(errors="replace") or f"{module} was killed"

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.terminate()
            process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def _serve(listener: socket.socket, parent: int, folder: Path) -> None:
    """Fork for each connection, until the process that started this one is gone."""
    listener.settimeout(_SECONDS)
    while os.getppid() == parent:
        with contextlib.suppress(TimeoutError):
            connection, _ = listener.accept()
            with connection:
                _handle(connection, listener)
    shutil.rmtree(folder, ignore_errors=True)


def _handle(connection: socket.socket, listener: socket.socket) -> None:
    """Read a request, import what it wants, and have a fork carry it out."""
    length, streams, _, _ = socket.recv_fds(connection, client.LENGTH, 3)
    try:
        with connection.makefile("rb") as request:
            body = request.read(int.from_bytes(length, "big"))
        if len(body) < max(int.from_bytes(length, "big"), 1):
            return  # Whoever asked is gone.
        (module, *arguments), folder, environment = json.loads(body)
        _import(module)
        if os.fork() == 0:
            listener.close()
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
            _work(connection, module, arguments)
    finally:
        for stream in streams:
            os.close(stream)


def _import(module: str) -> None:
    """Import a module; one that cannot be imported says so when it is run."""
    if module not in sys.modules:
        with contextlib.suppress(BaseException):
            importlib.import_module(module)
        # What is here stays, and stays shared with the forks.
        gc.freeze()


def _work(connection: socket.socket, module: str, arguments: Sequence[str]) -> None:
    """Run a module in this fork, answer with its status, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
    status = _run(module, arguments)
    # Control-C has ended the job, or comes too late; what follows takes a moment.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # As at the end of every program: temporary folders go, what was printed arrives.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    with contextlib.suppress(OSError):
        connection.send(bytes([status]))
    os._exit(status)


def _end_with(connection: socket.socket) -> None:
    """Wait until whoever handed the job over is gone, and end it at once."""
    with contextlib.suppress(OSError):
        connection.recv(1)
    os.kill(os.getpid(), signal.SIGKILL)


def _run(module: str, arguments: Sequence[str]) -> int:
    """Run a module as the main one; return the exit status of the program."""
    sys.argv[1:] = arguments
    try:
        with warnings.catch_warnings():
            # That it is imported already is the point of this process.
            warnings.filterwarnings("ignore", category=RuntimeWarning, module="runpy")
            # Control-C is for the jobs. From here on something waits for it.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return (end.code or 0) & 255
    except KeyboardInterrupt:
        return INTERRUPTED
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Import the modules named behind socket, parent and folder; serve until terminated."""
    number, parent, folder, *modules = sys.argv[1:]
    # A fork that has ended leaves nothing to be waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for module in modules:
        _import(module)
    with socket.socket(fileno=int(number)) as listener:
        _serve(listener, int(parent), Path(folder))


if __name__ == "__main__":
    main()
