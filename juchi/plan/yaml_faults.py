"""What is wrong in a file that is no YAML: the line that has the mistake, and how to mend it.

The reader of YAML tells where it could not go on, which is often behind the mistake, and in words
of the grammar. Here the lines around are looked at for what authors mistype.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from juchi.core.errors import UserError

__all__ = ["WIDE_COLON", "yaml_fault"]

WIDE_COLON = "the colon is full-width (：): write `: ` instead"


class _Fault(NamedTuple):
    """A way to mistype a line: what it looks like, what is expected, and what to do.

    One that is `lasting` may be noticed only in a later line.
    """

    sign: re.Pattern[str]
    expected: str
    hint: str
    lasting: bool = False


# How many lines before the one where reading ended are looked at, and one more.
_BEFORE = 4
_KEY = r"^\s*(?:- +)?[^\s:：\"'#{\[-][^\s:：]*"
_COLON_IN_TEXT = _Fault(
    re.compile(r"""^\s*(?:- +)?[^\s:"'#]+: +[^\s"'\[{|>#&*｛［].*:(?:\s|$)"""),
    'quotes around a text with a colon in it, as `key: "words: more"`',
    "the text has a colon and a space in it, which would begin a value: put quotes around it",
)
_FAULTS = (
    _Fault(
        re.compile(r"^ *\t"),
        "spaces in front of the line",
        "the line is indented with a tab, which YAML does not take: write two spaces for it",
    ),
    _Fault(
        re.compile(rf"{_KEY} *："),
        "a colon of the Latin keyboard and a space, as `key: words`",
        WIDE_COLON,
        lasting=True,
    ),
    _Fault(
        re.compile(r"(?:^\s*|[:\-,\[{] *)[“”„‘’「」『』＂＇]"),
        'straight quotes around a text, as `"words"`',
        "the quotes are typographic or full-width, which are letters to YAML: write \" or ' around "
        "the text, and these inside of it where readers are to see them",
    ),
    _Fault(
        re.compile(r"""(?:^\s*|[:\-,\[{]\s+|[\[{])(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)$"""),
        "a quote at the end of the text as at its beginning",
        "the quote is not closed: close it, or write '' for an apostrophe between single quotes",
        lasting=True,
    ),
    _Fault(
        re.compile(rf"{_KEY}:[^\s:/]"),
        "a space behind the colon, as `key: words`",
        "put a space behind the colon",
        lasting=True,
    ),
    _COLON_IN_TEXT,
    _Fault(
        re.compile(r"""[:\-] +(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*[^\s,\]}#:]"""),
        "nothing behind the quote that closes a text",
        "put quotes around the whole text; write '' for an apostrophe between single quotes",
    ),
    _Fault(
        re.compile(r"^\s*(?:- +)?(?:[^\s:]+: +)?(?:[@%`*!&]|\{\{)"),
        'quotes around a text that begins with a sign of YAML, as `key: "*x*"`',
        "put quotes around the text: its first sign means something else to YAML",
    ),
    _Fault(
        re.compile(r"[\[{].*[，｛｝［］：]|[｛［]"),
        "commas, colons and brackets of the Latin keyboard, as `{ key: value, other: value }`",
        "a comma, a colon or a bracket is full-width: write it half as wide, and a space behind it",
    ),
)


def yaml_fault(path: Path, text: str, error: yaml.MarkedYAMLError) -> UserError:
    """Return the message for a file that cannot be read.

    Parameters
    ----------
    text
        What stands in the file.
    error
        What the reader of YAML says.
    """
    lines = text.splitlines() or [""]
    for number, faults in _suspects(lines, error):
        for fault in faults:
            if fault.sign.search(lines[number]):
                found = lines[number].strip()
                return UserError(f"{path}:{number + 1}", found, fault.expected, fault.hint)
    return _other(path, lines, error)


def _suspects(
    lines: Sequence[str], error: yaml.MarkedYAMLError
) -> Iterator[tuple[int, Sequence[_Fault]]]:
    """Yield the lines that may have the mistake, the likeliest first, with what it may be."""
    lasting = [fault for fault in _FAULTS if fault.lasting]
    last = len(lines) - 1
    if error.context_mark and (error.context or "").startswith("while scanning"):
        yield min(error.context_mark.line, last), _FAULTS
    number = min(error.problem_mark.line, last) if error.problem_mark else last
    yield number, _FAULTS
    before = [each for each in range(number) if re.match(r"\s*[^\s#]", lines[each])]
    yield from ((each, lasting) for each in before[:-_BEFORE:-1])


def _other(path: Path, lines: Sequence[str], error: yaml.MarkedYAMLError) -> UserError:
    """Return what is told of a line that looks well: its indentation, or a bracket before it."""
    mark, opened, last = error.problem_mark, error.context_mark, len(lines) - 1
    number = min(mark.line, last) if mark else last
    where, found = f"{path}:{number + 1}", lines[number].strip() or "the end of the file"
    if mark and opened and _is_second_colon(lines[number], mark.column):
        found, expected = lines[number].strip(), _COLON_IN_TEXT.expected
        hint = _COLON_IN_TEXT.hint
    elif opened and "flow" in (error.context or ""):
        bracket = "]" if "sequence" in str(error.context) else "}"
        where = f"{path}:{opened.line + 1}"
        found, expected = lines[opened.line].strip(), f"a bracket that is closed by {bracket}"
        hint = f"close it by {bracket}, and put quotes around a text with brackets or commas in it"
    elif _is_key(lines[number]) and (error.problem or "").startswith(("did not find", "mapping")):
        spaces = len(lines[number]) - len(lines[number].lstrip())
        expected = "the same number of spaces in front of all keys of one group"
        begins = f"{spaces} space{'s' * (spaces != 1)}" if spaces else "no space"
        hint = f"this line begins with {begins}: give it as many as its neighbours have"
    else:
        found = f"{error.problem}, in {found!r}"
        expected, hint = "valid YAML in UTF-8", "fix the file at that line"
    return UserError(where, found, expected, hint)


def _is_second_colon(line: str, column: int) -> bool:
    """Tell whether a colon stands at this place of a line, within the value of a key."""
    within = re.search(r":\s|[{\[,]", line[:column])
    return line[column : column + 1] == ":" and within is not None


def _is_key(line: str) -> bool:
    return re.match(r"\s*(?:- |[^\s#][^:]*:(?:\s|$))", line) is not None
