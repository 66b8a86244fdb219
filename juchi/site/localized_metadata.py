"""The article in one language as the world refers to it: the single record of all citations.

It comes from `config/article.yaml` and the language's words alone. Citation files, the metadata of
the pages, the sitemap and the crate all take their names, dates and addresses from here.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from babel import Locale

from juchi.core.errors import UserError
from juchi.prose.calls import Messages, read_messages
from juchi.prose.messages import fill
from juchi.prose.typography import Typography
from juchi.site.people import Author, Funding, authors, funding, localised, set_as_prose

__all__ = ["LocalizedMetadata", "Version", "permanent_page", "read_metadata"]


@dataclass(frozen=True)
class Version:
    """A version of the article with its permanent address."""

    number: str
    date: datetime.date
    address: str


@dataclass(frozen=True)
class LocalizedMetadata:
    """The article in one language.

    Attributes
    ----------
    code, tag, name, locale
        The language: its code in `config/article.yaml`, its BCP 47 tag, its own name, its locale.
    article
        The settings of the article, names and titles in them set as the language sets prose.
    words
        The language's words.
    """

    code: str
    tag: str
    name: str
    locale: Locale
    article: Mapping[str, Any]
    words: Mapping[str, Any]

    @property
    def home(self) -> str:
        """The address of the sources, or without one, of the article; it stands for the author.

        Empty where there is neither.
        """
        return str(self.article["repository"] or self.article["address"] or "")

    @property
    def title(self) -> str:
        """The title, on one line."""
        return _line(self.words["title"])

    @property
    def description(self) -> str:
        """What the article is about, in a sentence or two, on one line."""
        return _line(self.words["description"])

    @property
    def keywords(self) -> list[str]:
        """The keywords, each on one line."""
        return [_line(word) for word in self.words.get("keywords", ())]

    @property
    def subtitle(self) -> str:
        """The subtitle, on one line; empty where there is none."""
        return _line(self.words.get("subtitle", ""))

    @cached_property
    def authors(self) -> list[Author]:
        """The authors, as the language names them."""
        return authors(self.article, self.code, self.home)

    @cached_property
    def funding(self) -> list[Funding]:
        """Who paid for the work."""
        return funding(self.article, self.code)

    @property
    def byline(self) -> str:
        """The names of the authors."""
        separator: str = self.words["people"]["separator"]
        return separator.join(str(author.name) for author in self.authors)

    @property
    def publisher(self) -> str:
        """Who publishes it: who is declared, or else the first organisation among the authors.

        Where an author works is no publisher: of what persons wrote and nobody published it is
        empty, and no format that cites it asks for one.
        """
        organisations = (str(each.name) for each in self.authors if not each.is_person)
        return localised(self.article["publisher"], self.code) or next(organisations, "")

    @property
    def date(self) -> datetime.date:
        """The date of this version."""
        return _date(self.article["date"], "date")

    @property
    def first_published(self) -> datetime.date:
        """The date of the first publication; of what has none, that of this version."""
        given = self.article["published"]
        return _date(given, "published") if given else self.date

    @property
    def milestones(self) -> dict[str, datetime.date]:
        """When a journal received the article, accepted and published it, as far as it did."""
        keys = ("received", "accepted", "published")
        return {key: _date(self.article[key], key) for key in keys if self.article[key]}

    @property
    def version(self) -> str:
        """The version as the language says it, such as ``version 0.2.0``."""
        return _line(fill(self.words["version"], version=self.article["version"]))

    @property
    def doi(self) -> str | None:
        """The bare DOI of this version, once it has one."""
        doi: str | None = self.article.get("doi")
        return doi

    @property
    def key(self) -> str:
        """The key under which reference managers file it, such as ``juchi2026en``."""
        return f"{self.article['slug']}{self.date.year}{self.code}"

    @property
    def file_name(self) -> str:
        """The name of its files without their endings, such as ``juchi.en``."""
        return f"{self.article['slug']}.{self.code}"

    @property
    def open_graph_locale(self) -> str:
        """The locale as Open Graph writes it: language and territory, without a script."""
        return "_".join(filter(None, [self.locale.language, self.locale.territory]))

    @property
    def language(self) -> str:
        """The language in English and small letters, as BibTeX styles know it."""
        name = Locale(self.locale.language).english_name or self.locale.language
        return name.lower()

    @property
    def status(self) -> str:
        """What is said of an article that is not published yet: it has no address and no DOI.

        Empty of a published one.
        """
        is_published = self.article["address"] or self.doi
        return "" if is_published else _line(self.words["unpublished"]["status"])

    @property
    def genre(self) -> str:
        """What kind of a report a citation says that it is: its version, and its status."""
        if not self.status:
            return self.version
        return _line(fill(self.words["unpublished"]["version"], version=self.version))

    @property
    def site(self) -> str:
        """The address of the site; empty, as all others, while it has none."""
        return self.article["address"] or ""

    @property
    def page(self) -> str:
        """The address of the page, where the latest version always stands."""
        return self.site and f"{self.site}{self.code}/"

    @property
    def paper(self) -> str:
        """The address of the PDF; Google Scholar wants it in the folder of its page."""
        return self.page and f"{self.page}{self.file_name}.pdf"

    @property
    def preview(self) -> str:
        """The address of the preview image."""
        return self.page and f"{self.page}preview.png"

    @property
    def permanent_site(self) -> str:
        """The address where this version of the whole site stays."""
        return _permanent(self.article, self.article["version"])

    @property
    def permanent(self) -> str:
        """The address where this version of the page stays."""
        return permanent_page(self.article, self.code)

    @property
    def cited_as(self) -> str:
        """The address to cite: that of the DOI, or without one the permanent address."""
        return f"https://doi.org/{self.doi}" if self.doi else self.permanent

    @property
    def earlier(self) -> list[Version]:
        """The versions before this one that stand at their permanent addresses, newest first."""
        return [
            Version(
                number=entry["version"],
                date=_date(entry["date"], f"earlier.{position}.date"),
                address=f"{_permanent(self.article, entry['version'])}{self.code}/",
            )
            for position, entry in enumerate(self.article["earlier"])
        ]


def read_metadata(article: Mapping[str, Any], templates: Path) -> dict[str, LocalizedMetadata]:
    """Return the editions by the code of their language, the default one first."""
    return {
        code: _edition(code, article, read_messages(templates / code / "messages.yaml"))
        for code in article["languages"]
    }


def _edition(code: str, article: Mapping[str, Any], words: Messages) -> LocalizedMetadata:
    entry = article["languages"][code]
    return LocalizedMetadata(
        code=code,
        tag=entry["tag"],
        name=entry["name"],
        locale=Locale.parse(entry["locale"]),
        article=set_as_prose(article, Typography(**words["typography"])),
        words=words,
    )


def permanent_page(article: Mapping[str, Any], language: str) -> str:
    """Return where this version of a language's page stays; empty while the site has no address."""
    site = _permanent(article, article["version"])
    return site and f"{site}{language}/"


def _permanent(article: Mapping[str, Any], version: str) -> str:
    address = article["address"]
    return f"{address}{article['permanent'].format(version=version)}" if address else ""


def _line(text: str) -> str:
    """Return a text on one line: a line break would end a field in most formats."""
    return " ".join(str(text).split())


def _date(text: str, key: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise UserError(
            where=f"config/article.yaml: {key}",
            found=text,
            expected="a day of the calendar, as 2026-02-28",
            hint="fix the date",
        ) from error
