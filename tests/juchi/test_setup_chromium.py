"""Which Chromium the tests of the pages get, and that it is a real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from setup import chromium


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a machine without any browser; its PATH is the folder returned."""
    for name in ("bin", "home"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    return tmp_path / "bin"


def program(path: Path, *, status: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(0o755)
    return path


def test_none(nowhere: Path) -> None:
    assert list(nowhere.iterdir()) == []
    assert chromium.find() is None


def test_chromium_goes_before_chrome(nowhere: Path) -> None:
    program(nowhere / "google-chrome")
    assert chromium.find() == nowhere / "google-chrome"
    program(nowhere / "chromium")
    assert chromium.find() == nowhere / "chromium"


def test_one_that_does_not_start_is_passed_over(nowhere: Path) -> None:
    program(nowhere / "chromium", status=127)
    assert chromium.find() is None


def test_a_snap_is_passed_over(nowhere: Path) -> None:
    (nowhere / "chromium").symlink_to(program(nowhere / "snap"))
    assert chromium.find() is None


@pytest.mark.parametrize("folder", ["chrome-linux", "chrome-linux64"])
def test_playwrights_own_is_found_and_the_newest_taken(nowhere: Path, folder: str) -> None:
    downloads = nowhere.parent / "home" / ".cache" / "ms-playwright"
    for version in (1200, 1100):
        program(downloads / f"chromium-{version}" / folder / "chrome")
    assert chromium.find() == downloads / "chromium-1200" / folder / "chrome"


def test_playwrights_own_is_found_elsewhere(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = nowhere.parent / "elsewhere"
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(elsewhere))
    chrome = program(elsewhere / "chromium-1200" / "chrome-linux" / "chrome")
    assert chromium.find() == chrome


def test_chrome_on_macos(nowhere: Path) -> None:
    contents = nowhere.parent / "home/Applications/Google Chrome.app/Contents"
    chrome = program(contents / "MacOS" / "Google Chrome")
    assert chromium.find() == chrome


def test_the_fixture_is_a_browser_that_lays_out_a_page(chromium: Browser) -> None:
    assert chromium.browser_type.name == "chromium"
    page = chromium.new_page(viewport={"width": 320, "height": 200})
    page.set_content("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>")
    # A fraction is higher than either of its numbers: the mathematics is drawn, not spelled out.
    heights = page.evaluate(
        "['mfrac', 'mn'].map(name => document.querySelector(name).getBoundingClientRect().height)"
    )
    page.close()
    assert heights[0] > 1.5 * heights[1]
