"""The site as a research object: every file described in `ro-crate-metadata.json`, RO-Crate 1.2.

Written as plain JSON: the format is a flat list of entities, and the library that writes it would
copy every file and put the time of the day into the record.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from juchi.site.citation import FORMATS
from juchi.site.licences import licence_address
from juchi.site.localized_metadata import LocalizedMetadata
from juchi.site.metadata import CRATE, LINKSET, credit
from juchi.site.supplements import FOLDER, media_type, supplements

__all__ = ["describe"]

_SPECIFICATION = "https://w3id.org/ro/crate/1.2"

# By the end of a file's name; the longest that fits decides.
_MEDIA_TYPES = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    LINKSET: "application/linkset+json",
    **{f".{form.ending}": form.media_type for form in FORMATS.values()},
}

# The scripts of others, which move charts.
_VEGA = "assets/vega.js"
# Kinds of files that are the work itself.
_ARTICLE = ("page", "paper")


def describe(
    folder: Path,
    editions: Sequence[LocalizedMetadata],
    credits: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the metadata document of the crate.

    Parameters
    ----------
    folder
        The whole site, but for this document and the manifest, which both name all others.
    editions
        The editions, the default one first; its words name the files.
    credits
        The source and the licence of pictures of others, by their names below ``pictures/``.
    """
    edition = editions[0]
    credited = {f"pictures/{name}": each for name, each in credits.items()}
    if (folder / _VEGA).is_file():
        credited[_VEGA] = {"source": "https://vega.github.io", "licence": "BSD-3-Clause"}
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    files = [
        _file(folder, path, editions) | _credited(credited.get(path)) for path in sorted(paths)
    ]
    people: dict[str, Any] = {}
    made = {key: _flattened(value, people) for key, value in credit(edition).items()}
    entities = [
        _descriptor(edition),
        {**_root(editions, files), **made},
        *files,
        *people.values(),
        *_context(edition),
        *_licences_of_others(credited, edition.article),
    ]
    return {
        "@context": f"{_SPECIFICATION}/context",
        "@graph": [_without_lists_of_one(entity) for entity in entities],
    }


def _without_lists_of_one(entity: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entity with the value itself for each list of one, as the format recommends."""
    alone = {k: v[0] for k, v in entity.items() if isinstance(v, list) and len(v) == 1}
    return {**entity, **alone}


def _credited(told_of: Mapping[str, str] | None) -> dict[str, Any]:
    """Return what is told of a picture of others: where it is from, and its licence."""
    told: dict[str, Any] = {}
    if told_of and told_of["source"]:
        told["creditText"] = told_of["source"]
    if told_of and told_of["licence"]:
        told["license"] = {"@id": _licence_id(told_of["licence"])}
    return told


def _licence_id(name: str) -> str:
    return licence_address(name) or f"#licence-{re.sub(r'[^A-Za-z0-9]+', '-', name)}"


def _licences_of_others(
    credited: Mapping[str, Mapping[str, str]], article: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the licences of pictures, but for that of the article itself."""
    names = {each["licence"]: None for each in credited.values() if each["licence"]}
    ids = {_licence_id(name): name for name in names}
    ids.pop(article["licence"]["text_url"], None)
    for id_, name in ids.items():
        yield {"@id": id_, "@type": "CreativeWork", "name": name}


def _descriptor(edition: LocalizedMetadata) -> dict[str, Any]:
    return {
        "@id": CRATE,
        "@type": "CreativeWork",
        "name": edition.words["crate"]["descriptor"],
        "about": {"@id": "./"},
        "conformsTo": {"@id": _SPECIFICATION},
    }


def _root(editions: Sequence[LocalizedMetadata], parts: list[dict[str, Any]]) -> dict[str, Any]:
    edition, article = editions[0], editions[0].article
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{edition.words['site']}: {edition.title}",
        "description": edition.description,
        "datePublished": article["date"],
        "version": article["version"],
        "license": {"@id": article["licence"]["text_url"]},
        **({"keywords": edition.keywords} if edition.keywords else {}),
        "inLanguage": [each.tag for each in editions],
        **({"url": edition.site} if edition.site else {}),
        **({"creativeWorkStatus": edition.status} if edition.status else _identified(edition)),
        "mainEntity": {"@id": f"{edition.code}/index.html"},
        "hasPart": [{"@id": part["@id"]} for part in parts],
    }


def _identified(edition: LocalizedMetadata) -> dict[str, Any]:
    """Return what tells a published crate from all others."""
    return {"identifier": {"@id": "#identifier"}, "cite-as": _identifier(edition)}


def _flattened(value: Any, entities: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with a reference in the place of each entity, which goes among `entities`."""
    if isinstance(value, list):
        return [_flattened(each, entities) for each in value]
    if not isinstance(value, Mapping):
        return value
    entity = {key: _flattened(each, entities) for key, each in value.items() if key != "@id"}
    named = [value.get("@id"), value.get("url"), f"#{value['@type'].lower()}-{len(entities) + 1}"]
    alike = [id_ for id_, other in entities.items() if other == {**entity, "@id": id_}]
    id_ = next(iter(alike), next(each for each in named if each and each not in entities))
    entities[id_] = {"@id": id_, **entity}
    return {"@id": id_}


def _file(folder: Path, path: str, editions: Sequence[LocalizedMetadata]) -> dict[str, Any]:
    content = (folder / path).read_bytes()
    kind = _kind(path, editions)
    language = next((each.tag for each in editions if each.code in path.split("/")), None)
    return {
        "@id": path,
        "@type": ["File", "ScholarlyArticle"] if kind in _ARTICLE else "File",
        "name": PurePosixPath(path).name,
        "description": editions[0].words["crate"][kind],
        "encodingFormat": _media_type(path),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
        **({"inLanguage": language} if language else {}),
        "license": {"@id": _licence(kind, editions[0])},
        **(_described(path, editions[0]) if kind == "supplement" else {}),
    }


def _described(path: str, edition: LocalizedMetadata) -> dict[str, Any]:
    """Return what the article says itself of a file that goes along with it."""
    known = supplements(edition.article, edition.code)
    (supplement,) = (each for each in known if each.address == path)
    licence = {"license": {"@id": _spdx(supplement.licence)}} if supplement.licence else {}
    return {
        "name": supplement.title,
        "description": supplement.description or supplement.title,
        "encodingFormat": media_type(supplement.path),
        **licence,
    }


def _kind(path: str, editions: Sequence[LocalizedMetadata]) -> str:
    """Return what a file is, as the words of the crate call it."""
    for edition in editions:
        if path in (f"{edition.code}/index.html", f"{edition.code}/{edition.file_name}.pdf"):
            return "page" if path.endswith(".html") else "paper"
    parts = PurePosixPath(path)
    folders = {
        "figures": "figure",
        "pictures": "picture",
        "data": "table" if parts.suffix == ".csv" else "record",
        "cite": "citation",
        "assets": "assets",
        "fonts": "fonts",
        FOLDER: "supplement",
    }
    for part in parts.parts:
        if part in folders:
            return folders[part]
    return {".html": "other_page", ".png": "preview"}.get(parts.suffix, "for_machines")


def _media_type(path: str) -> str:
    fitting = [ending for ending in _MEDIA_TYPES if path.endswith(ending)]
    return _MEDIA_TYPES[max(fitting, key=len)] if fitting else "application/octet-stream"


def _licence(kind: str, edition: LocalizedMetadata) -> str:
    """Return the address of the licence of a kind of file: of the text, the code or the fonts."""
    licence = edition.article["licence"]
    spdx = {"assets": licence["code"], "fonts": licence["fonts"]}
    return _spdx(spdx[kind]) if kind in spdx else str(licence["text_url"])


def _spdx(identifier: str) -> str:
    return f"https://spdx.org/licenses/{identifier}"


def _identifier(edition: LocalizedMetadata) -> str:
    """Return the address of the whole site in this version: it leads to this very document."""
    return edition.cited_as if edition.doi else edition.permanent_site


def _context(edition: LocalizedMetadata) -> Iterator[dict[str, Any]]:
    """Yield the entities that are neither file nor person: licences, the identifier."""
    article = edition.article
    licence, words = article["licence"], edition.words["crate"]["licences"]
    named = {
        licence["text_url"]: ("text", licence["text"]),
        _spdx(licence["code"]): ("code", licence["code"]),
        _spdx(licence["fonts"]): ("fonts", licence["fonts"]),
    }
    for each in supplements(article, edition.code):
        if each.licence:
            named.setdefault(_spdx(each.licence), ("supplement", each.licence))
    for address, (key, name) in named.items():
        yield {
            "@id": address,
            "@type": "CreativeWork",
            "name": name,
            "description": words[key],
        }
    if edition.status:
        return
    yield {
        "@id": "#identifier",
        "@type": "PropertyValue",
        "name": "DOI" if edition.doi else "URL",
        "propertyID": "https://registry.identifiers.org/registry/doi" if edition.doi else "URL",
        "value": f"doi:{edition.doi}" if edition.doi else edition.permanent_site,
        "url": _identifier(edition),
    }
