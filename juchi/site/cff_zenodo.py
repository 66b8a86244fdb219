"""What archives read of the repository: `CITATION.cff` and `.zenodo.json`, from the same record.

`juchi cite` writes both again; a test fails where they no longer follow from
`config/article.yaml` and the words of the languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import yaml

from juchi.core.atomic import write_text
from juchi.core.records import write_json
from juchi.plan.identifiers import orcid
from juchi.plan.settings import read_subject
from juchi.site.localized_metadata import LocalizedMetadata, read_metadata
from juchi.site.people import Author

__all__ = ["as_cff", "as_zenodo", "write"]

# The types of contributors at Zenodo by CRediT role.
_CONTRIBUTORS = {
    "data-curation": "DataCurator",
    "project-administration": "ProjectManager",
    "supervision": "Supervisor",
}
CFF = "CITATION.cff"
ZENODO = ".zenodo.json"


def as_cff(editions: Sequence[LocalizedMetadata]) -> str:
    """Return `CITATION.cff` 1.2.0: the repository as software, the article to be cited for it."""
    edition, article = editions[0], editions[0].article
    record = {
        "cff-version": "1.2.0",
        "message": "If you use this article, its data or its programs, please cite the article.",
        "title": article["software"]["title"],
        "abstract": article["software"]["description"],
        "type": "software",
        "authors": [_cff_author(each, edition) for each in edition.authors],
        "version": article["version"],
        "date-released": edition.date,
        "license": article["licence"]["code"],
        **_given("repository-code", edition.home),
        **_given("url", edition.site),
        **_not_empty("keywords", edition.keywords),
        "preferred-citation": _as_reference(edition),
        **_not_empty("references", [_as_reference(each) for each in editions[1:]]),
    }
    text: str = yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=10**6)
    return f"# Written by `juchi cite` from config/article.yaml.\n{text}"


def _cff_author(author: Author, edition: LocalizedMetadata) -> dict[str, str]:
    """Return a person in the parts of the name, or an entity."""
    if not author.is_person:
        return {"name": str(author.name)}
    name = author.name if author.name.family else author.base
    fields = {
        "family-names": name.family,
        "given-names": name.given,
        "name-particle": name.particle,
        "name-suffix": name.suffix,
        "alias": author.name.whole,
        "orcid": author.orcid,
        "website": author.url,
        "email": author.email if author.corresponding else "",
        "affiliation": _affiliations(author, edition),
    }
    return {key: value for key, value in fields.items() if value}


def _affiliations(author: Author, edition: LocalizedMetadata) -> str:
    return "; ".join(each.text(edition.words) for each in author.affiliations)


def _not_empty(key: str, values: list[Any]) -> dict[str, Any]:
    return {key: values} if values else {}


def _given(key: str, value: str) -> dict[str, str]:
    return {key: value} if value else {}


def _as_reference(edition: LocalizedMetadata) -> dict[str, Any]:
    article, date = edition.article, edition.date
    return {
        **({"type": "unpublished", "status": "preprint"} if edition.status else {"type": "report"}),
        "title": edition.title,
        "authors": [_cff_author(each, edition) for each in edition.authors],
        **({"institution": {"name": edition.publisher}} if edition.publisher else {}),
        "version": article["version"],
        "date-released": date,
        "year": date.year,
        "month": date.month,
        "languages": [edition.locale.language],
        "license": article["licence"]["text_spdx"],
        **({"doi": edition.doi} if edition.doi else {}),
        **_given("url", edition.permanent),
    }


def as_zenodo(editions: Sequence[LocalizedMetadata]) -> dict[str, Any]:
    """Return the metadata of a deposit at Zenodo, which makes one of each release.

    After https://developers.zenodo.org/#representation. The deposit is the repository, hence
    software under the licence of the code; the description names that of the article.
    """
    edition, article = editions[0], editions[0].article
    licence = article["licence"]
    paragraphs = [
        article["software"]["description"],
        *(each.description for each in editions),
        f"Code: {licence['code']}. Article, text and figures: {licence['text_spdx']}.",
    ]
    return {
        "upload_type": "software",
        "title": article["software"]["title"],
        "creators": [_creator(each, edition) for each in edition.authors],
        **_not_empty("contributors", list(_contributors(edition))),
        **_not_empty("grants", _grants(edition)),
        "description": "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs),
        "access_right": "open",
        "license": licence["code"],
        "version": article["version"],
        "publication_date": article["date"],
        # Each once, also where languages share one.
        **_not_empty(
            "keywords", list(dict.fromkeys(word for each in editions for word in each.keywords))
        ),
        **_not_empty("related_identifiers", _identifiers(editions)),
    }


def _identifiers(editions: Sequence[LocalizedMetadata]) -> list[dict[str, str]]:
    """Return where the article and its sources stand, as far as they are published."""
    pages = (each.permanent for each in editions)
    return [
        *_related("isDocumentedBy", "publication-report", *pages),
        *_related("isSupplementTo", "software", editions[0].home),
    ]


def _creator(author: Author, edition: LocalizedMetadata) -> dict[str, str]:
    fields = {
        "name": author.name.inverted,
        "affiliation": _affiliations(author, edition),
        "orcid": orcid(author.orcid),
    }
    return {key: value for key, value in fields.items() if value}


def _contributors(edition: LocalizedMetadata) -> Iterator[dict[str, str]]:
    """Yield what Zenodo has a word for, of what the authors did besides."""
    for author in edition.authors:
        kinds = [kind for role, kind in _CONTRIBUTORS.items() if role in author.roles]
        for kind in [*(["ContactPerson"] if author.corresponding else []), *kinds]:
            yield {**_creator(author, edition), "type": kind}


def _grants(edition: LocalizedMetadata) -> list[dict[str, str]]:
    """Return the awards of funders that Zenodo knows by their DOI."""
    known = (each for each in edition.funding if each.doi and each.award)
    return [{"id": f"{each.doi}::{each.award}"} for each in known]


def _related(relation: str, kind: str, *addresses: str) -> list[dict[str, str]]:
    return [
        {"relation": relation, "identifier": address, "resource_type": kind}
        for address in addresses
        if address
    ]


def write(root: Path) -> None:
    """Write both files into the folder of the project."""
    article = read_subject(root / "config", "article")
    editions = list(read_metadata(article, root / "templates").values())
    write_text(root / CFF, as_cff(editions))
    write_json(root / ZENODO, as_zenodo(editions))
