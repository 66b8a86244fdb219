"""The files of prose that an article consists of, in the order in which they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["FRONT", "GENERATED", "headless", "parts"]

# What may stand before the sections, where a language has such a file: a picture below the title,
# what to remember of the article, and what it says in short.
FRONT = ("lead", "key_points", "abstract")
# What stands at the end whenever there is something to say; a file of the name takes its place.
GENERATED = ("contributions", "funding", "supplements")
# The lists of `config/article.yaml` that name files of prose.
_LISTS = ("sections", "appendices", "web_appendices", "end_matter")


def parts(article: Mapping[str, Any], templates: Path) -> list[str]:
    """Return the names of the files of prose; those of `FRONT` only where a language has them."""
    front = [
        name
        for name in FRONT
        if any((templates / code / f"{name}.md").is_file() for code in article["languages"])
    ]
    return [*front, *(name for key in _LISTS for name in article[key])]


def headless(article: Mapping[str, Any]) -> list[str]:
    """Return the names of the files that have no heading of their own."""
    return [*FRONT, *article["end_matter"]]
