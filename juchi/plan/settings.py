"""The configuration: YAML files, an overlay, and the schemas that describe every key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from juchi.core.errors import UserError, nearest
from juchi.core.memory import remembered
from juchi.plan.yaml_files import read_yaml

__all__ = ["canonical", "load_settings", "merge", "read_subject"]

Settings = dict[str, Any]

# One file for each subject, merged under its own name; each has a schema of the same name.
SUBJECTS = ("experiments", "article", "facts", "thresholds")


def merge(base: Any, overlay: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Return `base` with the values of `overlay` laid over it, mappings key by key."""
    if not (isinstance(base, Mapping) and isinstance(overlay, Mapping)):
        return overlay
    merged = dict(base)
    for key, value in overlay.items():
        merged[key] = merge(base[key], value) if key in base else value
    return merged


def load_settings(folder: Path, overlay: Mapping[str, Any]) -> Settings:
    """Return the settings of every subject, with the overlay laid over them, validated.

    Parameters
    ----------
    folder
        Holds ``<subject>.yaml`` and ``schemas/<subject>.schema.json``.
    overlay
        Values by subject, such as ``{"experiments": {"common": {"starts": 64}}}``.
    """
    for key in overlay:
        if key not in SUBJECTS:
            raise UserError(
                where=f"the overlay: {key}",
                found=f"an unknown key {key!r}",
                expected=f"one of {', '.join(SUBJECTS)}",
                remedy=nearest(str(key), SUBJECTS),
            )
    return {subject: read_subject(folder, subject, overlay.get(subject)) for subject in SUBJECTS}


def read_subject(folder: Path, subject: str, overlay: Any = None) -> Any:  # noqa: ANN401 - any YAML value
    """Return the settings of one subject, with an overlay laid over them, validated."""
    path = folder / f"{subject}.yaml"
    values = read_yaml(path)
    schema = (folder / "schemas" / f"{subject}.schema.json").read_text("utf-8")
    _validate(values, schema, path)
    if overlay is not None:
        values = merge(values, overlay)
        _validate(values, schema, f"the overlay of {path}")
    return values


def _validate(values: Any, schema: str, place: Path | str) -> None:  # noqa: ANN401 - any YAML value
    """Hold values against a schema, unless these very values have been held against it before."""

    def is_valid() -> bool:
        # Here, since it takes long and is seldom wanted.
        from juchi.plan.schemas import validate  # noqa: PLC0415

        validate(values, json.loads(schema), place)
        return True

    remembered(is_valid, "schema", schema, repr(values))


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return one text for one value, whatever the order of its keys; fit for a rule's params."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
