"""Pieces of HTML that are put into a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

__all__ = ["data_block", "one_line", "unbroken"]


def data_block(value: Mapping[str, Any]) -> Markup:
    """Return a value as JSON that may stand in a script element: ``</script>`` cannot end it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def one_line(text: Markup) -> Markup:
    """Return text without line breaks: a blank line would end an HTML block of Markdown."""
    return Markup(" ".join(str(text).split()))


def unbroken(element: Markup) -> Markup:
    """Return an element without line breaks, its words with them too; all other spaces stay."""
    return element.replace("\n", " ")
