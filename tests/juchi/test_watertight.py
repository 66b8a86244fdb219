"""No rule reads a file of the project that it does not declare, or writes one."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.project import Project
from tests.tracing import Touched, traced

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace traces Linux alone")

_JOB = re.compile(r"^(?:local)?rule (\w+):$", re.MULTILINE)
_FILES = re.compile(r"^    (input|output): (.*)$", re.MULTILINE)
# The command stands between the job's resources and the empty line behind it.
_COMMAND = re.compile(r"^(?:Shell command: )?((?:python -m|printf|cp) .*)$", re.MULTILINE)
# What publishing declares says which site is published; that is swapped as one folder for the one
# staged beside it.
_STANDS_FOR = {"build/published.json": ("build/site/", "build/.site.")}
# In it publishing looks up what each file has to be; Snakemake writes it, and no rule.
_LEDGER = ".snakemake/ledger"
# The npm packages are declared by the file that locks each of them with its digest.
_LOCKED = {"juchi/toolchain/package-lock.json": "node_modules/"}


@dataclass(frozen=True)
class Step:
    """A job of the DAG, as it would run."""

    rule: str
    inputs: frozenset[str]
    outputs: frozenset[str]
    command: str

    def undeclared(self, touched: Touched, folder: Path) -> Iterator[str]:
        """Yield what the step touched beyond what it declares."""
        for name in sorted(touched.read - touched.written):
            if not self._may_read(name, folder):
                yield f"{self.rule} reads {name}, which it does not declare: {self.command}"
        for name in sorted(touched.written):
            if not self._may_write(name, folder):
                yield f"{self.rule} writes {name}, which it does not declare: {self.command}"

    def _may_read(self, name: str, folder: Path) -> bool:
        locked = [prefix for lock, prefix in _LOCKED.items() if lock in self.inputs]
        return (
            # How fonts are found counts in every digest of code, see juchi/core/environment.py.
            name == "juchi/core/fonts.conf"
            or name in self.inputs
            or name in self.outputs
            or any((folder / each).is_dir() and name.startswith(f"{each}/") for each in self.inputs)
            or any(name.startswith(prefix) for prefix in locked)
            or (self.rule == "publish" and name == _LEDGER)
            or self._may_write(name, folder)
        )

    def _may_write(self, name: str, folder: Path) -> bool:
        """Return whether a name is an output, within one, or one on its way beside it."""
        for output in self.outputs:
            if name in (output, f"{output}.part"):
                return True
            if (folder / output).is_dir() and name.startswith(f"{output}/"):
                return True
            beside = Path(output).with_name(f".{Path(output).name}.")
            if name.startswith(str(beside)):
                return True
            if name.startswith(_STANDS_FOR.get(output, ("\0",))):
                return True
        return False


def steps(project: Project, *options: str) -> list[Step]:
    """Return the jobs that a build would run."""
    result = project.snakemake(
        "--dry-run", "--printshellcmds", "--workflow-profile", "none", *options
    )
    assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]
    parts = _JOB.split(result.stdout + result.stderr)[1:]
    found = []
    for rule, text in zip(parts[::2], parts[1::2], strict=True):
        files = dict(_FILES.findall(text))
        command = _COMMAND.search(text)
        if command:
            declared = [frozenset(files.get(key, "").split(", ")) for key in ("input", "output")]
            found.append(Step(rule, declared[0], declared[1], command[1]))
    return found


def chosen(found: list[Step], *, thoroughly: bool) -> list[Step]:
    """Return one step of each program in each rule: not every configuration.

    Thoroughly: of those that draw one for each figure, and of the others one in each language.
    """
    kinds: dict[tuple[str, str, str], Step] = {}
    for step in found:
        program = step.command.split(" --", 1)[0]
        part = re.search(r"--figure (\S+)|--language (\S+)", step.command)
        kinds.setdefault((program, step.rule, part[0] if part and thoroughly else ""), step)
    return list(kinds.values())


# Those that run code of the article; the others take longer where there is more to print.
OF_THE_ARTICLE = {"experiment", "analysis", "claims", "check", "compose", "figure", "preview"}


@pytest.mark.parametrize("thoroughly", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_every_rule_touches_what_it_declares_and_nothing_else(
    small: Project, tmp_path: Path, thoroughly: bool
) -> None:
    project = small.copy(tmp_path / "project")
    everything = steps(project, "--forceall")
    some = chosen(everything, thoroughly=thoroughly)
    assert {step.rule for step in some} == {step.rule for step in everything}
    assert len({step.rule for step in some}) > 15
    assert undeclared(project, some) == []


@pytest.mark.nightly
@pytest.mark.parametrize("whole", [False, True])
def test_the_rules_of_the_large_article_touch_nothing_else_either(
    built: Project, tmp_path: Path, whole: bool
) -> None:
    project = built.copy(tmp_path / "project")
    everything = steps(project, "--forceall")
    some = [
        step
        for step in chosen(everything, thoroughly=whole)
        if whole or step.rule in OF_THE_ARTICLE
    ]
    assert {step.rule for step in some} >= OF_THE_ARTICLE
    assert undeclared(project, some) == []


def undeclared(project: Project, some: list[Step]) -> list[str]:
    """Run steps; return what each touched beyond what it declares."""
    commands = [step.command for step in some]
    all_touched = traced(commands, project.folder, project.folder.with_name("trace"))
    return [
        fault
        for step, touched in zip(some, all_touched, strict=True)
        for fault in step.undeclared(touched, project.folder)
    ]


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("cat declared.txt hidden.txt > out.txt", "reads hidden.txt"),
        ("cat declared.txt > out.txt; cat declared.txt > other.txt", "writes other.txt"),
        ("cp declared.txt .out.txt.x.part && mv .out.txt.x.part elsewhere.txt", "writes elsewhere"),
        ("python3 -c 'import module' && cp declared.txt out.txt", "reads module.py"),
        ("(cd sub && cat ../hidden.txt) > out.txt", "reads hidden.txt"),
    ],
)
def test_an_undeclared_file_is_seen(tmp_path: Path, command: str, fault: str) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for name in ("declared.txt", "hidden.txt", "module.py"):
        (folder / name).write_text("", "utf-8")
    step = Step("rule", frozenset({"declared.txt"}), frozenset({"out.txt"}), command)
    quiet = "cat declared.txt > .out.txt.abc.part && mv .out.txt.abc.part out.txt"
    faulty, faultless = traced([command, quiet], folder, tmp_path / "trace")
    (found,) = step.undeclared(faulty, folder)
    assert found.startswith(f"rule {fault}")
    assert not list(step.undeclared(faultless, folder))
