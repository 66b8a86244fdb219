"""Modules of the article that the plan finds by name; an article may lack any of them.

``experiments.conflicts`` tells which settings of an experiment do not go together, and
``report.explorer`` what the live part of the page is given.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

__all__ = ["article_function"]


def article_function(module: str, name: str) -> Callable[..., Any] | None:
    """Return a function of a module of the article; None where the article has no such module."""
    try:
        found: Callable[..., Any] = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name and f"{module}.".startswith(f"{error.name}."):
            return None
        raise
    return found
