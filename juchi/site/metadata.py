"""What a page tells machines: structured data by schema.org, and typed links by Signposting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from juchi.prose.bibliography import Item
from juchi.prose.messages import fill
from juchi.site.citation import FORMATS
from juchi.site.localized_metadata import LocalizedMetadata

__all__ = [
    "CRATE",
    "LINKSET",
    "PREVIEW_SIZE",
    "TYPES",
    "organisation",
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
        "@id": edition.page,
        "url": edition.page,
        "headline": edition.title,
        "alternativeHeadline": edition.words["subtitle"],
        "inLanguage": edition.tag,
        "author": organisation(edition),
        "publisher": organisation(edition),
        "datePublished": article["date"],
        "version": article["version"],
        "identifier": edition.cited_as,
        "archivedAt": edition.permanent,
        "license": article["licence"]["text_url"],
        "isAccessibleForFree": True,
        "keywords": edition.keywords,
        "description": edition.description,
        "abstract": abstract,
        "image": edition.preview,
        "encoding": {
            "@type": "MediaObject",
            "encodingFormat": "application/pdf",
            "contentUrl": edition.paper,
            "inLanguage": edition.tag,
        },
        **_translations(edition, editions),
        "isBasedOn": [_work(work) for work in cited if work["id"] in article["based_on"]],
        "citation": [_work(work) for work in cited],
        "hasPart": _data(edition),
    }


def organisation(edition: LocalizedMetadata) -> dict[str, Any]:
    """Return the author, whose address is that of the sources."""
    return {
        "@type": "Organization",
        "name": edition.author,
        "url": edition.home,
    }


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
        "@id": edition.page,
        "headline": edition.title,
        "inLanguage": edition.tag,
    }


def _work(item: Item) -> dict[str, Any]:
    if "DOI" in item:  # says all there is to say, and in few bytes
        return {"@type": "CreativeWork", "@id": f"https://doi.org/{item['DOI']}"}
    work = {"@type": "CreativeWork", "name": item["title"]}
    return {**work, "url": item["URL"]} if "URL" in item else work


def _data(edition: LocalizedMetadata) -> dict[str, Any]:
    words, site = edition.words["cite"], edition.article["address"]
    return {
        "@type": "Dataset",
        "name": fill(words["dataset"], title=edition.title),
        "description": words["dataset_description"],
        "license": edition.article["licence"]["text_url"],
        "creator": organisation(edition),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": f"{site}data/{name}.json",
            }
            for name in ("facts", "claims")
        ],
    }


def signposts(edition: LocalizedMetadata) -> list[dict[str, str]]:
    """Return the typed links of a page by the FAIR Signposting Profile, level 1.

    Each has ``rel``, ``href`` from the page, and where it is a file its ``type``.
    """
    article = edition.article
    links: list[Mapping[str, str]] = [
        {"rel": "cite-as", "href": edition.cited_as},
        *({"rel": "type", "href": kind} for kind in TYPES),
        {"rel": "author", "href": edition.home},
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
        {"rel": "linkset", "href": f"../{LINKSET}", "type": "application/linkset+json"},
        {"rel": "latest-version", "href": edition.page},
        *(
            {"rel": "predecessor-version", "href": version.address}
            for version in edition.earlier[:1]
        ),
    ]
    return [dict(link) for link in links]
