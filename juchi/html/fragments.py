"""Pieces of HTML that are put into a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

__all__ = ["data_block"]


def data_block(value: Mapping[str, Any]) -> Markup:
    """Return a value as JSON that may stand in a script element: ``</script>`` cannot end it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))
