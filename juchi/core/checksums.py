"""Checksums: by what a file, or a folder of files, is known."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

__all__ = ["Checksums", "Content", "differing", "sha256_of"]

# The checksum of a file; of a folder, those of its files by their paths within it.
Content = str | Mapping[str, str]
_Signature = tuple[int, int, int, int]

# Snakemake's mark of when a folder was made.
_MARK = ".snakemake_timestamp"


def sha256_of(path: str | Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal digits."""
    with open(path, "rb") as file:  # noqa: PTH123 - a path as it comes, a thousand times a build
        return hashlib.file_digest(file, "sha256").hexdigest()


def differing(path: str, here: Content | None, there: Content | None) -> list[str]:
    """Return the files of which only one of two contents of a path has these bytes."""
    if here == there:
        return []
    if isinstance(here, Mapping) and isinstance(there, Mapping):
        names = sorted({*here, *there})
        return [f"{path}/{name}" for name in names if here.get(name) != there.get(name)]
    return [path]


class Checksums:
    """The checksums of files as they are now; one that has not changed is not read again.

    A file is known to be unchanged by its size, its inode and its times, that of its last change of
    any kind among them: unlike that of its content, nobody can set it.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[_Signature, str]] = {}

    def content_of(self, path: str) -> Content | None:
        """Return what a file or a folder holds; None where there is neither."""
        try:
            if os.path.isdir(path):  # noqa: PTH112 - as in `sha256_of`
                return {os.path.relpath(name, path): self._of(name) for name in _below(path)}
            return self._of(path)
        except FileNotFoundError:
            return None

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read many files and folders, for whoever asks for them later."""
        for path in paths:
            self.content_of(path)

    def _of(self, file: str) -> str:
        status = os.stat(file)  # noqa: PTH116 - as in `sha256_of`
        signature = (status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
        known = self._known.get(file)
        if known is None or known[0] != signature:
            known = self._known[file] = (signature, sha256_of(file))
        return known[1]


def _below(folder: str) -> list[str]:
    """Return all files below a folder, in order."""
    return sorted(_walk(folder))


def _walk(folder: str) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        yield from (f"{place}/{name}" for name in names if name != _MARK)
