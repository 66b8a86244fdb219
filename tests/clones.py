"""A fresh clone of the repository, in which commands are run as a user runs them.

It is a clone of what lies here now, committed or not. It shares the environment and the packages
that are set up here, by links, as the documentation allows; nothing else is lent to it: not the
variables of the test, and no network but loopback.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import yaml

from juchi.core.environment import processor
from juchi.plan.settings import merge
from tests.namespaces import ON_LOOPBACK, can_have_loopback
from tests.project import ROOT, sources
from tests.serving import PATIENCE

__all__ = ["Clone", "Cloned", "Done", "obstacle"]

# What `make` sets up, by links to what is set up here.
_SET_UP = (".venv", ".tools", "node_modules")
# What a user's shell tells a program, but for the path to the environment that runs the tests.
_VARIABLES = ("HOME", "USER", "LOGNAME", "LANG", "TMPDIR")
_IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
# Who runs the tests in the background has them ignore Control-C; a user at a terminal does not.
_AT_TERMINAL = (
    *(sys.executable, "-I", "-c"),
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "os.execvp(sys.argv[1], sys.argv[1:])",
)
_VISIT = Path(__file__).with_name("visit.py")


def obstacle() -> str | None:
    """Return why there can be no clone that shares this environment; None where there can."""
    if not (ROOT / ".venv").exists() or (ROOT / ".venv").resolve() != Path(sys.prefix).resolve():
        return "these commands are for .venv, and the tests run in another environment"
    return None


@dataclass(frozen=True)
class Done:
    """A command that has ended: its exit status, and what it said on both streams."""

    status: int
    said: str


@dataclass(frozen=True)
class Clone:
    """A clone in a folder of its own."""

    folder: Path

    @classmethod
    def create(cls, folder: Path) -> Clone:
        """Clone the repository as it lies here, with the sizes of the smoke overlay as its own."""
        origin = folder.with_name(f"{folder.name}.origin")
        for name in sources(ROOT):
            (origin / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, origin / name, follow_symlinks=False)
        _make_small(origin / "config")
        _git(origin, "init", "--quiet", "--initial-branch", "main")
        _git(origin, "add", "--all")
        _git(origin, "commit", "--quiet", "--message", "What lies here")
        _git(origin, "clone", "--quiet", str(origin), str(folder))
        for name in _SET_UP:
            (folder / name).symlink_to((ROOT / name).resolve())
        return cls(folder)

    def copy(self, folder: Path) -> Clone:
        """Copy the clone with all that was made in it, times included."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Clone(folder)

    def run(
        self, command: str, *, activated: bool = False, variables: Mapping[str, str] | None = None
    ) -> Done:
        """Run a line of shell in the folder.

        Parameters
        ----------
        command
            As it stands in the documents.
        activated
            Whether ``. .venv/bin/activate`` has been run in the same shell.
        variables
            What this user has set besides.
        """
        with self._started(_shell(command, activated), variables) as running:
            said, _ = running.communicate()
        return Done(running.returncode, said)

    def visit(
        self,
        command: str,
        address: str,
        *pages: str,
        variables: Mapping[str, str] | None = None,
    ) -> Done:
        """Start a command that serves, fetch pages, end it by Control-C.

        Returns
        -------
        Done
            The status and words of the command, behind those of the pages.
        """
        visitor = [sys.executable, "-I", str(_VISIT), command, *(address + page for page in pages)]
        with self._started(visitor, variables) as running:
            said, _ = running.communicate()
        return Done(running.returncode, said)

    def interrupt(
        self, command: str, sign: Callable[[str], bool], *, activated: bool = False
    ) -> Done:
        """Run a command until a sign holds of what it has said, and end it by Control-C."""
        log = self.folder.with_name(f"{self.folder.name}.log")
        with log.open("w") as said:
            running = self._started(_shell(command, activated), said=said)
        end = time.monotonic() + PATIENCE
        while not (signed := sign(log.read_text("utf-8"))) and running.poll() is None:
            assert time.monotonic() < end, log.read_text("utf-8")
            time.sleep(0.1)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGINT)
        status = running.wait()
        assert signed, log.read_text("utf-8")
        return Done(status, log.read_text("utf-8"))

    def changes(self) -> str:
        """Return what Git tells of files that are not as they were cloned."""
        return _git(self.folder, "status", "--porcelain")

    def restore(self) -> None:
        """Take back what a command was asked to change."""
        _git(self.folder, "checkout", "--quiet", ".")

    def _started(
        self,
        command: Iterable[str],
        variables: Mapping[str, str] | None = None,
        said: int | IO[str] = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        within = ON_LOOPBACK if can_have_loopback() else ()
        return subprocess.Popen(
            [*within, *_AT_TERMINAL, *command],
            cwd=self.folder,
            env={**_environment(), **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


@dataclass(frozen=True)
class Cloned:
    """A clone in which the article was built, and what was said meanwhile."""

    clone: Clone
    said: str


def _shell(command: str, activated: bool) -> list[str]:
    return ["bash", "-c", f". .venv/bin/activate\n{command}" if activated else command]


def _environment() -> dict[str, str]:
    """Return the variables of a user who has just logged in, on this machine's processor."""
    own = Path(sys.prefix, "bin").resolve()
    folders = os.environ["PATH"].split(os.pathsep)
    path = os.pathsep.join(each for each in folders if Path(each).resolve() != own)
    kept = {key: os.environ[key] for key in _VARIABLES if key in os.environ}
    return {"PATH": path, **kept, **processor()}


def _make_small(config: Path) -> None:
    """Give the experiments the sizes of the smoke overlay, as an author would edit them."""
    small = yaml.safe_load((config / "smoke.yaml").read_text("utf-8"))
    for subject, values in small.items():
        file = config / f"{subject}.yaml"
        merged = merge(yaml.safe_load(file.read_text("utf-8")), values)
        file.write_text(yaml.safe_dump(merged, allow_unicode=True, sort_keys=False), "utf-8")


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", *_IDENTITY, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
