"""Print the Debian packages that `make` installs for root, for who installs them by sudo.

``python -m setup.debian | xargs sudo apt-get install`` prepares a machine such as a hosted runner,
which has a Chrome already.
"""

from __future__ import annotations

from juchi.toolchain import pango
from setup import programs, r

__all__ = ["packages"]


def packages() -> list[str]:
    """Return what the article and its tests need of the system."""
    needs = (pango.PACKAGES, programs.PACKAGES, r.PACKAGES)
    return [name for each in needs for name in each.debian.split()]


if __name__ == "__main__":
    print(*packages(), sep="\n")
