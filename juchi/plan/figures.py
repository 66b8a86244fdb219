"""The figures of an article: each drawn by a module, or a picture that a rule makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

__all__ = ["NARROW", "THEMES", "completed", "drawing_of", "figure_file", "picture_of"]

THEMES = ("light", "dark")
# What the name of a figure has behind it where it is drawn for phones.
NARROW = ".narrow"
# A chart as Vega-Lite describes it.
_CHART = ".vl.json"
# What an entry that only lists what is drawn leaves out.
_UNSAID: dict[str, Any] = {
    "draws": [],
    "picture": None,
    "panels": None,
    "width": None,
    "landscape": False,
    "narrow": False,
}
_PLACE = re.compile(r"\{(language|theme)\}")


def completed(entry: Mapping[str, Any] | Iterable[str] | None) -> dict[str, Any]:
    """Return all that is known of a figure, from its entry in `config/article.yaml`.

    Besides what `juchi.plan.article_model.Figure` describes: the ``ending`` of its files, the
    ``themes`` that it is drawn for, and whether it is ``live``, a chart that moves on the screen.
    """
    told = entry if isinstance(entry, Mapping) else {"draws": list(entry or [])}
    figure = {**_UNSAID, **told}
    picture = figure["picture"] or ""
    live = picture.endswith(_CHART)
    suffix = PurePosixPath(picture).suffix.removeprefix(".")
    drawn = not picture or live or "{theme}" in picture
    return {
        **figure,
        "ending": suffix.replace("jpeg", "jpg") if suffix in ("png", "jpg", "jpeg") else "svg",
        "themes": list(THEMES if drawn else THEMES[:1]),
        "live": live,
    }


def drawing_of(name: str) -> tuple[str, bool]:
    """Return the figure that a drawing is of, and whether it is the one for phones.

    Examples
    --------
    >>> drawing_of("growth"), drawing_of("growth.narrow")
    (('growth', False), ('growth', True))
    """
    return name.removesuffix(NARROW), name.endswith(NARROW)


def figure_file(name: str, figure: Mapping[str, Any], language: str, theme: str) -> str:
    """Return the file that shows a figure, from the folder of the site's figures.

    `name` is that of the figure, with `NARROW` behind it for the drawing for phones.
    """
    return f"{language}/{name}.{theme}.{figure['ending']}"


def picture_of(figure: Mapping[str, Any], language: str, theme: str) -> str:
    """Return the picture of a figure that a rule makes."""
    values = {"language": language, "theme": theme}
    return _PLACE.sub(lambda match: values[match[1]], figure["picture"])
