"""What editors and authors are told of the configuration, made from its models.

A JSON schema of each file, with which an editor completes keys and marks mistakes; and a reference
of all keys, see `juchi.plan.reference`. The models of the article's own settings are among them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from juchi.core.article import article_value
from juchi.core.atomic import write_text
from juchi.core.errors import run_command
from juchi.plan.reference import reference
from juchi.plan.subjects import SUBJECTS
from juchi.plan.table_model import DataTable

__all__ = ["inlined", "main", "schemas"]

Schema = dict[str, Any]


def inlined(model: type[BaseModel]) -> Schema:
    """Return the JSON schema of a model without references, titles, and nothing as a default."""
    schema = model.model_json_schema()
    return _plain(schema, schema.get("$defs", {}))


def _plain(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Schema:
    """Return a part of a schema with what it refers to in its place."""
    plain = {key: value for key, value in node.items() if key not in ("$defs", "$ref", "title")}
    if "$ref" in node:
        name = node["$ref"].removeprefix("#/$defs/")
        plain = {**_plain(definitions[name], definitions), **plain}
    for key in ("properties", "patternProperties"):
        if key in node:
            plain[key] = {name: _plain(each, definitions) for name, each in node[key].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), Mapping):
            plain[key] = _plain(node[key], definitions)
    if "oneOf" in plain:  # of types that a function tells apart
        plain["anyOf"] = [_plain(each, definitions) for each in plain.pop("oneOf")]
    for key in ("anyOf", "prefixItems"):
        if key in node:
            plain[key] = [_plain(each, definitions) for each in node[key]]
    if "patternProperties" in node:
        plain["additionalProperties"] = False
    return _without_nothing(plain)


def _without_nothing(node: Schema) -> Schema:
    """Return a schema without the nothing that stands for a key left out.

    Where nothing may stand for a value in a mapping, the type says so.
    """
    options = node.get("anyOf", [])
    kinds = [each for each in options if each.get("type") != "null"]
    if len(kinds) != 1 or len(kinds) == len(options):
        return node
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    whole = {**kinds[0], **rest}
    if whole.get("default", "") is None:
        del whole["default"]
    elif isinstance(whole.get("type"), str):
        whole["type"] = [whole["type"], "null"]
    return whole


def schemas() -> dict[str, Schema]:
    """Return the JSON schema of each subject, with the article's own models in it."""
    found = {subject: inlined(model) for subject, model in SUBJECTS.items()}
    _add_to_article(found["article"])
    _add_to_experiments(found["experiments"])
    return {
        subject: {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        for subject, schema in found.items()
    }


def _add_to_article(schema: Schema) -> None:
    """Describe the settings of the article's own tables and of its live part."""
    tables: Mapping[str, type[BaseModel]] = article_value(
        "report.settings", "TABLES", {}, optional=True, kind=Mapping
    )
    live: type[BaseModel] | None = article_value(
        "report.settings", "LIVE", None, optional=True, kind=type
    )
    properties = schema["properties"]
    properties["tables"]["properties"] = {name: _optional(each) for name, each in tables.items()}
    (shape,) = properties["tables"]["patternProperties"]
    others = properties["tables"]["patternProperties"][shape]
    # A schema that one of several must fit tells of a mistake in none: the key `data` decides.
    properties["tables"]["patternProperties"][shape] = {
        **others,
        "if": {"type": "object", "required": ["data"]},
        "then": inlined(DataTable),
    }
    if live is not None:
        properties["live"] = inlined(live)
    # What the theme knows of a language, the article need not say.
    (language,) = properties["languages"]["patternProperties"].values()
    del language["required"]
    language["type"] = ["object", "null"]


def _optional(model: type[BaseModel]) -> Schema:
    """Return the schema of settings for which nothing may stand where none is required."""
    schema = inlined(model)
    return schema if schema.get("required") else {**schema, "type": ["object", "null"]}


def _add_to_experiments(schema: Schema) -> None:
    """Describe the settings of the article's own experiments and analyses."""
    experiments = article_value(
        "experiments.settings", "EXPERIMENTS", {}, optional=True, kind=Mapping
    )
    analyses = article_value("experiments.settings", "ANALYSES", {}, optional=True, kind=Mapping)
    for kind, models, described in (
        ("experiments", experiments, _experiment),
        ("analyses", analyses, _analysis),
    ):
        holder = schema["properties"][kind]
        (shape,) = holder["patternProperties"].values()
        holder["properties"] = {
            name: described(shape, inlined(model)) for name, model in models.items()
        }


def _experiment(shape: Schema, model: Schema) -> Schema:
    """Return the schema of an experiment whose configurations have a model."""
    settings = {**model, "properties": _settings(model), "required": []}
    like = {"type": "string", "description": "the configuration that it is like but for this"}
    own = {"type": ["object", "null"], "properties": {"like": like, **settings["properties"]}}
    common = shape["properties"]["common"]
    configurations = shape["properties"]["configurations"]
    (name,) = configurations["patternProperties"]
    return {
        **shape,
        "description": model.get("description", shape["description"]),
        "properties": {
            "common": {**settings, "description": common["description"]},
            "configurations": {
                **configurations,
                "patternProperties": {name: {**own, "additionalProperties": False}},
            },
        },
    }


def _analysis(shape: Schema, model: Schema) -> Schema:
    """Return the schema of an analysis that has a model."""
    own = _settings(model)
    return {
        **shape,
        "description": model.get("description", shape["description"]),
        "properties": {**shape["properties"], **own},
        "additionalProperties": False,
        "required": [name for name in model.get("required", []) if name in own],
    }


def _settings(model: Schema) -> dict[str, Schema]:
    """Return the settings of a model; its name is the key that it stands under."""
    return {name: each for name, each in model["properties"].items() if name != "name"}


def main() -> None:
    """Write the schemas into the folder that the command line names, and the reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--reference", type=Path)
    arguments = parser.parse_args()
    found = schemas()
    for subject, schema in found.items():
        text = json.dumps(schema, ensure_ascii=False, indent=2)
        write_text(arguments.output / f"{subject}.schema.json", f"{text}\n")
    if arguments.reference is not None:
        write_text(arguments.reference, reference(found))


if __name__ == "__main__":
    run_command(main)
