"""Models of settings: values are checked against them, and a fault is told in their own words.

Each key is declared once, as a field of a `Model` with its type, its bounds and its description. A
validator that finds two keys at odds raises a `conflict`.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
)

from juchi.core.errors import UserError, nearest
from juchi.plan.yaml_faults import WIDE_COLON

__all__ = [
    "ConfigurationName",
    "ConflictError",
    "Distinct",
    "FactName",
    "FileName",
    "Model",
    "Name",
    "Text",
    "check_configuration",
    "conflict",
    "validated",
]

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

# The endings of files at the end of a pattern.
_ENDINGS = re.compile(r"\\\.\(([^()]*)\)\)?\$$")
# The rule of a JSON schema that says what a value was refused for, by the kind of fault.
_RULES = {
    "greater_than": ("exclusiveMinimum",),
    "greater_than_equal": ("minimum",),
    "less_than": ("exclusiveMaximum",),
    "less_than_equal": ("maximum",),
    "literal_error": ("enum", "const"),
    "string_pattern_mismatch": ("pattern",),
    "string_too_short": ("minLength",),
    "string_too_long": ("maxLength",),
    "too_long": ("maxItems", "maxProperties"),
    "too_short": ("minItems", "minProperties"),
    "value_error": ("uniqueItems",),
}
# How many other faults are named beside the one that is told.
_OTHERS = 5
# What the last part of a fault's place is where the name of a key is at fault.
_NAME = "[key]"


class Model(BaseModel):
    """Settings whose every key is declared, with a type that nothing is turned into."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class ConflictError(ValueError):
    """Settings that do not go together, told by one of them.

    Parameters
    ----------
    key
        The key that is told of, below the model that found the conflict; empty for the whole of it.
    found, expected, hint
        What a `UserError` says: what stands there, what should, and the hint.
    """

    def __init__(self, key: str, found: str, expected: str, hint: str) -> None:
        super().__init__(f"{key}: {found}; expected {expected}; {hint}")
        self.key, self.found, self.expected, self.hint = key, found, expected, hint


def conflict(key: str, found: str, expected: str, hint: str) -> ConflictError:
    """Return what a validator raises for settings that do not go together."""
    return ConflictError(key, found, expected, hint)


def _each_once(values: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(values)) < len(values):
        raise ValueError("each item once")
    return values


def _declared(name: str, info: ValidationInfo) -> str:
    """Refuse a name of no configuration, where it is known which there are."""
    known = (info.context or {}).get("configurations", (name,))
    if name not in known:
        raise conflict(
            "",
            f"an unknown configuration {name!r}",
            f"one of {', '.join(known)}",
            _mend(name, known),
        )
    return name


def _mend(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    guess = f" (did you mean {near[0]!r}?)" if near else ""
    return f"fix the name{guess}, or declare the configuration in config/experiments.yaml"


# Words: at least one sign.
Text = Annotated[str, Field(min_length=1)]
# A name of something of the article: lower case, digits, underscores.
Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
# The name of a file of prose, which may have hyphens too.
FileName = Annotated[
    str,
    Field(
        description="a name (lower case, digits, underscores, hyphens)",
        pattern="^[a-z][a-z0-9_-]*$",
    ),
]
# The name of a fact: of what it is, a dot, and its own.
FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
# The name of a configuration of `config/experiments.yaml`.
ConfigurationName = Annotated[Name, AfterValidator(_declared)]
# Several of a kind, none of them twice.
Distinct = Annotated[
    tuple[T, ...], AfterValidator(_each_once), Field(json_schema_extra={"uniqueItems": True})
]


@dataclass(frozen=True)
class _Fault:
    """The first fault of some values: where it is, what is said of it, and where others are."""

    path: tuple[str, ...]
    found: str
    expected: str
    hint: str
    is_conflict: bool = False
    others: tuple[str, ...] = ()

    def with_others(self, paths: Iterable[tuple[str, ...]]) -> _Fault:
        """Return it with the places of other faults, without those of the same key."""
        apart = [path for path in paths if not _is_same(path, self.path)]
        return replace(self, others=tuple(dict.fromkeys(".".join(path) for path in apart)))

    def told(self) -> str:
        """Return its hint, and where the other faults are."""
        shown = ", ".join(self.others[:_OTHERS])
        more = " and more" if len(self.others) > _OTHERS else ""
        return f"{self.hint}; also at fault: {shown}{more}" if shown else self.hint


def _is_same(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two faults are of one key, or of one that is in the other."""
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]


def validated(
    model: type[M],
    values: Any,  # noqa: ANN401 - any YAML value
    place: str,
    below: Sequence[str] = (),
    configurations: Iterable[str] | None = None,
) -> M:
    """Return values as a model; the first fault, in order of the keys, is a `UserError`.

    Parameters
    ----------
    model
        A `Model`, or a root model.
    values
        As YAML or JSON has them.
    place
        What they are from, mostly a file: the message begins with it.
    below
        The keys there under which they stand.
    configurations
        The configurations that are declared, where a `ConfigurationName` has to be one of them.
    """
    found = _validate(model, values, configurations)
    if isinstance(found, _Fault):
        key = ".".join([*below, *found.path])
        where = f"{place}: {key}" if key else place
        raise UserError(where, found.found, found.expected, found.told())
    return found


def check_configuration(
    model: type[M], values: Mapping[str, Any], place_of_key: Callable[[str], str]
) -> M:
    """Return the settings of one configuration as the model of its experiment.

    Parameters
    ----------
    model
        The model; each setting of the configuration is a key of it.
    values
        The settings, with those that it shares with others.
    place_of_key
        Returns the key of ``config/experiments.yaml`` below which a setting is declared; of one
        that is declared nowhere, such as ``name``, that of the configuration itself.

    Raises
    ------
    UserError
        A wrong value is told where it is declared, a conflict at the configuration that has it.
    """
    fault = _validate(model, values)
    if not isinstance(fault, _Fault):
        return fault
    key = fault.path[0] if fault.path else ""
    declared, own = place_of_key(key), place_of_key("name")
    found, place = fault.found, declared
    if fault.is_conflict:
        place = own
        if declared != own and not declared.endswith("common"):
            found += f" ({key} as in {declared})"
    where = ".".join([place, *fault.path])
    raise UserError(f"config/experiments.yaml: {where}", found, fault.expected, fault.told())


def _validate(
    model: type[M],
    values: Any,  # noqa: ANN401 - any YAML value
    configurations: Iterable[str] | None = None,
) -> M | _Fault:
    """Return values as a model, or the first fault of them."""
    context = {} if configurations is None else {"configurations": tuple(configurations)}
    try:
        # As JSON: strict, and still a list is what a tuple is made of.
        return model.model_validate_json(json.dumps(values, default=_foreign), context=context)
    except ValidationError as error:
        faults = [each for each in error.errors(include_url=False) if not _follows(each)]
        schema = model.model_json_schema()
        first, *others = (_told(each, schema, values) for each in sorted(faults, key=_order))
        return first.with_others(each.path for each in others)


def _foreign(value: object) -> dict[str, str]:
    """Return what no key may hold, for a value that JSON has not, such as a date of YAML's."""
    return {"": str(value)}


def _follows(error: Mapping[str, Any]) -> bool:
    """Tell whether a list is too short only because an item of it is at fault."""
    return bool(error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"])


def _order(error: Mapping[str, Any]) -> tuple[list[str], int]:
    """Order faults by the place of what holds the key; that a name is none comes before all."""
    place = [str(part) for part in error["loc"]]
    if place and place[-1] == _NAME:
        return place[:-2], False
    if error["type"] in ("extra_forbidden", "missing"):
        place.pop()
    return place, error["type"] != "extra_forbidden"


def _told(
    error: Mapping[str, Any],
    schema: Mapping[str, Any],
    values: Any,  # noqa: ANN401
) -> _Fault:
    """Say what a model found, in the words of the descriptions in its schema."""
    kind = error["type"]
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, ConflictError):
        path = (*_walk(error["loc"], schema, values)[0], *filter(None, [cause.key]))
        return _Fault(path, cause.found, cause.expected, cause.hint, is_conflict=True)
    if kind in ("extra_forbidden", "missing"):
        *above, last = error["loc"]
        path, node, value = _walk(above, schema, values)
        place, known = (*path, str(last)), _properties(node, schema)
        if kind == "missing":
            return _missing(place, known)
        return _unknown(place, list(known), _home(value[last], known, schema))
    if error["loc"] and error["loc"][-1] == _NAME:
        path, node, _ = _walk(error["loc"][:-2], schema, values)
        return _misnamed((*path, str(error["loc"][-2])), node, error)
    path, node, value = _walk(error["loc"], schema, values)
    fault = _wrong(path, node, value, error)
    if keys := _keys_of(node, schema):
        fault = replace(fault, hint=f"{fault.hint}: {keys}")
    return fault


def _properties(node: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a mapping, or of the mappings that a value may be, with what they are."""
    options = [_opened(each, schema) for each in node.get("anyOf", node.get("oneOf", []))]
    return {
        key: value for each in (node, *options) for key, value in each.get("properties", {}).items()
    }


def _keys_of(node: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return which keys a mapping has that was expected, or each mapping of a list."""
    if keys := _properties(node, schema):
        return f"a mapping of {', '.join(keys)}"
    if keys := _properties(_opened(node.get("items", {}), schema), schema):
        return f"a list of mappings of {', '.join(keys)}"
    return ""


def _unknown(path: tuple[str, ...], known: Sequence[str], home: str | None) -> _Fault:
    found = f"an unknown key {path[-1]!r}"
    if not known:
        return _Fault(path, found, "a value without keys", "write the value itself there")
    expected = f"one of {', '.join(known)}"
    hint = f"put it under `{home}:`" if home else nearest(path[-1], known)
    return _Fault(path, found, expected, hint)


def _home(
    value: Any,  # noqa: ANN401 - any YAML value
    properties: Mapping[str, Any],
    schema: Mapping[str, Any],
) -> str | None:
    """Return the key below which a value would be a named one, if its own keys fit but one."""
    if not isinstance(value, Mapping) or not value:
        return None
    fitting = [
        key
        for key, node in properties.items()
        if value.keys() <= _properties(_opened(_below(node, ""), schema), schema).keys()
    ]
    return fitting[0] if len(fitting) == 1 else None


def _missing(path: tuple[str, ...], properties: Mapping[str, Any]) -> _Fault:
    expected = properties.get(path[-1], {}).get("description", "a value")
    return _Fault(path, "no such key", expected, f"add the key {path[-1]!r}")


def _misnamed(path: tuple[str, ...], node: Mapping[str, Any], error: Mapping[str, Any]) -> _Fault:
    """Tell of a key whose name is no name."""
    pattern = error.get("ctx", {}).get("pattern")
    plain = "two plain names with a dot between" if "\\." in (pattern or "") else "a plain name"
    described = node.get("propertyNames", {}).get("description", plain)
    rule = f" (pattern: {pattern})" if pattern else ""
    hint = WIDE_COLON if "：" in path[-1] else "rename the key"
    return _Fault(path, f"the name {path[-1]!r}", f"{described}{rule}", hint)


def _wrong(
    path: tuple[str, ...],
    node: Mapping[str, Any],
    value: Any,  # noqa: ANN401 - any YAML value
    error: Mapping[str, Any],
) -> _Fault:
    """Tell of a value that is of another kind, or out of bounds."""
    rules = _RULES.get(error["type"], ())
    rule, bound = next(
        ((rule, node[rule]) for rule in rules if rule in node), ("type", _types(node))
    )
    found, described = json.dumps(value, ensure_ascii=False, default=str), node.get("description")
    if rule == "pattern" and described and (endings := _other_endings(bound, str(value))):
        return _Fault(path, found, described, f"let its name end in one of {endings}")
    return _Fault(
        path,
        found,
        expected=f"{described or error['msg']} ({rule}: {json.dumps(bound)})",
        hint="give the key a value of that kind",
    )


def _other_endings(pattern: str, value: str) -> str:
    """Return the endings that a pattern of file names allows, where a name has none of them."""
    listed = _ENDINGS.search(pattern)
    endings = [f".{each}" for each in listed[1].replace("\\", "").split("|")] if listed else []
    return "" if value.endswith(tuple(endings)) else ", ".join(endings)


def _types(node: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a name or several, as JSON schemas have it
    options = node.get("anyOf", node.get("oneOf", []))
    if "$ref" in node:
        return "object"
    return node["type"] if "type" in node else [_types(each) for each in options]


def _walk(
    place: Sequence[str | int],
    schema: Mapping[str, Any],
    values: Any,  # noqa: ANN401
) -> tuple[tuple[str, ...], dict[str, Any], Any]:
    """Return where a place of pydantic's leads: the path of keys, its schema and its value.

    A part that no value has names one of several types that the value might have been of.
    """
    path: tuple[str, ...] = ()
    node, value = _opened(schema, schema), values
    for part in place:
        if not _has(value, part):
            node = _of_kind(node, schema, value)
            continue
        path, value = (*path, str(part)), value[part]
        node = _opened(_below(node, part), schema)
        for option in node.pop("oneOf", []) if isinstance(value, dict | list) else []:
            opened = _opened(option, schema)
            if opened["type"] == ("object" if isinstance(value, dict) else "array"):
                node = opened
    return path, node, value


def _of_kind(node: dict[str, Any], schema: Mapping[str, Any], value: object) -> dict[str, Any]:
    """Return what one of several types is described by: the mapping for a mapping."""
    options = [_opened(each, schema) for each in node.get("anyOf", [])]
    wanted = isinstance(value, Mapping)
    fitting = [each for each in options if (each.get("type") == "object") == wanted]
    return {**node, **fitting[0]} if len(fitting) == 1 else node


def _has(value: Any, part: str | int) -> bool:  # noqa: ANN401 - any YAML value
    if isinstance(value, Mapping):
        return part in value
    return isinstance(value, list) and isinstance(part, int)


def _below(node: Mapping[str, Any], part: str | int) -> Mapping[str, Any]:
    """Return the schema of an item or of a key."""
    if isinstance(part, int):
        items: Mapping[str, Any] = node.get("items", {})
        return items
    of_names = list(node.get("patternProperties", {}).values())
    every = of_names[0] if of_names else node.get("additionalProperties")
    below = node.get("properties", {}).get(part, every)
    return below if isinstance(below, Mapping) else {}


def _opened(node: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema with what it refers to, without the nothing that may stand for a value.

    What stands beside a reference goes before what is referred to: a field's own description.
    """
    several = node.get("anyOf", node.get("oneOf", []))
    options = [each for each in several if each.get("type") != "null"]
    if len(options) == 1:
        rest = {key: value for key, value in node.items() if key not in ("anyOf", "oneOf")}
        return _opened({**options[0], **rest}, schema)
    if "$ref" not in node:
        return {**node, "anyOf": options} if options else dict(node)
    name = node["$ref"].removeprefix("#/$defs/")
    return {**_opened(schema["$defs"][name], schema), **node}
