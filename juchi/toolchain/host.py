"""The machine beneath the environment: what its package manager can install, and for whom."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass

from juchi.core import environment
from juchi.core.errors import UserError

__all__ = ["SystemPackages", "can_install", "commands", "install", "is_debian"]


@dataclass(frozen=True)
class SystemPackages:
    """One need under the names that the package managers have for it.

    Parameters
    ----------
    need
        What the packages are for, as the heading of a message.
    debian, fedora, macos
        Arguments of ``apt-get install``, ``dnf install`` and ``brew install``.
    """

    need: str
    debian: str
    fedora: str
    macos: str


def is_debian(*, derived: bool = True) -> bool:
    """Say whether this is Debian or, with `derived`, a system made from it (Ubuntu, Mint)."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    family = release.get("ID_LIKE", "").split() if derived else []
    return "debian" in [release.get("ID", ""), *family]


def can_install() -> bool:
    """Say whether `install` may be called: as root, with apt-get."""
    return os.geteuid() == 0 and is_debian() and shutil.which("apt-get") is not None


def install(packages: SystemPackages) -> None:
    """Install Debian packages, and nothing that these merely recommend.

    Raises
    ------
    UserError
        Where apt-get fails; it quotes apt-get's own last words.
    """
    print(f"apt-get install {packages.debian}", flush=True)
    # A failed update is no failure yet: the lists on the machine may know the packages.
    _apt_get("update")
    done = _apt_get("install", "--yes", "--no-install-recommends", *packages.debian.split())
    if done.returncode != 0:
        last_words = (done.stdout.strip().splitlines() or ["nothing said"])[-1]
        raise UserError(
            where=packages.need,
            found=f"apt-get install ended with status {done.returncode}: {last_words}",
            expected=f"Debian's packages {packages.debian}",
            hint=commands(packages),
        )


def commands(packages: SystemPackages) -> str:
    """Return the way out for a person: the command of each system, one to a line."""
    return (
        "run the line for your system, then the same command again:\n"
        f"              Debian, Ubuntu:  sudo apt-get install {packages.debian}\n"
        f"              Fedora:          sudo dnf install {packages.fedora}\n"
        f"              macOS:           brew install {packages.macos}"
    )


def _apt_get(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env={**environment.for_setup(), "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
