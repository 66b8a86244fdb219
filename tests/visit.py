"""Start a server by a line of shell, fetch pages from it as a browser would, end it by Control-C.

``python visit.py COMMAND ADDRESS...`` prints a line with the size of each page, then what the
command said; it ends with the command's own status. It needs the standard library alone, since it
runs where the command runs, in a network of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

_PATIENCE = 600  # seconds; only a server that never answers takes as long


def _fetch(address: str, server: subprocess.Popen[bytes]) -> bytes:
    """Return a page, once the server answers."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.URLError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.2)


def main() -> None:
    """Visit the addresses of the command line."""
    command, *addresses = sys.argv[1:]
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(
            ["bash", "-c", command], stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            for address in addresses:
                print(f"{address}: {len(_fetch(address, server))} bytes", flush=True)
        finally:
            os.killpg(server.pid, signal.SIGINT)
            status = server.wait()
            said.seek(0)
            print(said.read(), end="", flush=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
