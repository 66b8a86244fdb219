"""Works in BibTeX and BibLaTeX: Pandoc reads them; here stands what it passes over in silence."""

from __future__ import annotations

import difflib
import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from juchi.core.characters import is_wide
from juchi.core.encodings import not_utf8
from juchi.core.errors import UserError
from juchi.core.pandoc import run_pandoc
from juchi.prose.bibtex_dates import MONTHS, dated
from juchi.prose.bibtex_exports import settled
from juchi.prose.bibtex_latex import (
    BRACE,
    commands,
    dropped,
    fitted,
    formula_signs,
    kept_case,
    unenclosed,
)
from juchi.prose.bibtex_names import refuse_misread_names
from juchi.prose.csl_names import NAMES
from juchi.prose.person_names import without_field_countries

__all__ = ["convert", "corrected", "read_bibtex"]

# What is no work.
_STRING = "string"
_BESIDES = ("comment", "preamble", _STRING, "xdata", "set")
_TYPES = (
    *("article", "book", "booklet", "mvbook", "inbook", "bookinbook", "suppbook", "collection"),
    *("mvcollection", "incollection", "suppcollection", "conference", "manual", "mastersthesis"),
    *("misc", "online", "www", "electronic", "patent", "periodical", "suppperiodical", "phdthesis"),
    *("proceedings", "mvproceedings", "inproceedings", "reference", "mvreference", "inreference"),
    *("report", "techreport", "thesis", "unpublished", "dataset", "software", "artwork", "audio"),
    *("image", "movie", "music", "video", "performance", "jurisdiction", "legislation", "legal"),
    *("letter", "review", "standard", "bibnote", "commentary"),
)
# What entries are printed from. Other fields are notes of whoever keeps the file; one that is
# spelt nearly like one of these is a slip.
_FIELDS = (
    *(
        "abstract",
        "addendum",
        "address",
        "afterword",
        "annotation",
        "annotator",
        "annote",
        "author",
    ),
    *("authortype", "bookauthor", "bookpagination", "booksubtitle", "booktitle", "booktitleaddon"),
    *("chapter", "commentator", "crossref", "date", "day", "doi", "edition", "editor", "editora"),
    *("editorb", "editorc", "editortype", "eid", "entrysubtype", "eprint", "eprintclass"),
    *("eprinttype", "archiveprefix", "primaryclass", "eventdate", "eventtitle", "eventtitleaddon"),
    *("file", "foreword", "holder", "howpublished", "indextitle", "institution", "introduction"),
    *("isan", "isbn", "ismn", "isrn", "issn", "issue", "issuesubtitle", "issuetitle", "iswc"),
    *("journal", "journalsubtitle", "journaltitle", "key", "keywords", "label", "langid"),
    *("language", "library", "location", "mainsubtitle", "maintitle", "maintitleaddon", "month"),
    *("nameaddon", "note", "number", "options", "organization", "origdate", "origlanguage"),
    *("origlocation", "origpublisher", "origtitle", "pages", "pagetotal", "pagination", "part"),
    *("publisher", "pubstate", "reprinttitle", "school", "series", "shortauthor", "shorteditor"),
    *("shorthand", "shortjournal", "shortseries", "shorttitle", "subtitle", "title", "titleaddon"),
    *("translator", "type", "url", "urldate", "urlday", "urlmonth", "urlyear", "venue", "version"),
    *("volume", "volumes", "year", "hyphenation", "xref", "xdata", "ids", "related", "usera"),
)
# Fields of reference managers that are like others by chance.
_OTHERS = ("eissn", "pissn", "cdate", "mdate", "mrnumber", "archive", "comment", "keyword")
# What a field of this format is called elsewhere, in CSL, in other programs and in haste.
_ELSEWHERE = {
    **dict.fromkeys(
        ("place", "city", "publisher-place", "publisherplace"), ("address", "location")
    ),
    **dict.fromkeys(("pp", "pgs"), ("pages",)),
    "university": ("school", "institution"),
    "container-title": ("journal", "booktitle"),
    "collection-title": ("series",),
    "issued": ("date",),
    "accessed": ("urldate",),
    "link": ("url",),
}
# Letters of a word that a title with capitals would not leave small, as it does `of` and `the`.
_LONG = 4
# Those that it does leave small, too, though they are long.
_SMALL_WORDS = """
about above across after against along among around before behind below beneath beside between
beyond despite down during except from inside into like near onto over past since than that through
throughout toward towards under underneath until unto upon versus when where while with within
without
"""
_SMALL = frozenset(_SMALL_WORDS.split())
# Accents, and braces around a letter of a word.
_ACCENT = re.compile(r"\\(?:[^A-Za-z\s]|[A-Za-z]{1,2}\b\s*)")
_LETTER = re.compile(r"\{(\w{0,2})\}")
# What keeps its case in any title, and says nothing of it.
_FIXED = re.compile(r"\{[^{}]*\}|\\[A-Za-z]+|\b[A-Z]\.\s\w+")
_TITLE = "title"
_PROCEEDINGS = "proceedings"
# Titles of what a work is part of: no style of BibTeX changes their capitals.
_CONTAINERS = ("booktitle", "journaltitle", "journal", "maintitle", "eventtitle", "series")
_OF_LANGUAGE = ("langid", "hyphenation")
# A language of which Pandoc leaves the capitals as they are.
_WITHOUT_CASES = "latin"
# Kinds of theses, each as it is called for its words; see `juchi/theme/csl_terms.yaml`.
_GENRES = {
    "mastersthesis": "mathesis",
    **{kind: kind for kind in ("phdthesis", "mathesis", "bathesis")},
}
# How near a field is that is meant: `jornal` is, `bdsk-url-1` and `date-added` are not.
_NEAR = 0.84
_SHORTEST = 3
_ENTRY = re.compile(r"@\s*(?P<type>[A-Za-z]+)\s*{\s*(?:(?P<key>[^\s,{}\"=]+)\s*,)?")
_FIELD = re.compile(r"(?:^|,|(?<=[}\"\d]))\s*(?P<name>[A-Za-z][\w:.+/-]*)\s*=", re.MULTILINE)
_DROPPING = re.compile(r"\buseprefix\s*=\s*false")
_MACRO = re.compile(r"[A-Za-z][\w:.+/-]*")
_FORMULA = re.compile(r"\$([^$\s][^$]*)\$")
_FAILURE = re.compile(r"\(line (\d+), column \d+\):\s*(.*)", re.DOTALL)


# Fields that nothing is printed from, or that are no LaTeX.
_NOT_PRINTED = re.compile(
    r"abstract|annotation|annote|crossref|date|doi|eprint|file|ids|key|keywords|label|langid|options"
    r"|related|url|urldate|xdata|xref"
)


@dataclass(frozen=True)
class _Field:
    name: str
    line: int
    value: range  # where it stands in the file


@dataclass(frozen=True)
class _Entry:
    kind: str
    key: str
    line: int
    fields: list[_Field]


def read_bibtex(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the works of a file as CSL-JSON, each with its file and line.

    Raises
    ------
    UserError
        For a file that Pandoc cannot read, an unknown kind of entry, a field that looks like a
        slip, and a command of LaTeX that is not known; with file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise not_utf8(path, error, "a BibTeX file in UTF-8") from error
    except OSError as error:
        raise _unread(str(path), str(error)) from error
    entries = [*_entries(text)]
    _refuse_unsaid(entries, text, path)
    items = convert(text, str(path))
    as_typed = {entry.key for entry in entries if _stays_as_typed(entry, text)}
    without_prefix = {entry.key for entry in entries if _drops_particles(entry, text)}
    by_key = {entry.key: entry for entry in entries}
    lines: dict[str, list[int]] = {}
    for entry in entries:
        if entry.kind == _STRING:
            continue
        _refuse_unknown(entry, path)
        lines.setdefault(entry.key, []).append(entry.line)
    for item in items:
        found = lines.get(item["id"], [])
        place = f"{path}:{found.pop(0)}" if found else str(path)
        work = corrected(item, whole=item["id"] not in without_prefix)
        if item["id"] in as_typed:
            work.pop("language")
        kind = by_key[item["id"]].kind if item["id"] in by_key else ""
        if kind == "standard":  # Pandoc takes it for a law.
            work["type"] = kind
        if kind.endswith(_PROCEEDINGS):
            work["custom"] = {"kind": _PROCEEDINGS}
        fields = _raw(by_key[item["id"]], text, str(path)) if item["id"] in by_key else {}
        refuse_misread_names(work, fields, place)
        _refuse_formula(work, place)
        yield place, work


@cache
def convert(text: str, place: str) -> list[dict[str, Any]]:
    """Return works in BibLaTeX as CSL-JSON."""
    run = run_pandoc(["-f", "biblatex", "-t", "csljson"], _fitted(text, place))
    if run.returncode == 0:
        entries = {entry.key: entry for entry in _entries(text)}
        return [
            _whole(item, entries.get(item["id"]), text, place) for item in json.loads(run.stdout)
        ]
    failure = _FAILURE.search(run.stderr)
    if failure is None:
        raise _unread(place, run.stderr.strip())
    raise _unread(f"{place}:{failure[1]}", " ".join(failure[2].split("\n")[:2]).strip())


def _whole(item: dict[str, Any], entry: _Entry | None, text: str, place: str) -> dict[str, Any]:
    """Return a work with what Pandoc has left out of its entry, or has put into English words."""
    if entry is None:
        return item
    fields = _raw(entry, text, place)
    typed = unenclosed(fields.get("type", ("", entry.kind))[1]).lower()
    if genre := _GENRES.get(typed):
        item = {**item, "genre": genre}
    elif "genre" in item:
        item = {**item, "genre": _plain(item["genre"])}
    return settled(dated(item, fields), fields)


def _plain(kind: str) -> str:
    """Return a kind of work in words, of which Pandoc keeps the braces and the accents of LaTeX."""
    bare = BRACE.sub("", kind)
    read = run_pandoc(["-f", "latex", "-t", "plain", "--wrap=none"], bare) if "\\" in bare else None
    return bare if read is None or read.returncode else read.stdout.strip()


def _raw(entry: _Entry, text: str, place: str) -> dict[str, tuple[str, str]]:
    """Return the fields of an entry: where each stands, and its value as it is written."""
    return {
        each.name: (
            f"{place}:{each.line}: {entry.key}: {each.name}",
            text[each.value.start : each.value.stop],
        )
        for each in entry.fields
    }


def _fitted(text: str, place: str) -> str:
    """Return a file as Pandoc reads it right; a command that it would drop is a `UserError`."""
    printed = [
        (entry, each)
        for entry in _entries(text)
        for each in entry.fields
        if entry.kind == _STRING or (each.name in _FIELDS and not _NOT_PRINTED.fullmatch(each.name))
    ]
    parents = {
        unenclosed(text[each.value.start : each.value.stop])
        for entry in _entries(text)
        for each in entry.fields
        if each.name == "crossref"
    }
    parts, at = [], 0
    doubted: dict[str, str] = {}
    for entry, each in printed:
        value = text[each.value.start : each.value.stop]
        containers = (*_CONTAINERS, _TITLE) if entry.key in parents else _CONTAINERS
        fit = fitted(value, title=each.name.endswith("title") and entry.kind != _STRING)
        if each.name == _TITLE and entry.key not in parents and _stays_as_typed(entry, text):
            fit = f"{fit}, langid = {{{_WITHOUT_CASES}}}"
        elif each.name in NAMES:
            fit = without_field_countries(fit)
        elif each.name in containers and fit.strip().startswith("{"):
            fit = f"{{{fit.strip()}}}"
        parts += [text[at : each.value.start], fit]
        at = each.value.stop
        for name in commands(fit):
            doubted.setdefault(name, f"{place}:{each.line}: {entry.key}: {each.name}")
    lost = dropped(doubted)
    for name, where in doubted.items():
        if name in lost:
            raise UserError(
                where,
                rf"the command \{name}, of which nothing would be printed",
                r"words, accents, \emph, \textbf, \textsc, \ce and formulas such as $x^2$",
                "write what it stands for, as the letter or the words themselves",
            )
    return "".join([*parts, text[at:]])


def _stays_as_typed(entry: _Entry, text: str) -> bool:
    """Tell whether the title of a work has capitals where a sentence has them.

    Pandoc would take it for one in which every word begins with a capital, and make the others
    small: Tokyo as well, and a capital of the word behind a colon.
    """
    titles = [each.value for each in entry.fields if each.name == _TITLE]
    if not titles or any(each.name in _OF_LANGUAGE for each in entry.fields):
        return False
    title = unenclosed(text[titles[0].start : titles[0].stop])
    if any(is_wide(character) for character in title):
        return True
    title = _FIXED.sub(" x ", _LETTER.sub(r"\1", _ACCENT.sub("", title)))
    words = [word.strip(",.:;?!()'`\"{}") for word in title.split()[1:]]
    words = [word for word in words if word.replace("'", "").isalpha() and len(word) >= _LONG]
    words = [word for word in words if word not in _SMALL and word[1:].islower()]
    small = sum(word[0].islower() for word in words)
    return bool(words) and small >= len(words) / 2


def _unread(where: str, found: str) -> UserError:
    return UserError(
        where,
        found,
        "entries of BibTeX or BibLaTeX, as @article{may1976, title = {...}, year = 1976}",
        "see whether a brace, a comma or an equals sign is missing there or just before",
    )


def _drops_particles(entry: _Entry, text: str) -> bool:
    """Tell whether an entry has its names cited without `van` and `de la`, by its own words."""
    options = [each.value for each in entry.fields if each.name == "options"]
    return any(_DROPPING.search(text, value.start, value.stop) for value in options)


def corrected(item: dict[str, Any], *, whole: bool = True) -> dict[str, Any]:
    """Return a work without what Pandoc leaves as it was typed.

    As BibTeX has it, `van` and `de la` are part of a family name, if the names are to be whole.
    """
    filled = {name: _text(value) for name, value in item.items() if value not in ("", [], {})}
    # An entry of the kind @misc has none.
    filled.setdefault("type", "document")
    for role, names in filled.items():
        if isinstance(names, list) and all(isinstance(each, dict) for each in names):
            filled[role] = [_whole_name(each, whole=whole) for each in names]
    if "DOI" in filled:
        resolver = r"(?i)^(https?://(dx\.)?doi\.org/|doi:\s*)"
        filled["DOI"] = re.sub(resolver, "", filled["DOI"].strip())
    return filled


def _text(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    """Return a value with signs in the place of formulas, and spans around what keeps its case."""
    if isinstance(value, str):
        return _FORMULA.sub(lambda match: formula_signs(match[1]) or match[0], kept_case(value))
    return value


def _whole_name(name: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """Return a name of which no first part in a script without capitals is taken for a particle."""
    if "given" in name:
        given = _initials(str(name.get("family", "")), str(name["given"]))
        name = {**name, "given": given}
    if whole and "dropping-particle" in name:
        particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
        rest = {part: text for part, text in name.items() if part != "dropping-particle"}
        name = {**rest, "non-dropping-particle": " ".join(filter(None, particles))}
    for kind in ("non-dropping-particle", "dropping-particle"):
        particle = str(name.get(kind, ""))
        if particle and particle.lower() == particle.upper():
            rest = {key: value for key, value in name.items() if key != kind}
            behind = f"{rest.get('given', '')} {rest['family']}".strip()
            if is_wide(particle[0]):  # the family first, as it is written there
                return {**rest, "family": particle, "given": behind}
            return {**rest, "given": f"{particle} {rest.get('given', '')}".strip()}
    return name


def _initials(family: str, given: str) -> str:
    """Return the initials `AB`, as PubMed has them, apart: a style would take them for one name."""
    are_initials = re.fullmatch(r"(?!I+$|IV$|JR$|SR$)[A-Z]{2,3}", given) and not family.isupper()
    return ". ".join([*given, ""]).rstrip() if are_initials else given


def _refuse_formula(item: Mapping[str, Any], place: str) -> None:
    """Refuse a formula that has no signs: references have none, and its LaTeX would be printed."""
    for name, value in item.items():
        formula = _FORMULA.search(value) if isinstance(value, str) else None
        if formula is None or name in ("abstract", "annote", "keyword", "URL"):
            continue
        raise UserError(
            f"{place}: {item['id']}: {name}",
            f"the formula {formula[0]}",
            "letters, italics, and what is raised or lowered",
            "write what it says with these, as $x_1$, or in words",
        )


def _refuse_unknown(entry: _Entry, path: Path) -> None:
    if entry.kind not in _TYPES:
        near = difflib.get_close_matches(entry.kind, _TYPES, n=1)
        raise UserError(
            f"{path}:{entry.line}: {entry.key}",
            f"an entry of the unknown kind @{entry.kind}",
            f"a kind of BibLaTeX, {'perhaps @' + near[0] if near else 'as @article or @misc'}",
            "correct what stands behind the @",
        )
    given = {each.name for each in entry.fields}
    for each in entry.fields:
        elsewhere = list(_ELSEWHERE.get(each.name, ()))
        near = [] if given.intersection(elsewhere) else elsewhere or list(_alike(each.name))
        if each.name not in _FIELDS and near:
            raise UserError(
                f"{path}:{each.line}: {entry.key}",
                f"an unknown field {each.name!r}",
                f"perhaps {' or '.join(map(repr, near))}",
                "correct its name: a field that is not known is not printed",
            )


def _refuse_unsaid(entries: list[_Entry], text: str, path: Path) -> None:
    """Refuse abbreviations that no @string says, and entries to refer to that are not there."""
    said = {each.name for entry in entries if entry.kind == _STRING for each in entry.fields}
    keys = {entry.key for entry in entries}
    for entry in entries:
        for each in entry.fields:
            value = text[each.value.start : each.value.stop]
            where = f"{path}:{each.line}: {entry.key}: {each.name}"
            for name in _MACRO.findall(_without_values(value)):
                if name.lower() not in {*said, *MONTHS}:
                    expected = "the name of an @string of this file, or of a month, as mar"
                    hint = (
                        f"write {each.name} = {{{name}}}, or say what it stands for in an @string"
                    )
                    raise UserError(where, f"the abbreviation {name}", expected, hint)
            parent = unenclosed(value)
            if each.name == "crossref" and parent and parent not in keys:
                expected = "the key of another entry of this file"
                raise UserError(where, repr(parent), expected, "correct the key, or add the entry")


def _alike(name: str) -> Iterator[str]:
    """Yield the fields that an unknown one may be meant to be, if it looks like a slip."""
    if name in _OTHERS or len(name) < _SHORTEST:
        return
    near = difflib.get_close_matches(name, _FIELDS, n=1, cutoff=_NEAR)
    yield from near or (each for each in _FIELDS if _is_slip(name, each))


def _is_slip(name: str, known: str) -> bool:
    """Tell whether a name is cut short, has another letter, or two that have changed places."""
    if len(name) != len(known):
        return known.startswith(name)
    other = [at for at, (one, two) in enumerate(zip(name, known, strict=True)) if one != two]
    return len(other) == 1 or (len(other) == 2 and sorted(name) == sorted(known))  # noqa: PLR2004


@lru_cache(maxsize=1)
def _entries(text: str) -> list[_Entry]:
    """Return kind, key and fields of each entry, with their lines."""
    found, at = [], 0
    while match := _ENTRY.search(text, at):
        at = _end(text, match.start())
        kind = match["type"].lower()
        if kind == _STRING or (kind not in _BESIDES and match["key"]):
            fields = list(_fields(text, match.end(), at))
            line = _line(text, match.start())
            found.append(_Entry(kind, match["key"] or "@string", line, fields))
    return found


def _fields(text: str, start: int, end: int) -> Iterator[_Field]:
    """Yield the fields of the entry that stands there."""
    body = _without_values(text[start:end])
    for found in _FIELD.finditer(body):
        comma = body.find(",", found.end())
        value = range(start + found.end(), start + comma if comma >= 0 else end - 1)
        yield _Field(found["name"].lower(), _line(text, start + found.start("name")), value)


def _line(text: str, position: int) -> int:
    return bisect_left(_line_ends(text), position) + 1


@lru_cache(maxsize=1)
def _line_ends(text: str) -> list[int]:
    return [match.start() for match in re.finditer("\n", text)]


def _end(text: str, start: int) -> int:
    """Return where the braces close that an entry opens."""
    depth = 0
    for brace in BRACE.finditer(text, start):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0 and brace[0] == "}":
            return brace.end()
    return len(text)


def _without_values(body: str) -> str:
    """Return an entry with what stands in braces or quotation marks blanked out."""
    blank = [" "] * len(body)
    depth, quoted = 0, False
    for position, character in enumerate(body):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == '"' and depth == 0:
            quoted = not quoted
        if character == "\n" or (depth == 0 and not quoted):
            blank[position] = character
    return "".join(blank)
