"""The files of the theme that an article may have its own of: `juchi theme`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from juchi.core.atomic import write_bytes
from juchi.core.errors import UserError, nearest
from juchi.core.theme import THEME

__all__ = ["copy", "listed"]

_FOLDERS = ("layout", "style")


def listed(root: Path) -> Iterator[tuple[str, bool]]:
    """Yield the name of each layout and style sheet, and whether the article has its own of it."""
    for folder in _FOLDERS:
        for path in sorted((THEME / folder).iterdir()):
            if path.is_file():
                name = f"{folder}/{path.name}"
                yield name, (root / "templates" / name).is_file()


def copy(root: Path, name: str) -> Path:
    """Copy a file of the theme to where the article's own is looked for; return its place.

    Raises
    ------
    UserError
        Where the theme has no such file, or the article has one already.
    """
    names = [each for each, _ in listed(root)]
    if name not in names:
        raise UserError(
            where=f"juchi theme {name}",
            found="no such file in the theme",
            expected="one of those that `juchi theme` lists",
            hint=nearest(name, names),
        )
    target = root / "templates" / name
    if target.exists():
        raise UserError(
            where=str(target),
            found="the article's own already",
            expected="no such file",
            hint="edit it; or delete it for the theme's, then run the same command again",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(target, (THEME / name).read_bytes())
    return target
