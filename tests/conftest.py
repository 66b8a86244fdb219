"""What tests of the built pages share: one real browser for the whole run."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from filelock import FileLock
from lxml import html
from lxml.html import HtmlElement
from playwright.sync_api import Browser, expect, sync_playwright

from juchi.fonts.typefaces import Catalogue, Stack, load_catalogue, resolve
from juchi.site.localized_metadata import LocalizedMetadata
from setup.chromium import driver, find, not_found
from tests.clones import Clone, Cloned, obstacle
from tests.namespaces import CUT_OFF, can_cut_off
from tests.project import MADE, WALKS, Project
from tests.samples import LANGUAGES, PUBLISHED, ROOT, Sample, copied
from tests.serving import PATIENCE, serving
from tests.shared import shared
from tests.stacks import CATALOGUE, CHINESE

# Snakemake's plugin asks Slurm for its settings whenever Snakemake starts. Where there are none,
# Slurm would look for them in the network.
os.environ["SLURM_CONF"] = os.devnull
NOTE = "note"

# Hypothesis takes a slow example for a fault where it is not told otherwise.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give the Chromium of this machine; a machine without one fails the test, never skips it."""
    path = find()
    if path is None:
        pytest.fail(str(not_found()), pytrace=False)
    os.environ.update(driver(Path(sys.prefix)))
    with sync_playwright() as playwright:
        expect.set_options(timeout=1000 * PATIENCE)
        # Without the sandbox, which root cannot have: only pages of our own are opened.
        browser = playwright.chromium.launch(
            executable_path=path,
            chromium_sandbox=False,
            args=[
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--font-render-hinting=none",
            ],
        )
        for name in ("new_page", "new_context"):
            setattr(browser, name, _patient(getattr(browser, name)))
        yield browser
        browser.close()


def _patient(opens: Callable[..., Any]) -> Callable[..., Any]:
    """Return what opens pages, or contexts with pages, that wait for what comes late."""

    def opened(**options: Any) -> Any:
        page = opens(**options)
        page.set_default_timeout(1000 * PATIENCE)
        return page

    return opened


@pytest.fixture(scope="session")
def cloned(tmp_path_factory: pytest.TempPathFactory) -> Cloned:
    """Give a fresh clone in which ``make article`` has built the article; nobody changes it."""

    def build(folder: Path) -> None:
        done = Clone.create(folder / "juchi").run("make article")
        (folder / "said.txt").write_text(done.said, "utf-8")
        assert done.status == 0, done.said[-4000:]

    folder = shared(tmp_path_factory, "cloned", build)
    return Cloned(Clone(folder / "juchi"), (folder / "said.txt").read_text("utf-8"))


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the project, built once with the smoke overlay; tests that change it take a copy.

    It is built without any network where that is possible, from clean or from what the clone has
    built: its commit alone is new then. Who runs a few tests often can have it kept in a folder
    from run to run, and only brought up to date.
    """
    within = CUT_OFF if can_cut_off() else ()
    kept = os.environ.get("JUCHI_BUILT")

    def build(folder: Path) -> None:
        if kept:
            with FileLock(f"{kept}.lock"):
                project = Project.create(Path(kept))
                replace(project, built_within=within).build()
                project.copy(folder / "project")
            return
        project = Project.create(folder / "project")
        if obstacle() is None:
            cloned: Cloned = request.getfixturevalue("cloned")
            for made in MADE:
                shutil.copytree(cloned.clone.folder / made, project.folder / made, symlinks=True)
        replace(project, built_within=within).build()

    return Project(shared(tmp_path_factory, "built", build) / "project", built_within=within)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a small article with one of everything, built once: for what holds of every article."""
    folder = shared(
        tmp_path_factory,
        "small",
        lambda folder: Project.create(folder / "project", (), WALKS).build(),
    )
    return Project(folder / "project", ())


@pytest.fixture(scope="session")
def address(built: Project) -> Iterator[str]:
    """Serve the built site on loopback."""
    with serving(built.folder / "build" / "site") as address:
        yield address


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Give the article with made-up results; tests that change its sources take a copy of them."""
    return Sample(ROOT, shared(tmp_path_factory, "sample", lambda _: None))


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Give the same article as it is once it is published: with addresses, and with sources."""

    def make(folder: Path) -> None:
        Sample(copied(folder / "project"), folder).edit(
            "config/article.yaml", lambda article: article.update(PUBLISHED)
        )

    folder = shared(tmp_path_factory, "published", make)
    return Sample(folder / "project", folder / "made")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Give the code of each language in turn."""
    return str(request.param)


@pytest.fixture
def edition(sample: Sample, language: str) -> LocalizedMetadata:
    """Give what is known of the sample article in a language."""
    return sample.editions[language]


@pytest.fixture
def page(sample: Sample, language: str) -> HtmlElement:
    """Give the composed page of the sample article in a language."""
    return html.document_fromstring(sample.composed(language).read_text("utf-8"))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Give the catalogue of typefaces, as configured."""
    return load_catalogue(CATALOGUE)


@pytest.fixture(scope="session")
def stacks(catalogue: Catalogue) -> dict[str, Stack]:
    """Give the Chinese stacks, resolved."""
    return resolve(CHINESE, catalogue)


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Give what puts a line into the notes at the end of the run, such as how much was tried."""
    return lambda text: record_property(NOTE, text)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return for `-n auto` one process more than cores: one of them waits most of the time.

    It waits for a program to end, for a page to come to rest, or for what another process builds.
    """
    return (os.cpu_count() or 1) + 1


# The modules that take minutes each. The first builds the article for all, the second the small
# one; those that need the former come late, so that none of them waits for it.
LONGEST = (
    *("test_commands", "test_faults", "test_manual", "test_forged", "test_articles", "test_start"),
    *("test_admitted", "test_cache", "test_bad_input", "test_preview_pages", "test_cluster"),
    *("test_workflow", "test_hostile", "test_accessibility", "test_archive", "test_explorer"),
    "test_provenance",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest modules first, then those with the article: no core idles at the end."""

    def fixtures(item: pytest.Item) -> list[str]:
        return getattr(item, "fixturenames", [])

    dear = {
        item.path: index
        for index, name in enumerate(["sample", "small", "built"])
        for item in items
        if name in fixtures(item)
    }
    dear |= {
        item.path: len(items) - LONGEST.index(item.path.stem)
        for item in items
        if item.path.stem in LONGEST
    }
    items.sort(key=lambda item: -dear.get(item.path, -1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the notes of all tests, in whichever process they ran."""
    reports = [each for kind in terminalreporter.stats.values() for each in kind]
    notes = sorted(
        (report.nodeid, text)
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, text in report.user_properties
        if name == NOTE
    )
    if notes:
        terminalreporter.section("notes")
    for test, text in notes:
        terminalreporter.line(f"{test}: {text}")
