"""Programs that the tests call: readers and checkers of PDF, and Fontconfig's list of fonts."""

from __future__ import annotations

import shutil

from pipeline.errors import UserError
from setup import host

__all__ = ["PACKAGES", "PROGRAMS", "ensure", "missing"]

PROGRAMS = ("pdftotext", "pdftoppm", "qpdf", "java", "fc-list")
PACKAGES = host.SystemPackages(
    need="the programs with which the tests read and check the PDF",
    debian="poppler-utils qpdf default-jre-headless fontconfig",
    fedora="poppler-utils qpdf java-headless fontconfig",
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
            expected="Poppler, qpdf, Java and Fontconfig installed on this machine",
            remedy=host.commands(PACKAGES),
        )
