"""All prose, parsed when this module is imported: a warm process imports it before it forks.

What is parsed is kept by its text, so a job in a fork parses only what has changed since.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from juchi.core.errors import UserError
from juchi.prose.calls import read_messages
from juchi.prose.markdown import parse
from juchi.prose.source import marked, read_source
from juchi.prose.typography import PLAIN, Typography

__all__: list[str] = []


def _parse_all(templates: Path) -> None:
    """Parse each file as the check and as the pages do; what is wrong in one, its job will say."""
    for words in templates.glob("*/messages.yaml"):
        for path in words.parent.glob("*.md"):
            with suppress(UserError):
                source = marked(read_source(path), path)
                parse(source, PLAIN)
                parse(source, Typography(**read_messages(words)["typography"]))


_parse_all(Path("templates"))
