"""Patterns among the words of a language: texts with places for values, as ``Figure {number}``."""

from __future__ import annotations

import re
from typing import TypeVar

from markupsafe import Markup

from juchi.core.errors import UserError

__all__ = ["fill"]

# A place is a bare name. `str.format` would reach into the value too, as in `{number.__class__}`.
_PLACE = re.compile(r"\{(\w+)\}")

Text = TypeVar("Text", str, Markup)


def fill(pattern: Text, **values: object) -> Text:
    """Return a pattern with a value in each of its places; all other braces are text.

    In a pattern that is `Markup`, a value is escaped unless it is `Markup` itself.
    """
    kind = type(pattern)
    parts: list[object] = list(_PLACE.split(pattern))
    parts[::2] = map(kind, parts[::2])
    parts[1::2] = [_value(name, values, pattern) for name in parts[1::2]]
    return kind("").join(part if kind is Markup else str(part) for part in parts)  # type: ignore[misc]


def _value(name: object, values: dict[str, object], pattern: str) -> object:
    if name not in values:
        raise UserError(
            f"templates/*/messages.yaml: {str(pattern)!r}",
            f"the place {{{name}}}, which nothing fills",
            f"places of the names {', '.join(values)}",
            "fix the name, in every language",
        )
    return values[name]
