"""Works and citations as Pandoc's citeproc sets them right; each change with its test.

Names in scripts that know no initials are given whole, particles tell families apart, hyphens that
are no ranges stay hyphens, and places in a work that a style does not print are given as text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from juchi.prose.citeproc import Cluster, Mention
from juchi.prose.csl_names import NAMES
from juchi.prose.csl_style import Style, place_forms
from juchi.prose.inlines import as_it_stands, element
from juchi.prose.locators import NAMED, Locator, in_words
from juchi.prose.person_names import without_country
from juchi.prose.references import TITLES, Item, typeset

__all__ = [
    "ELIDED",
    "pages_behind",
    "prepared_cluster",
    "prepared_items",
    "prepared_name",
    "without_marks",
    "without_markup",
]

# The marks of a hyphen that stays one, and of a tag that is text: CSL-JSON knows no underlining.
_HYPHEN, _TEXT = "\ue006", "\ue007"
# Behind a date in words, where a letter may follow that tells works apart: `in press-a`.
_IN_WORDS = "\ue00d"
# What no order of the alphabet counts: it holds a particle to its family, and a space behind it.
_HELD = "\u2064"
# Behind a family in Han characters: what is Latin to citeproc, and parts it from its initials.
_SPACED = "\u200e"
# Where the signs of a place stand by which citeproc would take it for several: private use.
_PLANE = 0xF0000
_KEPT = re.compile(rf"[{chr(_PLANE)}-{chr(_PLANE + 0xFFFD)}]")
_VERSION = re.compile(r"\b[Vv](?:ersion\b|er\.|\.)?\s*(?=\d)")
_UNDERLINED = re.compile(r"<(?=/?u>)")
_DASH = re.compile(r"\s*--?\s*")
_PAGES = re.compile(r"(?P<first>[^\s,;&–-]*?)\d+\s*--?\s*(?P<last>[^\s,;&–-]*?)\d+(?![\w.])")
# Small words before a family; and one that ends in an apostrophe but is set off, as in de' Medici.
_PARTICLE = re.compile(
    r"((?:[^\W\d_A-Z][\w.'’-]* )*(?:[^\W\d_A-Z]['’]|[a-z]+ll['’])?)(?=[^\W\d_a-z])"
)
_SET_OFF = re.compile(r"(?<!\S)(\w{2,}(?<!ll)['’])(?=\s|$)")
# One that belongs to its family without a space, as in d'Alembert and dell'Acqua.
ELIDED = re.compile(r".*\b(?:\w|\w*ll)['’]")
_WORDS = re.compile(r"(?!\b[ivxlcdmIVXLCDM]+-[ivxlcdmIVXLCDM]+\b)\b[^\W\d]+-[^\W\d]{2,}")
# In these scripts a name is written whole, without a space, the family first.
_WHOLE = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"}
# In these a name has initials; others know none, and would be given a stop for nothing.
_WITH_INITIALS = {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN"}
# In these languages the words for a place may stand around its number.
_WITH_PLACES_AROUND = ("zh", "ja")
# What is long, and no style prints.
_UNUSED = ("abstract", "keyword", "custom")


def without_marks(text: str) -> str:
    """Return what Pandoc has made of a text, without the marks of this module."""
    text = re.sub(rf"{_IN_WORDS}(?=[a-z]\b)", "-", text).replace(_IN_WORDS, "")
    plain = text.replace(_HYPHEN, "-").replace(_TEXT, "").replace(_HELD, "").replace(_SPACED, "")
    return _KEPT.sub(lambda match: chr(ord(match[0]) - _PLANE), plain)


def without_markup(text: str) -> str:
    """Return a text of which nothing is markup of CSL-JSON."""
    return text.replace("<", f"<{_TEXT}")


# --- works ---


def prepared_items(items: Iterable[Item], style: Style) -> list[Item]:
    """Return works as Pandoc is given them.

    Names that differ by spaces alone, `J.J.` and `J. J.`, are of the same person; those that differ
    by a particle, `dos Santos` and `Santos`, are told apart by it where the style has it so.
    """
    works = list(items)
    seen: dict[tuple[str, str], str] = {}
    bare = _bare_families(works) if style.tells_by_particles else set()
    return [_prepared_item(item, seen, bare, style) for item in works]


def _prepared_item(
    item: Item, seen: dict[tuple[str, str], str], bare: Container[str], style: Style
) -> Item:
    prepared: dict[str, Any] = {}
    for name, value in item.items():
        if name in NAMES:
            persons = [_one_person(prepared_name(each), seen) for each in value]
            prepared[name] = [_with_particle(each, bare, style) for each in persons]
        elif name == "page":
            kept = _WORDS.sub(lambda match: _DASH.sub(_HYPHEN, match[0]), str(value))
            prepared[name] = _PAGES.sub(_range, kept)
        elif name == "issued" and re.search(r"[^\W\d_]$", value.get("literal", "")):
            prepared[name] = {**value, "literal": value["literal"] + _IN_WORDS}
        elif name == "issue":  # 03, as CNKI has it
            prepared[name] = re.sub(r"^0+(?=\d)", "", str(value))
        elif name == "URL" and _is_doi(str(value), item):
            continue
        elif name in TITLES:
            prepared[name] = _UNDERLINED.sub(f"<{_TEXT}", typeset(str(value)))
        elif name not in _UNUSED:
            is_text = isinstance(value, str | int)
            prepared[name] = _UNDERLINED.sub(f"<{_TEXT}", str(value)) if is_text else value
    if item.get("type") == "patent" and "number" in item:  # one, though its digits stand apart
        prepared["number"] = _kept(str(item["number"]))
    return _as_gbt(_versioned(prepared), item) if style.is_gbt else _versioned(prepared)


def _is_doi(address: str, item: Item) -> bool:
    """Tell whether an address is that of the DOI of the same work."""
    found = re.fullmatch(r"https?://(?:dx\.)?doi\.org/(.*)", address)
    return bool(found and unquote(found[1]).lower() == str(item.get("DOI", "")).lower())


def _as_gbt(item: dict[str, Any], given: Item) -> dict[str, Any]:
    """Return a work with what the style for GB/T 7714 does not print of it otherwise.

    Proceedings are no book there, what has an address alone is a page, and the version of a program
    is part of its title.
    """
    if str(item.get("edition")) == "1":  # which the standard leaves out
        item = {name: value for name, value in item.items() if name != "edition"}
    if item.get("type") == "document" and "URL" in item:
        return {**item, "type": "webpage"}
    if given.get("custom", {}).get("kind") == "proceedings":
        return {**item, "type": "paper-conference"}
    if item.get("type") == "software" and "version" in item and "number" not in item:
        return {**item, "number": f"V{item['version']}"}
    return item


def _versioned(item: dict[str, Any]) -> dict[str, Any]:
    """Return a work whose version has no word before it, and that its title does not say as well.

    Styles have a word of their own: `Version 2.1`, and not `Version v2.1`.
    """
    version = _VERSION.sub("", item.pop("version", ""))
    said = rf"(?:{_VERSION.pattern}){re.escape(version)}(?![.\d])"
    if not version or any(re.search(said, item.get(name, "")) for name in ("title", "genre")):
        return item
    return {**item, "version": version}


def _bare_families(items: Iterable[Item]) -> set[str]:
    """Return the family names of works that have no particle."""
    names = (name for item in items for field in NAMES & item.keys() for name in item[field])
    return {family for particle, family in map(_family, names) if family and not particle}


def _family(name: Mapping[str, Any]) -> tuple[str, str]:
    """Return the particle of a name and its family without it."""
    family = str(name.get("family", ""))
    if particle := str(name.get("non-dropping-particle", "")):
        return particle, family
    found = _PARTICLE.match(family)
    return (found[1].rstrip(), family[found.end() :]) if found else ("", family)


def _with_particle(
    name: Mapping[str, Any], bare: Container[str], style: Style
) -> Mapping[str, Any]:
    """Return a name with its particle as it is to be printed."""
    if "dropping-particle" in name:
        dropping = _SET_OFF.sub(rf"\1{_HELD}", str(name["dropping-particle"]))
        name = {**name, "dropping-particle": dropping}
    particle, family = _family(name)
    if not particle:
        return name
    elided = ELIDED.fullmatch(particle)
    particle = _SET_OFF.sub(rf"\1{_HELD}", particle)
    together = f"{particle}{'' if elided else ' '}{family}"
    rest = {part: value for part, value in name.items() if part != "non-dropping-particle"}
    # Of more than a letter Pandoc does not know that no space follows.
    joined = elided and (style.keeps_particles or particle.endswith(("ll'", "ll’")))
    if family in bare or joined:
        return {**rest, "family": f"{_HELD}{together}"}
    if "non-dropping-particle" in name:
        return {**name, "non-dropping-particle": particle}
    return {**name, "family": together}


def _range(match: re.Match[str]) -> str:
    """Keep the hyphen of what is no range of two numbers: of `N110-P5`, but not of `S12-S19`."""
    first, last = match["first"], match["last"]
    alike = first == last or not (first or last)
    return _DASH.sub("-" if alike else _HYPHEN, match[0])


def _one_person(name: Mapping[str, Any], seen: dict[tuple[str, str], str]) -> Mapping[str, Any]:
    given = str(name.get("given", ""))
    first = seen.setdefault((str(name.get("family")), "".join(given.split())), given)
    return {**name, "given": first} if given else name


def prepared_name(name: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a name of which no style makes initials that its script does not know."""
    if "literal" in name:
        return {**name, "literal": without_country(str(name["literal"]))}
    family, given = without_country(str(name.get("family", ""))), str(name.get("given", "")).strip()
    if "suffix" in name and not given:
        return name
    if not given or not family:
        return {"literal": family or given}
    return _in_its_script(name, family, given)


def _in_its_script(name: Mapping[str, Any], family: str, given: str) -> Mapping[str, Any]:
    scripts = set(_scripts(family))
    if scripts and scripts <= _WHOLE:
        if set(_scripts(given)) <= {"LATIN"}:
            # As that of a foreign author in translation, `卡森 R`.
            return {**name, "family": family + _SPACED, "given": given}
        return {"literal": family + given}
    if scripts and not scripts & _WITH_INITIALS:
        return {"literal": f"{given} {family}"}
    return {**name, "family": family, "given": given}


def _scripts(text: str) -> Iterator[str]:
    for char in filter(str.isalpha, text):
        yield unicodedata.name(char, "").partition(" ")[0].partition("-")[0]


# --- citations ---


def prepared_cluster(cluster: Cluster, style: Style, locale: str) -> Cluster:
    """Return a citation as Pandoc is asked for it."""
    mentions = [_prepared_mention(mention, cluster, style, locale) for mention in cluster.mentions]
    if not style.locates:
        # What follows a comma without a space, as numbers have it, is set off as words are.
        mentions[1:] = [
            replace(each, prefix=[element("Space"), *each.prefix]) if each.prefix else each
            for each in mentions[1:]
        ]
    return replace(cluster, mentions=mentions)


def _prepared_mention(mention: Mention, cluster: Cluster, style: Style, locale: str) -> Mention:
    """Return a work with its place in the words of the page, where a style prints none.

    So are the places of a Chinese page, `第 12 页`: the words of CSL only stand before numbers.
    """
    if style.numbers:
        # A number names no author, in a sentence either: `juchi.prose.bibliography` does.
        mention = replace(mention, mode="")
    locator = mention.locator
    if locator is None:
        return mention
    if pages_behind(cluster, style):
        return replace(mention, locator=None)
    language, forms = locale.partition("-")[0], place_forms(locale)
    if style.locates and language not in _WITH_PLACES_AROUND:
        number = locator.number
        if locator.label == NAMED:
            number = in_words(number, language, forms)
        more = in_words(locator.more, language, forms)
        if locator.more.startswith("第"):
            more = f", {more}"
        locator = replace(locator, number=number, more=more)
        return replace(mention, locator=_prepared_locator(locator))
    written = in_words(locator.written + locator.more, language, forms)
    before = [element("Str", ","), element("Space"), as_it_stands(written)]
    return replace(mention, locator=None, suffix=[*before, *mention.suffix])


def _prepared_locator(locator: Locator) -> Locator:
    """Return a place of which the word is plural for several of its kind alone."""
    number = _kept(locator.number) if locator.is_single else locator.number
    return replace(locator, number=number + _kept(locator.more), more="")


def _kept(text: str) -> str:
    """Return a text of which citeproc sees letters and numbers alone; see `without_marks`."""
    return "".join(sign if sign.isalnum() else chr(ord(sign) + _PLANE) for sign in text)


def pages_behind(cluster: Cluster, style: Style) -> str:
    """Return the pages that GB/T 7714 has behind the brackets of a single work, raised."""
    locator = cluster.mentions[0].locator
    if locator is None or locator.label != "page" or locator.more or len(cluster.mentions) > 1:
        return ""
    return locator.number if style.is_gbt and not style.locates else ""
