"""Virtual environments with pinned Python packages; each is made whole or made again.

`.venv` is the article's own. `.tools` holds validators of formats, which the tests call as
programs: their pins would clash with those of the article.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import platform
import subprocess
import sys
from pathlib import Path

from juchi.core import environment
from juchi.core.errors import UserError
from juchi.toolchain import host
from setup import pins, stamp

__all__ = ["PACKAGES", "STAMPS", "TOOLS", "TOOLS_STAMP", "ensure", "ensure_tools", "tool"]

# Of the article's packages and of the tests' besides; the second is never there without the first.
STAMPS = (".article-stamp", ".tests-stamp")
# How pip takes a lock file: nothing whose digest it does not state.
HASHED = ("--no-deps", "--require-hashes", "-r")
TOOLS = Path(".tools")
TOOLS_STAMP = ".tools-stamp"

PACKAGES = host.SystemPackages(
    need="Python's modules venv and ensurepip, which make the environment",
    debian="python3.11-venv",
    fedora="python3.11",
    macos="python@3.11",
)


def ensure(venv: Path, *, tests: bool) -> None:
    """Have every pinned package in `venv`, with `tests` also those of the tests.

    An environment without the stamp of a finished installation is made again: pip takes a package
    for installed whose unpacking was interrupted. So is one whose pins changed, that was moved, or
    that lacks a package.

    Raises
    ------
    UserError
        Where Python cannot make environments, or pip fails or installs elsewhere.
    """
    stamps = [venv / name for name in STAMPS]
    wanted = stamps if tests else stamps[:1]
    keys = dict(zip(stamps, _keys(venv), strict=True))
    locks = dict(zip(stamps, (pins.LOCK, pins.TEST_LOCK), strict=True))
    current = [
        path
        for path in wanted
        if stamp.is_current(path, keys[path]) and not pins.missing(venv, locks[path])
    ]
    if current == wanted:
        return
    stamp.remove(*stamps)
    if not current:
        _create(venv)
    files = (pins.TEST_LOCK, pins.TEST_REQUIREMENTS) if tests else (pins.LOCK, pins.REQUIREMENTS)
    _install(venv, *files, pins.CONSTRAINTS)
    for path in wanted:
        stamp.write(path, keys[path])


def ensure_tools() -> None:
    """Have every validator in `.tools`; anything but a finished installation is made again.

    Raises
    ------
    UserError
        Where Python cannot make environments or pip fails.
    """
    files = [pins.TOOLS_LOCK, pins.TOOLS_REQUIREMENTS, pins.TOOLS_CONSTRAINTS]
    path, key = TOOLS / TOOLS_STAMP, stamp.digest(files, *_facts(TOOLS))
    if stamp.is_current(path, key) and not pins.missing(TOOLS, pins.TOOLS_LOCK):
        return
    stamp.remove(path)
    _create(TOOLS)
    _install(TOOLS, *files)
    stamp.write(path, key)


def tool(name: str, root: Path = Path()) -> Path:
    """Return the path of a program of `.tools` in a project's folder.

    Raises
    ------
    UserError
        Where it is not installed.
    """
    path = root / TOOLS / "bin" / name
    if not path.is_file():
        raise UserError(
            str(path),
            "no such file",
            f"the validators of {pins.TOOLS_REQUIREMENTS}",
            "run `make test`, which installs them",
        )
    return path


def _facts(venv: Path) -> tuple[str, str, str]:
    # An environment holds its own path and its interpreter's: it can be neither moved nor lent.
    return str(venv.resolve()), sys.base_prefix, platform.python_version()


def _keys(venv: Path) -> tuple[str, str]:
    facts = _facts(venv)
    article = [pins.LOCK, pins.REQUIREMENTS, pins.GENERATOR_REQUIREMENTS, pins.CONSTRAINTS]
    tests = [*article, pins.TEST_LOCK, pins.CLUSTER_REQUIREMENTS, pins.TEST_REQUIREMENTS]
    return stamp.digest(article, *facts), stamp.digest(tests, *facts)


def _create(venv: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None and host.can_install():
        host.install(PACKAGES)
        importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is None:
        raise UserError(
            where=PACKAGES.need,
            found="no module ensurepip",
            expected="a Python 3.11 with its whole standard library",
            hint=host.commands(PACKAGES),
        )
    if venv.is_symlink():
        raise UserError(
            where=str(venv),
            found=f"a link to {venv.resolve()}, which is no environment of this folder's pins",
            expected="an environment of its own: what the link leads to would be emptied",
            hint="delete the link, or bring the environment that it leads to up to date",
        )
    print(f"making {venv}", flush=True)
    # Never the interpreter of the environment that `--clear` is about to empty.
    python = Path(sys.base_prefix, "bin", "python3.11")
    done = subprocess.run(
        [str(python), "-m", "venv", "--clear", str(venv)],
        env=environment.for_setup(),
        check=False,
    )
    _expect(done, f"python -m venv {venv}", "a new virtual environment")


def _install(venv: Path, lock: Path, requirements: Path, constraints: Path) -> None:
    """Install what the lock names, by its digests; then by their pins what it cannot name."""
    print(f"installing {requirements} into {venv}; this can take some minutes", flush=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    settings = {**environment.for_setup(), **_pip_settings(pip)}
    for files in (
        [*HASHED, str(lock)],
        ["-c", str(constraints), "-r", str(requirements)],
    ):
        command = [*pip, "install", "--no-input", *files]
        done = subprocess.run(command, env=settings, check=False)
        _expect(done, f"pip install {' '.join(files)}", "every pinned package installed")
    if lacking := pins.missing(venv, lock):
        raise UserError(
            where=f"pip install -r {lock}",
            found=f"pip ended well, but {venv} lacks {len(lacking)}, such as {lacking[0]}",
            expected=f"every package of {lock} in {venv}",
            hint="look for a setting of pip that has it install elsewhere: `pip config debug`",
        )


def _pip_settings(pip: list[str]) -> dict[str, str]:
    """Return the user's settings of pip as variables, as far as they say how packages are had.

    pip reads its settings from files too. They are left out as a whole, and those that count, such
    as an index of the user's own, are passed on: `environment.PIP_KEPT`.
    """
    own = {name: text for name, text in os.environ.items() if name.startswith("PIP_")}
    asked = subprocess.run(
        [*pip, "config", "list"],
        env={**environment.for_setup(), **own},
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, dict[str, str]] = {}
    for line in asked.stdout.splitlines():
        # As `global.index-url='https://example.org/simple'`.
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if key in environment.PIP_KEPT:
            found.setdefault(section, {})[key] = ast.literal_eval(value)
    # The later ones count, as for pip itself.
    merged = {
        key: value
        for section in ("global", "install", ":env:")
        for key, value in found.get(section, {}).items()
    }
    variables = {f"PIP_{key.upper().replace('-', '_')}": value for key, value in merged.items()}
    return {**variables, "PIP_CONFIG_FILE": os.devnull}


def _expect(done: subprocess.CompletedProcess[bytes], where: str, expected: str) -> None:
    if done.returncode != 0:
        raise UserError(
            where=where,
            found=f"it ended with status {done.returncode}; its own message stands above",
            expected=expected,
            hint="look at the network and the free disk space, then run the same command again",
        )
