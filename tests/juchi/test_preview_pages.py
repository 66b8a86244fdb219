"""The preview as an author has it: what is saved is on the screen, what is wrong is said there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.project import Project
from tests.serving import until

# Seconds. The author's limit of two seconds is for a machine that does nothing else; these tests
# share theirs, so that they only see that nothing is stuck.
PATIENCE = 600
SENTENCE = "One sentence goes through all of it."
INTRODUCTION = "templates/en/introduction.md"
PREVIEW = (sys.executable, "-m", "juchi", "preview", "--port", "0")


@pytest.fixture(scope="module")
def project(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a built project of one's own: a small article."""
    return small.copy(tmp_path_factory.mktemp("preview") / "project")


@pytest.fixture(scope="module")
def told(project: Project) -> Path:
    """Give the file with what the preview prints."""
    return project.folder.parent / "told"


@pytest.fixture(scope="module")
def preview(project: Project, told: Path) -> Iterator[str]:
    """Give the address of a running preview that has nothing left to do."""
    command = [*PREVIEW, "--cores", "2"]
    with told.open("w") as output:
        running = subprocess.Popen(command, cwd=project.folder, stdout=output, stderr=output)
        try:
            wait_for(told, r"all pages: ")
            (address,) = re.findall(r"http://127\.0\.0\.1:\d+/", told.read_text())
            yield address
        finally:
            running.send_signal(signal.SIGTERM)
            assert running.wait(PATIENCE) == 0, told.read_text()


def wait_for(told: Path, pattern: str) -> None:
    """Wait until the preview has printed something."""
    for _ in range(10 * PATIENCE):
        if re.search(pattern, told.read_text()):
            return
        time.sleep(0.1)
    pytest.fail(f"{pattern!r} is not said: {told.read_text()}")


@pytest.fixture
def page(chromium: Browser, preview: str) -> Iterator[Page]:
    """Give the English page, opened in the preview."""
    page = chromium.new_page(viewport={"width": 1280, "height": 400})
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(f"{preview}en/index.html")
    yield page
    page.close()


def test_a_saved_sentence_is_on_screen_where_the_reader_stands(
    project: Project, page: Page, record_property: Any
) -> None:
    page.evaluate("window.scrollTo(0, 500)")
    times = []
    for count in range(3):
        old, new = (SENTENCE + " Again." * (count + more) for more in (0, 1))
        started = time.perf_counter()
        project.edit(INTRODUCTION, old, new)
        page.get_by_text(new).wait_for()
        times.append(time.perf_counter() - started)
    record_property("seconds from save to screen", sorted(times)[1])
    until(page, "Math.abs(scrollY - 500) < 2")


def test_an_error_is_said_over_the_last_good_page_until_it_is_mended(
    project: Project, page: Page
) -> None:
    project.edit(INTRODUCTION, SENTENCE, f'{{{{ fact("drunk.nothing") }}}} {SENTENCE}')
    notice = page.locator("#preview-fault")
    notice.wait_for()
    assert "undefined fact 'drunk.nothing'" in notice.inner_text()
    assert INTRODUCTION in notice.inner_text()
    assert "hint:" in notice.inner_text()
    assert page.get_by_text(SENTENCE).is_visible()
    project.edit(INTRODUCTION, '{{ fact("drunk.nothing") }} ', "")
    notice.wait_for(state="detached")


def test_what_one_error_kept_back_comes_with_the_next_save(project: Project, page: Page) -> None:
    """A sentence that is saved while its twin is missing waits for the twin."""
    quoting = 'Kept back {{ fact("drunk.steps") }}. '
    project.edit(INTRODUCTION, SENTENCE, quoting + SENTENCE)
    page.locator("#preview-fault").wait_for()
    twin = "templates/zh/introduction.md"
    lines = (project.folder / twin).read_text("utf-8").split("\n")
    english = (project.folder / INTRODUCTION).read_text("utf-8").split("\n")
    at = next(number for number, line in enumerate(english) if quoting in line)
    project.edit(twin, lines[at], f'{lines[at]}{{{{ fact("drunk.steps") }}}}')
    page.get_by_text("Kept back").wait_for()


def test_a_saved_style_is_on_screen(project: Project, page: Page) -> None:
    project.append("juchi/theme/style/screen.css", "\nh1 { letter-spacing: 7px; }\n")
    expect(page.locator("h1")).to_have_css("letter-spacing", "7px", timeout=1000 * PATIENCE)


def test_a_saved_layout_is_on_screen(project: Project, page: Page) -> None:
    project.edit("juchi/theme/layout/article.html.j2", "<h1>", '<h1 data-saved="layout">')
    page.locator("h1[data-saved='layout']").wait_for()


def test_a_saved_figure_module_is_on_screen(project: Project, page: Page, preview: str) -> None:
    address = f"{preview}figures/en/spread.light.svg"
    before = page.request.get(address).text()
    with page.expect_event("load"):
        project.edit("report/figures/spread.py", "figsize=(6, 2)", "figsize=(6, 2.2)")
    assert page.request.get(address).text() != before


def test_a_saved_setting_is_on_screen(project: Project, page: Page) -> None:
    project.edit("config/article.yaml", 'version: "1.0.0"', 'version: "99.0.0"')
    page.get_by_text("version 99.0.0").first.wait_for()


@pytest.mark.nightly
def test_a_sentence_is_on_screen_after_everything_was_cleaned(project: Project, page: Page) -> None:
    shutil.rmtree(project.folder / "build")
    project.edit(INTRODUCTION, SENTENCE, f"Made again. {SENTENCE}")
    page.get_by_text("Made again.").wait_for()
    project.edit(INTRODUCTION, "Made again. ", "")


def test_a_mistake_in_a_setting_is_said(project: Project, page: Page) -> None:
    project.edit("config/article.yaml", "slug: walks", "slugg: walks")
    notice = page.locator("#preview-fault")
    notice.wait_for()
    assert "an unknown key 'slugg'" in notice.inner_text()
    project.edit("config/article.yaml", "slugg: walks", "slug: walks")
    notice.wait_for(state="detached")


def test_what_the_preview_leaves_is_what_a_build_would_make(
    project: Project, page: Page, told: Path
) -> None:
    """In the end nothing is left to do, the site is the new one, and no file has the script."""
    site = project.folder / "build" / "site"
    project.edit(INTRODUCTION, SENTENCE, f"Last. {SENTENCE}")
    for _ in range(10 * PATIENCE):
        with suppress(FileNotFoundError):  # while one site is put in the place of another
            if "Last." in (site / "en" / "index.html").read_text("utf-8"):
                break
        time.sleep(0.1)
    assert project.planned() == []
    texts = [path.read_text("utf-8") for path in site.rglob("*.html")]
    assert not [text for text in texts if "/-/reload.js" in text]
    assert "Traceback" not in told.read_text()


def test_a_preview_that_ends_leaves_no_lock_and_no_process(small: Project, tmp_path: Path) -> None:
    project = small.copy(tmp_path / "project")
    told = tmp_path / "told"
    with told.open("w") as output:
        running = subprocess.Popen(PREVIEW, cwd=project.folder, stdout=output, stderr=output)
        wait_for(told, "The pages are at")
        time.sleep(1)
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 0, told.read_text()
    locks = project.folder / ".snakemake" / "locks"
    assert not locks.exists() or list(locks.iterdir()) == []
    # One that reads what there is to do, and writes nothing, ends when it has read it.
    for _ in range(10 * PATIENCE):
        if not processes_in(project.folder):
            return
        time.sleep(0.1)
    pytest.fail(f"still running: {processes_in(project.folder)}")


def processes_in(folder: Path) -> list[str]:
    """Return the command lines of the processes that work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return [line for line in found if str(os.getpid()) not in line]
