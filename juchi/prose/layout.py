"""Fill in a layout: the page around the prose, and the page that chooses the language."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import jinja2

from juchi.core.errors import UserError
from juchi.core.theme import THEME
from juchi.prose.calls import environment
from juchi.prose.policy import PAGE_POLICY

__all__ = ["fill_in"]


# Where the layouts of an article stand, which go before those of the theme.
_OWN = Path("templates/layout")


class _Folders(jinja2.FileSystemLoader):
    """Loads the layouts of some folders; Jinja2's own loader would follow a link out of them."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source, found, is_current = super().get_source(environment, template)
        folders = (Path(folder).resolve() for folder in self.searchpath)
        if not any(Path(found).resolve().is_relative_to(folder) for folder in folders):
            raise jinja2.TemplateNotFound(template)
        return source, found, is_current


def fill_in(path: Path, **fields: object) -> str:
    """Return a layout filled in with the fields; a mistake in it is a `UserError` with its line."""
    # Without the line ends of blocks: a layout is read for its HTML.
    folders = [_OWN, path.parent, THEME / "layout"]
    surroundings = environment(_Folders(folders))
    surroundings.trim_blocks = True
    try:
        return surroundings.get_template(path.name).render(policy=PAGE_POLICY, **fields)
    except jinja2.TemplateSyntaxError as error:
        layout = Path(error.filename or path.parent / (error.name or path.name))
        raise _fault(_shown(layout, path), error.lineno, error.message) from error
    except jinja2.TemplateNotFound as error:
        found = f"{error.name!r}, which is no layout of {path.parent}"
        raise _fault(*_place(error, path), found) from error
    # What else an expression of a layout may end in: 1 / 0, 1 + "x", int("x"), range(10**9).
    except (jinja2.TemplateError, ArithmeticError, TypeError, ValueError) as error:
        raise _fault(*_place(error, path), str(error)) from error


def _fault(path: Path, line: int | None, message: str | None) -> UserError:
    return UserError(
        where=f"{path}:{line}" if line else str(path),
        found=message or "a template that cannot be filled in",
        expected="a Jinja2 template whose names the page has",
        hint="fix the template at that line",
    )


def _place(error: Exception, path: Path) -> tuple[Path, int | None]:
    """Return the layout and the line of it in which filling in failed."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).suffix == ".j2":
            return _shown(Path(frame.filename), path), frame.lineno
    return path, None


def _shown(layout: Path, path: Path) -> Path:
    """Return a layout's path as `path` is written: relative where that is."""
    here = Path.cwd()
    if path.is_absolute() or not layout.is_absolute() or not layout.is_relative_to(here):
        return layout
    return layout.relative_to(here)
