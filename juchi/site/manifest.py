"""The manifest of a site: what it was built from and with, and the digest of every file."""

from __future__ import annotations

import ctypes
import ctypes.util
import platform
import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from juchi.core import environment
from juchi.core.checksums import sha256_of
from juchi.core.records import write_json

__all__ = ["NAME", "write_manifest"]

NAME = "manifest.json"
_REQUIREMENT = re.compile(r"^([A-Za-z0-9][\w.-]*)==", re.MULTILINE)


def write_manifest(
    folder: Path,
    article: Mapping[str, Any],
    revision: Mapping[str, Any],
    locks: Iterable[Path],
) -> dict[str, Any]:
    """Write the manifest of a folder into it, and return it.

    Parameters
    ----------
    folder
        The whole site but its manifest.
    article
        The settings of the article, for its version and preset.
    revision
        The commit, and whether the working tree differed from it.
    locks
        The files that pin what the site is built with. The packages that requirement files among
        them name are listed as they are installed.
    """
    locks = sorted(locks)
    manifest = {
        "version": article["version"],
        **revision,
        "preset": article["preset"],
        "platform": _platform(),
        "libraries": _libraries(locks),
        "locks": {path.name: sha256_of(path) for path in locks},
        "sha256": {
            path.relative_to(folder).as_posix(): sha256_of(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
    }
    write_json(folder / NAME, manifest)
    return manifest


def _platform() -> dict[str, str | dict[str, str]]:
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()).strip(),
        "python": platform.python_version(),
        # As which processor libraries were told to take this one, if they were told.
        "processor": environment.processor(),
    }


def _generator() -> list[str]:
    """Return the generator and what it requires, where it is installed as a package."""
    try:
        required = metadata.requires("juchi") or []
    except metadata.PackageNotFoundError:
        return []
    return ["juchi", *_REQUIREMENT.findall("\n".join(required))]


def _libraries(locks: Iterable[Path]) -> dict[str, str]:
    """Return the version of each direct requirement, and of Pango, which sets the lines."""
    texts = [path.read_text("utf-8") for path in locks if path.name.startswith("requirements")]
    names = [name for text in texts for name in _REQUIREMENT.findall(text)]
    if not names:
        names = _generator()
    found = {name.lower(): metadata.version(name) for name in names}
    library = ctypes.util.find_library("pango-1.0")
    if library is not None:
        version = ctypes.CDLL(library).pango_version_string
        version.restype = ctypes.c_char_p
        found["pango"] = version().decode()
    return dict(sorted(found.items()))
