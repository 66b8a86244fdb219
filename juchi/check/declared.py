"""What the configuration declares, held against each language's words and the files of data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from juchi.core.errors import UnplacedError, nearest
from juchi.core.tables import read_any_table
from juchi.prose.calls import Messages, flatten
from juchi.prose.formats import SCALES, exact, require_year, significant
from juchi.results.evaluation import Evaluation
from juchi.results.facts import SETTING, Fact

__all__ = ["setting_faults", "table_faults", "word_faults", "year_faults"]


def setting_faults(
    facts: Mapping[str, Fact], formats: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Yield each setting that would be printed as another number than was typed."""
    for name, fact in facts.items():
        how, value = formats.get(name, {}), fact.value
        digits, style = how.get("digits"), how.get("style", "decimal")
        if (
            digits is None
            or not fact.source.startswith(SETTING)
            or not isinstance(value, int | float)
        ):
            continue
        typed = exact(value).scaleb(SCALES.get(style, 0))
        rounded = round(typed, digits) if style in SCALES else significant(typed, digits)
        if rounded != typed:
            kind = "decimals" if style in SCALES else "significant digits"
            yield (
                f"config/facts.yaml: {name}: digits: {digits} are {kind}, and would print the "
                f"setting {typed:f} as {rounded:f}: leave digits out, or take more"
            )


def year_faults(
    facts: Mapping[str, Fact], formats: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Yield each fact that is declared to be printed as a year and cannot be one."""
    for name, fact in facts.items():
        how, values = formats.get(name, {}), fact.value
        if how.get("style") != "year" or isinstance(values, str):
            continue
        for value in values if isinstance(values, list) else [values]:
            try:
                require_year(value, how.get("digits"))
            except UnplacedError as error:
                yield f"config/facts.yaml: {name}: {error}"


def table_faults(article: Mapping[str, Any]) -> Iterator[str]:
    """Yield each column that a table names and its file of data lacks."""
    for name, path in article.get("table_files", {}).items():
        settings = article["tables"][name]
        named = [("columns", entry["column"]) for entry in settings["columns"]]
        named += [("where", column) for column in settings["where"]]
        named += [("sort", column.removeprefix("-")) for column in settings["sort"]]
        known = list(read_any_table(Path(path)))
        for key, column in named:
            if column not in known:
                yield (
                    f"config/article.yaml: tables.{name}.{key}: no column {column!r} in {path}; "
                    f"{nearest(column, known)}"
                )


def word_faults(
    article: Mapping[str, Any],
    evaluations: Mapping[str, Evaluation],
    words: Mapping[Path, Messages],
) -> Iterator[str]:
    """Yield each key that the configuration needs and a language has no words for."""
    wanted = list(dict.fromkeys(_wanted(article, evaluations)))
    for path, messages in words.items():
        known = {key for key, _ in flatten(messages)}
        for key, needed_by in wanted:
            if key not in known:
                yield f"{path}: no key {key!r}, which {needed_by} needs"


def _wanted(
    article: Mapping[str, Any], evaluations: Mapping[str, Evaluation]
) -> Iterator[tuple[str, str]]:
    """Yield the dotted keys that the configuration needs, each with what needs it."""
    for name, evaluation in evaluations.items():
        for part in ("statement", "test"):
            yield f"claims.{name}.{part}", f"claims.{name}"
        for each in evaluation.preconditions:
            yield f"preconditions.{each}", f"claims.{name}"
    for name, settings in article["tables"].items() if isinstance(article["tables"], dict) else ():
        if name not in article.get("table_files", {}):
            yield f"tables.regions.{name}", f"tables.{name}"
            continue
        for entry in settings["columns"]:
            yield f"tables.heads.{name}.{entry.get('head', entry['column'])}", f"tables.{name}"
            if "group" in entry:
                yield f"tables.heads.{name}.{entry['group']}", f"tables.{name}"
