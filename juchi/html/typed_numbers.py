"""Digits that stand literally in the cells of a table that a module of the article makes.

What a fact prints is a ``<data>`` element that `Context.printed` has made; every other digit has to
be part of a label that the configuration declares: a setting of the table, a name, a quotation or
its translation, or a string under `numerals`. So the prose has it, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from typing import Any

from lxml import html
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.exhibits.table import Cell, Content, Context, Table
from juchi.prose.reading import formula_numerals, plain_numerals

__all__ = ["refuse_typed_numbers"]

# The keys of config/article.yaml whose words tables quote, besides their own settings.
_QUOTED = ("claims", "findings")
_RAISED = ("sup", "sub")


def _has_digit(label: str) -> bool:
    """Tell whether a label has a digit of any kind, such as ½ or ５."""
    return any(character.isnumeric() for character in label)


def refuse_typed_numbers(
    table: Table,
    name: str,
    context: Context,
    as_html: Callable[[Content], Markup],
    told: Set[tuple[str, str]],
) -> None:
    """Refuse a table with a number that no fact prints and no setting declares.

    `told` holds the exact value of each fact that was printed for it, and how.
    """
    known = _Known(context, name, told)
    for row, cells in (("the heads", [*table.groups, table.head]), ("", table.rows)):
        for line in cells:
            contents = [cell.content if isinstance(cell, Cell) else cell for cell in line]
            shown = [as_html(content) for content in contents]
            for content in shown:
                for number in known.typed(content):
                    where = row or f"the row {shown[0].striptags()[:40]!r}"
                    raise UserError(
                        f"report/tables/{name}.py: {where}",
                        f"the number {number} stands literally in {content.striptags()[:60]!r}",
                        "numbers that context.printed has made of facts",
                        f"print a fact; declare a label such as `Adam 0.9` among the settings of "
                        f"tables.{name} in config/article.yaml, and take it from context.settings",
                    )


class _Known:
    """What the digits of a table may be part of."""

    def __init__(self, context: Context, name: str, told: Set[tuple[str, str]]) -> None:
        self._told = told
        self._numerals = list(context.article["numerals"])
        article = context.article
        declared = [article["tables"].get(name), *(article.get(key) for key in _QUOTED)]
        declared.append(context.words.get("translations"))
        names = {part for fact in context.facts for part in (fact, fact.partition(".")[0])}
        # The others cover no digit; there are thousands of them.
        numbered = {each for each in {*map(str, _leaves(declared)), *names} if _has_digit(each)}
        labels = sorted(numbered, key=len, reverse=True)
        self._labels = re.compile(
            "|".join(rf"(?<![\w.,]){re.escape(each)}(?!\w|[.,]\d)" for each in labels) or "(?!)"
        )

    def typed(self, content: Markup) -> Iterator[str]:
        """Yield the numbers of a cell that nothing declares."""
        root = html.fragment_fromstring(str(content), create_parent="span")
        for value in list(root.iter("data")):
            if (value.get("value"), " ".join(value.text_content().split())) in self._told:
                value.text = ""
                for child in list(value):
                    child.drop_tree()
        for element in root.iter("sup", "sub", "span"):
            if element.tag in _RAISED or element.get("data-tex"):
                tex = element.get("data-tex") or element.text or ""
                yield from (each.text for each in formula_numerals(tex, "", self._numerals))
                if element.tag in _RAISED:
                    element.text = ""
        text = self._labels.sub("", root.text_content())
        yield from (each.text for each in plain_numerals(text, "", self._numerals))


def _leaves(value: Any) -> Iterator[object]:  # noqa: ANN401 - any JSON value
    """Yield the texts and numbers of settings, and the names of their keys."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None and value != "":
        yield value
