"""Serve folders to this machine's browsers, as a publisher of static pages would, but stricter.

Only loopback listens, only its own names are answered, nothing outside the folders is read, no
folder is listed, and the pages may load nothing from elsewhere.
"""

from __future__ import annotations

import mimetypes
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from juchi.core.errors import UserError
from juchi.prose.policy import PAGE_POLICY

__all__ = ["HOST", "FolderHandler", "SiteServer"]

HOST = "127.0.0.1"
# That of the pages, and what only a header can say: no other page may hold one in a frame.
POLICY = f"{PAGE_POLICY}; frame-ancestors 'none'"
# Named here, since what Python knows of them depends on the machine.
TYPES = {
    ".bib": "text/plain",
    ".cff": "text/plain",
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".ris": "application/x-research-info-systems",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}


class FolderHandler(SimpleHTTPRequestHandler):
    """Answers with the files of some folders; the first that has a file gives it."""

    protocol_version = "HTTP/1.1"
    error_message_format = "%(code)d %(message)s\n"
    error_content_type = "text/plain; charset=utf-8"

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - what the server passes on
        folders: Sequence[Path],
        **options: Any,  # noqa: ANN401
    ) -> None:
        self.folders = [folder.resolve() for folder in folders]
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        """Answer a request that came by one of this machine's own names."""
        if self._came_by_own_name():
            self.answer()

    def do_HEAD(self) -> None:
        """Answer as for GET, without the content."""
        if self._came_by_own_name():
            super().do_HEAD()

    def answer(self) -> None:
        """Send what the address names."""
        super().do_GET()

    def _came_by_own_name(self) -> bool:
        """Refuse other names: a foreign page may have one that leads here (DNS rebinding)."""
        port = self.connection.getsockname()[1]
        own = {f"{name}:{port}" for name in (HOST, "localhost")}
        if self.headers.get("Host") in own:
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST, f"ask for {HOST}:{port}")
        return False

    def translate_path(self, path: str) -> str:
        """Return the file that an address names, or a name that no file has."""
        relative = unquote(urlsplit(path).path).lstrip("/")
        found = (self._inside(folder, relative) for folder in self.folders)
        file = next(filter(None, found), Path(os.devnull, "missing"))
        return f"{file}/" if path.endswith("/") else str(file)

    @staticmethod
    def _inside(folder: Path, relative: str) -> Path | None:
        """Return a file of the folder; None for what is not there, is hidden, or leads out."""
        try:
            file = (folder / relative).resolve()
            there = file.is_file() or (file / "index.html").is_file()
        except (OSError, ValueError):
            return None
        hidden = any(part.startswith(".") for part in Path(relative).parts)
        return file if there and file.is_relative_to(folder) and not hidden else None

    def list_directory(self, path: object) -> None:
        """List no folder: a publisher of static pages does not either."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def guess_type(self, path: object) -> str:
        """Return a file's type by its name, with the encoding where it is text."""
        suffix = Path(str(path)).suffix.lower()
        kind = TYPES.get(suffix) or mimetypes.guess_type(str(path))[0] or "application/octet-stream"
        textual = kind.startswith("text/") or suffix in {".json", ".svg", ".xml"}
        return f"{kind}; charset=utf-8" if textual else kind

    def end_headers(self) -> None:
        """Add what holds for every answer: no copy is kept, and nothing comes from elsewhere."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""


class SiteServer(ThreadingHTTPServer):
    """A server of folders on loopback.

    Parameters
    ----------
    folders
        Where files are looked for, in this order.
    port
        0 for any that is free.
    handler
        What answers; one that serves more than files may be given.
    """

    daemon_threads = True

    def __init__(
        self,
        folders: Sequence[Path],
        port: int,
        handler: Callable[..., FolderHandler] = FolderHandler,
    ) -> None:
        try:
            super().__init__((HOST, port), partial(handler, folders=folders))
        except (OSError, OverflowError) as error:
            raise UserError(
                f"port {port} of {HOST}",
                getattr(error, "strerror", None) or str(error),
                "a free port, from 1024 to 65535",
                "stop what listens there, or name another one: make serve PORT=8001",
            ) from error

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as inherited
        """Say nothing of a browser that went away before it had its answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        """The address of the served folders."""
        return f"http://{HOST}:{self.server_port}/"
