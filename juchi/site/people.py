"""Those behind the article, as one language names them: authors, affiliations, funders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from juchi.plan.identifiers import orcid, role, ror
from juchi.prose.messages import fill
from juchi.prose.typography import Typography, typeset

__all__ = [
    "Affiliation",
    "Author",
    "Funding",
    "Name",
    "authors",
    "funding",
    "localised",
    "set_as_prose",
]

# A name in one of these scripts alone has its family name first, and no space.
_EAST_ASIAN = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)
# What people read of the settings of an article: where it stands, and the keys of its texts.
_READ = ("author", "authors", "affiliations", "funding", "publisher", "software", "supplements")
_TEXTS = {
    *("author", "publisher", "name", "names", "family", "given", "particle", "suffix"),
    *("department", "city", "country", "funder", "title", "description"),
}


@dataclass(frozen=True)
class Name:
    """The name of a person in its parts, or a name that is not to be taken apart.

    Attributes
    ----------
    family, given, particle, suffix
        The parts; all are empty of a whole name.
    whole
        A name that has no parts: of an organisation, or of a person as a language prints it.
    """

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    whole: str = ""

    def __str__(self) -> str:
        """Return the name as it is printed."""
        if self.whole:
            return self.whole
        parts = [self.given, self.particle, self.family, self.suffix]
        if _EAST_ASIAN.fullmatch("".join(parts)):
            return "".join([self.particle, self.family, self.given, self.suffix])
        return " ".join(filter(None, parts))

    @property
    def last(self) -> str:
        """The family name with what stands before it, as ``van Gogh``."""
        return " ".join(filter(None, [self.particle, self.family]))

    @property
    def inverted(self) -> str:
        """The name by which lists are sorted, as ``van Gogh, Vincent``."""
        return self.whole or ", ".join(filter(None, [self.last, self.given, self.suffix]))


@dataclass(frozen=True)
class Affiliation:
    """Where an author works."""

    name: str
    department: str = ""
    city: str = ""
    country: str = ""
    ror: str = ""

    def text(self, words: Mapping[str, Any]) -> str:
        """Return it on one line, as the language orders it."""
        patterns = words["people"]
        institution = self.name
        if self.department:
            institution = fill(patterns["institution"], name=self.name, department=self.department)
        return str(patterns["separator"].join(filter(None, [institution, self.city, self.country])))


@dataclass(frozen=True)
class Author:
    """A person, or an organisation.

    Attributes
    ----------
    name
        As the language has it; `base` is the name that stands first in the configuration.
    orcid, ror, url
        Addresses; empty where there is none.
    roles
        The names of CRediT roles in `juchi.plan.identifiers`.
    """

    name: Name
    base: Name
    is_person: bool
    orcid: str = ""
    ror: str = ""
    url: str = ""
    email: str = ""
    affiliations: tuple[Affiliation, ...] = ()
    corresponding: bool = False
    equal: bool = False
    roles: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address that stands for the author; empty where there is none."""
        return self.orcid or self.ror or self.url


@dataclass(frozen=True)
class Funding:
    """Money behind the work."""

    funder: str
    ror: str = ""
    doi: str = ""
    award: str = ""
    title: str = ""

    @property
    def address(self) -> str:
        """The address that stands for the funder; empty where there is none."""
        return self.ror or (f"https://doi.org/{self.doi}" if self.doi else "")


def localised(value: str | Mapping[str, str] | None, language: str) -> str:
    """Return a text in a language, on one line; empty where there is none."""
    text = value.get(language, "") if isinstance(value, Mapping) else value
    return " ".join((text or "").split())


def set_as_prose(article: Mapping[str, Any], typography: Typography) -> dict[str, Any]:
    """Return the settings of an article with names and titles set as a language sets prose."""
    read = {key: _set(article[key], key in _TEXTS, typography) for key in _READ if key in article}
    return {**article, **read}


def _set(value: Any, is_text: bool, typography: Typography) -> Any:  # noqa: ANN401 - of YAML
    if isinstance(value, Mapping):
        return {
            key: _set(each, is_text or key in _TEXTS, typography) for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_set(each, is_text, typography) for each in value]
    return typeset(value, typography) if is_text and isinstance(value, str) else value


def authors(article: Mapping[str, Any], language: str, home: str) -> list[Author]:
    """Return the authors of the article as a language names them.

    Parameters
    ----------
    article
        The settings of the article.
    language
        Its code.
    home
        The address that stands for an author of whom nothing but the name is given.
    """
    if article["author"]:
        name = Name(whole=localised(article["author"], language))
        return [Author(name, name, is_person=False, url=home)]
    return [_author(entry, article["affiliations"], language) for entry in article["authors"]]


def _author(entry: Mapping[str, Any], known: Mapping[str, Any], language: str) -> Author:
    parts = ("family", "given", "particle", "suffix")
    if is_person := "family" in entry:
        base = Name(*(localised(entry.get(part), language) for part in parts))
    else:
        base = Name(whole=localised(entry["name"], language))
    own = entry.get("names", {}).get(language)
    name = base
    if isinstance(own, str):
        name = Name(whole=localised(own, language))
    elif own:
        name = Name(*(localised(own.get(part), language) for part in parts))
    return Author(
        name,
        base,
        is_person,
        orcid=f"https://orcid.org/{orcid(entry['orcid'])}" if entry.get("orcid") else "",
        ror=_ror(entry),
        url=entry.get("url") or "",
        email=entry.get("email") or "",
        affiliations=tuple(
            _affiliation(known[each] if isinstance(each, str) else each, language)
            for each in entry.get("affiliations", ())
        ),
        corresponding=entry.get("corresponding", False),
        equal=entry.get("equal", False),
        roles=tuple(map(role, entry.get("roles", ()))),
    )


def _affiliation(entry: Mapping[str, Any], language: str) -> Affiliation:
    return Affiliation(
        localised(entry["name"], language),
        localised(entry.get("department"), language),
        localised(entry.get("city"), language),
        localised(entry.get("country"), language),
        _ror(entry),
    )


def _ror(entry: Mapping[str, Any]) -> str:
    return f"https://ror.org/{ror(entry['ror'])}" if entry.get("ror") else ""


def funding(article: Mapping[str, Any], language: str) -> list[Funding]:
    """Return who paid for the work."""
    return [
        Funding(
            localised(entry["funder"], language),
            _ror(entry),
            entry.get("doi") or "",
            entry.get("award") or "",
            localised(entry.get("title"), language),
        )
        for entry in article["funding"]
    ]
