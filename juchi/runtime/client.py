"""Hand the command line of a job to a warm process; without one, run it as Python does.

Runs as a program without anything installed: each job begins with it, so it imports little.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence

__all__ = ["LENGTH", "address", "connected", "main", "run_job"]

# How many bytes tell the length of a request, big end first.
LENGTH = 8
# What the shell says of a program that was killed.
_KILLED = 137
# How often a program looks whether the one that started it is still there.
_SECONDS = 0.5


@contextlib.contextmanager
def address(folder: str, package: str) -> Iterator[str]:
    """Give the address of a package's socket, by a descriptor of its folder.

    The path itself may be longer than the hundred bytes that an address has room for.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{package}"
    finally:
        os.close(descriptor)


def connected(folder: str, words: Sequence[str]) -> socket.socket | None:
    """Connect to the process that keeps the package of ``-m package.module`` warm, if one does."""
    if len(words) < len(("-m", "module")) or words[0] != "-m":
        return None
    connection = socket.socket(socket.AF_UNIX)
    try:
        with address(folder, words[1].partition(".")[0]) as there:
            connection.connect(there)
    except OSError:
        connection.close()
        return None
    return connection


def run_job(
    connection: socket.socket,
    words: Sequence[str],
    environment: Mapping[str, str],
    streams: Sequence[int],
    parent: int | None = None,
) -> int:
    """Have a command line run there, in this folder, and return its exit status.

    Parameters
    ----------
    streams
        The file descriptors of its standard input, output and error.
    parent
        The process that started this one. Once that is gone, nobody wants the job any more: it is
        given up, which ends it.
    """
    request = json.dumps([words[1:], os.getcwd(), dict(environment)]).encode()  # noqa: PTH109
    try:
        socket.send_fds(connection, [len(request).to_bytes(LENGTH, "big")], streams)
        connection.sendall(request)
        answer = _answer(connection, parent)
    except OSError:  # the other end was killed before it had read all
        return _KILLED
    return answer[0] if answer else _KILLED


def _answer(connection: socket.socket, parent: int | None) -> bytes:
    """Wait for the exit status; return nothing where it does not come, or the parent is gone."""
    connection.settimeout(None if parent is None else _SECONDS)
    while parent is None or os.getppid() == parent:
        with contextlib.suppress(TimeoutError):
            return connection.recv(1)
    return b""


def main() -> None:
    """Run the command line behind the folder of the sockets."""
    # Control-C, which was passed over so far, ends this program without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = os.getppid()
    folder, *words = sys.argv[1:]
    connection = connected(folder, words)
    if connection is None:
        os.execv(sys.executable, [sys.executable, *words])
    sys.exit(run_job(connection, words, os.environ, (0, 1, 2), parent))


if __name__ == "__main__":
    main()
