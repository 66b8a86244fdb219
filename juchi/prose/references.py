"""The works that can be cited: CSL-JSON and BibTeX in, checked items of CSL out.

`config/references.json` and `config/references.bib` may both be there; Pandoc reads the second.
What citeproc would set wrongly, or leave out without a word, is refused with its file and entry.
"""

from __future__ import annotations

import difflib
import html
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import Locale, get_global

from juchi.core.encodings import not_utf8
from juchi.core.errors import UserError
from juchi.prose.bibtex import read_bibtex
from juchi.prose.citing import is_target
from juchi.prose.csl_dates import is_date
from juchi.prose.csl_names import DATES, FIELDS, NAME_PARTS, NAMES, OWN, TYPES
from juchi.prose.person_names import several_in_one

__all__ = [
    "FILES",
    "TITLES",
    "Item",
    "References",
    "article_references",
    "checked",
    "language_of",
    "language_tag",
    "load_references",
    "plain_text",
    "typeset",
]

Item = Mapping[str, Any]
Fault = tuple[str, str, str]  # the field, what stands there, what should stand there

# What is printed of a work as it is typed.
TITLES = frozenset(
    {"title", "container-title", "collection-title", "event-title", "volume-title", "publisher"}
)
_LATEX = re.compile(r"\\[A-Za-z]+\s*\{|\$[^$]*[\\^_{][^$]*\$")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9A-Fa-f]+);")
_DASHES = re.compile(r"(?<!-)-{2,3}(?!-)")
# Where the works of an article stand.
FILES = ("config/references.json", "config/references.bib")

_PATTERNS = {
    "DOI": (r"10\.\d{4,}/\S+", "a bare DOI, as 10.1038/261459a0"),
    "URL": (r"https?://\S+", "an address that begins with http:// or https://"),
}
_ANY_TEXT = (r".*\S.*", "one line of text")
# Categories of characters: private use, which marks of our own take; and what ends a field or a
# line in one of the formats that citations are written in.
_UNFIT = ("Co", "Cc", "Cs", "Zl", "Zp")
# The language of a work that says none, by the script of its title.
_SCRIPTS = {
    **{"HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "CYRILLIC": "ru"},
    **{"GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "THAI": "th"},
}
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc)>|<span [^<>]*>|</span>")


@dataclass(frozen=True)
class References:
    """The works that can be cited.

    Attributes
    ----------
    path
        The file they were read from, for messages.
    items
        The CSL-JSON items by id, in the order of the file.
    places
        Of each id the file, and where it is known the line.
    """

    path: Path
    items: Mapping[str, Item]
    places: Mapping[str, str] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """Return where a work stands."""
        return f"{self.places.get(key, self.path)}: {key}"


def load_references(*paths: Path) -> References:
    """Read and check files of works.

    Raises
    ------
    UserError
        For a missing or damaged file, an id that is missing or stands twice, and a field that is
        missing, unknown or malformed; the message names the file and the id.
    """
    items: dict[str, Item] = {}
    places: dict[str, str] = {}
    for path in paths:
        for place, item in _read(path):
            key = checked(item, place)["id"]
            if key in items:
                found = f"a second work of this id; the first one stands in {places[key]}"
                raise _wrong(f"{place}: {key}", ("id", found, "each id once"))
            items[key] = {**item, "language": language_of(item)}
            places[key] = place
    return References(paths[0], items, places)


def article_references() -> References:
    """Return the references of the article; one without a file of them has none."""
    paths = [path for path in map(Path, FILES) if path.is_file()]
    return load_references(*paths) if paths else References(Path(FILES[0]), {})


def _read(path: Path) -> Iterator[tuple[str, Item]]:
    """Yield the works of a file, each with its place."""
    if path.suffix == ".bib":
        yield from read_bibtex(path)
    else:
        yield from ((str(path), item) for item in _read_list(path))


def _read_list(path: Path) -> list[Item]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        where, found = f"{path}:{error.lineno}", error.msg
    except UnicodeDecodeError as error:
        raise not_utf8(path, error, "a CSL-JSON list of works in UTF-8") from error
    except OSError as error:
        where, found = str(path), str(error)
    else:
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return value
        where, found = str(path), "JSON, but not a list of objects"
    raise UserError(where, found, "a CSL-JSON list of works", f"fix {path}, or restore it")


def typeset(text: str) -> str:
    """Return a title with signs in the place of what is typed for them.

    Examples
    --------
    >>> typeset("``One'' -- R&amp;D")
    '“One” – R&D'
    """
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = re.sub(r"``(.+?)''", r"“\1”", text)
    return _DASHES.sub(lambda match: "–" if len(match[0]) == 2 else "—", text)  # noqa: PLR2004


def checked(item: Item, place: str) -> Item:
    """Return a work; one that could not be set as it is meant is a `UserError`."""
    key = item.get("id")
    if not isinstance(key, str) or not re.fullmatch(r"[^\s{}\[\]@;,\"\\]+", key):
        found, title = repr(key), item.get("title")
        where = f"{place}: the work {title!r}" if title else place
        raise _wrong(where, ("id", found, "letters, digits and hyphens, as may1976"))
    if is_target(key):
        found = f"{key!r}, which `@{key}` takes for a place of the article"
        raise _wrong(f"{place}: {key}", ("id", found, "an id that begins otherwise, as may1976"))
    if fault := next(_faults(item), None):
        raise _wrong(f"{place}: {key}", fault)
    return item


def _wrong(where: str, fault: Fault) -> UserError:
    name, found, expected = fault
    return UserError(f"{where}: {name}", found, expected, f"correct {name!r} of this work")


def _faults(item: Item) -> Iterator[Fault]:
    """Find what would be set wrongly, or not at all, without a word from citeproc."""
    if item.get("type") not in TYPES:
        given = str(item.get("type"))
        # Crossref's own names turn words around: `journal-article` is `article-journal`.
        turned = ["-".join(reversed(given.split("-")))]
        near = (TYPES & set(turned)) or difflib.get_close_matches(given, sorted(TYPES))
        expected = f"a type of CSL, {'perhaps ' + ' or '.join(near) if near else 'as book'}"
        yield "type", repr(item.get("type")), expected
    if "language" in item and not language_tag(item["language"]):
        yield "language", repr(item["language"]), "the language of the work, as de or pt-BR"
    if "title" not in item:
        yield "title", "none", "the title of the work"
    for name, value in item.items():
        text = json.dumps(value, ensure_ascii=False)
        if right := _expected(name, value):
            yield name, text, right
        if name in TITLES and (command := _LATEX.search(str(value))):
            yield name, command[0], "letters, <i>, <sub> and <sup>: CSL-JSON knows no LaTeX"
        if any(unicodedata.category(char) in _UNFIT for char in _letters(value)):
            yield name, ascii(text), "no character of a private use area, no control, no line end"


def _letters(value: object) -> Iterator[str]:
    """Yield the characters of all texts in a value."""
    if isinstance(value, str):
        yield from value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _letters(each)


def _expected(name: str, value: object) -> str | None:
    """Say what a field should hold, if it does not hold it."""
    if name not in FIELDS:
        near = difflib.get_close_matches(name, FIELDS, n=1)
        return f"a CSL variable{', perhaps ' + near[0] if near else ''}"
    if name in OWN:
        return None
    if name in NAMES:
        expected = 'a list of {"family", "given"} or {"literal"}, each of one person'
        return None if _are_names(value) else expected
    if name in DATES:
        expected = 'a date, as {"date-parts": [[2021, 4, 19]]} or {"literal": "in press"}'
        return None if is_date(value) else expected
    if type(value) is int:
        return None
    pattern, expected = _PATTERNS.get(name, _ANY_TEXT)
    return None if isinstance(value, str) and re.fullmatch(pattern, value) else expected


def _are_names(value: object) -> bool:
    if not isinstance(value, list) or not value:
        return False
    for name in value:
        if not isinstance(name, dict) or not set(name) <= NAME_PARTS:
            return False
        if not all(isinstance(part, str | bool) for part in name.values()):
            return False
        if not str(name.get("literal") or name.get("family") or "").strip():
            return False
        if several_in_one(name):
            return False
    return True


# --- languages ---


def language_of(item: Item) -> str:
    """Return the language of a work as a BCP 47 tag.

    One that says none has that of the script of its title; in Latin script it is English.
    """
    if tag := language_tag(item.get("language")):
        return tag
    text = plain_text(str(item.get("title", "")))
    scripts = [unicodedata.name(char, "").partition(" ")[0].partition("-")[0] for char in text]
    # English titles have Greek letters, too, as signs.
    signs = {"GREEK"} if scripts.count("GREEK") <= scripts.count("LATIN") else set()
    found = {_SCRIPTS[script] for script in scripts if script in _SCRIPTS.keys() - signs}
    # Kana stand among Han characters; a title with a few letters of its own script is in it.
    return next((tag for tag in ("ja", "ko", "zh", *_SCRIPTS.values()) if tag in found), "en")


@cache
def language_tag(language: object) -> str | None:
    """Return a BCP 47 tag for what reference managers write: ``en_US``, ``eng``, ``English``."""
    if not isinstance(language, str) or not language.strip():
        return None
    parts = language.strip().replace("_", "-").split("-")
    first = str(get_global("language_aliases").get(parts[0].lower(), parts[0].lower()))
    names = Locale("en").languages
    if first not in names or len(first) > 3:  # noqa: PLR2004 - ISO 639
        named = {name.lower(): code for code, name in names.items()}
        code = named.get(language.strip().lower())
        return code.replace("_", "-") if code else None
    rest = [part.title() if len(part) == 4 else part.upper() for part in parts[1:]]  # noqa: PLR2004
    return (
        "-".join([first, *rest]) if all(re.fullmatch(r"\w{2,8}", part) for part in rest) else None
    )


def plain_text(title: str) -> str:
    """Return a text of CSL-JSON without the markup that it may hold."""
    return _MARKUP.sub("", title)
