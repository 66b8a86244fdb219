r"""Displayed formulas as authors of LaTeX write them: numbers for each line, tags, labels.

``align`` and ``gather`` number each of their lines but those with ``\notag``; ``\label{eq-name}``
lets `@eq-name` lead to one, and ``\tag{P}`` gives it a sign of its own. A page sets such a line in
cells, so that its number is text like any other. The forms with an asterisk have no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from juchi.core.errors import UserError

__all__ = ["Display", "Line", "labels", "read_display"]

_ENVIRONMENT = re.compile(r"\\begin\{([A-Za-z]+)(\*?)\}(.*)\\end\{\1\2\}\s*([.,;]?)\s*", re.DOTALL)
# What has a number for each line, and what stands for it without numbers.
_LINED = {"align": "aligned", "alignat": "alignedat", "gather": "gathered"}
_REFUSED = {
    "multline": "write it without the environment: a long formula is broken before its signs",
    "eqnarray": "write align, with one & in front of the sign",
    "flalign": "write align",
}
_MARK = re.compile(r"\\(?:label\{(?P<label>[^{}]*)\}|tag\*?\{(?P<tag>[^{}]*)\}|no(?:tag|number)\b)")
_LABEL = re.compile(r"\\label\{([^{}]*)\}")
_STEP = re.compile(
    r"\\(?P<command>begin|end)\{[^{}]*\}|\\\\(?:\*|\s*\[[^\]]*\])?|\\.|[{}&]", re.DOTALL
)


@dataclass(frozen=True)
class Line:
    r"""A line, or the whole of a displayed formula.

    Attributes
    ----------
    cells
        LaTeX, from one ``&`` to the next; those behind an ``&`` begin with a sign.
    id
        By which it can be referred to.
    tag
        What stands in the place of its number.
    numbered
        Whether it may have either.
    """

    cells: tuple[str, ...]
    id: str | None = None
    tag: str | None = None
    numbered: bool = True


@dataclass(frozen=True)
class Display:
    """A displayed formula: as a whole, or in lines that have numbers of their own."""

    whole: Line | None
    lines: tuple[Line, ...] = ()


def read_display(tex: str, place: str) -> Display:
    """Return a displayed formula; what an author of LaTeX might expect and is not is a `UserError`.

    `place` is its file and line, for the message.
    """
    match = _ENVIRONMENT.fullmatch(tex.strip())
    if match is None:
        return Display(_line((tex,), place))
    name, star, body, mark = match.groups()
    if name in _REFUSED:
        raise UserError(place, rf"\begin{{{name}}}", "align, gather or equation", _REFUSED[name])
    if name == "equation":
        return Display(_line((body + mark,), place))
    if name not in _LINED:
        return Display(_line((tex,), place))
    if star:
        bare = _MARK.sub("", body)
        return Display(Line((rf"\begin{{{_LINED[name]}}}{bare}\end{{{_LINED[name]}}}{mark}",)))
    if "intertext" in body:
        raise UserError(
            place,
            r"\intertext",
            "lines of formulas",
            "end the display before the words and begin another one behind them",
        )
    rows = list(_rows(re.sub(r"^\s*\{\d+\}", "", body) if name == "alignat" else body))
    rows[-1][-1] = rows[-1][-1].rstrip() + mark
    return Display(None, tuple(_line(tuple(row), place) for row in rows))


def labels(tex: str) -> list[str]:
    """Return the labels that lead to a formula or to its lines."""
    return _LABEL.findall(tex)


def _line(cells: tuple[str, ...], place: str) -> Line:
    id_, tag, numbered = None, None, True
    for match in (found for cell in cells for found in _MARK.finditer(cell)):
        if match["label"] is not None:
            id_ = _named(match["label"], place)
        elif match["tag"] is not None:
            starred = match[0].startswith(r"\tag*")
            tag = match["tag"] if starred else f"({match['tag']})"
        else:
            numbered = False
    return Line(tuple(_MARK.sub("", cell).strip() for cell in cells), id_, tag, numbered)


def _named(label: str, place: str) -> str:
    if re.fullmatch(r"eq-[\w][\w.-]*", label):
        return label
    bare = re.sub(r"^eqn?[:_.]?", "", label)
    raise UserError(
        place,
        rf"\label{{{label}}}",
        r"a label that begins as references do, \label{eq-name}",
        rf"write \label{{eq-{bare}}}, and @eq-{bare} where you refer to it",
    )


def _rows(body: str) -> Iterator[list[str]]:
    r"""Yield the cells of each line; what stands in braces or an environment stays whole."""
    depth, row, start = 0, [], 0
    for step in _STEP.finditer(body):
        sign = step[0]
        depth += (sign == "{" or step["command"] == "begin") - (
            sign == "}" or step["command"] == "end"
        )
        if depth == 0 and (sign == "&" or sign.startswith("\\\\")):
            row.append(body[start : step.start()])
            start = step.end()
            if sign != "&":
                yield row
                row = []
    rest = body[start:]
    if row or rest.strip():
        yield [*row, rest]
