"""Calls of the prose that an article adds to those of the generator.

`report/calls.py` hands them in as ``CALLS``, a mapping of `ArticleCall` by the name that prose
calls. It may name results whose tables they read as ``RESULTS``, and files as ``SOURCES``. An
article without that module has the generator's calls alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from markupsafe import Markup

from juchi.core.tables import Columns
from juchi.exhibits.table import Context
from juchi.prose.calls import Form, Messages, article_calls

__all__ = ["ArticleCall", "Page", "writers"]


class Page(Protocol):
    """The page of one language, as far as a call of the article may use it.

    Attributes
    ----------
    language
        Its code in `config/article.yaml`.
    context, words
        The results, and the language's words.
    layouts
        The folder of the layouts.
    live
        What the article has worked out for its live parts from the configuration.
    results
        The tables of what ``RESULTS`` of `report/calls.py` names: ``mine.curves`` of ``mine``.
    """

    language: str
    context: Context
    words: Messages
    layouts: Path
    live: Mapping[str, Any]
    results: Mapping[str, Columns]

    def figure(self, name: str, alt: str, caller: Callable[[], Markup]) -> Markup:
        """Return a numbered figure with its caption."""
        ...


@dataclass(frozen=True)
class ArticleCall:
    """A call of the prose.

    Attributes
    ----------
    form
        How it is called, and what kind of thing it quotes.
    write
        What it prints: a function of the `Page`, of the literal names in the call, and where the
        form has them of ``alt`` and ``caller``, which gives the text that the call stands around.
    """

    form: Form
    write: Callable[..., Markup]


def writers() -> dict[str, Callable[..., Markup]]:
    """Return what each call of the article prints, by its name."""
    return {name: call.write for name, call in article_calls().items()}
