"""A rebuild from clean in a fresh folder, from the files that the present one has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from juchi.core import environment
from juchi.core.errors import UserError
from juchi.core.git import git, is_repository
from juchi.plan.revision import revision, source_files

__all__ = ["fresh_copy", "rebuild"]

# What a folder without Git holds besides its sources: itself, and each folder in it.
_GENERATED = {"results", "build", ".snakemake", ".venv", ".tools", "node_modules"}
_CACHES = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}
# How a repository compares a file on the disk with the one that it keeps.
_COMPARES = re.compile(r"core\.(autocrlf|eol|filemode|ignorecase|symlinks)|filter\..*")


def fresh_copy(root: Path, folder: Path) -> None:
    """Copy the sources of the project, committed or not, into an empty folder.

    The copy shares the installed fonts. It is of the same commit, and differs from it by the same
    files.

    Raises
    ------
    UserError
        Where Git cannot or will not read the repository.
    """
    for name in source_files(root) if is_repository(root) else _all_files(root):
        source, target = root / name, folder / name
        # A file that was deleted and not yet committed is listed still.
        if source.is_file() or source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target, follow_symlinks=False)
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to((root / "node_modules").resolve())
    if is_repository(root):
        _share_commit(root, folder)


def _all_files(root: Path) -> Iterator[str]:
    """Yield the files of a folder without Git, but for what is generated."""
    for folder, folders, files in os.walk(root):
        left_out = _CACHES | (_GENERATED if Path(folder) == root else set())
        folders[:] = [name for name in folders if name not in left_out]
        for name in files:
            if name not in left_out:
                yield Path(folder, name).relative_to(root).as_posix()


def _share_commit(root: Path, folder: Path) -> None:
    """Make a folder a repository of its own, at the commit of another one, with its objects.

    A second folder of the same repository would not do: Git writes into a repository which of its
    folders is where, and a submodule's repository names the one folder that it is for.
    """
    repository = folder / ".git"
    (repository / "objects" / "info").mkdir(parents=True)
    (repository / "refs").mkdir()
    commit = revision(root)["commit"] or "ref: refs/heads/none-yet"
    (repository / "HEAD").write_text(f"{commit}\n", "utf-8")
    objects = git(root, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    (repository / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects))
    settings = {"core.repositoryformatversion": "0"}
    if git(root, "rev-parse", "--show-object-format").strip() != "sha1":
        settings |= {"core.repositoryformatversion": "1", "extensions.objectformat": "sha256"}
    for entry in git(root, "config", "--local", "--list", "-z").split("\0"):
        name, has_value, value = entry.partition("\n")
        if _COMPARES.fullmatch(name):
            settings[name] = value if has_value else "true"
    for name, value in settings.items():
        git(root, "config", "--file", str(repository / "config"), name, value)


def rebuild(folder: Path, cores: int, overlay: Path | None) -> None:
    """Build the site in a folder of sources; Snakemake's own words go to the screen.

    Raises
    ------
    UserError
        Where the build fails.
    """
    command = [sys.executable, "-m", "snakemake", "--cores", str(cores)]
    if overlay is not None:
        command += ["--configfile", str(overlay)]
    # Without Snakemake's own variables: a cache or a profile would have results that are not built.
    inherited = {
        name: text for name, text in os.environ.items() if not name.startswith("SNAKEMAKE_")
    }
    done = subprocess.run(
        command, cwd=folder, env=environment.for_jobs(folder, inherited), check=False
    )
    if done.returncode != 0:
        raise UserError(
            where=f"the rebuild in {folder}",
            found=f"Snakemake ended with status {done.returncode}; its own message stands above",
            expected="a build from clean that succeeds",
            hint="fix what it names; `make article` should fail in the same way",
        )
