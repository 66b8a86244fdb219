"""A build knows its commit, and whether its files differ from it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline.revision import revision


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "prose.md").write_text("one\n", "utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    return tmp_path


def test_a_clean_tree_is_its_commit(repository: Path) -> None:
    assert revision(repository) == {"commit": git(repository, "rev-parse", "HEAD"), "dirty": False}


@pytest.mark.parametrize("name", ["prose.md", "new.md"])
def test_a_changed_or_new_file_is_told(repository: Path, name: str) -> None:
    (repository / name).write_text("two\n", "utf-8")
    assert revision(repository)["dirty"]


def test_a_folder_within_another_repository_has_no_commit(repository: Path) -> None:
    (repository / "copy").mkdir()
    assert revision(repository / "copy") == {"commit": None, "dirty": False}


def test_no_repository_and_no_git_have_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert revision(tmp_path) == {"commit": None, "dirty": False}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert revision(tmp_path) == {"commit": None, "dirty": False}
