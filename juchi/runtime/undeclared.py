"""Files that a rule of the article's own reads without declaring them, as far as they are written.

Snakemake runs a rule again when one of its inputs changes, and knows of no other file. A path in
quotes in a script, or in the rule's command line, is therefore compared with what it declares.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from juchi.core.errors import UserError

__all__ = ["OwnRule", "require_declared"]

# A text in quotes, or a comment, in which quotes mean nothing.
_QUOTED = r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'"""
_TOKEN = re.compile(rf"(?P<quoted>{_QUOTED})|(?P<comment>#.*)")
# Between the parts of one path: `file.path("data", "x.csv")`, `Path("data") / "x.csv"`.
_JOINS = re.compile(r"\s*\)?\s*[,/]\s*")
_WORD = re.compile(r"(?<![\w./{-])(?:\./)?[\w-][\w./-]*(?![\w./}-])")


class OwnRule(NamedTuple):
    """A rule that the article's Snakefile has of its own.

    Attributes
    ----------
    place
        The file and line in which it begins.
    command
        Its command line, with placeholders.
    scripts
        The code among its inputs.
    reads, writes
        Whether a file is among its inputs, and among its outputs.
    """

    name: str
    place: str
    command: str
    scripts: Collection[str]
    reads: Callable[[str], bool]
    writes: Callable[[str], bool]


def require_declared(rules: Iterable[OwnRule], makes: Callable[[str], bool]) -> None:
    """Refuse a rule that names a file of the article which it does not declare.

    Parameters
    ----------
    makes
        Tells whether some rule makes a file.

    Raises
    ------
    UserError
        That names the line and the file.
    """
    rules = list(rules)
    for rule in rules:
        for word in map(_inside, _WORD.findall(rule.command)):
            if _is_file(word, makes) and not rule.reads(word) and not rule.writes(word):
                raise _undeclared(f"{rule.place}: the command of rule {rule.name}", rule, word)
        for script in rule.scripts:
            # A script may serve several rules, and names what each of them writes.
            served = [each for each in rules if script in each.scripts]
            for line, path in _named(Path(script)):
                written = any(each.writes(path) for each in served)
                if _is_file(path, makes) and not rule.reads(path) and not written:
                    raise _undeclared(f"{script}:{line}", rule, path)


def _undeclared(where: str, rule: OwnRule, path: str) -> UserError:
    return UserError(
        where,
        f"{path}, which the rule {rule.name} ({rule.place}) does not declare",
        f'a line `source("{path}"),` under `input:` of the rule, or the bare name of a result',
        "add it there, and `sources=DECLARED.contents(…)` under `params:`: "
        "else the rule would not run again when that file changes",
    )


def _is_file(path: str, makes: Callable[[str], bool]) -> bool:
    """Tell whether a text names a file of the article, made already or not."""
    # Of the two only this one takes any text for a path, however long it is.
    is_there = os.path.isfile(path)  # noqa: PTH113
    return ("." in path or "/" in path) and (is_there or makes(path))


def _named(script: Path) -> Iterator[tuple[int, str]]:
    """Yield what a script has in quotes, by lines, as paths from the article's folder."""
    if not script.is_file():
        return
    text = script.read_text("utf-8", "replace")
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(text):
        if token["quoted"] is None:
            continue
        literal = token["quoted"][1:-1]
        joined = _JOINS.fullmatch(text, end, token.start()) is not None
        parts = [*parts, literal] if joined and parts else [literal]
        end = token.end()
        line = text.count("\n", 0, token.start()) + 1
        for path in dict.fromkeys((literal, "/".join(parts))):
            yield line, _inside(path)


def _inside(path: str) -> str:
    """Return a path from the current folder, without steps back and forth; one outside is none."""
    relative = os.path.relpath(path) if path.startswith("/") else os.path.normpath(path)
    return "" if relative.startswith("..") or "\0" in relative else relative
