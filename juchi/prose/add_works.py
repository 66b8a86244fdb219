"""Works that are added to the references of the article: by their DOI, or from a record of them."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import product
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from juchi.core.atomic import write_text
from juchi.core.errors import UserError
from juchi.prose.bibtex import convert, corrected
from juchi.prose.csl_names import DATES, FIELDS, NAME_PARTS, NAMES
from juchi.prose.references import FILES, Item, article_references, checked, language_tag

__all__ = ["add_by_doi", "add_record"]

_MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
_SECONDS = 20
_DOI = re.compile(r"(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,}/\S+)$")
# Names that registries have for types of CSL.
_TYPES = {
    **{"journal-article": "article-journal", "proceedings-article": "paper-conference"},
    **{"book-chapter": "chapter", "monograph": "book", "edited-book": "book"},
    **{"reference-book": "book", "posted-content": "article", "dissertation": "thesis"},
    **{"peer-review": "review", "report-component": "report", "proceedings": "book"},
}
# Tags that a title may have.
_MARKUP = re.compile(r"<[^<>]*>")
# What no list of references prints.
_UNUSED = ("abstract", "keyword", "categories", "custom", "source", "license", "references")
_NOTHING: tuple[object, ...] = ("", None, [], {})


def add_by_doi(doi: str) -> list[str]:
    """Add the work of a DOI, as its registry describes it; return what there is to say.

    Raises
    ------
    UserError
        For what is no DOI, a DOI that nobody has registered, and where no registry is reached.
    """
    found = _DOI.match(doi.strip())
    if found is None:
        raise UserError(
            f"juchi cite {doi}",
            "what is no DOI",
            "a DOI, as 10.1038/261459a0, or its address",
            "take it from the page of the work",
        )
    return _add([_fetched(found[1])])


def add_record(place: str) -> list[str]:
    """Add the works of a record, CSL-JSON or BibTeX, in a file or ``-`` for the standard input."""
    try:
        text = sys.stdin.read() if place == "-" else Path(place).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _no_record(place, str(error)) from error
    named = "the standard input" if place == "-" else place
    if text.lstrip().startswith(("@", "%")):
        return _add([corrected(item) for item in convert(text, named)])
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise _no_record(f"{named}:{error.lineno}", error.msg) from error
    works = value if isinstance(value, list) else [value]
    if not works or not all(isinstance(work, dict) for work in works):
        raise _no_record(named, "JSON, but no work")
    return _add(works)


def _no_record(where: str, found: str) -> UserError:
    return UserError(
        where,
        found,
        "a work as CSL-JSON, or an entry of BibTeX",
        "copy it from where the work says how to cite it",
    )


def _fetched(doi: str) -> Item:
    """Return what the registry of a DOI has of its work."""
    address = f"https://doi.org/{quote(doi)}"
    request = Request(address, headers={"Accept": _MEDIA_TYPE, "User-Agent": "juchi"})
    try:
        with urlopen(request, timeout=_SECONDS) as answer:
            work = json.loads(answer.read())
    except HTTPError as error:
        found = f"{error.code} {error.reason}"
        raise UserError(
            f"the DOI {doi}",
            f"nothing that says what the work is ({found})",
            "a DOI of a registry that describes works as CSL-JSON, as Crossref and DataCite do",
            "see whether it is right; `juchi cite --record FILE` takes a record of the work",
        ) from error
    except (URLError, TimeoutError, ConnectionError) as error:
        raise UserError(
            f"the DOI {doi}",
            f"doi.org, which does not answer: {getattr(error, 'reason', error)}",
            "a connection to the network",
            "save the record that the page of the work has (CSL-JSON or BibTeX), "
            "and run `juchi cite --record FILE`, or `--record -` to paste it",
        ) from error
    except ValueError as error:
        raise _no_record(address, str(error)) from error
    return {**work, "DOI": work.get("DOI", doi)} if isinstance(work, dict) else {}


def _add(works: list[Item]) -> list[str]:
    """Add works to the references of the article, but those that are there."""
    known = dict(article_references().items)
    path = Path(FILES[0])
    own = json.loads(path.read_text("utf-8")) if path.is_file() else []
    said = []
    for work in works:
        item = _cleaned(work)
        if there := _same(item, known):
            said.append(f"{there} is among the references already: cite it as [@{there}]")
            continue
        key = _key(item, known)
        item = {"id": key, **{name: value for name, value in item.items() if name != "id"}}
        known[key] = checked(item, "the record")
        own.append(item)
        said.append(f"{path} has {key} now: cite it as [@{key}]")
    if len(own):
        write_text(path, json.dumps(own, ensure_ascii=False, indent=2) + "\n")
    return said


def _same(item: Item, known: Mapping[str, Item]) -> str | None:
    """Return the key of the same work: of one DOI, or where one has none, of the same traits."""
    return next((key for key, one in known.items() if _are_one(item, one)), None)


def _are_one(item: Item, other: Item) -> bool:
    dois = [str(work.get("DOI", "")).lower() for work in (item, other)]
    return dois[0] == dois[1] if all(dois) else _traits(item) == _traits(other)


def _traits(item: Item) -> tuple[object, ...]:
    """Return what tells a work from others: type, title, year, and first author."""
    name, year = _name_and_year(item)
    return item.get("type"), _letters(str(item.get("title", ""))), _letters(name), year


def _letters(text: str) -> str:
    """Return the letters and digits of a text without its markup, all of them small."""
    plain = unicodedata.normalize("NFKD", _MARKUP.sub("", text)).casefold()
    return "".join(char for char in plain if char.isalnum())


def _cleaned(work: Item) -> Item:
    """Return a work without what registries keep of it besides."""
    item: dict[str, Any] = {}
    for name, value in work.items():
        if name not in FIELDS or name in _UNUSED or value in _NOTHING:
            continue
        if name in NAMES:
            item[name] = [_cleaned_name(each) for each in value if isinstance(each, dict)]
        elif name in DATES:
            parts = {part: value[part] for part in ("date-parts", "literal") if part in value}
            item[name] = parts
        else:
            first = value[0] if isinstance(value, list) and value else value
            item[name] = _line(first) if isinstance(first, str) else first
    item["type"] = _TYPES.get(str(item.get("type")), item.get("type"))
    if tag := language_tag(item.pop("language", None)):
        item["language"] = tag
    if "doi.org/" in str(item.get("URL", "")):
        del item["URL"]
    return {name: value for name, value in item.items() if value not in _NOTHING and _dated(value)}


def _dated(value: object) -> bool:
    """Tell whether a value is no date of which only the form is there."""
    return not (isinstance(value, dict) and value.get("date-parts") in ([[None]], [[]]))


def _cleaned_name(name: Mapping[str, Any]) -> dict[str, str]:
    kept = {
        part: _line(name[part]) for part in sorted(NAME_PARTS) if isinstance(name.get(part), str)
    }
    kept = {part: text for part, text in kept.items() if text}
    if "family" not in kept:
        return {"literal": _line(str(name.get("literal") or name.get("name") or kept.get("given")))}
    return kept


def _line(text: str) -> str:
    return " ".join(unescape(text).split())


def _key(item: Item, known: Mapping[str, Item]) -> str:
    """Return a new key, as `may1976`; of one author and year the second one ends in a letter."""
    name, year = _name_and_year(item)
    words = name.split()
    plain = unicodedata.normalize("NFKD", words[-1] if words else "")
    letters = "".join(char for char in plain.lower() if char in ascii_lowercase)
    first = f"{letters or 'work'}{year}"
    return next(key for key in _keys(first) if key not in known)


def _name_and_year(item: Item) -> tuple[str, str]:
    """Return the family name of the first author, or editor, and the year; empty where unknown."""
    people = item.get("author") or item.get("editor") or [{}]
    parts = item.get("issued", {}).get("date-parts", [[""]])
    return str(people[0].get("family") or people[0].get("literal") or ""), str(parts[0][0])


def _keys(first: str) -> Iterator[str]:
    yield first
    for length in (1, 2):
        for letters in product(ascii_lowercase, repeat=length):
            yield first + "".join(letters)
