"""None of the user's settings of matplotlib: neither a home's nor those in the article's folder."""

from __future__ import annotations

import os
from pathlib import Path

from juchi.core.errors import UserError

__all__ = ["leave_out"]

_NAME = "matplotlibrc"


def leave_out(article: Path) -> None:
    """Have this process read no settings of the user's when it imports matplotlib.

    Those in the article's folder matplotlib reads before all others. They change no figure, see
    `juchi.exhibits.style`; but what is no text would stop the import itself.

    Raises
    ------
    UserError
        Where the folder has settings that are no text.
    """
    os.environ["MATPLOTLIBRC"] = os.devnull
    path = article / _NAME
    if not path.is_file():
        return
    try:
        path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise UserError(
            where=_NAME,
            found=f"settings of matplotlib that cannot be read as UTF-8: {error}",
            expected="no such file: figures are drawn by the settings of Juchi alone",
            hint="delete it, or move it out of the article's folder",
        ) from error
