"""What `juchi build` and `juchi check` show where they fail: a mistake once, a crash whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from juchi.core.errors import messages_in
from tests.project import Project, said_by_failing

# What Snakemake alone says.
_SNAKEMAKES = (
    *("Error in rule", "RuleException", "CalledProcessError", "WorkflowError", "returned non-zero"),
    *("Building DAG", "Using shell", "profile", "Assuming", "Shutting down", "Exiting because"),
    *("Complete log", "Elapsed", "Traceback", 'File "'),
)


@pytest.fixture
def project(small: Project, tmp_path: Path) -> Project:
    """Give the small article, built, without settings of its own for Snakemake."""
    copy = small.copy(tmp_path / "project")
    shutil.rmtree(copy.folder / "profiles")
    return copy


def juchi(project: Project, command: str) -> str:
    """Run a command that fails; return all that it says."""
    return said_by_failing(project.folder, "juchi", command, "--cores", "2")


@pytest.mark.parametrize(
    ("command", "path", "old", "new"),
    [
        ("build", "templates/en/walks.md", 'fact("ratio.square")', 'fact("ratio.sqare")'),
        ("check", "templates/en/walks.md", 'fact("ratio.square")', 'interval("ratio.square")'),
        ("build", "config/experiments.yaml", "  drunk: {}", "  drunk: {"),
    ],
    ids=["a fact", "an interval", "settings"],
)
def test_a_mistake_is_told_once_and_nothing_of_snakemakes_around_it(
    project: Project, command: str, path: str, old: str, new: str
) -> None:
    project.edit(path, old, new)
    said = juchi(project, command)
    assert len(messages_in(said)) == 1, said
    assert said.rstrip().endswith(str(messages_in(said)[0]))
    assert not [each for each in _SNAKEMAKES if each in said], said


def test_a_crash_keeps_its_traceback_and_says_which_command_it_was(project: Project) -> None:
    main = "    article, formats ="
    project.edit("juchi/html/compose.py", main, f"    formats = 1 // 0\n{main}")
    said = juchi(project, "check")
    assert not messages_in(said)
    for shown in ("Traceback", "ZeroDivisionError", "python -m juchi.html.compose", "Complete log"):
        assert shown in said, said


def test_snakemake_itself_says_what_it_always_does(project: Project) -> None:
    project.edit("templates/en/walks.md", 'fact("ratio.square")', 'fact("ratio.sqare")')
    done = project.snakemake("build/checked.json")
    assert "returned non-zero exit status" in done.stderr
    assert len(messages_in(done.stderr)) == 2  # when it happens, and last
