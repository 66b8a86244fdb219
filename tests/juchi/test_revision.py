"""A build knows its commit, and whether its files differ from it, whatever Git is told besides."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.plan.revision import revision, source_files
from tests.project import ROOT
from tests.repositories import git


def repository_in(folder: Path) -> Path:
    """Make a repository with the project's own rules for ignored files and two files."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    shutil.copy(ROOT / ".gitignore", folder)
    (folder / "prose.md").write_text("one\n", "utf-8")
    (folder / "code").mkdir()
    (folder / "code" / "module.py").write_text("one\n", "utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", folder.name)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return repository_in(tmp_path / "repository")


def head(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD")


def test_a_clean_tree_is_its_commit(repository: Path) -> None:
    assert revision(repository) == {"commit": head(repository), "dirty": False}


@pytest.mark.parametrize("name", ["prose.md", "new.md", "code/new.py", "new/deep/module.py"])
def test_a_changed_or_new_file_is_told(repository: Path, name: str) -> None:
    (repository / name).parent.mkdir(parents=True, exist_ok=True)
    (repository / name).write_text("two\n", "utf-8")
    assert revision(repository) == {"commit": head(repository), "dirty": True}
    # Staged, it is not committed yet.
    git(repository, "add", ".")
    assert revision(repository)["dirty"]


def test_a_deleted_file_and_a_changed_mode_are_told(repository: Path) -> None:
    (repository / "prose.md").chmod(0o755)
    assert revision(repository)["dirty"]
    (repository / "prose.md").unlink()
    assert revision(repository)["dirty"]


@pytest.mark.parametrize(
    "name", ["results", "build", ".venv", ".tools", "node_modules", ".snakemake"]
)
def test_what_is_generated_may_be_a_link(repository: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (repository / name).symlink_to(tmp_path / "elsewhere")
    assert not revision(repository)["dirty"]
    (repository / name).unlink()
    (repository / name).mkdir()
    (repository / name / "file").touch()
    assert not revision(repository)["dirty"]


# With each of these `git status` says that nothing has changed.
HIDING = {
    "untracked files": ["config", "status.showUntrackedFiles", "no"],
    "everything excluded": ["config", "core.excludesFile", "excludes"],
    "excluded in the repository": ["config", "core.untrackedCache", "true"],
    "the folder of another": ["config", "core.worktree", "../../elsewhere"],
    "assumed unchanged": ["update-index", "--assume-unchanged", "code/module.py"],
    "skipped": ["update-index", "--skip-worktree", "code/module.py"],
    "a monitor that saw nothing": ["config", "core.fsmonitor", "true"],
    "never looked at": ["config", "core.ignoreStat", "true"],
}


@pytest.mark.parametrize("setting", HIDING.values(), ids=HIDING.keys())
def test_no_setting_of_git_hides_a_change(repository: Path, setting: list[str]) -> None:
    (repository / ".git" / "info" / "exclude").write_text("*\n", "utf-8")
    (repository / ".git" / "excludes").write_text("*\n", "utf-8")
    git(repository, *[".git/excludes" if word == "excludes" else word for word in setting])
    assert not revision(repository)["dirty"]
    (repository / "code" / "new.py").write_text("two\n", "utf-8")
    assert revision(repository)["dirty"]
    assert "code/new.py" in source_files(repository)
    (repository / "code" / "new.py").unlink()
    (repository / "code" / "module.py").write_text("two\n", "utf-8")
    assert revision(repository)["dirty"]


def test_the_commit_is_never_that_of_the_callers_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As within a hook of another repository, with every variable that Git calls its own."""
    other = repository_in(tmp_path / "other")
    names = git(repository, "rev-parse", "--local-env-vars").split()
    assert "GIT_DIR" in names
    for name in names:
        monkeypatch.setenv(name, "core.bare=true" if name == "GIT_CONFIG_PARAMETERS" else "1")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.worktree")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(other))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(other / "none"))
    told = revision(repository)
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    assert told == {"commit": head(repository), "dirty": False}
    assert told["commit"] != head(other)


def test_a_folder_within_another_repository_has_no_commit(repository: Path) -> None:
    (repository / "copy").mkdir()
    assert revision(repository / "copy") == {"commit": None, "dirty": False}


def test_a_submodule_and_a_worktree_have_their_own_commits(
    repository: Path, tmp_path: Path
) -> None:
    outer = repository_in(tmp_path / "outer")
    git(outer, "submodule", "--quiet", "add", str(repository), "inner")
    git(repository, "worktree", "add", "--quiet", "--detach", str(tmp_path / "worktree"))
    for folder in (outer / "inner", tmp_path / "worktree"):
        assert revision(folder) == {"commit": head(repository), "dirty": False}
        (folder / "new.md").touch()
        assert revision(folder) == {"commit": head(repository), "dirty": True}


def test_no_repository_and_no_commit_yet_have_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert revision(tmp_path) == {"commit": None, "dirty": False}
    git(tmp_path, "init", "--quiet")
    assert revision(tmp_path) == {"commit": None, "dirty": True}
    shutil.rmtree(tmp_path / ".git")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert revision(tmp_path) == {"commit": None, "dirty": False}


def no_git(repository: Path) -> None:
    for name in ("HEAD", "objects", "refs"):
        path = repository / ".git" / name
        path.unlink() if path.is_file() else shutil.rmtree(path)


def no_branch(repository: Path) -> None:
    branch = git(repository, "branch", "--show-current")
    (repository / ".git" / "refs" / "heads" / branch).write_text("not a commit\n", "utf-8")


def no_objects(repository: Path) -> None:
    for folder in (repository / ".git" / "objects").iterdir():
        shutil.rmtree(folder)


def no_link(repository: Path) -> None:
    shutil.rmtree(repository / ".git")
    (repository / ".git").symlink_to("gone")


def no_folder(repository: Path) -> None:
    shutil.rmtree(repository / ".git")
    (repository / ".git").write_text("gitdir: ../gone\n", "utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (no_git, "not a git repository"),
        (no_branch, "appears to be broken"),
        (no_objects, "fatal: "),
        (no_link, "not a git repository"),
        (no_folder, "not a git repository"),
    ],
)
def test_a_damaged_repository_is_refused_in_gits_words_and_that_around_it_not_taken(
    tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    repository = repository_in(repository_in(tmp_path / "outer") / "inner")
    damage(repository)
    with pytest.raises(UserError) as caught:
        revision(repository)
    message = str(caught.value)
    assert message.startswith(f"error: {repository / '.git'}, which tells the commit")
    assert said in message


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to another user")
def test_a_repository_of_another_user_is_refused_in_gits_words(repository: Path) -> None:
    for path in (repository, *repository.rglob("*")):
        os.chown(path, 1234, 1234)
    with pytest.raises(UserError, match="dubious ownership") as caught:
        revision(repository)
    # With the command that Git proposes.
    assert f"git config --global --add safe.directory {repository}" in str(caught.value)


def test_a_repository_without_git_on_the_machine_is_refused(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(UserError, match="git does not start: No such file") as caught:
        revision(repository)
    assert "install Git" in str(caught.value)
