"""A server whose open pages follow the build: they reload, or say what stopped it."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from html import escape
from http import HTTPStatus
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import unquote

from juchi.preview.server import FolderHandler, SiteServer

__all__ = ["LiveServer", "State"]

SCRIPT = Path(__file__).with_name("reload.js")
# Addresses that no page of the site has.
SCRIPT_ADDRESS = "/-/reload.js"
EVENTS_ADDRESS = "/-/events"
WAITING = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Juchi: a page in the making</title></head>
<body><main><h1>This page is being made</h1><p>It will appear here by itself.</p></main></body>
</html>
"""
# Seconds after which a silent connection is tried, so that a closed page's thread ends.
_BEAT = 15.0


class State:
    """What open pages are told: which build of theirs is served, and what stopped the next one."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._server = secrets.token_hex(4)
        self._pages: Counter[str] = Counter()
        self._others = 0
        self._fault: str | None = None

    def build(self, page: str) -> str:
        """Return the name of a page's build; no other, of an earlier server neither, has it."""
        return f"{self._server}.{self._others}.{self._pages[page]}"

    def renew(self, files: Iterable[str]) -> None:
        """Have open pages follow changed files: a page its own, every page all others."""
        with self._changed:
            for file in files:
                if file.endswith(".html"):
                    self._pages[file] += 1
                else:
                    self._others += 1
            self._changed.notify_all()

    def fail(self, message: str | None) -> None:
        """Have open pages show a message, or none any more."""
        with self._changed:
            self._fault = message
            self._changed.notify_all()

    def told(self, page: str) -> str:
        """Return the state as a page is told it."""
        return json.dumps({"build": self.build(page), "fault": self._fault})

    def wait(self, page: str, known: str, seconds: float) -> str:
        """Wait until the state is another than the known one, or for some time; return it."""
        with self._changed:
            self._changed.wait_for(lambda: self.told(page) != known, timeout=seconds)
            return self.told(page)


class _LiveHandler(FolderHandler):
    """Adds the script that follows the build to each page as it is sent; no file holds it."""

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - what the server passes on
        state: State,
        **options: Any,  # noqa: ANN401
    ) -> None:
        self.state = state
        super().__init__(*arguments, **options)

    def answer(self) -> None:
        """Send a file, the state as it changes, or the script."""
        address, _, query = self.path.partition("?")
        file = Path(self.translate_path(self.path))
        page = file / "index.html" if file.is_dir() and address.endswith("/") else file
        if address == EVENTS_ADDRESS:
            self._stream(unquote(query))
        elif address == SCRIPT_ADDRESS:
            self._send(SCRIPT.read_text(encoding="utf-8"), "text/javascript")
        elif page.suffix == ".html":
            self._send(self._following(page.read_text(encoding="utf-8"), address), "text/html")
        elif address.endswith(("/", ".html")) and not page.exists():
            self._send(self._following(WAITING, address), "text/html")
        else:
            super().answer()

    def _following(self, text: str, address: str) -> str:
        page = unquote(address).lstrip("/") + ("index.html" if address.endswith("/") else "")
        following = {"src": SCRIPT_ADDRESS, "data-page": page, "data-build": self.state.build(page)}
        attributes = " ".join(f'{name}="{escape(value)}"' for name, value in following.items())
        return text.replace("</head>", f"<script {attributes} defer></script></head>", 1)

    def _send(self, text: str, kind: str) -> None:
        content = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, page: str) -> None:
        """Send a page its state, and each later one, until it is closed."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        told = ""
        try:
            while True:
                before, told = told, self.state.wait(page, told, _BEAT)
                self.wfile.write(f"data: {told}\n\n".encode() if told != before else b":\n\n")
                self.wfile.flush()
        except OSError:
            self.close_connection = True


class LiveServer(SiteServer):
    """Serves folders to pages that follow the state."""

    def __init__(self, folders: Sequence[Path], port: int, state: State) -> None:
        super().__init__(folders, port, partial(_LiveHandler, state=state))
