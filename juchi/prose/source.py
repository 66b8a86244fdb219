"""A file of prose as Markdown in which a mark stands for each call of a function.

What Juchi alone has (facts, claims, figures, live parts) stands in the prose as calls in the syntax
of Jinja2. They are read off its syntax tree and never run as a template: a call becomes a mark of
private characters, which Markdown takes for a word, and whoever prints the page puts something in
its place. So a call may stand wherever a word may: in code, formulas, headings, links, cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes

from juchi.core.call_marks import CALL, CLOSE, EDGE, MARK, OPEN, START
from juchi.core.encodings import not_utf8
from juchi.core.errors import UserError
from juchi.prose.calls import MARKS, OPTIONS, Form, check_option, environment, forms
from juchi.prose.verbatim import is_verbatim, shielded

__all__ = [
    "Call",
    "Source",
    "Words",
    "marked",
    "read_source",
]

# What opens a block of calls, and what closes it.
_BLOCK = re.compile(r"\{%-?\s*(?P<kind>call|endcall)\b[^%]*%\}")
# What a number does not stand behind that may be printed as less than another one.
_RELATION = re.compile(r"(?:[=<>≈≤≥≠∼~]|\\(?:approx|leq?|geq?|lt|gt|ne|sim|simeq))[\s$]*$")

# What each part of a template may consist of: text and calls. Anything more would compute.
_PARTS: dict[type[nodes.Node], tuple[type[nodes.Node], ...]] = {
    nodes.Template: (nodes.Output, nodes.CallBlock),
    nodes.Output: (nodes.TemplateData, nodes.Call),
    nodes.CallBlock: (nodes.Call, nodes.Output, nodes.CallBlock),
    nodes.Call: (nodes.Name, nodes.Const, nodes.Keyword),
    nodes.Keyword: (nodes.Const, nodes.Call, nodes.Concat),
    nodes.Concat: (nodes.Const, nodes.Call),
}


@dataclass(frozen=True)
class Words:
    """Words of an alternative text, with file and line."""

    text: str
    place: str


@dataclass(frozen=True)
class Call:
    """A call in the prose.

    Attributes
    ----------
    function, kind
        What is called, and the kind of thing that it quotes; see `juchi.prose.calls.Form`.
    names
        Its literal arguments.
    place
        File and line.
    alternative
        The alternative text that it is given, in its parts: words, and calls of facts.
    options
        What it is told besides.
    related
        Whether a sign such as = stands right before it.
    body
        What a block stands around, where it is a text of its own such as a caption; the text
        around which a claim stands is part of its paragraph.
    """

    function: str
    kind: str
    names: tuple[str, ...]
    place: str
    alternative: tuple[Words | Call, ...] = ()
    body: Source | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    related: bool = False


@dataclass(frozen=True, eq=False)
class Source:
    """A text in which marks stand for calls.

    Attributes
    ----------
    path
        The file that it is from.
    text
        Markdown.
    lines
        Of each line of the text the line of the file on which it begins.
    calls
        The calls by the number in their mark.
    edges
        Marks that stood alone on a line, which is empty now: the line, the call, and `OPEN` or
        `CLOSE`. What they stand around may be a list, or several paragraphs.
    around
        The text in which a caption stands, whose notes it may call.
    """

    path: Path
    text: str = ""
    lines: list[int] = field(default_factory=lambda: [1])
    calls: list[Call] = field(default_factory=list)
    edges: list[tuple[int, Call, str]] = field(default_factory=list)
    around: Source | None = None

    def call(self, mark: re.Match[str]) -> Call:
        """Return the call that a mark stands for."""
        return self.calls[int(mark["call"] or mark["text"])]

    def place(self, line: int) -> str:
        """Return file and line for a line of the text, counted from 0."""
        return f"{self.path}:{self.lines[min(line, len(self.lines) - 1)]}"


def read_source(path: Path) -> str:
    """Read a file of prose; one that is missing or not UTF-8 is a `UserError`.

    A byte-order mark at its head is no part of the text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_utf8(path, error, "a file of prose in UTF-8") from error
    except OSError as error:
        raise UserError(
            str(path), str(error), "a file of prose in UTF-8", f"restore {path}"
        ) from error


@cache
def marked(text: str, path: Path) -> Source:
    """Return a file's text with a mark for each call.

    Raises
    ------
    UserError
        With file and line, for calls that cannot be read, are unknown or have another form, and for
        templates that compute: ``{{ 0.73 }}`` would print what nobody measured.
    """
    for character in START + CALL + OPEN + CLOSE + EDGE:
        if character in text:
            line = text.count("\n", 0, text.index(character)) + 1
            raise UserError(
                f"{path}:{line}",
                f"the character U+{ord(character):04X}, which marks calls",
                "characters that words are written in",
                "remove the character",
            )
    try:
        template = (
            environment()
            .overlay(
                # `{#` begins an identifier; a comment is what it is in Markdown.
                comment_start_string="<!--",
                comment_end_string="-->",
            )
            .parse(shielded(text) if is_verbatim(text, path) else text)
        )
    except jinja2.TemplateSyntaxError as error:
        if "end of template" in (error.message or "") and (opened := _open_block(text)):
            line = text.count("\n", 0, opened.start()) + 1
            raise UserError(
                f"{path}:{line}",
                f"{opened[0].strip()}, a block that is not closed",
                "a closed {% call %} block: {% endcall %} behind what it holds",
                "close it by {% endcall %}",
            ) from error
        raise UserError(
            f"{path}:{error.lineno}",
            error.message or "a template that cannot be read",
            'a call such as {{ fact("subject.name") }} or a closed {% call %} block',
            _mended(error.message or ""),
        ) from error
    _refuse_unknown(template, path, forms())
    _refuse_computing(template, path)
    return _Marker(path, 1).mark(template.body)


def _open_block(text: str) -> re.Match[str] | None:
    """Return the beginning of the innermost block that is open at the end of a text."""
    opened: list[re.Match[str]] = []
    for match in _BLOCK.finditer(text):
        if match["kind"] == "call":
            opened.append(match)
        elif opened:
            opened.pop()
    return opened[-1] if opened else None


def _mended(message: str) -> str:
    """Return what to do about a call that cannot be read, from what Jinja says of it."""
    odd = re.match("unexpected char '([“”‘’\u3000-\u303f\uff01-\uff5e])'", message)
    if odd:
        return f"write the sign {odd[1]} as the keyboard has it, with the input method at English"
    return "fix the braces at that line"


class _Marker:
    """Writes a text with marks, and keeps which line of the file each of its lines begins on."""

    def __init__(self, path: Path, line: int) -> None:
        self._path = path
        self._parts: list[str] = []
        self._lines = [line]
        self._calls: list[Call] = []

    def mark(self, body: Iterable[nodes.Node]) -> Source:
        """Return the text of some nodes."""
        self._collect(body)
        lines = "".join(self._parts).split("\n")
        edges = []
        for number, line in enumerate(lines):
            match = MARK.fullmatch(line.strip())
            if match and match["end"]:
                edges.append((number, self._calls[int(match["text"])], match["end"]))
                lines[number] = ""
        source = Source(self._path, "\n".join(lines), self._lines, self._calls, edges)
        for number, call in enumerate(self._calls):
            if call.body:
                self._calls[number] = replace(call, body=replace(call.body, around=source))
        return source

    def _collect(self, parts: Iterable[nodes.Node]) -> None:
        for part in parts:
            match part:
                case nodes.Output():
                    self._collect(part.nodes)
                case nodes.TemplateData():
                    self._text(part.data, part.lineno)
                case nodes.Call():
                    self._mark(self._call(part), CALL)
                case nodes.CallBlock():
                    self._block(part)

    def _text(self, data: str, line: int) -> None:
        self._parts.append(data)
        self._lines += range(line + 1, line + 1 + data.count("\n"))

    def _mark(self, number: int, end: str) -> None:
        edge = "" if end == CALL else EDGE
        self._parts.append(f"{edge or START}{number}{end}{edge}")

    def _block(self, block: nodes.CallBlock) -> None:
        if _kind(block.call) in MARKS:
            number = self._call(block.call)
            self._mark(number, OPEN)
            self._collect(block.body)
            self._mark(number, CLOSE)
        else:
            first = next((part.lineno for part in block.body), block.lineno)
            body = _Marker(self._path, first).mark(block.body)
            self._mark(self._call(block.call, body), CALL)

    def _call(self, call: nodes.Call, body: Source | None = None) -> int:
        before = self._parts[-1] if self._parts else ""
        made = _as_call(call, self._path, body)
        self._calls.append(replace(made, related=bool(_RELATION.search(before))))
        return len(self._calls) - 1


def _as_call(call: nodes.Call, path: Path, body: Source | None = None) -> Call:
    given = {keyword.key: keyword.value for keyword in call.kwargs}
    alternative = [given.pop("alt")] if "alt" in given else []
    parts = [
        part
        for value in alternative
        for part in (value.nodes if isinstance(value, nodes.Concat) else [value])
    ]
    options = {key: value.value for key, value in given.items()}  # type: ignore[attr-defined]
    names = [argument.value for argument in call.args]  # type: ignore[attr-defined]
    return Call(
        call.node.name,  # type: ignore[attr-defined]
        _kind(call),
        # All that there are is a fact as well, which is quoted.
        (*names, *([options.pop("of")] if "of" in options else [])),
        f"{path}:{call.lineno}",
        tuple(
            _as_call(part, path)
            if isinstance(part, nodes.Call)
            else Words(part.value, f"{path}:{part.lineno}")  # type: ignore[attr-defined]
            for part in parts
        ),
        body,
        options,
    )


def _kind(call: nodes.Call) -> str:
    return forms()[call.node.name].kind  # type: ignore[attr-defined]


def _refuse_without_alt(call: nodes.Call, form: Form, place: str) -> None:
    """Refuse a picture that nobody who cannot see it is told of."""
    given = {keyword.key: keyword.value for keyword in call.kwargs}
    text = given.get("alt")
    is_empty = isinstance(text, nodes.Const) and not str(text.value).strip()
    if form.alt and (is_empty if "alt" in given else not form.optional):
        function = call.node.name  # type: ignore[attr-defined]
        raise UserError(
            place,
            f"{'an empty' if is_empty else 'no'} alt= in a call of {function}",
            form.example(function),
            "say in words what the picture shows, for those who do not see it",
        )


def _refuse_unknown(template: nodes.Template, path: Path, known: Mapping[str, Form]) -> None:
    """Refuse calls of unknown functions, with names that are computed, or in another form."""
    blocks = [block.call for block in template.find_all(nodes.CallBlock)]
    in_alternatives = list(_in_alternatives(template))
    for call in template.find_all(nodes.Call):
        place = f"{path}:{call.lineno}"
        function = call.node.name if isinstance(call.node, nodes.Name) else "an expression"
        if function not in known:
            raise UserError(
                place,
                f"a call of {function}",
                f"one of {', '.join(known)}",
                "prose only quotes; what has to be computed becomes a fact",
            )
        _refuse_computed_names(call, place)
        _refuse_without_alt(call, known[function], place)
        if not known[function].fits(call, is_block=any(call is block for block in blocks)):
            expected = known[function].example(function)
            raise UserError(
                place, f"another use of {function}", expected, "call it as the other sections do"
            )
        _check_options(call, place)
        if known[function].kind != "fact" and any(call is inner for inner in in_alternatives):
            raise UserError(
                place,
                f"a call of {function} in an alternative text",
                "words and facts, which are text without markup",
                "quote a fact, or say it in words",
            )


def _in_alternatives(template: nodes.Template) -> Iterator[nodes.Call]:
    for keyword in template.find_all(nodes.Keyword):
        yield from keyword.find_all(nodes.Call)


def _check_options(call: nodes.Call, place: str) -> None:
    """Refuse what an option may not be."""
    for keyword in call.kwargs:
        if keyword.key not in OPTIONS:
            continue
        value = keyword.value.value if isinstance(keyword.value, nodes.Const) else None
        if expected := check_option(keyword.key, value):
            said = "something computed" if value is None else repr(value)
            hint = f"give {keyword.key} one of these, or leave it out"
            raise UserError(place, f"{keyword.key}={said}", expected, hint)


def _refuse_computed_names(call: nodes.Call, place: str) -> None:
    for argument in call.args:
        if not (isinstance(argument, nodes.Const) and isinstance(argument.value, str)):
            raise UserError(
                place,
                "a name that is computed",
                "a literal name in quotation marks",
                "write the name out, so that it can be checked before the page is made",
            )


def _refuse_computing(node: nodes.Node, path: Path) -> None:
    """Refuse all of Jinja but text and calls."""
    for child in node.iter_child_nodes():
        option = isinstance(node, nodes.Keyword) and node.key in OPTIONS
        number = isinstance(child, nodes.Const) and not isinstance(child.value, str)
        if (number and not option) or not isinstance(child, _PARTS.get(type(node), ())):
            raise UserError(
                f"{path}:{child.lineno}",
                f"a template that computes ({type(child).__name__})",
                "text, and calls with literal names",
                "prose only quotes; what has to be computed becomes a fact",
            )
        _refuse_computing(child, path)
