"""What an experiment and an analysis return, how each is run, and how their files are read.

An experiment is a module of ``experiments/`` with ``run(settings) -> Result``; each of its
configurations is one job. An analysis is a module with ``analyse(settings, inputs) -> Result``,
whose inputs are the results of configurations. Both write the same files, see
`juchi.results.layout`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from juchi.core.errors import UserError, nearest
from juchi.core.progress import name_job
from juchi.core.records import DIVERGED, finite_or_none, read_json, write_json
from juchi.core.tables import Columns, read_table, write_table
from juchi.results.checksums import write_checksums
from juchi.results.layout import PARTS

__all__ = ["Inputs", "Result", "StoredResult", "analysis_command", "experiment_command"]

Settings = TypeVar("Settings", bound=BaseModel)


@dataclass(frozen=True)
class Result:
    """What one configuration of an experiment, or an analysis, found.

    Attributes
    ----------
    samples
        One row for each replicate, one column for each measure: what statistics with intervals are
        taken of.
    curves
        What figures draw, in long form: one row for each point.
    scalars
        Single numbers by name that are no statistic over the rows of `samples`. One that came with
        an interval is a mapping with ``value``, ``n``, ``low`` and ``high``; one that was taken
        over some replicates, a mapping with ``value`` and ``n``. None, or NaN, where there is none;
        where a column ``diverged`` of the samples tells why, that is written in its place.
    """

    samples: Columns = field(default_factory=dict)
    curves: Columns = field(default_factory=dict)
    scalars: dict[str, Any] = field(default_factory=dict)


class StoredResult:
    """The result of a configuration as it was written, each part read when it is asked for.

    Parameters
    ----------
    stem
        The path of its files without what they end in, such as ``results/walks/mine``.
    """

    def __init__(self, stem: Path) -> None:
        self._stem = stem

    @cached_property
    def samples(self) -> Columns:
        """The table with one row for each replicate."""
        return read_table(self.path("samples"))

    @property
    def curves(self) -> Columns:
        """The table that figures draw from, in long form; it may be large, and is not kept."""
        return read_table(self.path("curves"))

    @cached_property
    def scalars(self) -> Mapping[str, Any]:
        """The single numbers by name."""
        scalars: Mapping[str, Any] = read_json(self.path("scalars"))
        return scalars

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """The settings that it was made with."""
        settings: Mapping[str, Any] = read_json(self.path("checksums"))["settings"]
        return settings

    def path(self, part: str) -> Path:
        """Return the file of a part."""
        return self._stem.with_name(self._stem.name + PARTS[part])


@dataclass(frozen=True)
class Inputs:
    """What an analysis reads.

    Attributes
    ----------
    results
        The result of each configuration, by its name, in the order of the configuration.
    files
        The sources that the analysis declares, in their order.
    """

    results: Mapping[str, StoredResult]
    files: tuple[Path, ...] = ()


def experiment_command(
    description: str | None, model: type[Settings], run: Callable[[Settings], Result]
) -> None:
    """Run the configuration that the command line gives, and write what it found."""
    arguments = _parser(description).parse_args()
    settings = _begin(arguments, model)
    _write(run(settings), arguments)


def analysis_command(
    description: str | None, model: type[Settings], analyse: Callable[[Settings, Inputs], Result]
) -> None:
    """Analyse the results that the command line names, and write what was found."""
    parser = _parser(description)
    parser.add_argument("--results", type=Path, nargs="*", default=[])
    parser.add_argument("--files", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    settings = _begin(arguments, model)
    inputs = Inputs(dict(_stored(arguments.results)), tuple(arguments.files))
    _write(analyse(settings, inputs), arguments)


def _parser(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--settings", required=True)
    for name in PARTS:
        parser.add_argument(f"--{name}", required=True, type=Path)
    return parser


def _refusal(fault: Mapping[str, Any], name: str, known: list[str]) -> UserError:
    """Return what to tell of a setting that the experiment's model does not take."""
    key = ".".join(map(str, fault["loc"]))
    where = f"config/experiments.yaml: {name}.{key}"
    expected = f"the keys {', '.join(each for each in known if each != 'name')}"
    if fault["type"] == "extra_forbidden":
        return UserError(where, f"an unknown key {key!r}", expected, nearest(key, known))
    if fault["type"] == "missing":
        return UserError(where, f"no key {key!r}", expected, "add it, under common or there")
    found = f"{fault['input']!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}"
    return UserError(where, found, "a value as the experiment's model has it", "correct the value")


def _begin(arguments: argparse.Namespace, model: type[Settings]) -> Settings:
    """Return the settings of the job, of which the progress tells."""
    # One thread, also where the environment says nothing: the number of threads decides how sums
    # are split, and so the last bits.
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
    try:
        settings = model.model_validate_json(arguments.settings)
    except ValidationError as error:
        name = json.loads(arguments.settings).get("name", "")
        faults = error.errors(include_url=False)
        # A key that is misspelt is missing under its right name as well.
        first = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")
        raise _refusal(first, name, list(model.model_fields)) from None
    name_job(arguments.checksums.name.removesuffix(PARTS["checksums"]))
    return settings


def _stored(files: Iterable[Path]) -> Iterator[tuple[str, StoredResult]]:
    """Yield each configuration of which there is a file, once, with its result."""
    for path in files:
        if path.name.endswith(PARTS["checksums"]):
            name = path.name.removesuffix(PARTS["checksums"])
            yield name, StoredResult(path.with_name(name))


def _write(result: Result, arguments: argparse.Namespace) -> None:
    write_table(arguments.samples, result.samples)
    write_table(arguments.curves, result.curves)
    write_json(arguments.scalars, _scalars(result))
    files = (arguments.samples, arguments.curves, arguments.scalars)
    write_checksums(arguments.checksums, json.loads(arguments.settings), files)


def _scalars(result: Result) -> dict[str, Any]:
    """Return the scalars as they are written: none is NaN."""
    scalars = finite_or_none(result.scalars)
    absent = DIVERGED if np.any(result.samples.get("diverged", False)) else None
    return {name: absent if value is None else value for name, value in scalars.items()}
