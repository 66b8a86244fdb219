"""The files of the pictures that the prose names: that each is there, and its name in the site."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from juchi.core.errors import UserError
from juchi.prose.pictures import Picture, web_name
from juchi.prose.reading import pictures
from juchi.prose.source import read_source

__all__ = ["pictures_in_prose"]


def pictures_in_prose(paths: Iterable[str]) -> dict[str, Picture]:
    """Return the pictures that files of prose show, by their names in the site.

    Raises
    ------
    UserError
        With file and line, for a picture that is missing, or two that would have the same name.
    """
    found: dict[str, Picture] = {}
    for path in map(Path, paths):
        shown = pictures(read_source(path), path) if path.suffix == ".md" else []
        for picture in shown:
            other = found.setdefault(web_name(picture.path), picture)
            if other.path != picture.path:
                raise UserError(
                    picture.place,
                    f"{picture.path}, which the site would call as it calls {other.path}",
                    "pictures of different names",
                    "rename one of the two",
                )
            if not Path(picture.path).is_file():
                raise UserError(
                    picture.place,
                    f"{picture.path}, which does not exist",
                    "a picture that lies in the folder of the article",
                    _whereabouts(picture.path),
                )
    return found


def _whereabouts(path: str) -> str:
    """Say what the author may have meant by a picture that is not there."""
    folder = Path(path).parent
    names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    same = [name for name in names if name.lower() == Path(path).name.lower()]
    near = same or difflib.get_close_matches(Path(path).name, names, n=1)
    if near:
        return f"did you mean {folder / near[0]}?"
    return (
        "put the picture there: paths begin at the folder of the article, whatever file names them"
    )
