"""The theme: layouts, styles and messages of every article; one's own file takes the place of one.

``templates/layout/cite.html.j2`` of an article is used instead of the theme's file of that name,
and ``templates/style/print.css`` instead of its style sheet.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["THEME", "own_assets", "part_of_juchi", "theme_file"]

_JUCHI = Path(__file__).resolve().parents[1]
THEME = _JUCHI / "theme"


def theme_file(name: str, templates: Path = Path("templates")) -> Path:
    """Return the file of a name such as ``style/print.css``: the article's, or else the theme's.

    The theme's is given relative to the working directory where it lies below it: so it is the same
    in every copy of the project.
    """
    own = templates / name
    return own if own.is_file() else Path(part_of_juchi(f"theme/{name}"))


def part_of_juchi(name: str) -> str:
    """Return the path of a file of this package, relative to the working directory if below it."""
    here, path = Path.cwd(), _JUCHI / name
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def own_assets(templates: Path = Path("templates")) -> list[str]:
    """Return the style sheets and scripts that the article has besides those of the theme."""
    own = {path.name for path in (templates / "style").glob("*.*")}
    return sorted(own - {path.name for path in (THEME / "style").iterdir()})
