"""Throw-away copies of the project, for tests and benchmarks of the whole road."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lxml import html
from lxml.html import HtmlElement

from juchi.html.appendix import append
from juchi.html.web_parts import leave_to_web
from tests import ready

__all__ = [
    "MADE",
    "ROOT",
    "SMOKE",
    "SOURCES",
    "WALKS",
    "Job",
    "Project",
    "said_by_failing",
    "sources",
    "without",
]

ROOT = Path(__file__).resolve().parents[1]
# What an article consists of, and what the generator adds to it.
_ARTICLE = ("Snakefile", "config", "experiments", "report", "templates")
_GENERATOR = (
    "juchi",
    "profiles",
    "requirements.txt",
    "requirements-juchi.txt",
    "constraints.txt",
    "locks",
    "environment.yml",
)
SOURCES = (*_ARTICLE, *_GENERATOR)
# What a build makes.
MADE = ("build", "results", ".snakemake")
# An article with one of everything that is built in seconds.
WALKS = ROOT / "tests" / "articles" / "walks"
SMOKE = ("--configfile", "config/smoke.yaml")
_RULE = re.compile(r"^(?:local)?rule (\w+):$", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    """A job that a dry run announces.

    Attributes
    ----------
    name
        The rule, with the values of its wildcards behind colons: ``experiment:one_weight:post``.
    first
        Whether it runs for a reason of its own, and not because a job before it does.
    """

    name: str
    first: bool


@dataclass(frozen=True)
class Project:
    """A folder with the project in it.

    Attributes
    ----------
    overlay
        The options that name the overlay which it is built with.
    built_within
        A command that runs Snakemake, such as one that cuts it off from the network.
    """

    folder: Path
    overlay: tuple[str, ...] = SMOKE
    built_within: tuple[str, ...] = ()

    @classmethod
    def create(
        cls, folder: Path, overlay: tuple[str, ...] = SMOKE, article: Path = ROOT
    ) -> Project:
        """Copy the sources into a folder, new or not; the installed fonts are shared by a link."""
        folder.mkdir(parents=True, exist_ok=True)
        ignored = shutil.ignore_patterns("__pycache__")
        own = [article / name for name in _ARTICLE]
        for source in (*own, *(ROOT / name for name in _GENERATOR)):
            name = source.name
            if source.is_dir():
                shutil.rmtree(folder / name, ignore_errors=True)
                shutil.copytree(source, folder / name, ignore=ignored)
            else:
                shutil.copy2(source, folder / name)
        (folder / "node_modules").unlink(missing_ok=True)
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
        return cls(folder, overlay)

    def copy(self, folder: Path) -> Project:
        """Copy the project with all that is built, times included."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder, self.overlay)

    def bare(self, folder: Path) -> Project:
        """Copy the sources of the project, of which nothing is built."""
        ignored = shutil.ignore_patterns("__pycache__")
        for name in SOURCES:
            source = self.folder / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=ignored)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, folder / name)
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
        return Project(folder, self.overlay)

    def snakemake(
        self, *arguments: str, cores: int = 4, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run Snakemake in the folder, with its overlay."""
        options = ["--cores", str(cores), *self.overlay, *arguments]
        variables = {**os.environ, **(environment or {})}
        if not self.built_within:
            return ready.snakemake(options, self.folder, variables)
        return subprocess.run(
            [*self.built_within, sys.executable, "-m", "snakemake", *options],
            cwd=self.folder,
            env=variables,
            text=True,
            capture_output=True,
            check=False,
        )

    def build(self, cores: int = 4, environment: Mapping[str, str] | None = None) -> None:
        """Build the site; a failure fails the test with Snakemake's last words."""
        result = self.snakemake(cores=cores, environment=environment)
        assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]

    def planned(self, *targets: str) -> list[Job]:
        """Return the jobs that a dry run announces, of all or of those for some targets."""
        result = self.snakemake("--dry-run", "--workflow-profile", "none", "--", *targets)
        assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]
        parts = _RULE.split(result.stdout + result.stderr)[1:]
        return [_job(rule, text) for rule, text in zip(parts[::2], parts[1::2], strict=True)]

    def composed(self, language: str) -> Path:
        """Return the composed page of a language."""
        return self.folder / "build" / "composed" / f"{language}.html"

    def appendix(self, language: str) -> Path:
        """Return the appendix of a language, which is printed behind its page."""
        return self.folder / "build" / "composed" / f"{language}.appendix.html"

    def paper(self, language: str) -> Path:
        """Return the PDF of a language."""
        return self.folder / "build" / "papers" / f"{language}.pdf"

    def printed(self, language: str) -> HtmlElement:
        """Return a composed page as paper has it: without what only the web has."""
        page: HtmlElement = html.document_fromstring(self.composed(language).read_text("utf-8"))
        append(page, self.appendix(language).read_text("utf-8"))
        leave_to_web(page)
        return page

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text, which must stand in the file, as an editor would."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def append(self, path: str, text: str) -> None:
        """Add a text to the end of a file."""
        with (self.folder / path).open("a", encoding="utf-8") as file:
            file.write(text)

    def site(self) -> dict[str, str]:
        """Return the SHA-256 of every file of the site."""
        return self.digests("build/site")

    def digests(self, path: str) -> dict[str, str]:
        """Return the SHA-256 of every file in a folder."""
        return _digests(self.folder / path)


def said_by_failing(folder: Path, *command: str) -> str:
    """Run a module's command that fails; return all that it says, as it comes."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    return done.stdout


def sources(root: Path) -> list[str]:
    """Return every file that Git does not ignore, also where there is no Git."""
    lines = (root / ".gitignore").read_text("utf-8").splitlines()
    ignored = [".git", *(line for line in lines if line and not line.startswith("#"))]
    files: list[str] = []
    folders = [root]
    while folders:
        for path in folders.pop().iterdir():
            name = path.relative_to(root).as_posix()
            if any(
                fnmatch.fnmatch(each, pattern)
                for each in (path.name, f"/{name}")
                for pattern in ignored
            ):
                continue
            if path.is_dir() and not path.is_symlink():
                folders.append(path)
            else:
                files.append(name)
    return files


@contextmanager
def without(module: str, project: Project) -> Iterator[None]:
    """Have whatever imports a module fail: one in the project's folder comes before any other.

    Only what is trained imports ``torch``, and in the small article ``threadpoolctl``.
    """
    file = project.folder / f"{module}.py"
    file.write_text(f'raise ImportError("no {module} here")\n', encoding="utf-8")
    try:
        yield
    finally:
        file.unlink()


def _job(rule: str, text: str) -> Job:
    wildcards = re.search(r"^    wildcards: (.+)$", text, re.MULTILINE)
    reason = re.search(r"^    reason: (.*)$", text, re.MULTILINE)
    values = [each.partition("=")[2] for each in wildcards[1].split(", ")] if wildcards else []
    name = ":".join([rule, *values])
    own = {part for part in (reason.group(1) if reason else "").split("; ") if part}
    return Job(name, any(not part.startswith("Input files updated by") for part in own))


def _digests(folder: Path) -> dict[str, str]:
    files: Iterable[Path] = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
