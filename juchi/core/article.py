"""What an article hands to the generator: values of its own modules, which are found by name.

The generator imports nothing of an article. It asks for a module such as ``report.claims``; an
article that has none does without what it would hold.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from juchi.core.errors import UserError

__all__ = ["article_value"]


def article_value(module: str, name: str, default: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value of a module of the article, or the default where there is no such module.

    Parameters
    ----------
    module
        Its dotted name, such as ``report.palette``.
    name
        The name of the value in it.
    default
        What an article without the module has.

    Raises
    ------
    UserError
        Where the module is there, but not the value.
    """
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        # The module itself or a package around it is missing, and not one that it imports.
        if error.name and f"{module}.".startswith(f"{error.name}."):
            return default
        raise
    if not hasattr(found, name):
        path = f"{module.replace('.', '/')}.py"
        raise UserError(path, f"no {name}", f"{name}, which is read there", f"define {name} in it")
    return getattr(found, name)
