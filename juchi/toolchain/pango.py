"""Pango and the libraries around it, which WeasyPrint loads and no Python package brings."""

from __future__ import annotations

import ctypes
import ctypes.util

from juchi.core.errors import UserError
from juchi.toolchain import host

__all__ = ["LIBRARIES", "PACKAGES", "ensure", "missing"]

# Stem and major version of the shared library; the same that WeasyPrint opens by name.
LIBRARIES = {
    "gobject-2.0": 0,
    "pango-1.0": 0,
    "pangoft2-1.0": 0,
    "harfbuzz": 0,
    "harfbuzz-subset": 0,
    "fontconfig": 1,
}
PACKAGES = host.SystemPackages(
    need="Pango, with which WeasyPrint sets the PDF",
    debian="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    fedora="pango",
    macos="pango",
)


def missing() -> list[str]:
    """Return the names of the libraries that this interpreter cannot load."""
    return [stem for stem, major in LIBRARIES.items() if not _loads(stem, major)]


def ensure() -> None:
    """Install Pango where it is missing and that is possible.

    Raises
    ------
    UserError
        Where it cannot be installed; it gives the command for Debian, Fedora and macOS.
    """
    if missing() and host.can_install():
        host.install(PACKAGES)
    if lacking := missing():
        raise UserError(
            where=PACKAGES.need,
            found=f"no library {', '.join(lacking)}",
            expected="Pango, HarfBuzz and Fontconfig installed on this machine",
            hint=host.commands(PACKAGES),
        )


def _loads(stem: str, major: int) -> bool:
    if _opens(f"lib{stem}.so.{major}"):
        return True
    # The second way is slow, as it starts programs; but it knows Homebrew's folder.
    found = ctypes.util.find_library(stem)
    return found is not None and _opens(found)


def _opens(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
