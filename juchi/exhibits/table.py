"""What every table is made of, and what it is made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from juchi.results.evaluation import Evaluation
from juchi.results.facts import Fact

__all__ = ["KINDS", "Cell", "Content", "Context", "Table", "identifier", "origin"]

# Words, in which formulas and notes may stand, or finished markup.
Content = str | Markup
KINDS = ("text", "number", "decimal", "centred")


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
    with_interval
        Prints a fact so, with its confidence interval behind it, if it has one.
    in_words
        Prints a fact as a sentence has it: a count in words with what it counts, and as all of them
        where it is as many as a second fact.
    settings
        What `config/article.yaml` tells the table that is built.
    """

    article: Mapping[str, Any]
    words: Mapping[str, Any]
    facts: Mapping[str, Fact]
    evaluations: Mapping[str, Evaluation]
    printed: Callable[[str], Markup]
    settings: Mapping[str, Any] = field(default_factory=dict)
    in_words: Callable[[str, str], Markup] = lambda name, of: Markup("{} {}").format(name, of)
    with_interval: Callable[[str], Markup] = Markup


@dataclass(frozen=True)
class Cell:
    """A cell that may span several columns and rows; those that it covers are left out."""

    content: Content
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Table:
    """A head and rows of cells.

    Attributes
    ----------
    head
        The heads of the columns.
    rows
        The cells of each row; a `Cell` spans several columns or rows.
    kinds
        For each column ``text``, ``number`` (set flush right in tabular figures), ``decimal`` (set
        below each other by the decimal point) or ``centred``.
    row_ids
        An id for each row, or an empty string; nothing for no ids.
    groups
        Rows of heads above `head`, for groups of columns.
    widths
        The width of each column in percent of the text; nothing for what their words need.
    landscape
        Whether the table takes a turned page of its own on paper.
    row_heads
        Whether the first cell of a row is its heading.
    cards
        Whether each row is a card where a screen is too narrow for the table: cells then have the
        heads of their columns in front. Other tables scroll.
    """

    head: Sequence[Content | Cell]
    rows: Sequence[Sequence[Content | Cell]]
    kinds: Sequence[str]
    row_ids: Sequence[str] = ()
    groups: Sequence[Sequence[Content | Cell]] = ()
    widths: Sequence[float] = ()
    landscape: bool = False
    row_heads: bool = True
    cards: bool = False


def identifier(name: str) -> Markup:
    """Return a name from the data as code that may break behind a dot or an underscore."""
    breaking = Markup(re.sub(r"([._])", r"\1<wbr>", str(escape(name))))
    return Markup("<code>{}</code>").format(breaking)


def origin(kind: str, name: str) -> str:
    """Return the address of an entry on the page that tells where everything comes from.

    `kind` is ``fact``, ``figure``, ``table``, ``claim``, or ``subject`` for all facts of one.
    """
    return f"provenance.html#{kind}-{name}"
