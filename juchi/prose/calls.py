"""What the prose quotes, read from the templates without rendering them.

A template calls a few functions (`fact`, `claim`, `cite`, ...) with literal names. Reading the
calls off the syntax tree gives each quote with its file and line, in every language, before
anything is rendered.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from juchi.core.article import article_value
from juchi.core.errors import UserError
from juchi.core.theme import theme_file
from juchi.plan.settings import merge
from juchi.plan.yaml_files import read_yaml
from juchi.prose.markdown import raw_html
from juchi.prose.messages import fill

__all__ = [
    "MARKS",
    "Form",
    "Messages",
    "Numeral",
    "Piece",
    "Quote",
    "article_calls",
    "environment",
    "flatten",
    "flows",
    "forms",
    "formula_numerals",
    "headings",
    "hide_formulas",
    "message_keys",
    "numerals",
    "quotes",
    "read_messages",
    "read_source",
    "text_numerals",
]


@dataclass(frozen=True)
class Form:
    """How a function of the prose is called.

    Attributes
    ----------
    kind
        The kind of thing that it quotes.
    names
        How many literal names it takes; None for any number from one on.
    alt
        Whether it takes the alternative text of a picture as ``alt=``.
    block
        Whether it is called as a block, ``{% call ... %}``, around a text.
    """

    kind: str
    names: int | None = 1
    alt: bool = False
    block: bool = False

    def fits(self, call: nodes.Call, is_block: bool) -> bool:
        """Return whether a call has this form, apart from what its names are."""
        count = len(call.args)
        return (
            (count > 0 if self.names is None else count == self.names)
            and [keyword.key for keyword in call.kwargs] == ["alt"] * self.alt
            and is_block == self.block
        )

    def example(self, function: str) -> str:
        """Return what a call looks like, for messages."""
        names = ['"name"', '"verdict"'][: 1 if self.names is None else self.names]
        arguments = ", ".join([*names, 'alt="..."'] if self.alt else names)
        call = f"{function}({arguments})"
        return f"{{% call {call} %}}...{{% endcall %}}" if self.block else f"{{{{ {call} }}}}"


# The functions of the generator that prose may call.
_FUNCTIONS = {
    "fact": Form("fact"),
    "plain": Form("fact"),
    "interval": Form("fact"),
    "claim": Form("claim", names=2, block=True),
    "reasoning": Form("reasoning", names=0, block=True),
    "definition": Form("definition", names=0, block=True),
    "literature": Form("literature", names=0, block=True),
    "cite": Form("citation", names=None),
    "ref": Form("reference"),
    "figure": Form("figure", alt=True, block=True),
    "table": Form("table", block=True),
    "equation": Form("equation", alt=True),
    "footnote": Form("footnote", names=0, block=True),
    "preset": Form("preset", names=0),
}

# The kinds of call that say what the text in them rests on; all but the claim print it as it is.
MARKS = ("claim", "reasoning", "definition", "literature")

# What each part of a template may consist of: text and calls. Anything more would compute.
_PARTS: dict[type[nodes.Node], tuple[type[nodes.Node], ...]] = {
    nodes.Template: (nodes.Output, nodes.CallBlock),
    nodes.Output: (nodes.TemplateData, nodes.Call),
    nodes.CallBlock: (nodes.Call, nodes.Output, nodes.CallBlock),
    nodes.Call: (nodes.Name, nodes.Const, nodes.Keyword),
    nodes.Keyword: (nodes.Const, nodes.Call, nodes.Concat),
    nodes.Concat: (nodes.Const, nodes.Call),
}

_HEADING = re.compile(r"#{1,2} (.+?) \{: #([a-z0-9-]+)\}")
_ANY_HEADING = re.compile(r" {0,3}#{1,6}(?:\s.*)?")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)\s*")
_HEADING_ID = re.compile(r"^(#.*) \{: #[a-z0-9-]+\}$", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_VERBATIM_OR_FORMULA = re.compile(
    r"^ {0,3}(?P<fence>```|~~~).*?(?:^ {0,3}(?P=fence)|\Z)"
    r"|`+[^`]*`+"
    r"|\\\$"
    r"|\$(?P<formula>(?:[^$\n]|\n(?!\s*\n))+)\$",
    re.MULTILINE | re.DOTALL,
)
# The number of a step in a list is its place and nothing else.
_LIST_MARKER = re.compile(r"^( {0,3})\d{1,2}(?=\. )", re.MULTILINE)
_DIGITS = re.compile(r"\d+(?:[.,\u2044]\d+)*")
# In a formula 2 and 1 are part of what it says, but not 0.73, 0{,}73, .73, 12 or 5\%.
_FRACTION = re.compile(r"(\\[dt]?frac)(\d)(\d)")
_FORMULA_NUMBER = re.compile(r"\d*\{?[.,]\}?\d+|\d{2,}|\d+\s*\\%")
_QUOTED = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Quote:
    """One call in the prose: its kind by `forms`, literal arguments, and where it stands."""

    kind: str
    names: tuple[str, ...]
    place: str
    section: str


@dataclass(frozen=True)
class Piece:
    """A stretch of text in a template, or one call, for which a character stands that no text has.

    Attributes
    ----------
    text
        The text, or that character.
    line
        The line on which it begins.
    mark
        The innermost of `MARKS` that it stands in, if any.
    kind
        The kind of the call, if it is one.
    """

    text: str
    line: int
    mark: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Numeral:
    """Digits that stand literally in the prose."""

    text: str
    place: str


def article_calls() -> Mapping[str, Any]:
    """Return the calls that the article adds, by name; see `juchi.html.article_calls`.

    Raises
    ------
    UserError
        Where one has the name of a call of the generator.
    """
    calls: Mapping[str, Any] = article_value("report.calls", "CALLS", {})
    for name in calls.keys() & _FUNCTIONS.keys():
        raise UserError(
            f"report/calls.py: {name}",
            "a call of the article with the name of a call of the generator",
            "a name of its own",
            "rename it",
        )
    return calls


def forms() -> dict[str, Form]:
    """Return how each function is called that prose may call, by its name."""
    return {**_FUNCTIONS, **{name: call.form for name, call in article_calls().items()}}


def environment(loader: jinja2.BaseLoader | None = None) -> ImmutableSandboxedEnvironment:
    """Return the Jinja2 environment of prose and layout: sandboxed, strict, and escaping."""
    surroundings = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )
    surroundings.filters["fill"] = fill
    return surroundings


def read_source(path: Path) -> str:
    """Read a file of prose; one that is missing or not UTF-8 is a `UserError`."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            str(path), str(error), "a file of prose in UTF-8", f"restore {path}"
        ) from error


class Messages(dict[str, Any]):
    """A language's words by key, nested; a key that is missing is a `UserError` with its place.

    Parameters
    ----------
    values
        The words.
    path
        The file that they were read from.
    prefix
        The dotted key that they stand under, with a dot at its end.
    """

    def __init__(self, values: Mapping[str, Any], path: Path, prefix: str = "") -> None:
        super().__init__(
            (key, Messages(value, path, f"{prefix}{key}.") if isinstance(value, Mapping) else value)
            for key, value in values.items()
        )
        self._place = (path, prefix)

    def __missing__(self, key: str) -> NoReturn:
        path, prefix = self._place
        asked = f"{prefix}{key}"
        others = [repr(other) for other in sorted(_lacking(path) - {asked})]
        raise UserError(
            str(path),
            f"no key {asked!r}" + (f", nor {', '.join(others)}" if others else ""),
            "words for everything that config/article.yaml declares and the pages show",
            "add what is missing, in every language",
        )


# What every article says of itself; the theme has no words for it.
_OF_EVERY_ARTICLE = {"site", "title", "subtitle", "description", "keywords"}


def _lacking(path: Path) -> set[str]:
    """Return the keys that a file of words lacks, and other languages or every article have."""
    if not path.is_file():
        return set()
    twins = [read_messages(twin) for twin in path.parent.parent.glob("*/messages.yaml")]
    theme = read_yaml(theme_file("messages/en.yaml"))
    wanted = _OF_EVERY_ARTICLE.union(*map(message_keys, [theme, *twins]))
    return wanted - message_keys(read_messages(path))


def read_messages(path: Path) -> Messages:
    """Read a language's `messages.yaml`, laid over what the pages of every article say in it."""
    words = read_yaml(path)
    if not isinstance(words, dict):
        raise UserError(str(path), f"{words!r}", "words by key", "see the twin in another language")
    messages = theme_file(f"messages/{path.parent.name}.yaml")
    return Messages(merge(read_yaml(messages), words) if messages.is_file() else words, path)


def flatten(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the leaves of nested words as dotted key and text."""
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from flatten(value, f"{name}.")
        else:
            yield name, str(value)


def message_keys(values: Mapping[str, Any]) -> set[str]:
    """Return the dotted keys of nested words.

    Of a unit without its plural category: languages differ in these.
    """
    keys = {key for key, _ in flatten(values)}
    return {key.rpartition(".")[0] if key.startswith("units.") else key for key in keys}


def quotes(source: str, path: Path) -> list[Quote]:
    """Return the calls of one file in the order in which they stand."""
    template = _parse(source, path)
    blocks = [block.call for block in template.find_all(nodes.CallBlock)]
    in_alternatives = [
        call
        for keyword in template.find_all(nodes.Keyword)
        for call in keyword.find_all(nodes.Call)
    ]
    found = []
    known = forms()
    for call in template.find_all(nodes.Call):
        place = f"{path}:{call.lineno}"
        function = _function(call, place)
        names = _literals(call, place)
        if not known[function].fits(call, is_block=any(call is block for block in blocks)):
            expected = known[function].example(function)
            raise UserError(
                place, f"another use of {function}", expected, "call it as the other sections do"
            )
        if function != "plain" and any(call is inner for inner in in_alternatives):
            raise UserError(
                place,
                f"a call of {function} in an alternative text",
                "plain(), which gives text without markup",
                "quote the fact with plain()",
            )
        found.append(Quote(known[function].kind, names, place, path.stem))
    _refuse_computing(template, path)
    _refuse_html(source, path)
    return found


def flows(source: str, path: Path) -> list[list[Piece]]:
    """Return a file in its pieces: the running text first, then each caption and note by itself."""
    found: list[list[Piece]] = [[]]
    known = forms()

    def collect(parts: Iterable[nodes.Node], mark: str | None, flow: int) -> None:
        for part in parts:
            match part:
                case nodes.Output():
                    collect(part.nodes, mark, flow)
                case nodes.TemplateData():
                    found[flow].append(Piece(part.data, part.lineno, mark))
                case nodes.Call():
                    kind = known[_function(part, f"{path}:{part.lineno}")].kind
                    found[flow].append(Piece(_QUOTED, part.lineno, mark, kind))
                case nodes.CallBlock():
                    kind = known[_function(part.call, f"{path}:{part.lineno}")].kind
                    if kind not in MARKS:
                        found.append([])
                    inner = (kind, flow) if kind in MARKS else (mark, len(found) - 1)
                    collect(part.body, *inner)

    collect(_parse(source, path).body, None, 0)
    return found


def _function(call: nodes.Call, place: str) -> str:
    name = call.node.name if isinstance(call.node, nodes.Name) else "an expression"
    if name not in forms():
        raise UserError(
            place,
            f"a call of {name}",
            f"one of {', '.join(forms())}",
            "prose only quotes; what has to be computed becomes a fact",
        )
    return name


def _refuse_computing(node: nodes.Node, path: Path) -> None:
    """Refuse all of Jinja but text and calls: ``{{ 0.73 }}`` would print what nobody measured."""
    for child in node.iter_child_nodes():
        number = isinstance(child, nodes.Const) and not isinstance(child.value, str)
        if number or not isinstance(child, _PARTS.get(type(node), ())):
            raise UserError(
                f"{path}:{child.lineno}",
                f"a template that computes ({type(child).__name__})",
                "text, and calls with literal names",
                "prose only quotes; what has to be computed becomes a fact",
            )
        _refuse_computing(child, path)


def _refuse_html(source: str, path: Path) -> None:
    """Refuse HTML of the prose's own: all markup comes from Markdown and from the functions."""
    # A letter in the place of each quote: what it prints may complete a tag around it.
    for line, found in raw_html(_shown(source, path).replace(_QUOTED, "x")):
        raise UserError(
            f"{path}:{line}",
            f"HTML in the prose: {found}",
            "Markdown, and calls of the functions",
            "write `&lt;` for a sign that is meant as text, or put it between backticks",
        )


@cache
def _parse(source: str, path: Path) -> nodes.Template:
    try:
        return environment().parse(source)
    except jinja2.TemplateSyntaxError as error:
        raise UserError(
            f"{path}:{error.lineno}",
            error.message or "a template that cannot be read",
            'a call such as {{ fact("name") }} or a closed {% call %} block',
            "fix the braces at that line",
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
    found: list[str] = []
    before = ""
    for line, text in _outside_fences(source):
        underlined = _UNDERLINE.fullmatch(text) and before.strip()
        if match := _HEADING.fullmatch(text):
            found.append(match.group(2))
        elif underlined or _ANY_HEADING.fullmatch(text):
            raise UserError(
                f"{path}:{line}",
                f"the heading {before if underlined else text!r}",
                "one of two levels that ends on its id, as `## What it does {: #what-it-does}`",
                "give the heading the id that its twins in the other languages have",
            )
        before = text
    if found[:1] != [path.stem]:
        raise UserError(
            f"{path}:1",
            f"a first heading with the id {found[0]!r}" if found else "no heading",
            f"a first heading with the id {path.stem!r}",
            f"begin the file with `# Title {{: #{path.stem}}}`",
        )
    return found


def _outside_fences(source: str) -> Iterator[tuple[int, str]]:
    """Yield the lines, numbered, that do not belong to a fenced listing."""
    fenced = False
    for line, text in enumerate(source.split("\n"), start=1):
        if _FENCE.match(text):
            fenced = not fenced
        elif not fenced:
            yield line, text


def numerals(source: str, path: Path, allowed: list[str]) -> list[Numeral]:
    """Return the digits that stand literally in a file's text and alternative texts.

    See `text_numerals`.
    """
    found = text_numerals(_shown(source, path), path, allowed)
    for line, text in _alternatives(source, path):
        found += _line_numerals(text, f"{path}:{line}", allowed)
    return found


def text_numerals(text: str, path: Path, allowed: list[str]) -> list[Numeral]:
    """Return the digits of a text that is no template, such as the words of a language.

    Digits of every kind count: full-width, raised, in fractions, as HTML entities; the numbers of
    list items do not. In formulas see `formula_numerals`. Strings in `allowed` are names and do not
    count.
    """
    shown = _without(allowed, text)
    found = []
    for match in _VERBATIM_OR_FORMULA.finditer(shown):
        if match["formula"]:
            line = shown.count("\n", 0, match.start()) + 1
            found += formula_numerals(match["formula"], f"{path}:{line}", allowed)
    lines = _LIST_MARKER.sub(r"\1", _VERBATIM_OR_FORMULA.sub(_without_formula, shown))
    for line, part in enumerate(lines.split("\n"), start=1):
        found += _line_numerals(part, f"{path}:{line}", allowed)
    return found


def _line_numerals(text: str, place: str, allowed: list[str]) -> list[Numeral]:
    plain = unicodedata.normalize("NFKC", html.unescape(_without(allowed, text)))
    return [Numeral(hit, place) for hit in _DIGITS.findall(plain)]


def formula_numerals(tex: str, place: str, allowed: list[str]) -> list[Numeral]:
    r"""Return the numbers of a formula that look measured: decimals, long ones, percentages.

    The 2 of a square is part of the formula. A quote inside a formula is a `UserError`: its markup
    would be typeset as LaTeX.
    """
    if _QUOTED in tex:
        raise UserError(
            place,
            f"a quote inside the formula ${tex.replace(_QUOTED, '{{ ... }}')}$",
            r"the quote behind the formula, as in `$\eta =$ {{ fact(...) }}`",
            "close the dollar sign before the braces",
        )
    text = _FRACTION.sub(r"\1 \2 \3", _without(allowed, tex))
    return [Numeral(hit, place) for hit in _FORMULA_NUMBER.findall(text)]


def hide_formulas(text: str) -> str:
    """Return a text with letters in place of its formulas and listings, character for character."""
    return _VERBATIM_OR_FORMULA.sub(lambda match: "X" * len(match[0]), text)


def _without(names: list[str], text: str) -> str:
    for name in names:
        text = text.replace(name, " " * len(name))
    return text


def _without_formula(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0]) if match["formula"] else match[0]


def _shown(source: str, path: Path) -> str:
    """Return a file's own text, line for line, with a character that no text has for each quote."""
    _parse(source, path)
    lines: dict[int, str] = {}
    for line, kind, value in environment().lex(source):
        shown = {"data": value, "variable_begin": _QUOTED}.get(kind, "")
        for offset, part in enumerate(shown.split("\n")):
            lines[line + offset] = lines.get(line + offset, "") + part
    text = "\n".join(lines.get(line, "") for line in range(1, max(lines, default=0) + 1))
    return _HEADING_ID.sub(r"\1", text)


def _alternatives(source: str, path: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of the alternative texts, each with its line."""
    for keyword in _parse(source, path).find_all(nodes.Keyword):
        for constant in [keyword.value, *keyword.value.find_all(nodes.Const)]:
            if isinstance(constant, nodes.Const) and isinstance(constant.value, str):
                yield constant.lineno, constant.value
