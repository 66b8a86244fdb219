"""The built site over HTTP on loopback, and what a browser has to complain of when it opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic

from playwright.sync_api import Error, Locator, Page

from juchi.preview.server import SiteServer

__all__ = ["PATIENCE", "faults_of", "in_view", "opened", "serving", "until"]


# Seconds. No test depends on how fast the machine is: only what never comes takes as long.
PATIENCE = 300.0


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder as `make serve` does, under its strict policy; give its address."""
    with SiteServer([folder], 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.address.rstrip("/")
        server.shutdown()


def faults_of(page: Page, address: str) -> list[str]:
    """Return a list that what goes wrong is put on: console errors, failed or foreign requests."""
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    origin = "/".join(address.split("/")[:3])
    page.on(
        "request", lambda r: None if r.url.startswith(origin) else faults.append(f"asks {r.url}")
    )
    return faults


def opened(page: Page, address: str) -> list[str]:
    """Open an address; return what went wrong."""
    faults = faults_of(page, address)
    page.goto(address, wait_until="networkidle")
    return faults


def until(page: Page, expression: str, argument: object = None) -> None:
    """Wait until an expression is true in a page.

    Playwright's own way evaluates it within the page, which the page's security policy forbids.
    """
    end = monotonic() + PATIENCE
    while not _is_true(page, expression, argument):
        assert monotonic() < end, f"never true: {expression}"
        page.wait_for_timeout(50)


def in_view(place: Locator) -> Locator:
    """Scroll to a place and wait for the fonts that come then: the text above it moves with them.

    A touch during that moment meets whatever has come under the finger.
    """
    place.scroll_into_view_if_needed()
    until(place.page, "[...document.fonts].every((font) => font.status === 'loaded')")
    return place


def _is_true(page: Page, expression: str, argument: object) -> bool:
    """Tell whether an expression is true; in a page that is just being left, nothing is."""
    try:
        return bool(page.evaluate(expression, argument))
    except Error as error:
        if "Execution context was destroyed" in str(error):
            return False
        raise
