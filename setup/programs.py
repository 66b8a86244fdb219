"""Programs that the tests call: checkers of PDF, Fontconfig's list of fonts, Linux's tracer."""

from __future__ import annotations

import shutil
import sys

from juchi.core.errors import UserError
from juchi.toolchain import host

__all__ = ["PACKAGES", "PROGRAMS", "ensure", "missing"]

# Only Linux has a tracer that an ordinary user may start.
_TRACERS = ("strace",) if sys.platform == "linux" else ()
PROGRAMS = ("pdftotext", "pdftoppm", "qpdf", "java", "fc-list", *_TRACERS)
PACKAGES = host.SystemPackages(
    need="the programs with which the tests check the PDF and trace the rules",
    debian="poppler-utils qpdf default-jre-headless fontconfig strace",
    fedora="poppler-utils qpdf java-headless fontconfig strace",
    macos="poppler qpdf openjdk fontconfig",
)


def missing() -> list[str]:
    """Return the programs that are not on PATH."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def ensure() -> None:
    """Install the programs where they are missing and that is possible.

    Raises
    ------
    UserError
        Where they cannot be installed; it gives the command for Debian, Fedora and macOS.
    """
    if missing() and host.can_install():
        host.install(PACKAGES)
    if lacking := missing():
        raise UserError(
            where=PACKAGES.need,
            found=f"{', '.join(lacking)} not on PATH",
            expected="each of these programs installed on this machine",
            hint=host.commands(PACKAGES),
        )
