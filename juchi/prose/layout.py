"""Fill in a layout: the page around the prose, and the page that chooses the language."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import jinja2

from juchi.core.errors import UserError
from juchi.prose.calls import environment
from juchi.prose.policy import PAGE_POLICY

__all__ = ["fill_in"]


class _Folder(jinja2.FileSystemLoader):
    """Loads the layouts of one folder; Jinja2's own loader would follow a link out of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder.resolve()

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        if not (self._folder / template).resolve().is_relative_to(self._folder):
            raise jinja2.TemplateNotFound(template)
        return super().get_source(environment, template)


def fill_in(path: Path, **fields: object) -> str:
    """Return a layout filled in with the fields; a mistake in it is a `UserError` with its line."""
    # Without the line ends of blocks: a layout is read for its HTML.
    surroundings = environment(_Folder(path.parent))
    surroundings.trim_blocks = True
    try:
        return surroundings.get_template(path.name).render(policy=PAGE_POLICY, **fields)
    except jinja2.TemplateSyntaxError as error:
        layout = path.parent / (error.name or path.name)
        raise _fault(layout, error.lineno, error.message) from error
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
        remedy="mend the template at that line",
    )


def _place(error: Exception, path: Path) -> tuple[Path, int | None]:
    """Return the layout and the line of it in which filling in failed."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).parent == path.parent:
            return Path(frame.filename), frame.lineno
    return path, None
