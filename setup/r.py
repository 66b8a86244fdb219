"""R, in which the tests carry out an example. Where it cannot be installed that test is skipped."""

from __future__ import annotations

import shutil

from juchi.toolchain import host

__all__ = ["PACKAGES", "ensure"]

PACKAGES = host.SystemPackages(
    need="R, in which an example is analysed",
    debian="r-base-core",
    fedora="R-core",
    macos="r",
)


def ensure() -> None:
    """Install R where it is missing and that is possible."""
    if shutil.which("Rscript") is None and host.can_install():
        host.install(PACKAGES)
