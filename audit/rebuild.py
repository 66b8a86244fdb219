"""A rebuild from clean in a fresh folder, from the files that the present one has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.errors import UserError

__all__ = ["fresh_copy", "rebuild"]

# What a folder without Git holds besides its sources.
_GENERATED = ("results", "build", ".snakemake", ".venv", "node_modules", "__pycache__")


def fresh_copy(root: Path, folder: Path) -> None:
    """Copy the sources of the project, committed or not, into an empty folder.

    The copy shares the installed fonts, and the repository: it is of the same commit and differs
    from it by the same files.
    """
    names = _sources(root)
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, target)
    (folder / "node_modules").symlink_to((root / "node_modules").resolve())
    repository = root / ".git"
    if repository.is_dir():
        (folder / ".git").write_text(f"gitdir: {repository.resolve()}\n", "utf-8")
    elif repository.is_file():
        shutil.copyfile(repository, folder / ".git")


def _sources(root: Path) -> list[str]:
    """Return the files that are no products: Git knows them; elsewhere all but generated ones."""
    if (root / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        found = [name for name in listed.stdout.split("\0") if name]
        # A file that was deleted and not yet committed is listed still.
        return [name for name in found if (root / name).is_file()]
    return [
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and not set(path.relative_to(root).parts) & set(_GENERATED)
    ]


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
    # What the user set for the present folder holds in the fresh one too, but not its own paths.
    environment = {key: value for key, value in os.environ.items() if key != "JUCHI_ERRORS"}
    done = subprocess.run(command, cwd=folder, env=environment, check=False)
    if done.returncode != 0:
        raise UserError(
            where=f"the rebuild in {folder}",
            found=f"Snakemake ended with status {done.returncode}; its own message stands above",
            expected="a build from clean that succeeds",
            remedy="mend what it names; `make article` should fail in the same way",
        )
