r"""What the article's formulas have in common: macros, words of each language, named equations.

All stand in `templates/equations.yaml`. A macro becomes what it stands for before any program reads
the formula, so that each reads the same LaTeX, and so does whoever copies it from the page. The
words of an equation, which all languages share, are called ``\word{if}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from juchi.core.errors import UnplacedError, UserError, nearest
from juchi.plan.yaml_files import read_yaml
from juchi.prose import siunitx
from juchi.prose.siunitx import ENGLISH, Joints

__all__ = ["Equations", "Macro", "read_equations"]

_COMMAND = re.compile(r"\\([A-Za-z]+)")
_PARAMETER = re.compile(r"#(\d)")
# What takes the next sign as its argument: a macro of several signs is one there.
_TAKING = re.compile(
    r"(?:[\^_]|\\(?:[dtc]?frac|[dt]?binom|sqrt|(?:wide)?(?:hat|tilde)|bar|vec|d{1,4}ot|check|breve"
    r"|acute|grave|mathring|(?:over|under)(?:line|brace)|math[a-z]+|boldsymbol|bm|operatorname\*?"
    r"|overset|underset|stackrel))\s*$"
)
_DEEPEST = 50
_SHAPES = (
    r"LaTeX, as `R: '\mathbb{R}'`; or LaTeX and the number of its arguments, as "
    r"`norm: ['\lVert #1 \rVert', 1]`; or both and what the first stands for where it is left out"
)


@dataclass(frozen=True)
class Macro:
    r"""A command of the article.

    Attributes
    ----------
    body
        What it stands for, with ``#1`` for its first argument.
    arguments
        How many it takes.
    default
        What stands for the first one where it is not given in brackets; None if it is not optional.
    """

    body: str
    arguments: int = 0
    default: str | None = None


@dataclass(frozen=True)
class Equations:
    """The content of `templates/equations.yaml`.

    Attributes
    ----------
    path
        The file.
    formulas
        LaTeX by the names of equations, as it stands in the file.
    macros
        By their names, without a backslash.
    words
        By their names and by language.
    """

    path: Path
    formulas: Mapping[str, str] = field(default_factory=dict)
    macros: Mapping[str, Macro] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def place(self, name: str) -> str:
        """Return the file and the line of an equation."""
        return _place(name, self.path, self.path.read_text(encoding="utf-8"))

    def expanded(self, tex: str, language: str, place: str, joints: Joints = ENGLISH) -> str:
        """Return a formula without macros, its words in a language.

        `joints` are those that the language has between several numbers.

        Raises
        ------
        UserError
            At `place`, for an argument that is missing, for a word that is unknown or lacks the
            language, and for a macro that calls itself.
        """
        return _Expansion(self, language, place, joints).of(tex)


def read_equations(path: Path) -> Equations:
    """Read the file; one that is not there has nothing. What is wrong is a `UserError`."""
    content = read_yaml(path, {})
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if not isinstance(content, Mapping):
        raise UserError(str(path), repr(content), "LaTeX by the names of equations", "add a name")
    macros = _section(content, "macros", path, text)
    words = _section(content, "words", path, text)
    formulas = {key: tex for key, tex in content.items() if key not in ("macros", "words")}
    for name, tex in formulas.items():
        if not isinstance(tex, str):
            raise _wrong(_place(name, path, text), tex, "an equation in LaTeX")
    return Equations(
        path,
        formulas,
        {name.lstrip("\\"): _macro(name, each, path, text) for name, each in macros.items()},
        {name: _word(name, each, path, text) for name, each in words.items()},
    )


def _section(content: Mapping[str, Any], name: str, path: Path, text: str) -> Mapping[str, Any]:
    found = content.get(name) or {}
    if not isinstance(found, Mapping):
        expected = f"{name} by their names; an equation has to have another name"
        raise _wrong(_place(name, path, text), found, expected)
    return found


def _place(key: str, path: Path, text: str) -> str:
    """Return the file and the line of a key."""
    found = re.search(rf"^[\s\{{]*[\"']?{re.escape(key)}[\"']?\s*:", text, re.MULTILINE)
    return f"{path}:{text.count(chr(10), 0, found.end()) + 1}" if found else f"{path}: {key}"


def _wrong(place: str, found: Any, expected: str) -> UserError:  # noqa: ANN401 - any YAML value
    return UserError(place, repr(found), expected, "fix the file at that line")


def _macro(name: str, declared: Any, path: Path, text: str) -> Macro:  # noqa: ANN401 - any YAML value
    place = _place(name, path, text)
    parts = declared if isinstance(declared, list) else [declared]
    kinds = [type(part) for part in parts]
    if kinds not in ([str], [str, int], [str, int, str]):
        raise _wrong(place, declared, _SHAPES)
    if not re.fullmatch(r"\\?[A-Za-z]+", name):
        raise _wrong(place, name, "a name of letters alone, as that of every command of LaTeX")
    macro = Macro(*parts)
    called = [int(each) for each in _PARAMETER.findall(macro.body)]
    if max(called, default=0) > macro.arguments:
        expected = f"arguments up to #{macro.arguments}" if macro.arguments else "no arguments"
        raise UserError(
            place,
            f"#{max(called)} in {macro.body}",
            expected,
            f"say how many it takes, as `{name}: ['{macro.body}', {max(called)}]`",
        )
    if _open_braces(macro.body):
        raise _wrong(place, macro.body, "as many closing braces as opening ones")
    return macro


def _open_braces(tex: str) -> int:
    bare = re.sub(r"\\.", "", tex, flags=re.DOTALL)
    return bare.count("{") - bare.count("}")


def _word(name: str, declared: Any, path: Path, text: str) -> Mapping[str, str]:  # noqa: ANN401
    if not isinstance(declared, Mapping) or not all(isinstance(v, str) for v in declared.values()):
        expected = "words by language, as `if: { en: if, zh: 若 }`"
        raise _wrong(_place(name, path, text), declared, expected)
    return declared


@dataclass
class _Expansion:
    """The expansion of one formula."""

    equations: Equations
    language: str
    place: str
    joints: Joints
    depth: int = 0

    def of(self, tex: str) -> str:
        """Return LaTeX with nothing of the article's own in it."""
        return "".join(self._parts(tex))

    def _parts(self, tex: str) -> Iterator[str]:
        at = 0
        for match in _COMMAND.finditer(tex):
            # An escaped backslash is a line's end; a command in an argument is expanded with it.
            if match.start() < at or _is_escaped(tex, match.start()):
                continue
            name = match[1]
            if name not in {"word", *self.equations.macros, *siunitx.ARGUMENTS}:
                continue
            before = tex[at : match.start()]
            yield before
            body, at = self._called(name, tex, match.end())
            yield _joined(tex[: match.start()], body, tex[at : at + 1])
        yield tex[at:]

    def _called(self, name: str, tex: str, at: int) -> tuple[str, int]:
        """Return what a command of the article stands for, and where its arguments end."""
        if name == "word":
            key, at = self._argument(name, tex, at)
            return rf"\text{{{self._word(key)}}}", at
        if name not in self.equations.macros:
            return self._quantity(name, tex, at)
        macro, given = self.equations.macros[name], []
        if macro.default is not None:
            optional = re.compile(r"\s*\[([^\]]*)\]").match(tex, at)
            given, at = (
                [optional[1] if optional else macro.default],
                optional.end() if optional else at,
            )
        while len(given) < macro.arguments:
            argument, at = self._argument(name, tex, at)
            given.append(argument)
        body = _PARAMETER.sub(lambda match: given[int(match[1]) - 1], macro.body)
        if self.depth == _DEEPEST:
            raise UserError(
                self.place,
                rf"the macro \{name}, which stands for itself",
                "a macro of other commands",
                f"change it in {self.equations.path}",
            )
        return replace(self, depth=self.depth + 1).of(body), at

    def _quantity(self, name: str, tex: str, at: int) -> tuple[str, int]:
        """Return what a command of siunitx stands for, and where its arguments end."""
        if tex[at : at + 1] == "[":
            raise UserError(
                self.place,
                rf"options of \{name}, in {tex}",
                rf"\{name} without options",
                "leave them out: numbers and units look alike in the whole article",
            )
        given = []
        for _ in range(siunitx.ARGUMENTS[name]):
            argument, at = self._argument(name, tex, at)
            given.append(argument)
        try:
            return siunitx.written(name, given, self.joints), at
        except UnplacedError as error:
            raise error.at(self.place) from error

    def _argument(self, name: str, tex: str, at: int) -> tuple[str, int]:
        """Return an argument, in braces or of one sign, and where it ends."""
        while tex[at : at + 1].isspace():
            at += 1
        command = re.compile(r"\\(?:[A-Za-z]+|.)|[^{}&\\]", re.DOTALL).match(tex, at)
        if command:
            return command[0], command.end()
        end = _group_end(tex, at)
        if end is None:
            raise UserError(
                self.place,
                rf"\{name} without its argument, in {tex}",
                rf"\{name}{{…}}" + "{…}" * (siunitx.ARGUMENTS.get(name, 1) - 1),
                self._hint(name),
            )
        return tex[at + 1 : end - 1], end

    def _hint(self, name: str) -> str:
        if name == "word":
            return f"name one of the words of {self.equations.path}"
        if name not in self.equations.macros:
            return "give it what it takes, as the LaTeX package siunitx has it"
        return f"give it what it takes; {self.equations.path} declares it"

    def _word(self, key: str) -> str:
        words, path = self.equations.words, self.equations.path
        if key not in words:
            raise UserError(
                self.place,
                rf"\word{{{key}}}",
                f"one of the words of {path}: {', '.join(words) or 'there are none'}",
                nearest(key, list(words)) if words else f"declare it under words in {path}",
            )
        if self.language not in words[key]:
            raise UserError(
                f"{path}: words.{key}",
                f"nothing in {self.language}, which {self.place} needs",
                "the word in each language of the article",
                f"add {self.language}: … to it",
            )
        return words[key][self.language]


def _is_escaped(tex: str, at: int) -> bool:
    before = tex[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _group_end(tex: str, at: int) -> int | None:
    """Return where a group in braces ends that begins here."""
    if tex[at : at + 1] != "{":
        return None
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(tex, at):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return None


def _joined(before: str, body: str, after: str) -> str:
    """Return what a macro stands for, kept apart from what stands before and behind it."""
    if _TAKING.search(before):
        return f"{{{body}}}"
    return f"{body} " if after.isalpha() and re.search(r"\\[A-Za-z]+$", body) else body
