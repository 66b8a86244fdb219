"""Serve the built site to this machine's browsers, as it would be published."""

from __future__ import annotations

import argparse
from pathlib import Path

from juchi.core.errors import UserError, run_command
from juchi.preview.server import SiteServer

__all__ = ["main", "site_server"]


def site_server(site: Path, port: int) -> SiteServer:
    """Return a server of the built site; there being none is a `UserError`."""
    if not (site / "index.html").is_file():
        raise UserError(
            str(site), "no built site", "the site with its index.html", "run `make article` first"
        )
    return SiteServer([site], port)


def main() -> None:
    """Serve until Control-C."""
    parser = argparse.ArgumentParser(prog="python -m juchi.preview.serve", description=__doc__)
    parser.add_argument("--site", type=Path, default=Path("build/site"))
    parser.add_argument("--port", type=int, default=8000, help="0 for any that is free")
    arguments = parser.parse_args()
    with site_server(arguments.site, arguments.port) as server:
        print(f"{arguments.site} is at {server.address} (Control-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    run_command(main)
