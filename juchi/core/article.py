"""What an article hands to the generator: values of its own modules, which are found by name.

The generator imports nothing of an article. It asks for a module such as ``report.claims``; an
article that has none does without what it would hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from juchi.core.errors import UserError, own_mistake

__all__ = ["article_value"]

_KINDS = {
    Mapping: 'a mapping of names to models, as {"walks": Walks}',
    type: "a model, which is a class",
}


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
    return own_mistake(error, expected) or UserError(
        f"{module.replace('.', '/')}.py",
        f"{type(error).__name__}: {error}",
        expected,
        "fix that module; the last good site stays as it is",
    )
