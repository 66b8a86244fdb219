"""A fresh copy has the sources of the project and nothing that was made of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from audit.rebuild import fresh_copy, rebuild
from pipeline.errors import UserError
from pipeline.revision import revision


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
        if path.is_file() and "node_modules" not in path.parts
    }


def test_without_git_products_are_left_out(project: Path, tmp_path: Path) -> None:
    fresh_copy(project, tmp_path / "fresh")
    assert files(tmp_path / "fresh") == {"config/a.yaml", "run"}
    assert (tmp_path / "fresh" / "node_modules" / "font.ttf").read_text() == "node_modules/font.ttf"
    assert (tmp_path / "fresh" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("edited", [False, True])
def test_with_git_the_copy_is_of_the_same_revision(
    project: Path, tmp_path: Path, edited: bool
) -> None:
    (project / ".gitignore").write_text("results/\nbuild/\nnode_modules\n", "utf-8")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *identity, *command], cwd=project, check=True)
    if edited:
        (project / "config" / "a.yaml").write_text("edited", "utf-8")
        (project / "new.yaml").write_text("new", "utf-8")
        (project / "run").unlink()
    fresh_copy(project, tmp_path / "fresh")
    expected = {".git", ".gitignore", "config/a.yaml", *(["new.yaml"] if edited else ["run"])}
    assert files(tmp_path / "fresh") == expected
    assert (tmp_path / "fresh" / "config" / "a.yaml").read_text() == (
        "edited" if edited else "config/a.yaml"
    )
    assert revision(tmp_path / "fresh") == revision(project)
    assert revision(project)["dirty"] is edited


def test_a_rebuild_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Snakemake ended with status 1"):
        rebuild(tmp_path, 1, None)
