"""Printing with WeasyPrint: what is changed inside it, and that none of its warnings is lost.

WeasyPrint has no hooks in its layout. Where it falls short of a printed page, a function of its own
is replaced by one that calls it and does better, for as long as a context is open; in the one
version that this was written for.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import weasyprint
import weasyprint.text.fonts

from juchi.core.errors import UserError

__all__ = ["WRITTEN_FOR", "replaced", "without_leftovers", "without_warnings"]

WRITTEN_FOR = "70.0"


@contextmanager
def replaced(
    place: str, module: ModuleType | type, name: str, make: Callable[[Any], Callable[..., Any]]
) -> Iterator[None]:
    """Replace a function of WeasyPrint while the context is open.

    Parameters
    ----------
    place
        The file that holds the replacement, for the message.
    module, name
        Where the function is looked up when it is called: a module or a class.
    make
        Gets the function that is replaced and returns the one that takes its place.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that the replacement was written for.
    """
    if weasyprint.__version__ != WRITTEN_FOR:
        raise UserError(
            where=place,
            found=f"WeasyPrint {weasyprint.__version__}",
            expected=f"WeasyPrint {WRITTEN_FOR}, whose layout this module extends",
            hint=f"install the pinned version (`make setup`), or read {name}() in "
            f"{module.__name__} of the new version, look at the pages and change WRITTEN_FOR "
            "in juchi/pdf/weasyprint_patches.py",
        )
    plain = getattr(module, name)
    setattr(module, name, make(plain))
    try:
        yield
    finally:
        setattr(module, name, plain)


class _Warnings(logging.Handler):
    """Keeps what WeasyPrint only warns of: a missing image, an unknown property, a lost glyph."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def without_leftovers() -> Iterator[None]:
    """Delete at the end of this context what WeasyPrint unpacks fonts into.

    It makes a temporary folder for each paper, and deletes it when the last object that knows the
    fonts is collected: in a process that ends before, never.
    """
    with (
        tempfile.TemporaryDirectory(prefix="juchi-fonts-", ignore_cleanup_errors=True) as folder,
        replaced(
            "juchi/pdf/weasyprint_patches.py",
            weasyprint.text.fonts,
            "mkdtemp",
            lambda plain: lambda prefix: plain(prefix=prefix, dir=folder),
        ),
    ):
        yield


@contextmanager
def without_warnings(source: Path) -> Iterator[None]:
    """Print in this context; anything that WeasyPrint warns of is a `UserError` about `source`."""
    warnings = _Warnings()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(warnings)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(warnings)
    if warnings.messages:
        raise UserError(
            where=str(source),
            found="; ".join(dict.fromkeys(warnings.messages)),
            expected="a page that WeasyPrint prints without a warning",
            hint="fix the style sheet, the picture or the character that it names",
        )
