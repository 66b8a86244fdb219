"""Whatever the schemas admit is either carried out, told and printed, or refused by its key.

No traceback, no NaN in print. The sizes are small, since a schema admits what takes hours.
"""

from __future__ import annotations

import json
import math
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from experiments.landscape import survey
from experiments.measures import MeasureSettings
from experiments.summarise import bands, measure_run, paths
from experiments.train import train_variant
from experiments.variant import Variant
from juchi.core.errors import UserError
from juchi.core.records import finite_or_none, read_json
from juchi.core.tables import Columns, read_table
from juchi.plan.plan import Plan
from juchi.plan.schemas import validate
from juchi.plan.settings import load_settings
from juchi.prose.calls import read_words
from juchi.prose.formats import NumberFormat, as_html, as_text
from juchi.prose.printing import Printer
from juchi.results.data import as_csv
from juchi.results.facts import DIVERGED, Fact, Results, collect
from juchi.results.study import study_command
from tests.samples import ROOT
from tests.strategies import admitted, reals, reconciled

SCHEMA = json.loads((ROOT / "config/schemas/experiments.schema.json").read_text("utf-8"))
STUDIES = SCHEMA["properties"]["studies"]["properties"]
FACTS = json.loads((ROOT / "config/schemas/facts.schema.json").read_text("utf-8"))
FORMAT = FACTS["properties"]["every_variant"]["additionalProperties"]["properties"]
DECLARED = load_settings(ROOT / "config", {})

# What a study takes in an instant; the other integers stay near the least that is admitted.
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
# Examples of each study: those that train networks or refine rates take longer.
EXAMPLES = {"digits": 10, "coordinates": 15, "sweep": 40}

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
    return Plan(load_settings(ROOT / "config", {"experiments": experiments}), ROOT)


def named(error: UserError) -> bool:
    """Return whether a message names its place, and says what was found and what to do."""
    form = r"error: (the overlay of )?config/experiments\.yaml: \S.*\n  found: .*\n  expected: .*\n"
    return re.match(form + "  way out: .*", str(error)) is not None


@cache
def printers() -> list[tuple[Mapping[str, Any], NumberFormat]]:
    """Return the words and the numbers of every language."""
    languages = DECLARED["article"]["languages"]
    words = {code: read_words(ROOT / "templates" / code / "words.yaml") for code in languages}
    return [
        (words[code], NumberFormat(entry["locale"], words[code]["list_separator"]))
        for code, entry in languages.items()
    ]


def taken(variant: Variant) -> tuple[dict[str, Fact], Columns]:
    """Train a variant as a build does; return the facts that every variant has, and measures."""
    measured = {**DECLARED["experiments"]["measures"]}
    confidence = measured.pop("confidence")
    chosen = MeasureSettings(**measured)
    run, landscape = train_variant(variant), asdict(survey(variant))
    columns = measure_run(variant, run, landscape, chosen)
    for table in (columns, paths(variant, run, chosen), bands(variant, run, chosen)):
        assert len({len(values) for values in table.values()}) == 1
    declared = DECLARED["facts"]["every_variant"]
    results = Results(
        measures=columns,
        runs={},
        landscapes={variant.name: finite_or_none(landscape)},
        records={},
        settings={variant.name: asdict(variant), "measures": {"confidence": confidence}},
        agreement={},
        printed={},
    )
    names = {f"{variant.name}.{name}": entry for name, entry in declared.items()}
    return collect(names, results), columns


def assert_printed(facts: Mapping[str, Fact]) -> None:
    """Hold every fact to be printed in every language as a number or as the word for none."""
    declared = DECLARED["facts"]["every_variant"]
    formats = {name: declared[name.partition(".")[2]] for name in facts}
    for words, numbers in printers():
        printer = Printer(facts, formats, numbers, words)
        for name, fact in facts.items():
            for printed in (printer.bare(name), printer.full(name), printer.text(name)):
                assert not _NO_NUMBER.search(printed)
                assert (words["no_number"][DIVERGED] in printed) == (fact.value == DIVERGED)


common = admitted(SCHEMA["properties"]["common"], SIZES)


@settings(searching, max_examples=80)
@given(st.one_of(common, common.map(reconciled)))
def test_a_variant_is_trained_and_its_facts_are_printed_or_it_is_refused(
    drawn: dict[str, Any],
) -> None:
    try:
        entry = plan({"variants": {"drawn": drawn}}).variants["drawn"]
        facts, _ = taken(Variant.from_config("drawn", {k: entry[k] for k in drawn}))
    except UserError as refusal:
        event("refused")
        # A model that a constant fits as well has no gap, and a fact of it no number.
        fact = str(refusal).startswith("error: config/facts.yaml: drawn.")
        assert fact or named(refusal), refusal
        return
    event("printed")
    assert_printed(facts)


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_is_carried_out_or_refused(study: str) -> None:
    built = []

    @settings(searching, max_examples=EXAMPLES.get(study, 40))
    @given(
        st.one_of(
            admitted(STUDIES[study]["properties"]["common"], SIZES),
            *[admitted(STUDIES[study]["properties"]["common"], SIZES).map(reconciled)] * 3,
        )
    )
    def search(drawn: dict[str, Any]) -> None:
        try:
            record, tables = carried_out(study, drawn)
        except UserError as refusal:
            assert named(refusal), refusal
            return
        built.append(drawn)
        # What is none is told as none: JSON has no NaN, and a table shows an empty cell.
        assert all(value is None or isinstance(value, dict | int | float) for value in record)
        for table in tables:
            cells = as_csv(table).replace("\n", ",").split(",")
            assert not {"nan", "inf", "-inf"} & set(cells)

    search()
    assert built


def carried_out(study: str, drawn: Mapping[str, Any]) -> tuple[list[Any], list[Columns]]:
    """Carry out a variant of a study by its command; return its record's values, and its tables."""
    entry = DECLARED["experiments"]["studies"][study]
    name, own = next(iter(entry["variants"].items()))
    # An overlay adds to a mapping of cases or places: those declared go along.
    variants = {name: {key: drawn[key] for key in own or {}}}
    trial = plan({"studies": {study: {"common": drawn, "variants": variants}}}).trials[name]
    trial = {key: drawn.get(key, value) for key, value in trial.items()}
    module = import_module(f"experiments.{study}")
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        files = {part: Path(folder) / part for part in ("runs", "series", "record", "seal")}
        options = [each for part, file in files.items() for each in (f"--{part}", str(file))]
        patch.setattr(sys, "argv", ["study", "--settings", json.dumps(trial), *options])
        study_command(None, module.carry_out)
        record = read_json(files["record"])
        return list(record.values()), [read_table(files[part]) for part in ("runs", "series")]


@settings(searching, max_examples=300)
@given(
    value=reals({}),
    style=st.sampled_from(FORMAT["style"]["enum"]),
    digits=st.one_of(
        st.none(), st.integers(FORMAT["digits"]["minimum"], FORMAT["digits"]["maximum"])
    ),
)
def test_any_finite_number_is_printed_as_one(value: float, style: str, digits: int | None) -> None:
    fact = Fact(value, "1", None, None, "")
    for _, numbers in printers():
        for printed in (
            as_text(fact, {"style": style, "digits": digits}, numbers),
            as_html(fact, {"style": style, "digits": digits}, numbers),
        ):
            assert not _NO_NUMBER.search(printed)
            assert any(character.isdigit() for character in printed)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    schema = {"type": "object", "properties": {"rate": {"type": "number", "description": "a rate"}}}
    validate({"rate": 1.5}, schema, "here")
    with pytest.raises(UserError, match=r"^error: here: rate\n.*found"):
        validate({"rate": value}, schema, "here")


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
    found = dict(numbers_of(SCHEMA))
    assert len(found) > 100
    for path, schema in found.items():
        assert {"minimum", "exclusiveMinimum"} & schema.keys(), path
        assert {"maximum", "exclusiveMaximum"} & schema.keys(), path


def test_a_run_that_diverges_is_named() -> None:
    """A rate of a million throws the weight out of all bounds in its first step."""
    declared = DECLARED["experiments"]["common"]
    runaway = {**declared, "learning_rate": 1e6, "steps": 24, "burn_in": 4, "starts": 8}
    facts, columns = taken(Variant.from_config("runaway", runaway))
    assert columns["diverged"].any()
    assert np.isnan(columns["final_loss"][columns["diverged"]]).all()
    for name in ("sawtooth_share", "final_loss", "loss_ratio", "saturated"):
        assert facts[f"runaway.{name}"].value == DIVERGED
        assert facts[f"runaway.{name}"].interval is None
    learned = facts["runaway.learned_share"].value
    assert isinstance(learned, float)
    assert learned < 1
    assert_printed(facts)
