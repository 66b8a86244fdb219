"""Serve the built site to this machine's browsers, as it would be published."""

from __future__ import annotations

from pathlib import Path

from juchi.core.errors import UserError
from juchi.preview.server import SiteServer

__all__ = ["serve", "site_server"]


def site_server(site: Path, port: int) -> SiteServer:
    """Return a server of the built site; there being none is a `UserError`."""
    if not (site / "index.html").is_file():
        raise UserError(
            str(site),
            "no built site",
            "the site with its index.html",
            "run `juchi build` or `make article` first",
        )
    return SiteServer([site], port)


def serve(site: Path, port: int) -> None:
    """Serve until Control-C; port 0 is any that is free."""
    with site_server(site, port) as server:
        print(f"{site} is at {server.address} (Control-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
