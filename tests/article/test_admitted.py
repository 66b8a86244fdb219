"""Whatever the models admit is either carried out, told and printed, or refused by its key.

No traceback, no NaN in print. The sizes are small, since a model admits what takes hours.
"""

from __future__ import annotations

import json
import math
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from pydantic import Field

from experiments import bands, paths
from experiments.settings import EXPERIMENTS
from experiments.trajectories import recorded
from juchi.core.errors import UserError
from juchi.core.records import read_json
from juchi.core.tables import Columns, read_table
from juchi.plan.models import Model, validated
from juchi.plan.plan import Plan
from juchi.plan.result_models import FactSource
from juchi.plan.settings import load_settings
from juchi.prose.calls import read_messages
from juchi.prose.fact_formatter import FactFormatter
from juchi.prose.formats import NumberFormat
from juchi.prose.printed import CODE
from juchi.results.collect import Collector
from juchi.results.data import as_csv
from juchi.results.facts import DIVERGED, Fact
from juchi.results.layout import PARTS, result_file
from tests.samples import ROOT
from tests.strategies import admitted, opened, reals, reconciled

SCHEMAS = {name: opened(model) for name, model in EXPERIMENTS.items()}
OTHERS = [name for name in EXPERIMENTS if name != "one_weight"]
FORMAT = opened(FactSource)["properties"]
STYLES = FORMAT["style"]["anyOf"][0]["enum"]
DIGITS = FORMAT["digits"]["anyOf"][0]
DECLARED = load_settings(ROOT / "config", {})
CONFIGURED = DECLARED["experiments"]["experiments"]
SHARED_FACTS = DECLARED["facts"]["every"]["one_weight"]

# What an experiment takes in an instant; the other integers stay near the least that is admitted.
SIZES = {
    "steps": 24,
    "limit": 2000,
    "refine_steps": 80,
    "training_samples": 40,
    "validation_samples": 40,
    "widths": 4,
    "hidden": 6,
    "width": 8,
}
# Examples of each experiment: those that train networks or refine rates take longer.
EXAMPLES = {"digits": 10, "coordinates": 15, "sweep": 40}
# A tenth of them is tried always, all at night; but of what is mostly refused, all always.
SHARES = pytest.mark.parametrize("share", [0.1, pytest.param(1, marks=pytest.mark.nightly)])
MOSTLY_REFUSED = ("coordinates", "fewest_steps", "sweep")

searching = settings(
    deadline=None,
    derandomize=True,
    database=None,
    # A failing example is long to train; it is told as it was found, not made smaller.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
_NO_NUMBER = re.compile(r"nan|inf|none", re.IGNORECASE)


def plan(experiments: Mapping[str, Any]) -> Plan:
    """Lay out the article with other experiments."""
    return Plan(load_settings(ROOT / "config", {"experiments": {"experiments": experiments}}), ROOT)


def named(error: UserError) -> bool:
    """Return whether a message names its place, and says what was found and what to do."""
    form = r"error: (the overlay of )?config/experiments\.yaml: \S.*\n  found: .*\n  expected: .*\n"
    return re.match(form + "  hint: .*", str(error)) is not None


@cache
def printers() -> list[tuple[Mapping[str, Any], NumberFormat]]:
    """Return the words and the numbers of every language."""
    languages = DECLARED["article"]["languages"]
    words = {code: read_messages(ROOT / "templates" / code / "messages.yaml") for code in languages}
    return [
        (words[code], NumberFormat(entry["locale"], words[code]["list_separator"]))
        for code, entry in languages.items()
    ]


def job(experiment: str, chosen: Mapping[str, Any]) -> dict[str, Path]:
    """Carry out a configuration by its command, in this folder; return the files by their parts."""
    name = chosen["name"]
    files = {part: Path(result_file(experiment, name, part)) for part in PARTS}
    options = [each for part, file in files.items() for each in (f"--{part}", str(file))]
    arguments = ["job", "--settings", json.dumps(chosen), *options]
    with mock.patch.object(sys, "argv", arguments):
        import_module(f"experiments.{experiment}").main()
    return files


def taken(drawn: Mapping[str, Any]) -> tuple[dict[str, Fact], Columns]:
    """Train a configuration as a build does; return the facts that every one has, and samples."""
    laid_out = plan({"one_weight": {"configurations": {"drawn": dict(drawn)}}})
    chosen = laid_out.configurations["drawn"]
    declared = json.loads(laid_out.part("fact_sources"))
    own = {name: entry for name, entry in declared.items() if name.startswith("drawn.")}
    given_settings = json.loads(laid_out.part("fact_settings"))
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        files = job("one_weight", chosen)
        samples = read_table(files["samples"])
        trajectories = recorded(read_table(files["curves"]), files["curves"])
        bound = chosen["diverged_weight"]
        drawn_of = [each("drawn", trajectories, bound) for each in (paths.paths, bands.bands)]
        for table in (samples, *drawn_of):
            assert len({len(values) for values in table.values()}) == 1
        return Collector(own, given_settings).facts(), samples


def assert_printed(facts: Mapping[str, Fact]) -> None:
    """Hold every fact to be printed in every language as a number or as the word for none."""
    formats = {name: SHARED_FACTS[name.partition(".")[2]] for name in facts}
    for words, numbers in printers():
        printer = FactFormatter(facts, formats, numbers, words)
        for name, fact in facts.items():
            for printed in (
                printer.bare(name),
                printer.full(name),
                printer.write("plain", [name], {}, CODE),
            ):
                assert not _NO_NUMBER.search(printed)
                assert (words["no_number"][DIVERGED] in printed) == (fact.value == DIVERGED)


one_weight = admitted(SCHEMAS["one_weight"], SIZES)


@settings(searching, max_examples=80)
@given(st.one_of(one_weight, one_weight.map(reconciled)))
def test_a_configuration_is_trained_and_its_facts_are_printed_or_it_is_refused(
    drawn: dict[str, Any],
) -> None:
    try:
        facts, _ = taken(drawn)
    except UserError as refusal:
        event("refused")
        # A model that a constant fits as well has no gap, and a fact of it no number.
        fact = str(refusal).startswith("error: config/facts.yaml: drawn.")
        assert fact or named(refusal), refusal
        return
    event("printed")
    assert_printed(facts)


@SHARES
@pytest.mark.parametrize("experiment", OTHERS)
def test_an_experiment_is_carried_out_or_refused(experiment: str, share: float) -> None:
    built = []
    drawn_settings = admitted(SCHEMAS[experiment], SIZES)
    share = 1 if experiment in MOSTLY_REFUSED else share
    examples = math.ceil(share * EXAMPLES.get(experiment, 40))

    @settings(searching, max_examples=examples)
    @given(st.one_of(drawn_settings, *[drawn_settings.map(reconciled)] * 3))
    def search(drawn: dict[str, Any]) -> None:
        try:
            scalars, tables = carried_out(experiment, drawn)
        except UserError as refusal:
            assert named(refusal), refusal
            return
        built.append(drawn)
        # What is none is told as none: JSON has no NaN, and a table shows an empty cell.
        assert all(
            value in (None, DIVERGED) or isinstance(value, dict | int | float) for value in scalars
        )
        for table in tables:
            cells = as_csv(table).replace("\n", ",").split(",")
            assert not {"nan", "inf", "-inf"} & set(cells)

    search()
    assert built


def carried_out(experiment: str, drawn: Mapping[str, Any]) -> tuple[list[Any], list[Columns]]:
    """Carry out a configuration of an experiment; return its scalars' values, and its tables."""
    # The last one: the live model takes what it opens with from the first sweep.
    # Not one with pairs of its own: they would go along without the networks that they name.
    configurations = CONFIGURED[experiment]["configurations"]
    name = [each for each, own in configurations.items() if "pairs" not in own][-1]
    # An overlay adds to a mapping of cases or places: those declared go along.
    overlay = {"configurations": {name: drawn}}
    chosen = plan({experiment: overlay}).configurations[name]
    chosen = {key: drawn.get(key, value) for key, value in chosen.items()}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        files = job(experiment, chosen)
        tables = [read_table(files[part]) for part in ("samples", "curves")]
        return list(read_json(files["scalars"]).values()), tables


@settings(searching, max_examples=300)
@given(
    value=reals({}),
    # A year is whole, and what is not is refused.
    style=st.sampled_from([style for style in STYLES if style != "year"]),
    digits=st.one_of(st.none(), st.integers(DIGITS["minimum"], DIGITS["maximum"])),
)
def test_any_finite_number_is_printed_as_one(value: float, style: str, digits: int | None) -> None:
    for _, numbers in printers():
        for printed in (numbers.text(value, style, digits), numbers.html(value, style, digits)):
            assert not _NO_NUMBER.search(printed)
            assert any(character.isdigit() for character in printed)


class Rate(Model):
    """A setting that is a number."""

    rate: float = Field(description="a rate")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    validated(Rate, {"rate": 1.5}, "here")
    with pytest.raises(UserError, match=r"^error: here: rate\n.*found"):
        validated(Rate, {"rate": value}, "here")


def numbers_of(
    schema: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every number that a schema describes, with its place."""
    if schema.get("type") in ("number", "integer"):
        yield path, schema
    for key, value in schema.items():
        for number, part in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(part, dict):
                yield from numbers_of(part, f"{path}/{key}{number or ''}")


def test_every_number_of_the_experiments_has_two_ends() -> None:
    """Sizes beyond them would fill the memory, and values overflow."""
    found = dict(numbers_of(SCHEMAS))
    assert len(found) > 100
    for path, schema in found.items():
        assert {"minimum", "exclusiveMinimum"} & schema.keys(), path
        assert {"maximum", "exclusiveMaximum"} & schema.keys(), path


def test_a_run_that_diverges_is_named() -> None:
    """A rate of a million throws the weight out of all bounds in its first step."""
    declared = CONFIGURED["one_weight"]["common"]
    runaway = {**declared, "learning_rate": 1e6, "steps": 24, "burn_in": 4, "starts": 8}
    facts, columns = taken(runaway)
    assert columns["diverged"].any()
    assert np.isnan(columns["final_loss"][columns["diverged"]]).all()
    for name in ("sawtooth_share", "final_loss", "loss_ratio", "saturated"):
        assert facts[f"drawn.{name}"].value == DIVERGED
        assert facts[f"drawn.{name}"].interval is None
    learned = facts["drawn.learned_share"].value
    assert isinstance(learned, float)
    assert learned < 1
    assert_printed(facts)
