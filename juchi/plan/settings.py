"""The configuration: YAML files, an overlay, and the models that describe every key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from juchi import __version__
from juchi.core.errors import UserError, nearest
from juchi.core.memoize import memoize
from juchi.core.theme import theme_file
from juchi.plan.imports import code_digest
from juchi.plan.yaml_files import read_yaml

__all__ = ["canonical", "load_settings", "merge", "read_subject", "subject_file"]

Settings = dict[str, Any]

# One file for each subject, merged under its own name; each has a model of the same name.
SUBJECTS = ("experiments", "article", "facts", "thresholds")

_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")
# What no article can do without; any other file may be missing.
_REQUIRED = ("article",)
# The folder that the packages are in.
_ROOT = Path(__file__).resolve().parents[2]
_MODELS = "juchi.plan.subjects"


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
        Holds ``<subject>.yaml`` for each subject.
    overlay
        Values by subject, such as ``{"experiments": {"preset": "smoke"}}``.
    """
    for key in overlay:
        if key not in SUBJECTS:
            raise UserError(
                where=f"the overlay: {key}",
                found=f"an unknown key {key!r}",
                expected=f"one of {', '.join(SUBJECTS)}",
                hint=nearest(str(key), SUBJECTS),
            )
    settings: Settings = {}
    for subject in SUBJECTS:
        # The experiments come first: what others name of them is known then.
        known = _configurations(settings["experiments"]) if settings else None
        settings[subject] = read_subject(folder, subject, overlay.get(subject), known)
    return settings


def read_subject(
    folder: Path,
    subject: str,
    overlay: Any = None,  # noqa: ANN401 - any YAML value
    configurations: Iterable[str] | None = None,
) -> Any:  # noqa: ANN401
    """Return the settings of one subject, with an overlay laid over them, validated.

    What they leave out has its default. Where `configurations` are given, names of configurations
    have to be among them.
    """
    path = subject_file(folder, subject)
    values = read_yaml(path, None if subject in _REQUIRED else {})
    _require_version(values, path)
    completed = _validated(subject, values, path, configurations)
    if overlay is not None:
        values = merge(values, overlay)
        completed = _validated(subject, values, f"the overlay of {path}", configurations)
    return completed


def subject_file(folder: Path, subject: str) -> Path:
    """Return the file of a subject; the theme has the typefaces of whoever declares none."""
    path = folder / f"{subject}.yaml"
    return theme_file("fonts.yaml") if subject == "fonts" and not path.is_file() else path


def _require_version(values: Any, path: Path) -> None:  # noqa: ANN401 - any YAML value
    """Refuse an article that was written for a newer generator, whatever else it may hold."""
    wanted = values.get("generator") if isinstance(values, Mapping) else None
    if isinstance(wanted, str) and _VERSION.fullmatch(wanted) and _parts(wanted) > _parts():
        raise UserError(
            f"{path}: generator",
            f"an article for Juchi {wanted}, read by Juchi {__version__}",
            f"a version up to {__version__}",
            "install that version of Juchi, or a later one",
        )


def _parts(version: str = __version__) -> list[int]:
    return [int(part) for part in version.split(".")]


def _with_known_languages(article: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Return the article with what the theme knows of its languages, below what it says itself."""
    if not isinstance(article, Mapping) or not isinstance(article.get("languages"), Mapping):
        return article
    known = read_yaml(theme_file("languages.yaml"))
    languages = {
        code: merge(known.get(code, {}), {} if own is None else own)
        for code, own in article["languages"].items()
    }
    return {**article, "languages": languages}


def _configurations(experiments: Mapping[str, Any]) -> list[str]:
    declared = experiments["experiments"].values()
    return [name for experiment in declared for name in experiment["configurations"]]


def _validated(
    subject: str,
    values: Any,  # noqa: ANN401 - any YAML value
    place: Path | str,
    configurations: Iterable[str] | None,
) -> Any:  # noqa: ANN401
    """Return values with their defaults; those that have been checked before are not.

    The values themselves stay as YAML has them.
    """
    known = None if configurations is None else list(configurations)
    if subject == "article":
        values = _with_known_languages(values)

    def with_defaults() -> dict[str, Any]:
        # Here, since it takes long and is seldom wanted.
        from juchi.plan.subjects import defaults  # noqa: PLC0415

        return defaults(subject, values, str(place), known)

    code = code_digest(_MODELS, _ROOT)
    return _completed(values, memoize(with_defaults, subject, code, repr(values), repr(known)))


def _completed(values: Any, defaults: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Return values with what they leave out of mappings."""
    if not isinstance(defaults, Mapping):
        return values
    given = {} if values is None else values
    return {key: _completed(value, defaults.get(key)) for key, value in given.items()} | {
        key: deepcopy(value) for key, value in defaults.items() if key not in given
    }


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return one text for one value, whatever the order of its keys; fit for a rule's params."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
