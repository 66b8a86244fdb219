"""What is built once for a whole run of the tests, whichever of its processes asks first."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

__all__ = ["run_folder", "shared"]


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the temporary folder of the run: with several processes, the one above their own."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first process fills; the others wait for it and take it as it is.

    Nobody changes what is in it: a test that has to takes a copy.
    """
    folder = run_folder(factory) / "shared" / name
    folder.parent.mkdir(exist_ok=True)
    whole = folder.with_name(f"{name}.whole")
    with FileLock(folder.with_name(f"{name}.lock")):
        if not whole.exists():
            # What one that failed has left.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder
