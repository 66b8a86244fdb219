"""Folders that appear whole or not at all, and that everybody may read."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from juchi.core.atomic import replacing

__all__ = ["exchange", "make_readable", "replacing_folder"]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
# What is said of a folder that cannot be renamed: it lies in a lower layer of an overlay, as in a
# container; or a disk is mounted there.
_FIXED = (errno.EXDEV, errno.EBUSY)


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `folder`; put it in its place once the block succeeded."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    part.chmod(0o755)
    try:
        yield part
        exchange(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def exchange(staged: Path, folder: Path) -> None:
    """Put a staged folder in the place of another, so that a reader sees the one or the other.

    Linux exchanges two names in one step (renameat2); elsewhere there is a moment between two
    renames in which no folder stands. Where the folder cannot be renamed its files are replaced one
    by one: each is whole at any moment.
    """
    if not folder.exists():
        staged.rename(folder)
    elif not _exchanged(staged, folder):
        try:
            _rename_both(staged, folder)
        except OSError as error:
            if error.errno not in _FIXED:
                raise
            _replace_files(staged, folder)
    shutil.rmtree(staged, ignore_errors=True)


def _exchanged(staged: Path, folder: Path) -> bool:
    """Exchange two names in one step; tell whether the system could."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    names = os.fsencode(staged), os.fsencode(folder)
    failed = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    return not failed


def _rename_both(staged: Path, folder: Path) -> None:
    aside = staged.with_name(f"{staged.name}.old")
    folder.rename(aside)
    try:
        staged.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside)


def _replace_files(staged: Path, folder: Path) -> None:
    """Replace the files of a folder by the staged ones, pages last; then take away the others."""
    for path in sorted(folder.rglob("*")):
        there = staged / path.relative_to(folder)
        if there.exists() and there.is_dir() != path.is_dir():
            _remove(path)
    names = [path.relative_to(staged) for path in staged.rglob("*") if path.is_file()]
    for name in sorted(names, key=lambda name: (name.suffix == ".html", name)):
        with replacing(folder / name) as part:
            shutil.copyfile(staged / name, part)
    for path in sorted(folder.rglob("*")):
        if not (staged / path.relative_to(folder)).exists():
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def make_readable(folder: Path) -> None:
    """Let everybody read a folder and all that is in it, whatever the user's umask: 0755, 0644."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
