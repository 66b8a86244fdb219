"""Fill in a layout: the page around the prose, and the page that chooses the language."""

from __future__ import annotations

import traceback
from pathlib import Path

import jinja2

from pipeline.errors import UserError
from report.prose import environment

__all__ = ["fill_in"]


def fill_in(path: Path, **fields: object) -> str:
    """Return a layout filled in with the fields; a mistake in it is a `UserError` with its line."""
    # Without the line ends of blocks: a layout is read for its HTML.
    surroundings = environment(jinja2.FileSystemLoader(path.parent))
    surroundings.trim_blocks = True
    try:
        return surroundings.get_template(path.name).render(fields)
    except jinja2.TemplateSyntaxError as error:
        raise _fault(path, error.lineno, error.message) from error
    except (jinja2.TemplateNotFound, jinja2.UndefinedError) as error:
        raise _fault(path, _line(error, path), error.message) from error


def _fault(path: Path, line: int | None, message: str | None) -> UserError:
    return UserError(
        where=f"{path}:{line}" if line else str(path),
        found=message or "a template that cannot be filled in",
        expected="a Jinja2 template whose names the page has",
        remedy="mend the template at that line",
    )


def _line(error: Exception, path: Path) -> int | None:
    """Return the line of the template in which filling it in failed."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename.endswith(path.name)]
    return lines[-1] if lines else None
