"""A fresh copy has the sources of the project and nothing that was made of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.plan.revision import revision
from juchi.verify.rebuild import fresh_copy, rebuild
from tests.project import ROOT
from tests.repositories import git


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in ("config/a.yaml", "results/a.json", "build/b.html", "node_modules/font.ttf"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, "utf-8")
    (root / "run").write_text("#!/bin/sh\n", "utf-8")
    (root / "run").chmod(0o755)
    (tmp_path / "fresh").mkdir()
    return root


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not {".git", "node_modules"} & {*path.parts}
    }


def test_without_git_products_are_left_out(project: Path, tmp_path: Path) -> None:
    fresh_copy(project, tmp_path / "fresh")
    assert files(tmp_path / "fresh") == {"config/a.yaml", "run"}
    assert (tmp_path / "fresh" / "node_modules" / "font.ttf").read_text() == "node_modules/font.ttf"
    assert (tmp_path / "fresh" / "run").stat().st_mode & 0o111


@pytest.fixture
def repository(project: Path) -> Path:
    """Make the project a repository with its own rules for ignored files."""
    shutil.copy(ROOT / ".gitignore", project)
    (project / "linked").symlink_to("run")
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "first")
    return project


def edit(project: Path) -> None:
    (project / "config" / "a.yaml").write_text("edited", "utf-8")
    (project / "new.yaml").write_text("new", "utf-8")
    (project / "run").unlink()


def as_it_is(repository: Path) -> Path:
    return repository


def as_submodule(repository: Path) -> Path:
    outer = repository.parent / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "submodule", "--quiet", "add", str(repository), "inner")
    return outer / "inner"


def as_worktree(repository: Path) -> Path:
    git(repository, "worktree", "add", "--quiet", "--detach", "../worktree")
    return repository.parent / "worktree"


def as_shallow_clone(repository: Path) -> Path:
    git(repository.parent, "clone", "--quiet", "--depth", "1", repository.as_uri(), "clone")
    return repository.parent / "clone"


def without_modes(repository: Path) -> Path:
    """As on a disk that keeps no modes: Git is told to look at none."""
    git(repository, "config", "core.fileMode", "false")
    (repository / "config" / "a.yaml").chmod(0o755)
    return repository


@pytest.mark.parametrize(
    "kind", [as_it_is, as_submodule, as_worktree, as_shallow_clone, without_modes]
)
@pytest.mark.parametrize("edited", [False, True])
def test_the_copy_is_of_the_same_commit_and_differs_by_the_same_files(
    repository: Path, tmp_path: Path, kind: Callable[[Path], Path], edited: bool
) -> None:
    project = kind(repository)
    worktrees = git(repository, "worktree", "list")
    (project / "node_modules").mkdir(exist_ok=True)
    if edited:
        edit(project)
    fresh_copy(project, tmp_path / "fresh")
    expected = {".gitignore", "config/a.yaml", *(["new.yaml"] if edited else ["run", "linked"])}
    assert files(tmp_path / "fresh") == expected
    assert (tmp_path / "fresh" / "linked").is_symlink()
    assert revision(tmp_path / "fresh") == revision(project)
    assert revision(project) == {"commit": git(repository, "rev-parse", "HEAD"), "dirty": edited}
    # Nothing was written into the repository, which knows where its own folders are.
    assert git(repository, "worktree", "list") == worktrees


def test_a_repository_without_a_commit_is_copied_as_one(project: Path, tmp_path: Path) -> None:
    git(project, "init", "--quiet")
    fresh_copy(project, tmp_path / "fresh")
    assert revision(tmp_path / "fresh") == revision(project) == {"commit": None, "dirty": True}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to another user")
def test_a_refusal_of_git_is_told_before_anything_is_copied(
    repository: Path, tmp_path: Path
) -> None:
    os.chown(repository / ".git", 1234, 1234)
    with pytest.raises(UserError, match="dubious ownership"):
        fresh_copy(repository, tmp_path / "fresh")
    assert list((tmp_path / "fresh").iterdir()) == []


def test_a_rebuild_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Snakemake ended with status 1"):
        rebuild(tmp_path, 1, None)
