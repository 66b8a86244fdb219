"""The tables of the article: modules in `report/tables/`, by the names in `config/article.yaml`.

A module has ``quoted(settings, article)``, the facts that the table prints, and ``build(context)``.
`settings` is what `config/article.yaml` tells the table, as the context has it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from types import ModuleType
from typing import Any

from juchi.core.errors import UserError
from juchi.exhibits.table import Context, Table
from juchi.plan.tables import is_data_table

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
            "write the module, or fix the name",
        ) from error


def quoted_facts(article: Mapping[str, Any], known: Iterable[str]) -> set[str]:
    """Return the facts that the article's tables print; one that is unknown is a `UserError`."""
    names: set[str] = set()
    known = set(known)
    for table, settings in article["tables"].items():
        if is_data_table(settings):
            continue
        quoted = set(_module(table).quoted(settings or {}, article))
        if undefined := sorted(quoted - known):
            raise UserError(
                f"config/article.yaml: tables.{table}",
                f"undefined fact {undefined[0]!r}",
                "a fact of config/facts.yaml for each cell",
                f"declare the fact there, or fix the row; report/tables/{table}.py asks for it",
            )
        names |= quoted
    return names


def build(name: str, context: Context) -> Table:
    """Return the named table in the language of the context, which its settings join."""
    module, settings = _module(name), context.article["tables"].get(name)
    table: Table = module.build(replace(context, settings=settings or {}))
    return table
