"""How many times as many updates the first network of a pair takes as the second, by method."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from juchi.exhibits.table import Context, Table
from report.grids import grid, names

__all__ = ["build", "quoted"]

_METHODS = ("later_descent", "later_momentum", "later_adam", "later_batches")


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row."""
    del article
    return names(list(settings["rows"]), _METHODS, partial(_fact, settings))


def _fact(settings: Mapping[str, Any], pair: str, method: str) -> str | None:
    """Return the quotient's name, or nothing for a method that does not compare the pair."""
    return f"{method}.{pair}_quotient" if method in settings["rows"][pair] else None


def build(context: Context) -> Table:
    """Return one row for each pair, in the declared order."""
    words, settings = context.words, context.settings
    own = words["tables"]["later_pairs"]
    head = [own["pair"], *(words["configurations"][method]["short"] for method in _METHODS)]
    rows = {pair: own["pairs"][pair] for pair in settings["rows"]}
    quotient = partial(_fact, settings)
    return grid(head, rows, _METHODS, quotient, context.with_interval)
