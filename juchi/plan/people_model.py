"""The models of those behind an article: authors, their affiliations and roles, and funders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Discriminator, Field, Tag, model_validator

from juchi.core.errors import nearest
from juchi.plan.identifiers import ROLES, orcid, orcid_digit, role, ror, ror_digits
from juchi.plan.models import ConflictError, Distinct, Model, Name, Text, conflict

__all__ = [
    "Affiliation",
    "Author",
    "Funding",
    "Localised",
    "check_people",
    "refuse_other_languages",
]

_ORCID = r"^(https?://orcid\.org/)?[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$"
_ROR = r"^(https://ror\.org/)?0[0-9a-hjkmnp-tv-z]{6}[0-9]{2}$"
_MARKUP = re.compile(r"[<>`\\{}]|\$[^$]+\$|\*\S.*\*|\b_\S.*_\b|&#?\w+;|\]\(|\^")
# Words in which a name of a person never stands: they part it, or several of them.
_PARTING = re.compile(r"[,;]|\sand\s|\s&\s")


class PerLanguage(dict[str, Any]):
    """A value for each language, by its code."""


def _kind(value: object) -> str:
    return "(mapping)" if isinstance(value, Mapping | BaseModel) else "(text)"


def _plain(text: str) -> str:
    if found := _MARKUP.search(text):
        raise conflict(
            "",
            f"{text!r}, with markup ({found[0]!r})",
            "a text as it is written, without markup",
            "take the markup out: superscripts and links come from the keys beside it",
        )
    return text


def _one_part(text: str) -> str:
    if found := _PARTING.search(_plain(text)):
        raise conflict(
            "",
            f"{text!r}, with {found[0].strip()!r}",
            "one part of the name of one person",
            "give the parts by family, given, particle and suffix, and each person an entry",
        )
    return text


def _checked_orcid(text: str) -> str:
    bare = orcid(text)
    if bare[-1] != orcid_digit(bare):
        raise conflict(
            "",
            f"{text!r}, whose check digit does not fit",
            f"an ORCID iD; these digits would end in {orcid_digit(bare)}",
            "copy it from https://orcid.org: a digit of it is wrong",
        )
    return text


def _checked_ror(text: str) -> str:
    bare = ror(text)
    if bare[-2:] != ror_digits(bare):
        raise conflict(
            "",
            f"{text!r}, whose check digits do not fit",
            f"a ROR ID; these signs would end in {ror_digits(bare)}",
            "copy it from https://ror.org: a sign of it is wrong",
        )
    return text


def _checked_role(text: str) -> str:
    if role(text) not in ROLES:
        raise conflict(
            "",
            f"{text!r}, which is no CRediT role",
            f"one of {', '.join(ROLES)}",
            nearest(role(text), tuple(ROLES), "see https://credit.niso.org", cutoff=0.5),
        )
    return role(text)


Language = Annotated[str, Field(pattern="^[a-z]{2,3}(-[a-z]+)?$")]
Plain = Annotated[Text, AfterValidator(_plain)]
Part = Annotated[Text, AfterValidator(_one_part)]
# The same in every language, or a text for each.
Localised = Annotated[
    Annotated[Plain, Tag("(text)")]
    | Annotated[dict[Language, Plain], AfterValidator(PerLanguage), Tag("(mapping)")],
    Discriminator(_kind),
]
Ror = Annotated[str, Field(pattern=_ROR), AfterValidator(_checked_ror)]
Email = Annotated[str, Field(pattern=r'^[^\s@{}"<>,;]+@[^\s@{}"<>,;]+\.[^\s@{}"<>,;]+$')]
Address = Annotated[str, Field(pattern=r'^https?://[^\s{}"<>\\]+$')]


class Affiliation(Model):
    """Where an author works."""

    name: Localised = Field(description="the institution")
    department: Localised | None = Field(default=None, description="the part of it")
    city: Localised | None = Field(default=None, description="the city")
    country: Localised | None = Field(default=None, description="the country")
    ror: Ror | None = Field(default=None, description="ROR ID of the institution")


class NameParts(Model):
    """The name of a person in one language."""

    family: Part = Field(description="family name, or the only name")
    given: Part | None = Field(default=None, description="given names")
    particle: Part | None = Field(default=None, description="what stands before, as van")
    suffix: Part | None = Field(default=None, description="what stands behind, as Jr.")


class Author(Model):
    """An author: `{ family: …, given: … }` of a person, `{ name: … }` of an organisation."""

    family: Part | None = Field(default=None, description="family name of a person, or only name")
    given: Part | None = Field(default=None, description="given names")
    particle: Part | None = Field(default=None, description="what stands before it, as van")
    suffix: Part | None = Field(default=None, description="what stands behind it, as Jr.")
    names: dict[
        Language,
        Annotated[
            Annotated[Plain, Tag("(text)")] | Annotated[NameParts, Tag("(mapping)")],
            Discriminator(_kind),
        ],
    ] = Field(
        default={}, description="the name in other languages: as it is printed, or in its parts"
    )
    name: Localised | None = Field(default=None, description="name of an organisation")
    orcid: Annotated[str, Field(pattern=_ORCID), AfterValidator(_checked_orcid)] | None = Field(
        default=None, description="ORCID iD of a person, as 0000-0002-1825-0097"
    )
    ror: Ror | None = Field(default=None, description="ROR ID of an organisation")
    url: Address | None = Field(default=None, description="address of a page about the author")
    email: Email | None = Field(
        default=None, description="address for letters; printed if corresponding"
    )
    affiliations: tuple[
        Annotated[
            Annotated[
                Name, Tag("(text)"), Field(description="the id of an entry under affiliations")
            ]
            | Annotated[Affiliation, Tag("(mapping)")],
            Discriminator(_kind),
        ],
        ...,
    ] = Field(default=(), description="ids under affiliations, or affiliations themselves")
    corresponding: bool = Field(default=False, description="whether readers write to this author")
    equal: bool = Field(default=False, description="whether several contributed equally")
    roles: Distinct[Annotated[Text, AfterValidator(_checked_role)]] = Field(
        default=(), description="CRediT roles, as software or writing – review & editing"
    )

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        """Refuse a person and an organisation in one, and neither."""
        if (self.family is None) == (self.name is None):
            found = "neither a family name nor a name" if self.name is None else "both"
            raise conflict(
                "" if self.name is None else "name",
                found if self.name is None else f"{found} a family name and a name",
                "family and given of a person, or the name of an organisation",
                "give a person `family` (also where it is the only name), an organisation `name`",
            )
        if self.name is not None:
            for key in ("given", "particle", "suffix", "orcid"):
                if getattr(self, key) is not None:
                    raise conflict(
                        key,
                        f"{key!r} of an organisation",
                        "name, ror, url, email of an organisation",
                        "give a person `family` in the place of `name`",
                    )
        if self.corresponding and self.email is None:
            raise conflict(
                "corresponding",
                "a corresponding author without an address",
                "an email that readers may write to",
                "add `email`, or let another author be the corresponding one",
            )
        return self


class Funding(Model):
    """Money behind the work."""

    funder: Localised = Field(description="who gave it")
    ror: Ror | None = Field(default=None, description="ROR ID of the funder")
    doi: str | None = Field(
        default=None,
        description="DOI of the funder in the Crossref registry, as 10.13039/501100000780",
        pattern="^10[.]13039/[0-9]+$",
    )
    award: Text | None = Field(default=None, description="number of the award")
    title: Localised | None = Field(default=None, description="title of the award")


# --- what only the whole of them shows ---


def check_people(
    authors: Sequence[Author], affiliations: Mapping[str, Affiliation], languages: Sequence[str]
) -> None:
    """Refuse authors that do not go together, and affiliations that are not there or nobody's."""
    used = set()
    for number, author in enumerate(authors):
        for language in author.names:
            _refuse_other_language(f"authors.{number}.names.{language}", language, languages)
        for at, name in enumerate(author.affiliations):
            if isinstance(name, str) and name not in affiliations:
                raise _unknown(f"authors.{number}.affiliations.{at}", name, list(affiliations))
            if isinstance(name, str):
                used.add(name)
    for name in affiliations:
        if name not in used:
            raise conflict(
                f"affiliations.{name}",
                "an affiliation of no author",
                "one that an author names",
                f"add {name!r} to the affiliations of an author, or remove it",
            )
    _refuse_same_orcid(authors)
    _refuse_lonely_equal(authors)


def _unknown(key: str, name: str, known: list[str]) -> ConflictError:
    guess = nearest(name, known, "declare it under affiliations")
    expected = f"one of {', '.join(known)}" if known else "an id under affiliations"
    return conflict(key, f"an unknown affiliation {name!r}", expected, guess)


def _refuse_same_orcid(authors: Sequence[Author]) -> None:
    first: dict[str, int] = {}
    for number, author in enumerate(authors):
        if author.orcid is None:
            continue
        if (bare := orcid(author.orcid)) in first:
            raise conflict(
                f"authors.{number}.orcid",
                f"{bare}, the ORCID iD of authors.{first[bare]} too",
                "another iD: each is one person's",
                "correct one of the two, or remove the author who stands there twice",
            )
        first[bare] = number


def _refuse_lonely_equal(authors: Sequence[Author]) -> None:
    equal = [number for number, author in enumerate(authors) if author.equal]
    if len(equal) == 1:
        raise conflict(
            f"authors.{equal[0]}.equal",
            "one author alone who contributed equally",
            "two or more with `equal: true`",
            "mark the others too, or none",
        )


def _per_language(value: object, key: str = "") -> Iterator[tuple[str, PerLanguage]]:
    """Yield each value of a model that differs by language, with its key."""
    if isinstance(value, PerLanguage):
        yield key, value
    elif isinstance(value, Mapping | BaseModel):
        for name, each in dict(value).items():
            yield from _per_language(each, f"{key}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from _per_language(each, f"{key}.{number}")


def refuse_other_languages(model: BaseModel, languages: Sequence[str]) -> None:
    """Refuse a text that is given for some languages of the article and not for the others."""
    for key, texts in _per_language(model):
        for language in languages:
            if language not in texts:
                raise conflict(
                    key,
                    f"a text in {', '.join(texts) or 'no language'}",
                    f"one text for all languages, or one for each of {', '.join(languages)}",
                    f"add {language!r}",
                )
        for language in texts:
            _refuse_other_language(f"{key}.{language}", language, languages)


def _refuse_other_language(key: str, language: str, languages: Sequence[str]) -> None:
    if language not in languages:
        raise conflict(
            key,
            f"the language {language!r}, which the article has not",
            f"one of {', '.join(languages)}",
            "remove it, or declare the language",
        )
