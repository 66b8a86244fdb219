"""What this project changes inside WeasyPrint, in the one version that it was written for.

WeasyPrint has no hooks in its layout. Where it falls short of a printed page, a function of its own
is replaced by one that calls it and does better, for as long as a context is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import weasyprint

from pipeline.errors import UserError

__all__ = ["WRITTEN_FOR", "replaced"]

WRITTEN_FOR = "70.0"


@contextmanager
def replaced(
    place: str, module: ModuleType, name: str, make: Callable[[Any], Callable[..., Any]]
) -> Iterator[None]:
    """Replace a function of WeasyPrint while the context is open.

    Parameters
    ----------
    place
        The file that holds the replacement, for the message.
    module, name
        Where the function is looked up when it is called.
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
            remedy=f"install the pinned version (`make setup`), or read {name}() in "
            f"{module.__name__} of the new version, look at the pages and change WRITTEN_FOR "
            "in report/press.py",
        )
    plain = getattr(module, name)
    setattr(module, name, make(plain))
    try:
        yield
    finally:
        setattr(module, name, plain)
