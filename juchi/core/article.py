"""What an article hands to the generator: values of its own modules, which are found by name.

The generator imports nothing of an article. It asks for a module such as ``report.claims``; an
article that has none does without what it would hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import Any

from juchi.core.errors import UserError, nearest

__all__ = ["article_value", "own_code"]

_KINDS = {
    Mapping: 'a mapping of names to models, as {"walks": Walks}',
    type: "a model, which is a class",
}
_GENERATOR = Path(__file__).resolve().parents[1]


def article_value(
    module: str,
    name: str,
    default: Any,  # noqa: ANN401 - any value
    *,
    optional: bool = False,
    kind: type | None = None,
) -> Any:  # noqa: ANN401
    """Return a value of a module of the article, or the default where there is no such module.

    Parameters
    ----------
    module
        Its dotted name, such as ``report.palette``.
    name
        The name of the value in it.
    default
        What an article without the module has.
    optional
        Whether a module without the value has the default, too.
    kind
        What the value has to be, such as a mapping; None for anything.

    Raises
    ------
    UserError
        Where the module is there, but not the value, or one of another kind, or where it cannot be
        imported.
    """
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        # The module itself or a package around it is missing, and not one that it imports.
        if error.name and f"{module}.".startswith(f"{error.name}."):
            return default
        raise _not_imported(module, error) from error
    except UserError:
        raise
    except Exception as error:
        raise _not_imported(module, error) from error
    path = f"{module.replace('.', '/')}.py"
    if not hasattr(found, name):
        if optional:
            return default
        raise UserError(path, f"no {name}", f"{name}, which is read there", f"define {name} in it")
    value = getattr(found, name)
    if kind is not None:
        _require(value, kind, f"{path}: {name}")
    return value


@contextmanager
def own_code(module: str, expected: str) -> Iterator[None]:
    """Tell what goes wrong in a module of the article inside the context as a mistake of its line.

    Parameters
    ----------
    module
        Its dotted name, such as ``report.figures.paths``.
    expected
        What it should have done, for the message.

    Raises
    ------
    UserError
        For any exception that passed a line of the article; others are none of its mistakes.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        if _own_place(error) is None and not isinstance(error, SyntaxError):
            raise
        raise _told(module, error, expected) from error


def _hint(error: Exception) -> str:
    """Return what to do; for an attribute of the generator's that is missing, those that it has."""
    owner = getattr(error, "obj", None)
    if isinstance(error, AttributeError) and type(owner).__module__.startswith("juchi."):
        known = [name for name in dir(owner) if not name.startswith("_")]
        has = f"{type(owner).__name__} has {', '.join(known)}"
        return f"{has}: {nearest(error.name or '', known, 'take one of them')}"
    return "fix that line; the last good site stays as it is"


def _require(value: object, kind: type, place: str) -> None:
    """Refuse a value of another kind, and a mapping whose values are no classes."""
    wrong: object = None if isinstance(value, kind) else value
    if wrong is None and isinstance(value, Mapping):
        place, wrong = next(
            (
                (f"{place}[{key!r}]", each)
                for key, each in value.items()
                if not isinstance(each, type)
            ),
            (place, None),
        )
    if wrong is not None:
        raise UserError(
            where=place,
            found=f"{wrong!r}, which is of the kind {type(wrong).__name__}",
            expected=_KINDS[type if "[" in place else kind],
            hint="give it such a value, or leave it out: what is absent is empty",
        )


def _not_imported(module: str, error: Exception) -> UserError:
    """Return the message for a module of the article whose import fails."""
    expected = f"a module that Python can import, since the build asks {module} for its values"
    return _told(module, error, expected)


def _told(module: str, error: Exception, expected: str) -> UserError:
    """Return the message for an exception in a module of the article, with its last own line."""
    return UserError(
        where=_own_place(error) or f"{module.replace('.', '/')}.py",
        found=f"{type(error).__name__}: {error}",
        expected=expected,
        hint=_hint(error),
    )


def _own_place(error: Exception) -> str | None:
    """Return the last line of the article that an exception passed; None where it passed none."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_relative(error.filename)}:{error.lineno}"
    own = [line for line in extract_tb(error.__traceback__) if _is_own(Path(line.filename))]
    return f"{_relative(own[-1].filename)}:{own[-1].lineno}" if own else None


def _is_own(path: Path) -> bool:
    """Tell whether a file is the article's, and neither the generator's nor a library's."""
    is_library = path.is_relative_to(_GENERATOR) or "site-packages" in path.parts
    return path.is_relative_to(Path.cwd()) and not is_library


def _relative(filename: str) -> str:
    """Return a path from the article's folder, or as it is where it lies elsewhere."""
    path, folder = Path(filename), Path.cwd()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else filename
