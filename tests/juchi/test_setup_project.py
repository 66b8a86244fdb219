"""The set-up of the command `juchi`: installed once, from this folder, with nothing fetched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from setup import pins, project
from tests.juchi.test_setup_venv import calls
from tests.project import ROOT

VENV = Path(".venv")
PYTHON = """#!/bin/sh
echo "$@" >> calls
env >> variables
touch .venv/bin/juchi
exit $(cat status)
"""
INSTALL = (
    "-m pip --disable-pip-version-check install"
    " --no-input --quiet --no-index --no-deps --no-build-isolation --editable ."
)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a project with an environment whose pip only writes its orders."""
    folder = tmp_path / "project"
    (folder / VENV / "bin").mkdir(parents=True)
    python = folder / VENV / "bin" / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    for name in ("pyproject.toml", pins.GENERATOR_REQUIREMENTS):
        shutil.copy(ROOT / name, folder / name)
    (folder / "status").write_text("0")
    monkeypatch.chdir(folder)
    return folder


def test_a_second_call_does_nothing() -> None:
    project.ensure(VENV)
    assert calls() == [INSTALL]
    project.ensure(VENV)
    assert calls() == []


@pytest.mark.parametrize("file", ["pyproject.toml", "requirements-juchi.txt"])
def test_a_changed_distribution_is_installed_again(file: str) -> None:
    project.ensure(VENV)
    with Path(file).open("a") as changed:
        changed.write("# a remark\n")
    calls()
    project.ensure(VENV)
    assert calls() == [INSTALL]


def test_a_command_that_has_gone_is_installed_again() -> None:
    project.ensure(VENV)
    calls()
    (VENV / "bin" / "juchi").unlink()
    project.ensure(VENV)
    assert calls() == [INSTALL]


def test_a_moved_project_is_installed_from_where_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.ensure(VENV)
    calls()
    monkeypatch.chdir(folder.rename(folder.with_name("moved")))
    project.ensure(VENV)
    assert calls() == [INSTALL]


def test_an_environment_that_another_clone_lends_is_left_as_it_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / VENV).symlink_to(folder / VENV)
    monkeypatch.chdir(other)
    project.ensure(VENV)
    assert calls() == []
    assert not (VENV / "bin" / "juchi").exists()


def test_a_failed_installation_is_said_and_tried_again() -> None:
    Path("status").write_text("3")
    for _ in range(2):
        with pytest.raises(UserError, match="status 3"):
            project.ensure(VENV)
        assert calls() == [INSTALL]


def test_no_setting_of_the_users_has_it_installed_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONPATH", "PIP_CONFIG_FILE"):
        monkeypatch.setenv(name, "hostile")
    project.ensure(VENV)
    assert "hostile" not in Path("variables").read_text()
