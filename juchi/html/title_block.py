"""What stands below the title: the authors with their marks, where they work, and notes on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from babel.dates import format_date
from markupsafe import Markup, escape

from juchi.plan.identifiers import orcid
from juchi.prose.messages import fill
from juchi.site.localized_metadata import LocalizedMetadata
from juchi.site.people import Affiliation, Author

__all__ = ["Credited", "TitleBlock", "milestones", "title_block"]

_CORRESPONDING, _EQUAL = "*", "†"


@dataclass(frozen=True)
class Credited:
    """An author in the title block, with the marks behind the name."""

    name: str
    marks: str
    orcid: str
    orcid_label: str


@dataclass(frozen=True)
class TitleBlock:
    """The authors; affiliations, each with its mark; notes; and the ORCID iDs, for paper."""

    authors: list[Credited]
    affiliations: list[tuple[str, str]]
    notes: list[Markup]
    orcids: Markup


def title_block(edition: LocalizedMetadata) -> TitleBlock:
    """Return the title block of an edition; all who work at the same places need no marks."""
    places = list(dict.fromkeys(each for a in edition.authors for each in a.affiliations))
    is_shared = len({author.affiliations for author in edition.authors}) == 1
    numbers = {each: "" if is_shared else str(n) for n, each in enumerate(places, 1)}
    return TitleBlock(
        [_credited(author, numbers, edition) for author in edition.authors],
        [(mark, each.text(edition.words)) for each, mark in numbers.items()],
        list(_notes(edition)),
        _orcids(edition),
    )


def _credited(
    author: Author, numbers: dict[Affiliation, str], edition: LocalizedMetadata
) -> Credited:
    marks = [numbers[each] for each in author.affiliations]
    marks += [_EQUAL] * author.equal + [_CORRESPONDING] * author.corresponding
    label = fill(edition.words["people"]["orcid"], name=author.name)
    return Credited(str(author.name), ",".join(filter(None, marks)), author.orcid, label)


def _notes(edition: LocalizedMetadata) -> Iterator[Markup]:
    words = edition.words["people"]
    if any(author.equal for author in edition.authors):
        yield escape(words["equal"])
    writing = [author for author in edition.authors if author.corresponding]
    if writing:
        key = "corresponding" if len(writing) == 1 else "several_corresponding"
        # One author alone is meant by name.
        named = len(writing) > 1
        addresses = escape(edition.words["list_separator"]).join(
            _address(author, words["address"] if named else "{email}") for author in writing
        )
        yield fill(escape(words[key]), addresses=addresses)


def _address(author: Author, pattern: str) -> Markup:
    link = Markup('<a href="mailto:{0}">{0}</a>').format(author.email)
    return fill(escape(pattern), name=str(author.name), email=link)


def _orcids(edition: LocalizedMetadata) -> Markup:
    """Return the iDs in full, each a link: on paper nobody sees where a word leads."""
    words = edition.words["people"]
    known = [
        fill(
            escape(words["orcid_of"]),
            name=str(author.name),
            orcid=Markup('<a href="{}">{}</a>').format(author.orcid, orcid(author.orcid)),
        )
        for author in edition.authors
        if author.orcid
    ]
    joined = escape(edition.words["list_separator"]).join(known)
    return fill(escape(words["orcids"]), authors=joined) if known else Markup("")


def milestones(edition: LocalizedMetadata) -> list[tuple[str, str]]:
    """Return when the article was received, accepted and published: in words, and by ISO 8601."""
    return [
        (
            fill(
                edition.words["milestones"][key],
                date=format_date(date, "long", edition.locale),
            ),
            date.isoformat(),
        )
        for key, date in edition.milestones.items()
    ]
