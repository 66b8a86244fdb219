"""Runs of Pandoc: the pinned program, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from functools import cache

import pypandoc

__all__ = ["run_pandoc"]


def run_pandoc(arguments: Sequence[str], given: str = "") -> subprocess.CompletedProcess[str]:
    """Run Pandoc with a text as its standard input; the user's own files of Pandoc do not count."""
    return subprocess.run(
        [_program(), *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"LC_ALL": "C.UTF-8", "HOME": os.devnull, "XDG_DATA_HOME": os.devnull},
    )


@cache
def _program() -> str:
    program: str = pypandoc.get_pandoc_path()
    return program
