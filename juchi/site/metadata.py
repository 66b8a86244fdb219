"""What a page tells machines: structured data by schema.org, and typed links by Signposting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from juchi.prose.messages import fill
from juchi.prose.references import Item, plain_text
from juchi.site.citation import FORMATS
from juchi.site.localized_metadata import LocalizedMetadata
from juchi.site.people import Affiliation, Author
from juchi.site.supplements import media_type, supplements

__all__ = [
    "CRATE",
    "LINKSET",
    "PREVIEW_SIZE",
    "TYPES",
    "credit",
    "signposts",
    "structured_data",
]

# Names of files at the root of the site.
LINKSET = "linkset.json"
CRATE = "ro-crate-metadata.json"

# Pixels; the size that Open Graph's readers crop least.
PREVIEW_SIZE = (1200, 630)

# A page that is both the landing page of the work and the work itself.
TYPES = ("https://schema.org/AboutPage", "https://schema.org/ScholarlyArticle")


def structured_data(
    edition: LocalizedMetadata,
    editions: Sequence[LocalizedMetadata],
    abstract: str,
    cited: Iterable[Item],
) -> dict[str, Any]:
    """Return the page as JSON-LD by schema.org.

    Parameters
    ----------
    edition, editions
        The page's edition and all of them, the default one first.
    abstract
        The abstract as plain text.
    cited
        The works of the list of references, as CSL items.
    """
    article = edition.article
    cited = list(cited)
    return {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        **_given("@id", edition.page),
        **_given("url", edition.page),
        "headline": edition.title,
        **_given("alternativeHeadline", edition.subtitle),
        "inLanguage": edition.tag,
        **credit(edition),
        **_dates(edition),
        "version": article["version"],
        **_given("creativeWorkStatus", edition.status),
        **_given("identifier", edition.cited_as),
        **_given("archivedAt", edition.permanent),
        "license": article["licence"]["text_url"],
        "isAccessibleForFree": True,
        **_given("keywords", edition.keywords),
        "description": edition.description,
        **_given("abstract", abstract),
        **_given("image", edition.preview),
        **_given("encoding", edition.page and _encoding(edition)),
        **_translations(edition, editions),
        "isBasedOn": [_work(work) for work in cited if work["id"] in article["based_on"]],
        "citation": [_work(work) for work in cited],
        "hasPart": _parts(edition),
    }


def _encoding(edition: LocalizedMetadata) -> dict[str, str]:
    return {
        "@type": "MediaObject",
        "encodingFormat": "application/pdf",
        "contentUrl": edition.paper,
        "inLanguage": edition.tag,
    }


def credit(edition: LocalizedMetadata) -> dict[str, Any]:
    """Return who wrote the article, who publishes it and who paid for it."""
    return {"author": _authors(edition), **_publisher(edition), **_funding(edition)}


def _authors(edition: LocalizedMetadata) -> Any:  # noqa: ANN401 - one of them or the list
    found = [_agent(author) for author in edition.authors]
    return found[0] if len(found) == 1 else found


def _agent(author: Author) -> dict[str, Any]:
    """Return an author, as a person or an organisation."""
    if not author.is_person:
        return {
            "@type": "Organization",
            **_given("@id", author.ror),
            "name": str(author.name),
            **_given("url", author.url),
        }
    name = author.name if author.name.family else author.base
    return {
        "@type": "Person",
        **_given("@id", author.orcid),
        "name": str(author.name),
        "familyName": name.last,
        **_given("givenName", name.given),
        **_given("honorificSuffix", name.suffix),
        **_given("identifier", author.orcid),
        **_given("url", author.url),
        **_given("email", author.email if author.corresponding else ""),
        **_given("affiliation", [_affiliation(each) for each in author.affiliations]),
    }


def _affiliation(affiliation: Affiliation) -> dict[str, Any]:
    department, place = affiliation.department, _place(affiliation)
    return {
        "@type": "Organization",
        # Of a part of it the address of the whole says nothing.
        **_given("@id", "" if department else affiliation.ror),
        "name": affiliation.name,
        **_given("identifier", affiliation.ror),
        **_given("department", department and {"@type": "Organization", "name": department}),
        **_given("address", place and {"@type": "PostalAddress", **place}),
    }


def _place(affiliation: Affiliation) -> dict[str, str]:
    return {
        **_given("addressLocality", affiliation.city),
        **_given("addressCountry", affiliation.country),
    }


def _publisher(edition: LocalizedMetadata) -> dict[str, Any]:
    """Return who publishes the article: an author that is an organisation, or another one."""
    for author in edition.authors:
        if not author.is_person and str(author.name) == edition.publisher:
            return {"publisher": _agent(author)}
    return _given(
        "publisher",
        edition.publisher and {"@type": "Organization", "name": edition.publisher},
    )


def _funding(edition: LocalizedMetadata) -> dict[str, Any]:
    return _given(
        "funding",
        [
            {
                "@type": "Grant",
                **_given("identifier", each.award),
                **_given("name", each.title),
                "funder": {
                    "@type": "Organization",
                    **_given("@id", each.address),
                    "name": each.funder,
                },
            }
            for each in edition.funding
        ],
    )


def _dates(edition: LocalizedMetadata) -> dict[str, str]:
    first, date = edition.first_published.isoformat(), edition.date.isoformat()
    if edition.status:
        return {"dateCreated": date}
    return {"datePublished": first, **_given("dateModified", date if date != first else "")}


def _given(key: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {key: value} if value else {}


def _translations(
    edition: LocalizedMetadata, editions: Sequence[LocalizedMetadata]
) -> dict[str, Any]:
    """Return the links between the editions; the default one counts as the original."""
    original, *translations = editions
    if edition.code == original.code:
        return {"workTranslation": [_translation(each) for each in translations]}
    return {"translationOfWork": _translation(original)}


def _translation(edition: LocalizedMetadata) -> dict[str, Any]:
    return {
        "@type": "ScholarlyArticle",
        **_given("@id", edition.page),
        "headline": edition.title,
        "inLanguage": edition.tag,
    }


def _work(item: Item) -> dict[str, Any]:
    if "DOI" in item:  # says all there is to say, and in few bytes
        return {"@type": "CreativeWork", "@id": f"https://doi.org/{item['DOI']}"}
    work = {"@type": "CreativeWork", "name": plain_text(item["title"])}
    return {**work, "url": item["URL"]} if "URL" in item else work


def _parts(edition: LocalizedMetadata) -> Any:  # noqa: ANN401 - the data, or a list
    """Return the data of the article, and the files that go along with it."""
    data, site = _data(edition), edition.site
    files = [
        {
            "@type": "MediaObject",
            "name": each.title,
            **_given("description", each.description),
            **_given("contentUrl", site and f"{site}{each.address}"),
            "encodingFormat": media_type(each.path),
            "contentSize": str(each.size),
            "sha256": each.sha256,
            **_given("license", each.licence and f"https://spdx.org/licenses/{each.licence}"),
        }
        for each in supplements(edition.article, edition.code)
    ]
    return [data, *files] if files else data


def _data(edition: LocalizedMetadata) -> dict[str, Any]:
    words, site = edition.words["cite"], edition.site
    return {
        "@type": "Dataset",
        "name": fill(words["dataset"], title=edition.title),
        "description": words["dataset_description"],
        "license": edition.article["licence"]["text_url"],
        "creator": _authors(edition),
        **_given("distribution", site and [_download(site, name) for name in ("facts", "claims")]),
    }


def _download(site: str, name: str) -> dict[str, str]:
    return {
        "@type": "DataDownload",
        "encodingFormat": "application/json",
        "contentUrl": f"{site}data/{name}.json",
    }


def signposts(edition: LocalizedMetadata) -> list[dict[str, str]]:
    """Return the typed links of a page by the FAIR Signposting Profile, level 1.

    Each has ``rel``, ``href`` from the page, and where it is a file its ``type``.
    """
    article = edition.article
    links: list[Mapping[str, str]] = [
        *_link("cite-as", edition.cited_as),
        *({"rel": "type", "href": kind} for kind in TYPES),
        *({"rel": "author", "href": each.address} for each in edition.authors if each.address),
        {"rel": "license", "href": article["licence"]["text_url"]},
        {"rel": "item", "href": f"{edition.file_name}.pdf", "type": "application/pdf"},
        *(
            {
                "rel": "describedby",
                "href": f"cite/{edition.file_name}.{form.ending}",
                "type": form.media_type,
            }
            for name, form in FORMATS.items()
            if name != "text"
        ),
        {"rel": "describedby", "href": f"../{CRATE}", "type": "application/ld+json"},
        *_link("linkset", edition.page and f"../{LINKSET}", "application/linkset+json"),
        *_link("latest-version", edition.page),
        *(
            link
            for each in edition.earlier[:1]
            for link in _link("predecessor-version", each.address)
        ),
    ]
    return [dict(link) for link in links]


def _link(relation: str, address: str, media_type: str = "") -> list[dict[str, str]]:
    """Return a typed link; none without an address."""
    link = {"rel": relation, "href": address, **_given("type", media_type)}
    return [link] if address else []
