"""The model of `config/article.yaml`, with what an article may leave out."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, field_validator, model_validator

from juchi.plan.models import Distinct, FileName, Model, Name, Text, conflict
from juchi.plan.parts import FRONT
from juchi.plan.people_model import (
    Affiliation,
    Author,
    Funding,
    Localised,
    check_people,
    refuse_other_languages,
)

__all__ = ["Article"]

_ADDRESS = r'^https?://[^\s/{}"<>\\]+/'
_IN_ADDRESS = r'[^\s{}"<>\\]'
_PATH = "^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$"
_SPDX = "^[A-Za-z0-9.+-]+$"

Version = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
Date = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Drawn = Annotated[
    str,
    Field(
        description="a configuration or an analysis, or its samples or curves alone "
        "(paths:curves), or facts",
        pattern="^([a-z*][a-z0-9_.*]*|[a-z][a-z0-9_]*:(samples|curves))$",
    ),
]
Shown = Annotated[
    str,
    Field(pattern="^(fig|tab|tbl|sec)-[a-z][a-z0-9_-]*$"),
    # As in the prose, a table may be called in either way.
    AfterValidator(lambda id_: id_.replace("tbl-", "tab-", 1) if id_.startswith("tbl-") else id_),
]


class EarlierVersion(Model):
    """A version and its date."""

    version: Version = Field(description="semantic version")
    date: Date = Field(description="date of the version, YYYY-MM-DD")


class Licence(Model):
    """The licences."""

    text: Text = Field(description="licence of the article")
    text_url: str = Field(description="its address", pattern=f"{_ADDRESS}{_IN_ADDRESS}*$")
    text_spdx: str = Field(
        description="SPDX identifier of the licence of the article", pattern=_SPDX
    )
    code: str = Field(description="SPDX identifier of the licence of the code", pattern=_SPDX)
    fonts: str = Field(
        default="OFL-1.1", description="SPDX identifier of the licence of the fonts", pattern=_SPDX
    )


class Software(Model):
    """The repository as a whole."""

    title: Text = Field(description="its title")
    description: Text = Field(description="what it is, in one sentence")


class Conclusions(Model):
    """Where every sentence has to rest on something that can be looked up."""

    sections: Distinct[FileName] = Field(
        default=(), description="whole sections; the abstract is one"
    )
    last_paragraphs: Distinct[FileName] = Field(
        default=(), description="sections of which the last paragraph is one"
    )


class Figure(Model):
    """A figure."""

    draws: Distinct[Drawn] = Field(
        default=(),
        description="what its module draws from: configurations, analyses, and the facts that it "
        "marks (patterns such as *.eta_star)",
    )
    picture: str | None = Field(
        default=None,
        description="the file that a rule of the article makes of it below results/ or build/: "
        "SVG, PNG, JPEG or PDF, or a chart in Vega-Lite (.vl.json), which moves on the screen; "
        "{language} and {theme} stand for each of them",
        pattern=r"^(results|build)/([A-Za-z0-9_.-]|\{language\}|\{theme\}|/)+"
        r"\.(svg|png|jpg|jpeg|pdf|vl\.json)$",
    )
    panels: str | None = Field(
        default=None,
        description="the letters of its panels, for references such as @fig-name-b: abc for three",
        pattern="^a(b(c(d(e(f(g(h)?)?)?)?)?)?)?$",
    )
    width: str | None = Field(
        default=None,
        description="its width in percent of that of the text",
        pattern=r"^([1-9][0-9]?|100)%$",
    )
    landscape: bool = Field(
        default=False, description="whether it stands on a page of its own that is turned"
    )

    narrow: bool = Field(
        default=False,
        description="whether its module draws it for phones as well: as wide as NARROW of "
        "juchi.exhibits.style where drawing.narrow is true",
    )

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if self.picture and self.draws:
            raise conflict(
                "draws",
                "what a module draws from, beside the picture of a rule",
                "either",
                "a rule names its inputs itself: leave out draws",
            )
        if self.picture and self.narrow:
            raise conflict(
                "narrow",
                "a drawing for phones, beside the picture of a rule",
                "one of a figure that a module draws",
                "leave out narrow: the picture is shown as wide as the screen",
            )
        return self


# What it draws from alone, or a mapping that says more.
AnyFigure = Annotated[
    Annotated[Distinct[Drawn], Tag("list")] | Annotated[Figure, Tag("mapping")],
    Discriminator(lambda value: "list" if isinstance(value, list | tuple) else "mapping"),
]


class Passage(Model):
    """A passage of a source."""

    words: str = Field(description="its words, none left out", min_length=1, pattern="^[^…]*$")
    section: Text = Field(description="its section there")


class Claim(Model):
    """A statement on trial."""

    quotes: tuple[Passage, ...] = Field(
        default=(),
        description="the passages of the source that make the statement, whole and in the author's "
        "own words; none for a question of the article's own",
    )
    shown: Shown = Field(description="the figure, table or section that shows the case")


class Finding(Model):
    """A conclusion on trial."""

    shown: Shown = Field(description="the figure, table or section that shows the case")


class Citation(Model):
    """The style of citations."""

    style: str = Field(
        description="name of a CSL style, as ieee or apa, or the path of a .csl file",
        pattern=r"^([a-z0-9]+(-[a-z0-9]+)*|[^\s].*\.csl)$",
    )
    locale: str = Field(
        description="CSL locale; work: that of each work",
        pattern="^[A-Za-z]{2,4}(-[A-Za-z0-9]{2,8})*$",
    )


class FontMember(Model):
    """A font family and what it must not serve."""

    family: Text = Field(description="a family of the catalogue of typefaces")
    without: Text | None = Field(default=None, description="characters left to the next family")


Stack = Annotated[tuple[FontMember, ...], Field(min_length=1)]


class FontStacks(Model):
    """The font stacks by role."""

    serif: Stack = Field(description="the serif stack")
    sans: Stack = Field(description="the sans stack")
    mono: Stack = Field(description="the mono stack")
    math: Stack = Field(description="the math stack")


class Language(Model):
    """One language."""

    name: Text = Field(description="its name in itself")
    tag: str = Field(
        description="BCP 47 language tag, for the lang attribute",
        pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$",
    )
    locale: str = Field(
        description="CLDR locale, for numbers and dates",
        pattern="^[a-z]{2,3}(_[A-Za-z0-9]{2,8})*$",
    )
    citation: Citation = Field(description="citation style")
    fonts: FontStacks = Field(description="font stacks by role, first family first")


class Supplement(Model):
    """A file that goes along with the article as it is."""

    path: str = Field(description="the file, from the article's folder", pattern=_PATH)
    title: Localised = Field(description="what it is called")
    description: Localised | None = Field(default=None, description="what is in it")
    licence: str | None = Field(
        default=None,
        description="SPDX identifier of its licence, if that is not the article's",
        pattern=_SPDX,
    )
    attach: bool = Field(
        default=True, description="whether it is attached to the PDF, up to one MiB"
    )


class Article(Model):
    """The article: its record, its parts in order, and its languages."""

    generator: str | None = Field(
        default=None,
        description="the version of Juchi that the article needs; an older one refuses it",
        pattern="^[0-9]+([.][0-9]+)*$",
    )
    slug: str = Field(description="name of the PDF files", pattern="^[a-z][a-z0-9-]*$")
    version: Version = Field(description="semantic version")
    date: Date = Field(description="date of the version, YYYY-MM-DD")
    author: Text | None = Field(
        default=None, description="the author, if that is an organisation of this name alone"
    )
    authors: tuple[Author, ...] | None = Field(
        default=None, description="the authors in order, in the place of author", min_length=1
    )
    affiliations: dict[Name, Affiliation] = Field(
        default={}, description="where authors work, by the ids that they name"
    )
    publisher: Localised | None = Field(
        default=None, description="who publishes it, if that is none of the authors"
    )
    funding: tuple[Funding, ...] = Field(default=(), description="who paid for the work")
    received: Date | None = Field(default=None, description="when a journal received it")
    accepted: Date | None = Field(default=None, description="when it was accepted")
    published: Date | None = Field(default=None, description="when it was first published")
    address: str | None = Field(
        default=None,
        description="address of the published site, with a slash at its end; without it the "
        "article is a preprint that is not published",
        pattern=rf"{_ADDRESS}({_IN_ADDRESS}+/)?$",
    )
    repository: str | None = Field(
        default=None,
        description="address of the sources; without it nothing links to them",
        pattern=rf'{_ADDRESS}{_IN_ADDRESS}*[^\s/{{}}"<>\\]$',
    )
    commit_address: str | None = Field(
        default=None,
        description="address of a commit of the sources, with {commit} in its place",
        pattern=rf"{_ADDRESS}{_IN_ADDRESS}*\{{commit\}}{_IN_ADDRESS}*$",
    )
    file_address: str | None = Field(
        default=None,
        description="address of a file at a commit, with {commit} and {path} in their places",
        pattern=rf"{_ADDRESS}{_IN_ADDRESS}*\{{commit\}}{_IN_ADDRESS}*\{{path\}}{_IN_ADDRESS}*$",
    )
    permanent: str = Field(
        default="v{version}/",
        description="address of a version below that of the site, with {version} in it and a slash "
        "at its end",
        pattern=r"^([A-Za-z0-9._-]+/)*[A-Za-z0-9._-]*\{version\}[A-Za-z0-9._-]*/"
        r"([A-Za-z0-9._-]+/)*$",
    )
    earlier: tuple[EarlierVersion, ...] = Field(
        default=(),
        description="earlier versions that stand at their permanent addresses, newest first",
    )
    doi: str | None = Field(
        default=None,
        description="bare DOI of this version, as 10.5281/zenodo.1234567",
        pattern=r'^10\.[0-9]{4,9}/[^\s{}"<>\\]+$',
    )
    licence: Licence | None = Field(
        default=None, description="licences; without them all rights are reserved"
    )
    software: Software | None = Field(
        default=None, description="the repository as a whole, for those who cite or archive it"
    )
    based_on: Distinct[
        Annotated[str, Field(description="the id of a work", pattern=r"^[^\s{}\[\]@;,]+$")]
    ] = Field(
        default=(),
        description="the works that the article starts from, by their ids among its references",
    )
    sections: Distinct[FileName] = Field(
        description="sections in order, one file of prose each", min_length=1
    )
    appendices: Distinct[FileName] = Field(
        default=(), description="appendices in order, one file of prose each; they have letters"
    )
    web_appendices: Distinct[FileName] = Field(
        default=(),
        description="appendices that only the screen has, behind the others and lettered on; the "
        "paper lists them",
    )
    end_matter: Distinct[Name] = Field(
        default=(),
        description="what stands at the end without a number, one file of prose each, under the "
        "heading of its name in the words: acknowledgements, competing_interests, "
        "data_availability, code_availability, ethics, or one of your own",
    )
    supplements: tuple[Supplement, ...] = Field(
        default=(), description="files that go along as they are; those below results/ are made"
    )
    conclusions: Conclusions = Field(
        default=Conclusions(),
        description="where every sentence has to rest on something that can be looked up",
    )
    figures: dict[Name, AnyFigure | None] = Field(
        default={},
        description="figures: what the module of report/figures/ of that name draws from, or a "
        "mapping that says more, such as the picture that a rule makes",
    )
    tables: dict[Name, dict[Name, Any] | None] = Field(
        default={},
        description="tables: one with the key `data` is made from a file of data, the others by "
        "one module of report/tables/ each, with its settings or nothing",
    )
    live: dict[Name, Any] | None = Field(
        default=None, description="the live part of the page, as report/settings.py describes it"
    )
    claims: dict[Name, Claim] = Field(default={}, description="claims in the order of the ledger")
    findings: dict[Name, Finding] = Field(
        default={},
        description="conclusions of the article's own in the order of the ledger's second part",
    )
    numerals: tuple[Text, ...] = Field(
        default=(), description="strings with digits that prose may hold"
    )
    languages: dict[
        Annotated[str, Field(pattern="^[a-z]{2,3}(-[a-z]+)?$")],
        Annotated[Language, Field(description="one language")],
    ] = Field(
        description="languages by code; the first one is the default of the page that chooses",
        min_length=1,
    )

    @field_validator("author", mode="before")
    @classmethod
    def _is_one(cls, value: object) -> object:
        """Refuse a list where one name stands, and say where it belongs."""
        if isinstance(value, list | dict):
            raise conflict(
                "",
                "several authors, or one in parts",
                "the name of one organisation",
                "list them under `authors`, each with family and given, or with name",
            )
        return value

    @model_validator(mode="after")
    def _names_its_authors(self) -> Self:
        """Refuse an article of nobody, and one that names its authors in two ways."""
        if (self.author is None) == (self.authors is None):
            raise conflict(
                "author",
                "no author" if self.author is None else "author and authors",
                "author: the name of an organisation; or authors: a list",
                "list persons under authors, each with family and given",
            )
        check_people(self.authors or (), self.affiliations, list(self.languages))
        refuse_other_languages(self, list(self.languages))
        return self

    @model_validator(mode="after")
    def _has_a_site_for_earlier_versions(self) -> Self:
        """Refuse earlier versions of an article that is not published."""
        if self.earlier and self.address is None:
            raise conflict(
                "earlier",
                "earlier versions, and no address",
                "the address of the site that they stand on",
                "give the article its address, or take them out",
            )
        return self

    @model_validator(mode="after")
    def _names_each_file_once(self) -> Self:
        """Refuse a file of prose that would stand at two places of the article."""
        first: dict[str, str] = dict.fromkeys(FRONT, "what stands before the sections")
        for key in ("sections", "appendices", "web_appendices", "end_matter"):
            for name in getattr(self, key):
                if name in first:
                    raise conflict(
                        key,
                        f"{name!r}, the name of a file of {first[name]}",
                        "a name of its own for each file of prose",
                        "rename one of them, or take it out",
                    )
                first[name] = key
        return self

    @model_validator(mode="after")
    def _publishes_each_name_once(self) -> Self:
        """Refuse two supplements that would stand under one name."""
        names = [supplement.path.rpartition("/")[2] for supplement in self.supplements]
        for number, name in enumerate(names):
            if name in names[:number]:
                raise conflict(
                    f"supplements.{number}.path",
                    f"a second file of the name {name!r}",
                    "another name for each: they stand in one folder",
                    "rename one of the files",
                )
        return self

    @model_validator(mode="after")
    def _dates_follow_each_other(self) -> Self:
        """Refuse dates that are in another order than things happen."""
        given = [(key, getattr(self, key)) for key in ("received", "accepted", "published", "date")]
        known = [(key, date) for key, date in given if date is not None]
        for (before, first), (after, second) in pairwise(known):
            if first > second:
                raise conflict(
                    after,
                    f"{second}, which is before {before} ({first})",
                    "received, accepted, published, date in this order",
                    "correct the dates",
                )
        return self
