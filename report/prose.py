"""What the prose quotes, read from the templates without rendering them.

A template calls a few functions (`fact`, `claim`, `cite`, ...) with literal names. Reading the
calls off the syntax tree gives each quote with its file and line, in every language, before
anything is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from pipeline.errors import UserError
from pipeline.settings import read_yaml

__all__ = [
    "FUNCTIONS",
    "Numeral",
    "Quote",
    "environment",
    "flatten",
    "headings",
    "numerals",
    "quotes",
    "read_source",
    "read_words",
]

# The functions that prose may call, and the kind of thing that each one quotes.
FUNCTIONS = {
    "fact": "fact",
    "plain": "fact",
    "interval": "fact",
    "claim": "claim",
    "cite": "citation",
    "ref": "reference",
    "figure": "figure",
    "table": "table",
    "equation": "equation",
    "listing": "listing",
    "footnote": "footnote",
}

_HEADING = re.compile(r"^(#{1,3}) (.+?) \{: #([a-z0-9-]+)\}$", re.MULTILINE)
_ANY_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
_MATHEMATICS = re.compile(r"\$[^$\n]+\$")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Quote:
    """One call in the prose: ``kind`` of `FUNCTIONS`, literal arguments, and where it stands."""

    kind: str
    names: tuple[str, ...]
    place: str
    section: str


@dataclass(frozen=True)
class Numeral:
    """Digits that stand literally in the prose."""

    text: str
    place: str


def environment(loader: jinja2.BaseLoader | None = None) -> SandboxedEnvironment:
    """Return the Jinja2 environment of prose and layout: sandboxed, strict, and escaping."""
    return SandboxedEnvironment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )


def read_source(path: Path) -> str:
    """Read a file of prose; one that is missing or not UTF-8 is a `UserError`."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            str(path), str(error), "a file of prose in UTF-8", f"restore {path}"
        ) from error


def read_words(path: Path) -> dict[str, Any]:
    """Read a language's `words.yaml`."""
    words = read_yaml(path)
    if not isinstance(words, dict):
        raise UserError(str(path), f"{words!r}", "words by key", "see the twin in another language")
    return words


def flatten(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the leaves of nested words as dotted key and text."""
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from flatten(value, f"{name}.")
        else:
            yield name, str(value)


def quotes(source: str, path: Path) -> list[Quote]:
    """Return the calls of one file in the order in which they stand."""
    found = []
    for call in _parse(source, path).find_all(nodes.Call):
        place = f"{path}:{call.lineno}"
        name = call.node.name if isinstance(call.node, nodes.Name) else "an expression"
        if name not in FUNCTIONS:
            raise UserError(
                place,
                f"a call of {name}",
                f"one of {', '.join(FUNCTIONS)}",
                "prose only quotes; what has to be computed becomes a fact",
            )
        found.append(Quote(FUNCTIONS[name], _literals(call, place), place, path.stem))
    return found


def _parse(source: str, path: Path) -> nodes.Template:
    try:
        return environment().parse(source)
    except jinja2.TemplateSyntaxError as error:
        raise UserError(
            f"{path}:{error.lineno}",
            error.message or "a template that cannot be read",
            "a call such as {{ fact(\"seed.sharpness\") }} or a closed {% call %} block",
            "mend the braces at that line",
        ) from error


def _literals(call: nodes.Call, place: str) -> tuple[str, ...]:
    names = []
    for argument in call.args:
        if not (isinstance(argument, nodes.Const) and isinstance(argument.value, str)):
            raise UserError(
                place,
                "a name that is computed",
                "a literal name in quotation marks",
                "write the name out, so that it can be checked before the page is made",
            )
        names.append(argument.value)
    return tuple(names)


def headings(source: str, path: Path) -> list[str]:
    """Return the ids of a section's headings; the first is that of the file."""
    found = [match.group(3) for match in _HEADING.finditer(source)]
    for match in _ANY_HEADING.finditer(source):
        if not _HEADING.fullmatch(match.group()):
            line = source.count("\n", 0, match.start()) + 1
            raise UserError(
                f"{path}:{line}",
                f"the heading {match.group()!r}",
                "a heading that ends on its id, such as `## What it does {: #what-it-does}`",
                "give the heading the id that its twins in the other languages have",
            )
    if found[:1] != [path.stem]:
        raise UserError(
            f"{path}:1",
            f"a first heading with the id {found[0]!r}" if found else "no heading",
            f"a first heading with the id {path.stem!r}",
            f"begin the file with `# Title {{: #{path.stem}}}`",
        )
    return found


def numerals(source: str, path: Path, allowed: list[str]) -> list[Numeral]:
    """Return the digits that stand literally in a file's text.

    In formulas only decimal numbers count: the 2 of a square is part of the formula. Strings in
    `allowed` are names and do not count.
    """
    found = []
    for line, text in _visible_text(source):
        for name in allowed:
            text = text.replace(name, " " * len(name))
        formulas = _MATHEMATICS.findall(text)
        hits = [hit for formula in formulas for hit in _DECIMAL.findall(formula)]
        hits += _DIGITS.findall(_MATHEMATICS.sub("", text))
        found += [Numeral(hit, f"{path}:{line}") for hit in hits]
    return found


def _visible_text(source: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file as the reader sees them: text, and the strings of alternatives."""
    lines: dict[int, str] = {}
    for line, kind, value in environment().lex(source):
        if kind == "data":
            for offset, part in enumerate(_without_ids(value).split("\n")):
                lines[line + offset] = lines.get(line + offset, "") + part
    for call in environment().parse(source).find_all(nodes.Keyword):
        for constant in call.find_all(nodes.Const):
            if isinstance(constant.value, str):
                lines[constant.lineno] = lines.get(constant.lineno, "") + " " + constant.value
    yield from sorted(lines.items())


def _without_ids(text: str) -> str:
    return re.sub(r" \{: #[a-z0-9-]+\}", "", text)
