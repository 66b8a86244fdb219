"""Make the pictures of the README: screenshots of the built pages, and the DAG by Snakemake.

``make pictures`` runs it on the site that is built; Graphviz draws the DAG.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from juchi.core.errors import UserError, run_command
from setup.chromium import driver, find, not_found

__all__ = ["main"]

_IMAGES = Path("docs/images")
_SITE = Path("build/site")


def _screenshots() -> None:
    path = find()
    if path is None:
        raise not_found()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        for page_file in sorted(_SITE.glob("*/index.html")):
            page = browser.new_page(viewport={"width": 800, "height": 1000})
            page.goto(page_file.resolve().as_uri(), wait_until="networkidle")
            page.screenshot(path=_IMAGES / f"page-{page_file.parent.name}.png")
        browser.close()


def _dag() -> None:
    if shutil.which("dot") is None:
        raise UserError(
            "dot",
            "no Graphviz on this machine",
            "the program dot, which draws the DAG",
            "install Graphviz (apt-get install graphviz, dnf install graphviz, "
            "brew install graphviz)",
        )
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "dot", "--forceall"]
    graph = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    graph = re.sub(r"fontname=\w+", 'fontname="sans-serif"', graph)
    drawn = subprocess.run(
        ["dot", "-Tsvg"], input=graph, capture_output=True, text=True, check=True
    )
    (_IMAGES / "dag.svg").write_text(drawn.stdout, encoding="utf-8")


def main() -> None:
    """Make all pictures."""
    if not _SITE.is_dir():
        raise UserError(str(_SITE), "no such folder", "a built site", "run `make article` first")

    os.environ.update(driver(Path(sys.prefix)))
    _IMAGES.mkdir(parents=True, exist_ok=True)
    _screenshots()
    _dag()


if __name__ == "__main__":
    run_command(main)
