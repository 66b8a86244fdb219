"""What every table is made of, and what it is made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from juchi.results.evaluation import Evaluation
from juchi.results.facts import Fact

__all__ = ["Context", "Table", "identifier", "origin"]


@dataclass(frozen=True)
class Context:
    """One language's view of the results.

    Attributes
    ----------
    article
        The settings of `config/article.yaml`.
    words
        The language's `messages.yaml`.
    facts, evaluations
        The facts and the evaluations, by name.
    printed
        Prints a fact by name as the language prints it.
    settings
        What `config/article.yaml` tells the table that is built.
    """

    article: Mapping[str, Any]
    words: Mapping[str, Any]
    facts: Mapping[str, Fact]
    evaluations: Mapping[str, Evaluation]
    printed: Callable[[str], Markup]
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A head and rows of cells; the first cell of a row is its heading.

    Attributes
    ----------
    kinds
        For each column ``text`` or ``number``: numbers are set flush right in tabular figures.
    row_ids
        An id for each row, or an empty string.
    """

    head: list[str | Markup]
    rows: list[list[str | Markup]]
    kinds: list[str]
    row_ids: list[str]


def identifier(name: str) -> Markup:
    """Return a name from the data as code that may break behind a dot or an underscore."""
    breaking = Markup(re.sub(r"([._])", r"\1<wbr>", str(escape(name))))
    return Markup("<code>{}</code>").format(breaking)


def origin(kind: str, name: str) -> str:
    """Return the address of an entry on the page that tells where everything comes from.

    `kind` is ``fact``, ``figure``, ``table``, ``claim``, or ``subject`` for all facts of one.
    """
    return f"provenance.html#{kind}-{name}"
