"""A study: an experiment that is not one weight's training run. What it returns, how it is run.

A study's module has ``carry_out(settings) -> Outcome``; the configuration's `studies` declare its
variants, and each variant is one job: ``python -m experiments.<study> --settings JSON ...``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from juchi.core.records import finite_or_none, write_json
from juchi.core.steps import name_job
from juchi.core.tables import Columns, write_table
from juchi.results.seals import write_seal

__all__ = ["Outcome", "Study", "study_command"]

Record = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What one variant of a study found.

    Attributes
    ----------
    runs
        One row for each replica, one column for each measure: what statistics with intervals are
        taken of.
    series
        What figures draw, in long form: one row for each point.
    record
        Single numbers by name that are no statistic over the rows of `runs`; None, or NaN, where
        the runs give none.
    """

    runs: Columns
    series: Columns
    record: Record = field(default_factory=dict)


Study = Callable[[Mapping[str, Any]], Outcome]


def study_command(description: str | None, carry_out: Study) -> None:
    """Carry out the variant that the command line gives, and write what it found."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--settings", required=True, type=json.loads)
    for name in ("runs", "series", "record", "seal"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    # One thread, also where the environment says nothing: the number of threads decides how sums
    # are split, and so the last bits.
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
    name_job(arguments.settings["name"])
    outcome = carry_out(arguments.settings)
    write_table(arguments.runs, outcome.runs)
    write_table(arguments.series, outcome.series)
    write_json(arguments.record, finite_or_none(outcome.record))
    files = (arguments.runs, arguments.series, arguments.record)
    write_seal(arguments.seal, arguments.settings, files)
