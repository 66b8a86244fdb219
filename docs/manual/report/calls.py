"""Calls of the manual: references that are made from the code that the build itself runs.

So none of them can become stale. What a call, an option or a key is for is said in the words of
each language; the build stops where a word is missing.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.exhibits.table import Table
from juchi.html.article_calls import ArticleCall, Page
from juchi.html.prose import words_as_html
from juchi.html.tables import TableFigure
from juchi.plan.reference import rows
from juchi.plan.schemas import schemas
from juchi.plan.yaml_files import read_yaml
from juchi.prose.calls import OPTIONS, Form, forms

__all__ = ["CALLS", "SOURCES"]

# What the keys are is said in English by the models, and here in Chinese.
_IN_CHINESE = Path("report/keys.zh.yaml")
SOURCES = [str(_IN_CHINESE)]


def _calls(page: Page) -> Markup:
    """Return a table of all calls of the generator: how each is written, and what it does."""
    told = page.words["calls"]
    known = {name: form for name, form in forms().items() if name not in CALLS}
    return _table(
        page,
        "calls",
        ([_code(form.written(name)), told[name]] for name, form in known.items()),
        (42, 58),
    )


def _options(page: Page) -> Markup:
    """Return a table of what calls may be told, and which of them may."""
    told = page.words["options"]
    return _table(
        page,
        "options",
        (
            [_code(f"{name}="), told["values"][_kind(name)], _takers(name), told["names"][name]]
            for name in OPTIONS
        ),
        (14, 20, 26, 40),
    )


def _kind(option: str) -> str:
    allowed = OPTIONS[option]
    if isinstance(allowed, type):
        return allowed.__name__
    return "digits" if isinstance(allowed, range) else option


def _takers(option: str) -> str:
    return ", ".join(_code(name) for name, form in forms().items() if option in form.options)


@cache
def _schemas() -> dict[str, Any]:
    return schemas()


def _keys(page: Page, subject: str) -> Markup:
    """Return a table of all keys of a file of the configuration."""
    required = page.words["keys"]["required"]
    described = (
        [key, required if default == "required" else default, _described(page, what, value)]
        for key, value, default, what in rows(_schemas()[subject])
    )
    return _table(page, f"keys-{subject}", described, (34, 14, 52))


def _described(page: Page, what: str, value: str) -> str:
    """Return what a key is for, with the values that it may have where these are few."""
    told = _in_chinese(what) if page.language == "zh" else what
    if not value.startswith("`"):
        return told
    return page.words["keys"]["values"].format(
        what=told, values=page.words["list_separator"].join(value.split(" or "))
    )


@cache
def _translations() -> dict[str, str]:
    return dict(read_yaml(_IN_CHINESE))


def _in_chinese(what: str) -> str:
    """Return what a key is, in Chinese; one that nobody has translated is a `UserError`."""
    told = _translations()
    if what not in told:
        raise UserError(
            str(_IN_CHINESE),
            f"no words for {what!r}",
            "what each key of the configuration is",
            "add it to the file",
        )
    return told[what]


def _drawing(page: Page) -> Markup:
    """Return a table of what the module of a figure draws from: a `Drawing` and its theme."""
    told = page.words["drawing"]
    return _table(
        page,
        "drawing",
        ([_code(written), told[name]] for name, written in drawing_names().items()),
        (42, 58),
    )


def drawing_names() -> dict[str, str]:
    """Return how each public attribute of a drawing and of its theme is written, by its name."""
    # Matplotlib, which they need, takes a while to import.
    from juchi.exhibits.draw import Drawing  # noqa: PLC0415
    from juchi.exhibits.style import Theme  # noqa: PLC0415

    own = {name: f"drawing.{written}" for name, written in _public(Drawing)}
    return own | {f"theme_{name}": f"drawing.theme.{written}" for name, written in _public(Theme)}


def _public(model: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a dataclass
    """Yield the fields of a dataclass, then its methods with their parameters."""
    yield from ((each.name, each.name) for each in fields(model))
    for name, method in inspect.getmembers(model, inspect.isfunction):
        if not name.startswith("_"):
            _, *parameters = inspect.signature(method).parameters.values()
            taken = ", ".join(str(each).partition(":")[0] for each in parameters)
            yield name, f"{name}({taken})"


def _code(text: str) -> str:
    return f"`{text}`"


def _table(
    page: Page, name: str, cells: Iterable[Sequence[str]], widths: Sequence[float]
) -> Markup:
    """Return a table that has no number; its heads and its name are words of the language."""
    words = page.words["made"][name.partition("-")[0]]
    table = Table(
        words["heads"],
        [[words_as_html(cell) for cell in row] for row in cells],
        ["text"] * len(widths),
        row_heads=False,
        widths=list(widths),
        cards=0,
    )
    figure = TableFigure(f"tab-{name}", "prose", "report/calls.py", Markup, ".")
    return figure.html(table, None, words["region"])


CALLS = {
    "calls": ArticleCall(Form("calls", names=0, display=True), _calls),
    "options": ArticleCall(Form("options", names=0, display=True), _options),
    "drawing": ArticleCall(Form("drawing", names=0, display=True), _drawing),
    "keys": ArticleCall(Form("keys", display=True), _keys),
}
