"""Hold JSON-LD against schema.org's own vocabulary: its types, properties, domains and ranges.

Runs in the environment of tools, whose package `rocrate` brings the vocabulary; reads a document
from the standard input and prints a JSON list of what is wrong with it.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

VOCABULARY: dict[str, dict[str, Any]] = {
    entry["@id"].removeprefix("schema:"): entry
    for entry in json.loads((files("rocrate") / "data" / "schema.jsonld").read_text("utf-8"))[
        "@graph"
    ]
}


def names(entry: dict[str, Any], key: str) -> set[str]:
    """Return the terms that an entry of the vocabulary refers to under a key."""
    value = entry.get(key, [])
    references = value if isinstance(value, list) else [value]
    return {reference["@id"].removeprefix("schema:") for reference in references}


@cache
def ancestors(kind: str) -> frozenset[str]:
    """Return a type with all that it is a special case of."""
    parents = names(VOCABULARY.get(kind, {}), "rdfs:subClassOf")
    return frozenset({kind}).union(*(ancestors(parent) for parent in parents))


def faults(node: dict[str, Any], place: str) -> Iterator[str]:
    """Yield what schema.org does not know of a node, or does not allow it."""
    kind = node.get("@type", "")
    if VOCABULARY.get(kind, {}).get("@type") != "rdfs:Class":
        yield f"{place}: {kind!r} is no type"
        return
    for name, value in node.items():
        if name.startswith("@"):
            continue
        entry = VOCABULARY.get(name, {})
        if entry.get("@type") != "rdf:Property":
            yield f"{place}: {name!r} is no property"
        elif not names(entry, "schema:domainIncludes") & ancestors(kind):
            yield f"{place}: {kind} has no {name}"
        else:
            for each in value if isinstance(value, list) else [value]:
                yield from value_faults(
                    each, names(entry, "schema:rangeIncludes"), f"{place}.{name}"
                )


def value_faults(value: Any, allowed: set[str], place: str) -> Iterator[str]:
    """Yield what is wrong with the value of a property."""
    if isinstance(value, dict):
        yield from faults(value, place)
        if not ancestors(value.get("@type", "")) & allowed:
            yield f"{place}: {value.get('@type')} is none of {sorted(allowed)}"
    elif not kinds(value) & allowed:
        yield f"{place}: {value!r} is none of {sorted(allowed)}"


def kinds(value: Any) -> set[str]:
    """Return the data types that a plain value has."""
    if isinstance(value, bool):
        return {"Boolean"}
    if not isinstance(value, str) or not value:
        return {"Number"} if isinstance(value, int | float) else set()
    found = {"Text"}
    if value.startswith(("http://", "https://")):
        found.add("URL")
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return found
    return found | {"Date"}


if __name__ == "__main__":
    print(json.dumps(list(faults(json.load(sys.stdin), "page"))))
