"""A page that describes every key of the configuration, made from the schemas of its files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["reference", "rows"]

Schema = dict[str, Any]

_INTRODUCTION = """\
# Configuration

Every key of the files in `config/`, of the settings of this article's tables and live model, and of
its experiments and analyses. Written by `make schemas` from the models that the build holds the
files against; the same command writes a JSON schema of each file into `build/schemas/`, with which
an editor completes keys and marks mistakes. `<name>` stands for a name of your own, `[]` for each
item of a list. A key that is not required has the default that is given, or none.
"""


def reference(schemas: Mapping[str, Schema]) -> str:
    """Return a page of Markdown with every key: its type, bounds, default, and description.

    Parameters
    ----------
    schemas
        The schema of each file, as `juchi.plan.schemas.schemas` returns them.
    """
    parts = [_INTRODUCTION]
    for subject, schema in schemas.items():
        outer = {**schema, "properties": dict(schema.get("properties", {}))}
        own = {}
        if subject == "experiments":
            for kind in ("experiments", "analyses"):
                holder = dict(outer["properties"][kind])
                own[kind] = holder.pop("properties")
                outer["properties"][kind] = holder
        parts.append(_section(f"## `config/{subject}.yaml`", outer, rows(outer)))
        parts += [
            _of_experiment(f"### `{kind}.{name}`", each)
            for kind, described in own.items()
            for name, each in described.items()
        ]
    return "\n".join(parts)


def _of_experiment(heading: str, schema: Schema) -> str:
    """Return the section of an experiment, as its configurations are set, or of an analysis."""
    shown = schema["properties"].get("common", schema)
    return _section(heading, schema, rows({**shown, "required": _required(shown, schema)}))


def _required(shown: Schema, described: Schema) -> list[str]:
    """Return the settings that have to be set: of an experiment, those without a default."""
    if shown is described:
        return list(described["required"])
    return [name for name, each in shown["properties"].items() if "default" not in each]


def _section(heading: str, schema: Schema, keys: Iterable[tuple[str, ...]]) -> str:
    described = schema.get("description", "").replace("``", "`")
    lines = [heading, "", described, ""] if described else [heading, ""]
    lines += ["| Key | Value | Default | What it is |", "| --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in keys]
    return "\n".join([*lines, ""])


def rows(schema: Schema, above: str = "") -> Iterator[tuple[str, ...]]:
    """Yield a row for each key below an object or a list of objects.

    It has the key, what it may hold, its default or `required`, and its description.
    """
    required = schema.get("required", [])
    for name, each in schema.get("properties", {}).items():
        default = "required" if name in required else _default(each)
        yield f"`{above}{name}`", _value(each), default, each.get("description", "")
        yield from _below(_with_keys(each), f"{above}{name}")
    if not above:
        yield from _below({**schema, "properties": {}}, "")


def _below(schema: Schema, key: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of what is below one key, where that has keys in turn."""
    yield from rows(schema, f"{key}.") if "properties" in schema and key else ()
    named = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    for each in named:
        if isinstance(each, Mapping):
            yield from _rows_of_one(_with_keys(each), f"{key}.<name>".lstrip("."))
    if isinstance(schema.get("items"), Mapping):
        yield from _rows_of_one(_with_keys(schema["items"]), f"{key}[]")


def _with_keys(schema: Mapping[str, Any]) -> Schema:
    """Return a schema, or of those that a value may fit the one that has keys."""
    options = (schema, schema.get("then", {}), *schema.get("anyOf", ()))
    return dict(next((each for each in options if "properties" in each), schema))


def _rows_of_one(schema: Schema, key: str) -> Iterator[tuple[str, ...]]:
    if "properties" in schema or "items" in schema or "patternProperties" in schema:
        yield from _below(schema, key)


def _default(schema: Schema) -> str:
    return f"`{json.dumps(schema['default'], ensure_ascii=False)}`" if "default" in schema else ""


_KINDS = {
    "array": "list",
    "boolean": "true or false",
    "integer": "whole number",
    "null": "nothing",
    "number": "number",
    "object": "mapping",
    "string": "text",
}
_BOUNDS = {
    "exclusiveMinimum": "above {}",
    "minimum": "from {}",
    "exclusiveMaximum": "below {}",
    "maximum": "to {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minProperties": "at least {} keys",
    "minLength": "at least {} signs",
    "maxLength": "at most {} signs",
    "pattern": "like `{}`",
}
_SIZES = ("minItems", "minProperties", "minLength")


def _value(schema: Schema) -> str:
    """Return what a key may hold: the kind of value, and its bounds."""
    if "enum" in schema:
        return " or ".join(f"`{each}`" for each in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    told = [_kind(schema)]
    told += [_bound(key, schema[key]) for key in _BOUNDS if key in schema]
    told += ["each item once"] if schema.get("uniqueItems") else []
    return ", ".join(told)


def _bound(key: str, value: Any) -> str:  # noqa: ANN401 - a number or a pattern
    return "not empty" if key in _SIZES and value == 1 else _BOUNDS[key].format(value)


def _kind(schema: Schema) -> str:
    if "anyOf" in schema:
        return " or ".join(_value(each) for each in schema["anyOf"])
    declared = schema.get("type", "any value")
    kinds = declared if isinstance(declared, list) else [declared]
    own, *others = (_KINDS.get(str(each), str(each)) for each in kinds)
    inner = _inner(schema)
    if inner and "properties" not in inner:
        own += f" of ({_value(inner)})"
    return " or ".join([own, *others])


def _inner(schema: Schema) -> Schema | None:
    """Return the schema of an item of a list, or of a value of a mapping."""
    items = [schema["items"]] if "items" in schema else schema.get("prefixItems", [])
    values = schema.get("patternProperties", {}).values()
    return next(iter([*items, *values]), None)
