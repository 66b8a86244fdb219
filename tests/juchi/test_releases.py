"""Publishing: the right address, the right tag, and every version where it stays for good."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.site.releases import ARCHIVE, assemble, check_address, check_tag, fetch, pack
from setup import debian
from tests.project import ROOT

ARTICLE: dict[str, Any] = {
    "address": "https://example.org/juchi/",
    "version": "0.2.0",
    "permanent": "v{version}/",
    "earlier": [{"version": "0.1.0", "date": "2026-01-01"}],
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give the site of the latest version."""
    folder = tmp_path / "site"
    (folder / "en").mkdir(parents=True)
    (folder / "index.html").write_text("latest")
    (folder / "en" / "index.html").write_text("latest, English")
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Give the archive of an earlier version."""
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "index.html").write_text("old")
    pack(folder, tmp_path / ARCHIVE)
    return tmp_path / ARCHIVE


@pytest.mark.parametrize("published", ["https://example.org/juchi", "https://example.org/juchi/"])
def test_the_address_of_the_pages_is_that_of_the_host(published: str) -> None:
    check_address(ARTICLE, published)


@pytest.mark.parametrize(
    "published",
    ["https://example.org", "http://example.org/juchi", "https://example.org/Juchi", ""],
)
def test_another_address_is_refused_with_the_line_to_change(published: str) -> None:
    with pytest.raises(UserError) as caught:
        check_address(ARTICLE, published)
    assert "error: config/article.yaml: address\n" in str(caught.value)
    assert f"expected: {published}/, where Pages" in str(caught.value)


def test_the_tag_is_the_version() -> None:
    check_tag(ARTICLE, "v0.2.0")
    for tag in ("v0.2.1", "0.2.0", "v0.2.0-1"):
        with pytest.raises(UserError, match=f"the tag is {tag}"):
            check_tag(ARTICLE, tag)


def test_equal_sites_pack_to_equal_bytes(site: Path, tmp_path: Path) -> None:
    pack(site, tmp_path / "one")
    os.utime(site / "index.html", (0, 0))
    (site / "index.html").chmod(0o600)
    pack(site, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    with tarfile.open(tmp_path / "one") as tar:
        assert tar.getnames() == ["en", "en/index.html", "index.html"]
        assert {(m.mtime, m.uid, m.uname) for m in tar.getmembers()} == {(0, 0, "")}


def test_each_version_stands_at_its_permanent_address(
    site: Path, archive: Path, tmp_path: Path
) -> None:
    output = tmp_path / "pages"
    (output / "left").mkdir(parents=True)
    assemble(ARTICLE, site, output, lambda version: archive if version == "0.1.0" else None)
    assert {
        path.relative_to(output).as_posix(): path.read_text() for path in output.rglob("*.html")
    } == {
        "index.html": "latest",
        "en/index.html": "latest, English",
        "v0.2.0/index.html": "latest",
        "v0.2.0/en/index.html": "latest, English",
        "v0.1.0/index.html": "old",
    }
    assert not (output / "left").exists()


def test_a_released_version_stays_as_it_was_released(
    site: Path, archive: Path, tmp_path: Path
) -> None:
    output = tmp_path / "pages"
    assemble({**ARTICLE, "earlier": []}, site, output, lambda _: archive)
    assert (output / "index.html").read_text() == "latest"
    assert (output / "v0.2.0/index.html").read_text() == "old"
    assert not (output / "v0.2.0/en").exists()


def test_an_earlier_version_without_its_archive_is_named(site: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no release v0\.1\.0"):
        assemble(ARTICLE, site, tmp_path / "pages", lambda _: None)


def test_an_archive_that_leads_out_of_its_place_is_refused(site: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.tar.gz"
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
    for entry in (tarfile.TarInfo("../../out.html"), tarfile.TarInfo("/out.html"), link):
        with tarfile.open(bad, "w:gz") as tar:
            tar.addfile(entry)
        with pytest.raises(UserError, match="leads out"):
            assemble(ARTICLE, site, tmp_path / "pages", lambda _: bad)
    assert not (tmp_path / "out.html").exists()
    assert not list((tmp_path / "pages").rglob("link"))


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a `gh` that knows one release; its orders are written into the file returned."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "gh"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/orders\n'
        'case "$3" in\n'
        'v0.1.0) while [ "$1" != --output ]; do shift; done; echo packed > "$2" ;;\n'
        "v0.3.0) echo no network >&2; exit 1 ;;\n"
        "*) echo release not found >&2; exit 1 ;;\nesac\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "orders"


def test_archives_come_from_the_releases(github: Path, tmp_path: Path) -> None:
    found = fetch("0.1.0", tmp_path)
    assert found is not None
    assert found.read_text() == "packed\n"
    assert fetch("0.2.0", tmp_path) is None
    with pytest.raises(UserError, match="no network"):
        fetch("0.3.0", tmp_path)
    assert github.read_text().startswith("release download v0.1.0 --pattern site.tar.gz --output")


def zizmor(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("zizmor")
    command = [str(program), "--offline", "--no-progress", "--quiet", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_workflow_passes_its_checker() -> None:
    done = zizmor("--strict-collection", "--pedantic", str(ROOT / ".github"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_workflows_take_an_action_at_the_same_commit() -> None:
    texts = [file.read_text("utf-8") for file in (ROOT / ".github/workflows").iterdir()]
    used = {line for text in texts for line in re.findall(r"uses: (\S+@\S+ # \S+)$", text, re.M)}
    assert len(used) == len({line.partition("@")[0] for line in used}) > 0


def test_the_checker_refuses_an_action_that_is_not_pinned(tmp_path: Path) -> None:
    workflow = tmp_path / ".github/workflows/publish.yml"
    workflow.parent.mkdir(parents=True)
    text = (ROOT / ".github/workflows/publish.yml").read_text("utf-8")
    start = text.index("actions/checkout@")
    workflow.write_text(text[:start] + "actions/checkout@v7" + text[text.index(" #", start) :])
    done = zizmor(str(workflow))
    assert done.returncode != 0
    assert "unpinned-uses" in done.stdout


def test_a_hosted_runner_is_told_the_same_packages_as_root() -> None:
    assert "libpango-1.0-0" in debian.packages()
    assert "poppler-utils" in debian.packages()
