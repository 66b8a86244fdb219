"""Training that has diverged has a name: in facts, tables and figures, but not in prose."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from pydantic import BaseModel

from juchi.core.errors import UserError
from juchi.core.tables import Columns, read_table, write_table
from juchi.exhibits import draw, tables
from juchi.exhibits.table import Context
from juchi.prose.calls import read_messages
from juchi.prose.fact_formatter import FactFormatter
from juchi.prose.formats import NumberFormat
from juchi.prose.printed import CODE
from juchi.results.collect import Collector
from juchi.results.evaluation import evaluate
from juchi.results.experiment import Result, experiment_command
from juchi.results.facts import DIVERGED, Fact
from juchi.results.layout import PARTS, result_file
from juchi.verify.platforms import Tolerance
from report.claims import CLAIMS
from tests.samples import Sample, command

WILD = "results/walks/wild.samples.parquet"
CALM = "results/walks/calm.samples.parquet"
NETWORK = "results/nets/network.scalars.json"
# The samples of two configurations, one of which has diverged from one of its starts.
DIVERGING: dict[str, Columns] = {
    WILD: {
        "start": np.arange(2),
        "diverged": np.array([False, True]),
        "loss": np.array([0.5, np.nan]),
        "learned": np.array([1.0, 0.0]),
    },
    CALM: {
        "start": np.arange(2),
        "diverged": np.array([False, False]),
        "loss": np.array([0.25, 0.25]),
        "learned": np.array([1.0, 1.0]),
    },
}


class Settings(BaseModel):
    """Of an experiment."""

    name: str


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the results, and work beside them."""
    monkeypatch.chdir(tmp_path)
    for file, columns in DIVERGING.items():
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        write_table(Path(file), columns)
    carry_out(Result(samples={"diverged": np.array([True])}, scalars={"sharpness": math.nan}))


def carry_out(result: Result) -> None:
    """Have the command of an experiment write a result as that of the network."""
    files = {part: result_file("nets", "network", part) for part in PARTS}
    Path(NETWORK).parent.mkdir(parents=True, exist_ok=True)
    settings = json.dumps({"name": "network"})
    command(
        lambda: experiment_command(None, Settings, lambda _: result),
        Path.cwd(),
        settings=settings,
        **files,
    )


def taken(specification: dict[str, dict[str, Any]]) -> dict[str, Fact]:
    return Collector(specification, {"facts": {"confidence": 0.95}}).facts()


@pytest.mark.usefixtures("results")
def test_a_statistic_over_runs_that_diverged_is_named() -> None:
    declared: dict[str, dict[str, Any]] = {
        "wild.loss": {"file": WILD, "column": "loss", "statistic": "mean"},
        "wild.first": {
            "file": WILD,
            "column": "loss",
            "statistic": "smallest",
            "where": {"start": 0},
        },
        "wild.learned": {"file": WILD, "column": "learned", "statistic": "share"},
        "calm.loss": {"file": CALM, "column": "loss", "statistic": "mean"},
        "network.sharpness": {"file": NETWORK, "key": "sharpness"},
        "wild.ratio": {"expression": "wild.loss / calm.loss"},
    }
    facts = taken(declared)
    values = {name: fact.value for name, fact in facts.items()}
    assert values == {
        "wild.loss": DIVERGED,
        "wild.first": 0.5,
        "wild.learned": 0.5,
        "calm.loss": 0.25,
        "network.sharpness": DIVERGED,
        "wild.ratio": DIVERGED,
    }
    assert facts["wild.loss"].n == 2
    assert facts["wild.loss"].interval is None


@pytest.mark.usefixtures("results")
def test_no_number_for_another_reason_is_refused() -> None:
    quiet = {**DIVERGING[WILD], "diverged": np.zeros(2, dtype=bool)}
    write_table(Path(WILD), quiet)
    with pytest.raises(UserError, match=r"config/facts\.yaml: wild\.loss\n.*no number in 1 of 2"):
        taken({"wild.loss": {"file": WILD, "column": "loss", "statistic": "mean"}})


@pytest.mark.usefixtures("results")
def test_a_scalar_that_is_none_for_another_reason_is_refused() -> None:
    carry_out(Result(samples={"diverged": np.array([False])}, scalars={"sharpness": math.nan}))
    with pytest.raises(UserError, match=r"config/facts\.yaml: network\.sharpness\n.*no number"):
        taken({"network.sharpness": {"file": NETWORK, "key": "sharpness"}})


def diverged(facts: Mapping[str, Fact], name: str) -> dict[str, Fact]:
    """Return the facts with the word for none in the place of one."""
    return {**facts, name: replace(facts[name], value=DIVERGED, interval=None)}


@pytest.mark.parametrize(("language", "word"), [("en", "diverged"), ("zh", "发散")])
def test_a_table_has_the_word_in_its_cell(sample: Sample, language: str, word: str) -> None:
    name = "momentum.final_loss"
    facts = diverged(sample.facts, name)
    words = read_messages(sample.root / "templates" / language / "messages.yaml")
    entry = sample.plan.article["languages"][language]
    numbers = NumberFormat(entry["locale"], words["list_separator"])
    printer = FactFormatter(facts, {each: {} for each in facts}, numbers, words)
    context = Context(sample.plan.article, words, facts, sample.evaluations, printer.bare)
    table = tables.build("outcomes", context)
    row = table.rows[table.row_ids.index("configuration-momentum")]
    assert row.count(word) == 1
    assert sum(cells.count(word) for cells in table.rows) == 1
    assert printer.full(name) == printer.write("plain", [name], {}, CODE) == word
    assert printer.exact(name) == DIVERGED
    assert printer.interval(name) is None


def test_a_claim_does_not_rest_on_it(sample: Sample) -> None:
    facts = diverged(sample.facts, "post.sawtooth_share")
    with pytest.raises(UserError, match=r"fact 'post\.sawtooth_share'\n.*diverged"):
        evaluate(CLAIMS, facts, ["sawtooth_appears"])


def test_a_sentence_does_not_quote_it(sample: Sample, tmp_path: Path) -> None:
    own = Sample(sample.root, tmp_path)
    own.facts = diverged(sample.facts, "post.sharpness")
    with pytest.raises(UserError, match=r"\.md:\d+: .*'post\.sharpness', but its runs have diverg"):
        own.check()


def test_platforms_agree_on_the_word_and_on_nothing_else() -> None:
    tolerance = Tolerance(facts=["*"], sources=["*"], absolute=1e9, why="")
    word, number = ({"value": value, "interval": None} for value in (DIVERGED, 0.5))
    assert tolerance.admits(word, word)
    assert not tolerance.admits(word, number)
    assert not tolerance.admits(number, word)


def cut(table: Columns, columns: list[str], from_: int) -> Columns:
    """Return a table whose columns are NaN from a step on."""
    late = table["step" if "step" in table else "x"] >= from_
    return {
        name: np.where(late, np.nan, values) if name in columns else values
        for name, values in table.items()
    }


def texts(own: Sample, monkeypatch: pytest.MonkeyPatch, figure: str) -> list[str]:
    """Draw a figure, and return the texts in its English light version."""
    found: list[list[str]] = []
    save = draw.save

    def spy(drawn: Figure, path: Path, *more: object, **named: object) -> None:
        found.append([text.get_text() for text in drawn.findobj(Text)])
        save(drawn, path, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(draw, "save", spy)
    own.figure(figure, ["en"])
    return found[0]


@pytest.mark.parametrize(
    "figure",
    [
        *("sawtooth", "control", "cures", "explorer"),
        pytest.param("digits", marks=pytest.mark.nightly),
    ],
)
def test_a_curve_that_ends_is_labelled(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: str
) -> None:
    plain, own = (Sample(sample.root, tmp_path / name) for name in ("plain", "own"))
    for file in own.plan.figure_tables(figure):
        for each in (plain, own):
            each.output.mkdir(exist_ok=True)
            shutil.copy2(sample.table(file), each.output)
    assert "diverged" not in texts(plain, monkeypatch, figure)
    for file in own.plan.figure_tables(figure):
        table = read_table(sample.table(file))
        columns = [name for name in table if name in ("weight", "loss", "value")]
        columns += [name for name in table if name.startswith(("loss_", "largest_difference"))]
        if {"step", "x"} & table.keys():
            write_table(own.output / Path(file).name, cut(table, columns, 12))
    assert "diverged" in texts(own, monkeypatch, figure)
