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
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from juchi.core.article import article_value
from juchi.core.errors import UnplacedError, UserError
from juchi.core.theme import theme_file
from juchi.plan.settings import merge
from juchi.plan.yaml_files import read_yaml
from juchi.prose.messages import fill
from juchi.prose.typography import Typography, typeset
from juchi.results.facts import STYLES

__all__ = [
    "MARKS",
    "Form",
    "Messages",
    "article_calls",
    "check_option",
    "environment",
    "flatten",
    "forms",
    "message_keys",
    "read_messages",
    "refuse_markup",
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
    optional
        Whether it may do without.
    block
        Whether it is called as a block, ``{% call ... %}``, around a text.
    display
        Whether it stands alone between two empty lines, as a figure does.
    options
        What it may be told besides, as ``digits=2``; each is one of `OPTIONS`.
    """

    kind: str
    names: int | None = 1
    alt: bool = False
    optional: bool = False
    block: bool = False
    display: bool = False
    options: tuple[str, ...] = ()

    def fits(self, call: nodes.Call, is_block: bool) -> bool:
        """Return whether a call has this form, apart from what its names are."""
        count, given = len(call.args), [keyword.key for keyword in call.kwargs]
        told = [key for key in given if key not in self.options]
        return (
            (count > 0 if self.names is None else count == self.names)
            and (told == ["alt"] * self.alt or (self.optional and not told))
            and len(set(given)) == len(given)
            and is_block == self.block
        )

    def written(self, function: str) -> str:
        """Return how a call is written, with names for all that it has to be given."""
        fact = ('"subject.name"', '"subject.other"')
        both = fact if self.kind == "fact" else ('"name"', '"verdict"')
        names = both[: 1 if self.names is None else self.names]
        alt = self.alt and not self.optional
        arguments = ", ".join([*names, 'alt="..."'] if alt else names)
        call = f"{function}({arguments})"
        return f"{{% call {call} %}}...{{% endcall %}}" if self.block else f"{{{{ {call} }}}}"

    def example(self, function: str) -> str:
        """Return what a call looks like, for messages."""
        whole = self.written(function)
        if not self.options:
            return whole
        return f"{whole}, perhaps with {', '.join(f'{name}=' for name in self.options)}"


# What calls may be told, and what it may be: a kind of value, or one of some.
OPTIONS: dict[str, type | tuple[str, ...] | range] = {
    "by": ("interval",),
    "capital": bool,
    "digits": range(18),
    "form": ("plus-minus", "concise", "digits"),
    "noun": str,
    "of": str,
    "relation": bool,
    "sign": bool,
    "style": STYLES,
    "unit": str,
}
_PRINTED = ("unit", "style", "digits", "sign")

# The functions of the generator that prose may call.
_FUNCTIONS = {
    "fact": Form("fact", options=(*_PRINTED, "relation")),
    "plain": Form("fact", options=(*_PRINTED, "relation")),
    "interval": Form("fact", options=_PRINTED),
    "number": Form("fact", options=(*_PRINTED, "relation")),
    "measured": Form("fact", options=("unit", "style", "digits", "form", "by")),
    "range": Form("fact", names=2, options=_PRINTED),
    "count": Form("fact", options=("of", "noun", "capital")),
    "ordinal": Form("fact", options=("form", "capital")),
    "claim": Form("claim", names=2, block=True),
    "reasoning": Form("reasoning", names=0, block=True),
    "definition": Form("definition", names=0, block=True),
    "literature": Form("literature", names=0, block=True),
    "cite": Form("citation", names=None),
    "ref": Form("reference"),
    "figure": Form("figure", alt=True, block=True, display=True),
    "table": Form("table", block=True, display=True),
    "equation": Form("equation", alt=True, optional=True, display=True),
    "footnote": Form("footnote", names=0, block=True),
    "preset": Form("preset", names=0),
}

# The plural categories of CLDR; another key of a noun is the number itself.
_PLURALS = ("zero", "one", "two", "few", "many", "other")
# Words that a language may do without.
_OF_SOME_LANGUAGES = ("counting.", "ordinals.", "translations.")
# Formulas as Pandoc reads them, and emphasis, closed or not.
_MARKUP = re.compile(r"\$(?=\S)[^$]*(?<=\S)\$(?!\d)|(?<!\w)(\*+)(?=\w)[^*]*\w\1(?!\w)|\*\*\w*|`")

# The kinds of call that say what the text in them rests on; all but the claim print it as it is.
MARKS = ("claim", "reasoning", "definition", "literature")


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


def check_option(name: str, value: object) -> str | None:
    """Return what an option may be, if it is something else; None where it is allowed."""
    allowed = OPTIONS[name]
    if isinstance(allowed, type):
        return None if isinstance(value, allowed) else {bool: "true", str: "a word"}[allowed]
    if isinstance(value, bool) or value not in allowed:
        one_of = range(allowed.start, allowed.stop) if isinstance(allowed, range) else allowed
        return (
            f"a whole number up to {one_of[-1]}"
            if isinstance(one_of, range)
            else f"one of {', '.join(one_of)}"
        )
    return None


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


# Where numbers are filled into words, which would get lost without their place.
_PLACES = re.compile(r"\{(?:low|high|first|last|numbers)\}")
# What every article says of itself; the theme has no words for it.
_OF_EVERY_ARTICLE = {"site", "title", "description"}


def _lacking(path: Path) -> set[str]:
    """Return the keys that a file of words lacks, and other languages or every article have."""
    if not path.is_file():
        return set()
    twins = [read_messages(twin) for twin in path.parent.parent.glob("*/messages.yaml")]
    theme = read_yaml(theme_file("messages/en.yaml"))
    wanted = _OF_EVERY_ARTICLE.union(*map(message_keys, [theme, *twins]))
    return wanted - message_keys(read_messages(path))


def read_messages(path: Path) -> Messages:
    """Read a language's `messages.yaml`, laid over what the pages of every article say in it.

    The article's own words are set as the language sets prose; see `juchi.prose.typography`.
    """
    words = read_yaml(path)
    if not isinstance(words, dict):
        raise UserError(str(path), f"{words!r}", "words by key", "see the twin in another language")
    words = _by_plural(words)
    _check_words(words, path)
    messages = theme_file(f"messages/{path.parent.name}.yaml")
    pages = read_yaml(messages) if messages.is_file() else {}
    _check_kinds(pages, words, str(path))
    typography = {**pages.get("typography", {}), **(words.get("typography") or {})}
    try:
        own = _typeset(words, Typography(**typography))
    except UnplacedError as error:
        raise error.at(f"{path}: typography.quotes") from error
    return Messages(merge(pages, own), path)


def _typeset(words: Mapping[str, Any], typography: Typography) -> dict[str, Any]:
    """Return the article's own words with the quotation marks and dashes of their language."""
    return {
        key: each if key == "typography" else _typeset_each(each, typography)
        for key, each in words.items()
    }


def _typeset_each(value: Any, typography: Typography) -> Any:  # noqa: ANN401 - of YAML
    if isinstance(value, Mapping):
        return {key: _typeset_each(each, typography) for key, each in value.items()}
    if isinstance(value, list):
        return [_typeset_each(each, typography) for each in value]
    return typeset(value, typography) if isinstance(value, str) else value


def _by_plural(words: dict[str, Any]) -> dict[str, Any]:
    """Return words in which a noun that is one text, as in Chinese, is that of every plural."""
    units = words.get("units")
    if not isinstance(units, Mapping):
        return words
    forms = {
        noun: {"other": each} if isinstance(each, str) else each for noun, each in units.items()
    }
    return {**words, "units": forms}


def _check_kinds(pages: Mapping[str, Any], words: Mapping[str, Any], place: str) -> None:
    """Refuse words of the article's own under a key of the pages that would spoil these.

    A text where the pages have several, or several for a text; and one without the places of the
    numbers that are filled in.
    """
    for key in pages.keys() & words.keys():
        ours, theirs = words[key], pages[key]
        if isinstance(ours, Mapping) != isinstance(theirs, Mapping):
            expected = "words by key" if isinstance(theirs, Mapping) else f"a text, as {theirs!r}"
            raise UserError(
                f"{place}: {key}",
                "words by key" if isinstance(ours, Mapping) else repr(ours),
                f"{expected}: every page has words under this key",
                "give the words of your own another key",
            )
        if isinstance(ours, Mapping):
            _check_kinds(theirs, ours, f"{place}: {key}")
        elif lacking := [each for each in _PLACES.findall(str(theirs)) if each not in str(ours)]:
            raise UserError(
                f"{place}: {key}",
                repr(ours),
                f"a text with {' and '.join(lacking)}, as {theirs!r}: every page has words under "
                "this key",
                "give the words of your own another key, or say where the numbers stand",
            )


def _check_words(words: Mapping[str, Any], path: Path) -> None:
    """Refuse nouns that would be printed without their number, and markup in what is text."""
    for noun, forms in (words.get("units") or {}).items():
        if not isinstance(forms, Mapping) or "other" not in forms:
            given = ", ".join(map(str, forms)) if isinstance(forms, Mapping) else repr(forms)
            raise UserError(
                f"{path}: units.{noun}",
                f"words for {given or 'nothing'}",
                "those for `other`, the plural that every language has",
                'add other: "{number} …"',
            )
        for plural, form in forms.items():
            if plural in _PLURALS and "{number}" not in str(form):
                raise UserError(
                    f"{path}: units.{noun}.{plural}",
                    repr(form),
                    "the place of the number with the noun",
                    f"write '{{number}} {form}'",
                )
    keywords = words.get("keywords") or []
    if not isinstance(keywords, list) or any("，" in str(each) for each in keywords):
        raise UserError(
            f"{path}: keywords",
            repr(keywords),
            "a list with a comma of half width behind each: [one, another one]",
            "put brackets around them; YAML does not part words at ， ； or 、",
        )
    texts = {key: [words.get(key, "")] for key in ("site", "title", "subtitle", "description")}
    for key, several in {**texts, "keywords": keywords}.items():
        refuse_markup(f"{path}: {key}", "\n".join(map(str, several)))


def refuse_markup(where: str, text: str) -> None:
    """Refuse formulas, emphasis and code in a text, such as a title, that stands in metadata."""
    if markup := _MARKUP.search(text):
        raise UserError(
            where,
            f"the markup {markup[0]}",
            "text alone, as it stands in metadata and citations too",
            "write its letters: p for $p$ or *p*, CO₂ for CO$_2$",
        )


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

    Of a unit without its plural category: languages differ in these. Without the words for numbers,
    which a language needs only for counts in words, and without translations of what is quoted,
    which that of the quotation needs none of.
    """
    keys = {key for key, _ in flatten(values) if not key.startswith(_OF_SOME_LANGUAGES)}
    return {key.rpartition(".")[0] if key.startswith("units.") else key for key in keys}
