"""A real Chromium for the tests of the pages: found, or installed from where that is easiest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from juchi.core import environment
from juchi.core.errors import UserError
from juchi.toolchain import host, node

__all__ = ["PACKAGES", "driver", "ensure", "find", "not_found"]

# Chrome stands last on PATH: what a system calls Chromium is what its own packages test.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
)
DOWNLOADED = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
PACKAGES = host.SystemPackages(
    need="Chromium, in which the tests open the pages",
    debian="chromium",
    fedora="chromium",
    macos="--cask google-chrome",
)


def find() -> Path | None:
    """Return the first Chromium or Chrome that starts, or None."""
    return next((path for path in _candidates() if _starts(path)), None)


def driver(venv: Path) -> dict[str, str]:
    """Return the variable that has Playwright run on the Node of an environment.

    The Node that Playwright brings wants a libatomic that a bare Debian lacks.
    """
    return {"PLAYWRIGHT_NODEJS_PATH": str(node.home(venv) / "bin" / "node")}


def ensure(venv: Path) -> None:
    """Have a Chromium: the one here, else Debian's package, else Playwright's download.

    Parameters
    ----------
    venv
        An environment with Playwright in it.

    Raises
    ------
    UserError
        Where none can be had; it gives the command for Debian, Fedora and macOS.
    """
    if find():
        return
    # Ubuntu's package of this name only fetches a snap, which cannot read the tests' folders.
    if host.can_install() and host.is_debian(derived=False):
        host.install(PACKAGES)
    else:
        print("playwright install chromium", flush=True)
        subprocess.run(
            [str(venv / "bin" / "python"), "-m", "playwright", "install", "--no-shell", "chromium"],
            env=environment.for_setup() | driver(venv),
            check=False,
        )
    if not find():
        raise not_found()


def not_found() -> UserError:
    """Return the message for a machine without a Chromium."""
    return UserError(
        where=PACKAGES.need,
        found="neither Chromium nor Chrome starts on this machine",
        expected=f"one of {', '.join(NAMES)} on PATH, or Playwright's own",
        hint=host.commands(PACKAGES),
    )


def _candidates() -> Iterator[Path]:
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        yield from (folder / name for name in APPLICATIONS)
    for pattern in DOWNLOADED:
        yield from sorted(_downloads().glob(pattern), reverse=True)


def _downloads() -> Path:
    caches = "Library/Caches" if sys.platform == "darwin" else ".cache"
    usual = Path.home() / caches / "ms-playwright"
    return Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or usual)


def _starts(path: Path) -> bool:
    if path.resolve().name == "snap":
        return False
    try:
        asked = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
