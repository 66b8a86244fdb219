"""One shape for every message about a user's mistake, and the way a command ends on one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["UserError", "run_command"]


class UserError(Exception):
    """A mistake that the user can mend; printed without a traceback.

    Parameters
    ----------
    where
        The file and, where there is one, the line or the key:
        ``config/article.yaml: languages.zh``.
    found
        What stands there now.
    expected
        What should stand there.
    remedy
        What to do about it, as one sentence.
    """

    def __init__(self, where: str, found: str, expected: str, remedy: str) -> None:
        super().__init__(
            f"error: {where}\n  found:    {found}\n  expected: {expected}\n  way out:  {remedy}"
        )


def run_command(command: Callable[[], None]) -> None:
    """Run a command's main function; a `UserError` ends it with its message and status 1."""
    try:
        command()
    except UserError as error:
        _keep(str(error))
        sys.exit(str(error))


def _keep(message: str) -> None:
    """Leave the message where the Snakefile finds it, to print it last, below its own report."""
    if path := os.environ.get("JUCHI_ERRORS"):
        with Path(path).open("a", encoding="utf-8") as kept:
            kept.write(f"{message}\n")
