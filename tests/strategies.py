"""What the schema of a model of settings admits, as strategies of Hypothesis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from experiments.settings import PLANE

__all__ = ["admitted", "opened", "reals", "reconciled"]

Schema = Mapping[str, Any]


def opened(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of a model, with what it refers to in the place of the reference."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})

    def without_references(node: Any) -> Any:
        if isinstance(node, list):
            return [without_references(each) for each in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            target = definitions[node["$ref"].removeprefix("#/$defs/")]
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        return {key: without_references(value) for key, value in node.items()}

    found: dict[str, Any] = without_references(schema)
    return found


def admitted(schema: Schema, sizes: Mapping[str, int]) -> st.SearchStrategy[dict[str, Any]]:
    """Return mappings of all keys of an object but its name to values that the schema admits.

    Parameters
    ----------
    sizes
        How large the integers under some keys may be at most, where the schema admits what would
        take hours.
    """
    properties = schema["properties"]
    return st.fixed_dictionaries(
        {
            key: _values(key, described, sizes)
            for key, described in properties.items()
            if key != "name"
        }
    )


def reconciled(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with what does not go together put right, so that more of them build."""
    settings = dict(drawn)
    if "targets" in settings:
        inputs, targets = settings["inputs"], settings["targets"]
        # Within the range of every activation, shifted or not.
        near = [0.1 + 0.3 * abs(math.sin(target)) for target in targets]
        settings["targets"] = [near[i % len(near)] for i in range(len(inputs))]
        settings["inputs"] = [math.remainder(value, 30) or 1.0 for value in inputs]
    if "target_shift" in settings:
        settings["target_shift"] = math.remainder(settings["target_shift"], 0.1)
    if "input_scale" in settings:
        settings["input_scale"] = 10 ** math.remainder(settings["input_scale"], 2)
    for low, high in (("first_rate", "last_rate"), ("calm_rate", "last_rate")):
        if low in settings:
            ends = sorted((0.05 + settings[low] % 1, 1.2 + settings[high] % 8))
            settings[low], settings[high] = ends
    if "rates_per_unit" in settings:
        settings["rates_per_unit"] += 20
        # Orbits have settled when their periods are looked for.
        settings |= {"device": "cpu", "period_tolerance": 1e-3}
        settings["burn_in"] += 200
    for name, case in settings.get("cases", {}).items():
        if "window" in case:
            low, high = sorted(case["window"])
            settings["cases"] = {**settings["cases"], name: {**case, "window": [low, high + 1]}}
    for small, large, share in (
        ("burn_in", "steps", 2),
        ("early", "burn_in", 1),
        *(("longest_period", name, 2) for name in ("window", "marked_window", "long_window")),
        *(("longest_period", "steps", 4),) * ("cases" in settings),
    ):
        if small in settings and large in settings:
            settings[large] = max(settings[large], share * settings[small] + 2)
    settings |= _of_features(settings)
    if isinstance(settings.get("networks"), dict):
        networks = {name: {**each, "start": "own"} for name, each in settings["networks"].items()}
        first, *_, last = [*networks, *networks]
        pairs = {name: [first, last] for name in settings["pairs"]}
        settings |= {"networks": networks, "pairs": pairs, "same": [first, last][: len(networks)]}
        settings["batch"] %= settings["training_samples"] + 1
        settings["limit"] = min(settings["limit"], 20)
    if "widths" in settings and "samples" in settings:
        ordinary = {"slope": 1.5, "gain": 1.2, "threshold": 0.5, "tolerance": 1e-4}
        settings |= {**ordinary, "limit": 200 if "small_rate" in settings else 3_000}
        settings |= {"small_step": 0.2} if "small_step" in settings else {}
        settings["widths"] = sorted({*settings["widths"], PLANE})
        settings["samples"] += 4 * max(settings["widths"])
    return settings


def _of_features(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what goes together in the experiments on features whose rates are given."""
    if "shares" in settings:
        ordinary = {"slope": 1.5, "gain": 1.2, "threshold": 0.5, "tolerance": 0.01}
        shares = sorted({0.5 + share % 1.4 for share in settings["shares"]})
        return {**ordinary, "shares": shares, "samples": settings["samples"] + 64, "limit": 2000}
    if "small_rate" in settings:
        turns = sorted({0.0, 1.0, *settings["turns"]})
        return {"small_rate": settings["rates"][0], "turns": turns}
    return {}


# What is named, and what is referred to by its name.
_NAMES = st.sampled_from(["one", "another"])


def _values(key: str, schema: Schema, sizes: Mapping[str, int]) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "properties" in schema:
        return admitted(schema, sizes)
    if "prefixItems" in schema:
        return st.tuples(*(_values(key, each, sizes) for each in schema["prefixItems"])).map(list)
    if schema["type"] == "boolean":
        return st.booleans()
    if schema["type"] == "string":
        return _NAMES
    kinds = {"number": _numbers, "integer": _integers, "array": _arrays, "object": _objects}
    return kinds[schema["type"]](key, schema, sizes)


def _numbers(_key: str, schema: Schema, _sizes: Mapping[str, int]) -> st.SearchStrategy[float]:
    return reals(schema)


def reals(schema: Schema) -> st.SearchStrategy[float]:
    """Return numbers within a schema's bounds: many of ordinary size, and any whatever."""
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    ends: dict[str, Any] = {
        "exclude_min": "exclusiveMinimum" in schema,
        "exclude_max": "exclusiveMaximum" in schema,
    }
    ordinary = (max(-30.0, -math.inf if low is None else low), min(30.0, high or math.inf))
    return st.one_of(
        st.floats(*ordinary, **ends),
        st.floats(low, high, allow_nan=False, allow_infinity=False, **ends),
    )


def _integers(key: str, schema: Schema, sizes: Mapping[str, int]) -> st.SearchStrategy[int]:
    low = schema["minimum"]
    return st.integers(low, min(sizes.get(key, low + 12), schema.get("maximum", 10**9)))


def _arrays(key: str, schema: Schema, sizes: Mapping[str, int]) -> st.SearchStrategy[list[Any]]:
    items = _values(key, schema["items"], sizes)
    least = schema.get("minItems", 0)
    return st.lists(
        items,
        min_size=least,
        max_size=schema.get("maxItems", least + 3),
        unique=schema.get("uniqueItems", False),
    )


def _objects(key: str, schema: Schema, sizes: Mapping[str, int]) -> st.SearchStrategy[Any]:
    (values,) = schema["patternProperties"].values()
    return st.dictionaries(_NAMES, _values(key, values, sizes), min_size=1)
