"""The site is staged whole and takes its place in one move, or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from lxml import html

from juchi.core import environment
from juchi.core.errors import run_command
from juchi.runtime.ledger import Ledger
from juchi.site import publish
from juchi.site.publish import chooser
from tests.samples import ROOT, Sample, command

LOCKS = (
    "constraints.txt",
    "environment.yml",
    "juchi/toolchain/package-lock.json",
    "requirements-juchi.txt",
    "requirements.txt",
)

# --- the whole site ---


class Inputs:
    """Small inputs of the command, and the folder in which it publishes."""

    def __init__(self, sample: Sample, root: Path) -> None:
        self.sample, self.root = sample, root
        self.site = root / "build" / "site"
        article = sample.plan.article
        parts = ("assets", "data", "figures", "fonts", *article["languages"])
        self.parts = [self.write(f"web/{part}/file.txt", part).parent for part in parts]
        self.top = self.write("web/top/file.txt", "top").parent
        self.checked = self.write("checked.json", '{"pictures": {}}')
        self.papers = [
            self.write(f"papers/{language}.pdf", language) for language in article["languages"]
        ]
        self.note()

    def note(self) -> None:
        """Note the inputs as what their rules made."""
        settings = [self.sample.file(part) for part in ("article", "revision")]
        paths = [*self.parts, self.top, self.checked, *self.papers, *settings]
        Ledger(self.root / "ledger").note(map(str, paths), "origin")

    def write(self, path: str, text: str) -> Path:
        """Write a file among the inputs."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def publish(self) -> None:
        """Run the command."""
        command(
            lambda: run_command(publish.main),
            article=self.sample.file("article"),
            revision=self.sample.file("revision"),
            checked=self.checked,
            templates="templates",
            web=self.root / "web",
            parts=self.parts,
            top=self.top,
            ledger=self.root / "ledger",
            site=self.site,
            papers=self.papers,
            locks=[ROOT / name for name in LOCKS],
            output=self.root / "published.json",
        )

    def refusal(self) -> str:
        """Return the message with which the command ends."""
        with pytest.raises(SystemExit) as caught:
            self.publish()
        return str(caught.value.code)

    def published(self) -> dict[str, bytes]:
        """Return the files of the site."""
        return contents(self.site)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def inputs(sample: Sample, tmp_path: Path) -> Inputs:
    return Inputs(sample, tmp_path)


def test_the_site_has_all_its_parts_and_nothing_else(inputs: Inputs) -> None:
    """Nothing that is left of another configuration, or that something else has put there."""
    inputs.write("web/figures/.left.part", "left behind")
    inputs.write("web/figures/gone.svg", "left behind")
    inputs.write("web/gone/index.html", "left behind")
    inputs.publish()
    article = inputs.sample.plan.article
    parts = ("assets", "data", "figures", "fonts", *article["languages"])
    assert set(inputs.published()) == {
        "file.txt",
        *(f"{part}/file.txt" for part in parts),
        *(f"{code}/{article['slug']}.{code}.pdf" for code in article["languages"]),
        "index.html",
        "manifest.json",
        "ro-crate-metadata.json",
    }
    assert [path.name for path in inputs.site.parent.iterdir()] == ["site"]


@pytest.mark.parametrize("umask", [0o077, 0o000, 0o027])
def test_everybody_may_read_the_site_whatever_the_umask(inputs: Inputs, umask: int) -> None:
    for path in (inputs.root / "web").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    before = os.umask(umask)
    try:
        inputs.publish()
    finally:
        os.umask(before)
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in inputs.site.rglob("*")}
    assert modes == {(True, 0o755), (False, 0o644)}
    assert inputs.site.stat().st_mode & 0o777 == 0o755


def test_the_manifest_tells_the_commit_and_the_digest_of_every_file(
    inputs: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in environment.PROCESSOR:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    inputs.publish()
    files = inputs.published()
    manifest = json.loads(files.pop("manifest.json"))
    told = manifest.pop("platform")
    assert told.keys() == {"system", "machine", "libc", "python", "processor"}
    assert told["processor"] == {"OPENBLAS_CORETYPE": "Haswell"}
    libraries = manifest.pop("libraries")
    assert libraries["torch"].startswith("2.13.0")
    assert libraries["weasyprint"] == metadata.version("weasyprint")
    assert libraries["pango"].startswith("1.")
    assert manifest == {
        "version": inputs.sample.plan.article["version"],
        **json.loads(inputs.sample.file("revision").read_text("utf-8")),
        "preset": inputs.sample.plan.article["preset"],
        "locks": {
            Path(name).name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
            for name in LOCKS
        },
        "sha256": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
    }


def test_publishing_again_gives_the_same_bytes(inputs: Inputs) -> None:
    inputs.publish()
    first = inputs.published()
    inputs.publish()
    assert inputs.published() == first


def test_a_new_site_replaces_the_old_one_whole(inputs: Inputs) -> None:
    inputs.write("build/site/old.html", "old")
    inputs.publish()
    assert "old.html" not in inputs.published()
    assert [path.name for path in inputs.site.parent.iterdir()] == ["site"]


@pytest.mark.parametrize("what", ["web/data/file.txt", "web/top/file.txt", "papers/en.pdf"])
def test_a_file_that_is_not_as_it_was_made_is_not_published(inputs: Inputs, what: str) -> None:
    inputs.publish()
    before = inputs.published()
    inputs.write(what, "forged")
    message = inputs.refusal()
    assert message.startswith(
        f"error: {inputs.root / what}\n  found:    another file than its rule"
    )
    assert inputs.published() == before
    inputs.note()
    inputs.publish()
    assert inputs.published() != before


@pytest.mark.parametrize(
    ("spoil", "fragments"),
    [
        (lambda i: i.papers[0].unlink(), ["papers/", "No such file"]),
        (lambda i: shutil.rmtree(i.root / "web" / "fonts"), ["web/fonts", "No such file"]),
    ],
)
def test_a_failure_leaves_the_old_site_and_nothing_beside_it(
    inputs: Inputs, spoil: Callable[[Inputs], object], fragments: list[str]
) -> None:
    inputs.publish()
    before = inputs.published()
    spoil(inputs)
    message = inputs.refusal()
    assert message.startswith("error: ")
    for fragment in fragments:
        assert fragment in message
    assert inputs.published() == before
    assert [path.name for path in inputs.site.parent.iterdir()] == ["site"]


def no_right(*_: object, **__: object) -> None:
    raise PermissionError(errno.EACCES, "Permission denied", "build/.site.x")


def no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", "web/data/file.txt")


@pytest.mark.parametrize(
    ("function", "failure", "fragments"),
    [
        # A test that runs as root cannot make a folder read-only for itself.
        (
            "tempfile.mkdtemp",
            no_right,
            ["error: build/.site.x\n", "found:    Permission denied\n", "fix its permissions"],
        ),
        (
            "shutil.copyfile",
            no_room,
            ["error: web/data/file.txt\n", "found:    No space left", "make room there"],
        ),
    ],
)
def test_a_place_that_cannot_be_written_is_told(
    inputs: Inputs,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    failure: Callable[..., None],
    fragments: list[str],
) -> None:
    monkeypatch.setattr(function, failure)
    message = inputs.refusal()
    for fragment in [*fragments, "; the last good site is untouched"]:
        assert fragment in message
    assert len(message.splitlines()) == 4


def test_a_file_in_the_place_of_the_folder_is_told(inputs: Inputs) -> None:
    (inputs.root / "build").write_text("in the way", "utf-8")
    assert f"error: {inputs.root / 'build'}\n" in inputs.refusal()


# --- the page that chooses the language ---


def test_the_chooser_names_every_language_in_itself(sample: Sample) -> None:
    article = sample.plan.article
    page = html.document_fromstring(chooser(article, ROOT / "templates"))
    links = page.xpath("//main//a[@hreflang]")
    assert [(link.get("href"), link.get("hreflang")) for link in links] == [
        (f"{code}/index.html", entry["tag"]) for code, entry in article["languages"].items()
    ]
    for link, entry in zip(links, article["languages"].values(), strict=True):
        assert entry["name"] in link.text_content()
        assert link.xpath("string(ancestor-or-self::*[@lang][1]/@lang)") == entry["tag"]
    assert page.get("lang") == next(iter(article["languages"].values()))["tag"]
