"""The tables of the article: modules in `report/tables/`, by the names in `config/article.yaml`.

A module has ``quoted(article)``, the facts that the table prints, and ``build(context)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from juchi.core.errors import UserError
from juchi.exhibits.table import Context, Table

__all__ = ["build", "quoted_facts"]


def _module(name: str) -> ModuleType:
    try:
        return import_module(f"report.tables.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"report.tables.{name}":
            raise
        raise UserError(
            f"config/article.yaml: tables.{name}",
            f"no module report/tables/{name}.py",
            "one module for each table",
            "write the module, or mend the name",
        ) from error


def quoted_facts(article: Mapping[str, Any], known: Iterable[str]) -> set[str]:
    """Return the facts that the article's tables print; one that is unknown is a `UserError`."""
    names: set[str] = set()
    known = set(known)
    for table in article["tables"]:
        for name in _module(table).quoted(article):
            if name not in known:
                raise UserError(
                    f"report/tables/{table}.py",
                    f"undefined fact {name!r}",
                    "a fact of config/facts.yaml",
                    "declare the fact there",
                )
            names.add(name)
    return names


def build(name: str, context: Context) -> Table:
    """Return the named table in the language of the context."""
    table: Table = _module(name).build(context)
    return table
