"""With the environment ready, nothing needs a network: neither the build nor the reader."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest
from playwright.sync_api import Browser

from tests.namespaces import CUT_OFF, can_cut_off
from tests.project import Project
from tests.serving import until

CONNECTS = """
import socket, sys
try:
    socket.create_connection(("127.0.0.1", 9), 5)
except OSError as error:
    sys.exit(error.errno)
"""


@pytest.mark.skipif(not can_cut_off(), reason="this machine cuts no command off from its network")
def test_the_site_is_built_where_nothing_can_be_reached(built: Project) -> None:
    """All tests of the site are of one that was built from clean in such a place."""
    assert built.built_within == CUT_OFF
    assert (built.folder / "build" / "site" / "index.html").is_file()
    done = subprocess.run([*CUT_OFF, sys.executable, "-c", CONNECTS], check=False)
    assert done.returncode == errno.ENETUNREACH


def test_the_site_is_whole_with_the_network_cut(
    chromium: Browser, built: Project, language: str
) -> None:
    """Opened from the disk: every picture, every font, the live model, the way to each page."""
    site = built.folder / "build" / "site"
    context = chromium.new_context(offline=True)
    page = context.new_page()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((site / language / "index.html").as_uri(), wait_until="load")
    page.mouse.move(200, 300)
    page.mouse.wheel(0, 600)
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    until(page, "[...document.images].every((image) => image.complete && image.naturalWidth)")
    until(page, "document.fonts.status === 'loaded' && document.fonts.size > 5")
    until(page, "document.querySelector('figure.explorer.live') !== null")
    assert failed == []
    for link in ("provenance.html", f"../{'zh' if language == 'en' else 'en'}/index.html"):
        page.goto((site / language / link).resolve().as_uri(), wait_until="load")
        assert page.locator("h1").is_visible()
    assert failed == []
    context.close()
