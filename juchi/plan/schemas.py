"""JSON schemas: values are held against them, and a fault is told in the words of the schema."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.validators import extend

from juchi.core.errors import UserError, nearest

__all__ = ["validate"]


def _whole_pattern(
    validator: Any,  # noqa: ANN401 - as jsonschema calls it
    pattern: str,
    instance: Any,  # noqa: ANN401
    schema: Any,  # noqa: ANN401
) -> Iterator[jsonschema.ValidationError]:
    """Hold a text against a pattern whose ``$`` is the very end, as JSON Schema has it.

    Python's own also stands before a line feed, which would let a name end on one.
    """
    del schema
    if validator.is_type(instance, "string") and not re.search(_END.sub(r"\\Z", pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _is_number(_checker: jsonschema.TypeChecker, value: Any) -> bool:  # noqa: ANN401 - any YAML value
    ordinary = jsonschema.Draft202012Validator.TYPE_CHECKER.is_type(value, "number")
    return ordinary and (isinstance(value, int) or math.isfinite(value))


_END = re.compile(r"(?<!\\)\$")
_Validator = extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator,
    {"pattern": _whole_pattern},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
)


def validate(values: Any, schema: Any, place: Path | str) -> None:  # noqa: ANN401 - any YAML value
    """Hold values against a JSON schema; the first fault is a `UserError` that names its key.

    YAML has numbers that JSON has not: `.nan` and `.inf` are no numbers here.
    """
    faults = _Validator(schema).iter_errors(values)
    fault = min(faults, key=lambda error: [str(part) for part in error.absolute_path], default=None)
    if fault is not None:
        raise _refusal(fault, place)


def _refusal(fault: jsonschema.ValidationError, place: Path | str) -> UserError:
    """Say what a schema found, in the words of its descriptions."""
    schema: Any = fault.schema
    instance: Any = fault.instance
    rule: Any = fault.validator_value
    path = [str(part) for part in fault.absolute_path]

    def where(*below: str) -> str:
        key = ".".join([*path, *below])
        return f"{place}: {key}" if key else str(place)

    properties = schema.get("properties", {})
    if fault.validator == "additionalProperties":
        unknown = next(name for name in instance if name not in properties)
        known = list(properties)
        found, expected = f"an unknown key {unknown!r}", f"one of {', '.join(known)}"
        return UserError(where(str(unknown)), found, expected, nearest(str(unknown), known))
    if fault.validator == "required":
        missing = next(name for name in rule if name not in instance)
        expected = properties.get(missing, {}).get("description", "a value")
        return UserError(where(missing), "no such key", expected, f"add the key {missing!r}")
    if "propertyNames" in fault.absolute_schema_path:
        expected = f"{schema.get('description', 'a plain name')} ({fault.validator}: {rule})"
        found = f"the name {instance!r}"
        return UserError(where(str(instance)), found, expected, "rename the key")
    described = schema.get("description", fault.message)
    return UserError(
        where(),
        found=json.dumps(instance, ensure_ascii=False, default=str),
        expected=f"{described} ({fault.validator}: {json.dumps(rule)})",
        remedy="give the key a value of that kind",
    )
