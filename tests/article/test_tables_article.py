"""The tables of the article: their rows, what they print, and names that are none."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from lxml import html
from markupsafe import Markup

from juchi.core.errors import UserError, run_command
from juchi.exhibits.table import Cell, Context, Table
from juchi.exhibits.tables import build, quoted_facts
from juchi.prose.calls import Messages, read_messages
from juchi.results.evaluation import VERDICTS, VOID, Evaluation
from report.tables import outcomes
from tests.samples import ROOT, Sample

LANGUAGE = "zh"


@pytest.fixture(scope="module")
def words() -> Messages:
    return read_messages(ROOT / "templates" / LANGUAGE / "messages.yaml")


def context(sample: Sample, words: Mapping[str, Any], **changes: Any) -> Context:
    fields = {
        "article": sample.plan.article,
        "words": words,
        "facts": sample.facts,
        "evaluations": sample.evaluations,
        "printed": lambda name: Markup("<i>{}</i>").format(name),
    }
    return Context(**{**fields, **changes})


def test_every_table_is_whole(sample: Sample, words: Messages) -> None:
    for name in sample.plan.article["tables"]:
        table = build(name, context(sample, words))
        assert table.rows
        groups = [[cell for cell in row if isinstance(cell, Cell)] for row in table.groups]
        assert all(sum(cell.columns for cell in row) == len(table.kinds) for row in groups)
        of_two_rows = [cell for row in groups for cell in row if cell.rows > 1]
        assert len(table.kinds) == len(table.head) + len(of_two_rows)
        assert len(set(table.row_ids)) == len(table.rows)
        assert all(len(row) == len(table.kinds) for row in table.rows)
        assert set(table.kinds) <= {"text", "number"}
        assert words["tables"]["regions"][name]


def test_pairs_of_networks_have_their_intervals(sample: Sample, words: Messages) -> None:
    shown = replace(context(sample, words), with_interval=Markup("{} [low, high]").format)
    cells = [cell for row in build("later_pairs", shown).rows for cell in row[1:]]
    assert {str(cell) for cell in cells if "_quotient [low, high]" not in str(cell)} == {"–"}


def test_outcomes_are_the_declared_configurations_with_their_facts(
    sample: Sample, words: Messages
) -> None:
    article = {"tables": {"outcomes": {"rows": ["tanh", "post"]}}}
    table = build("outcomes", context(sample, words, article=article))
    assert table.row_ids == ["configuration-tanh", "configuration-post"]
    heads = [html.fragment_fromstring(row[0]) for row in table.rows]
    assert [(head.get("href"), head.text) for head in heads] == [
        (f"provenance.html#subject-{configuration}", words["configurations"][configuration]["name"])
        for configuration in ("tanh", "post")
    ]
    for row, configuration in zip(table.rows, ("tanh", "post"), strict=True):
        own = outcomes.quoted({"rows": [configuration]}, article)
        assert row[1:] == [f"<i>{name}</i>" for name in own]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_ledger_states_claim_predicate_evidence_and_verdict(
    sample: Sample, words: Messages, verdict: str
) -> None:
    passages = [{"words": "<原话>", "section": "三"}, {"words": "具体看业务", "section": "四"}]
    entry = {"quotes": passages, "shown": "fig-cures"}
    evaluation = Evaluation(
        verdict,
        predicate="",
        facts={
            "tanh.learned_share": 0.1,
            "post.sawtooth_share": 0.9,  # of a precondition
            "threshold.learned": 0.95,
        },
        judged_by=["tanh.learned_share", "threshold.learned"],
        preconditions={"sawtooth": "", "learnable": ""},
        unmet=["learnable"] if verdict == VOID else [],
        fixed="after",
    )
    table = build(
        "ledger",
        context(
            sample,
            words,
            article={"claims": {"tanh_calms": entry}, "tables": {"ledger": {}}},
            evaluations={"tanh_calms": evaluation},
        ),
    )
    assert table.row_ids == ["claim-tanh_calms"]
    statement, test, measured, shown = table.rows[0]
    assert str(statement).startswith(words["claims"]["tanh_calms"]["statement"])
    post = html.fragment_fromstring(f"<p>{statement}</p>")
    for passage in passages:
        assert f"“{passage['words']}”" in post.text_content()
        assert f"第{passage['section']}节" in post.text_content()
    assert post.xpath(".//@lang") == [words["quoted_language"]] * 2
    # What has to hold, and when the predicate was fixed, stand with the predicate.
    said = html.fragment_fromstring(f"<p>{test}</p>").text_content()
    assert said.startswith(words["claims"]["tanh_calms"]["test"])
    for name in evaluation.preconditions:
        assert words["preconditions"][name] in said
    assert said.endswith(words["fixed"]["after"])
    # The thresholds stand in the predicate; the evidence is what was measured.
    evidence = html.fragment_fromstring(f"<p>{measured}</p>")
    (name,) = evidence.iter("code")
    assert name.text_content() == "tanh.learned_share"
    assert len(list(name.iter("wbr"))) == 2  # behind the dot and the underscore, not in a word
    assert evidence.xpath(".//i/text()") == ["tanh.learned_share"]
    assert evidence.xpath(".//a/@href") == ["provenance.html#fact-tanh.learned_share"]
    link = html.fragment_fromstring(f"<p>{shown}</p>")
    assert link.xpath(".//@data-verdict") == [verdict]
    assert words["verdicts"][verdict] in link.text_content()
    assert (words["tables"]["unmet"] in link.text_content()) == (verdict == VOID)
    assert (words["preconditions"]["learnable"] in link.text_content()) == (verdict == VOID)
    assert words["preconditions"]["sawtooth"] not in link.text_content()
    assert link.xpath(".//a/@href") == [
        "#fig-cures",
        "#said-tanh_calms",
        "provenance.html#claim-tanh_calms",
    ]


def test_a_question_of_the_article_s_own_quotes_nobody(sample: Sample, words: Messages) -> None:
    table = build("ledger", context(sample, words))
    rows = dict(zip(table.row_ids, table.rows, strict=True))
    for name, entry in sample.plan.article["claims"].items():
        statement = str(rows[f"claim-{name}"][0])
        assert (words["tables"]["own_question"] in statement) == (not entry["quotes"])


def test_the_ledger_has_the_declared_claims_in_order(sample: Sample, words: Messages) -> None:
    table = build("ledger", context(sample, words))
    assert table.row_ids == [f"claim-{name}" for name in sample.plan.article["claims"]]


def test_the_facts_of_the_tables_are_told_before_they_are_built(sample: Sample) -> None:
    quoted = quoted_facts(sample.plan.article, sample.facts)
    rows = sample.plan.article["tables"]["outcomes"]["rows"]
    assert {f"{name}.final_loss" for name in rows} <= quoted


def test_a_fact_that_a_table_lacks_is_named(sample: Sample) -> None:
    facts = [name for name in sample.facts if name != "post.final_loss"]
    with pytest.raises(UserError) as caught:
        quoted_facts(sample.plan.article, facts)
    assert str(caught.value).startswith("error: config/article.yaml: tables.outcomes\n")
    assert "undefined fact 'post.final_loss'" in str(caught.value)


def test_an_unknown_table_is_named(sample: Sample, words: Messages) -> None:
    with pytest.raises(UserError) as caught:
        build("outcome", context(sample, words))
    assert str(caught.value).startswith("error: config/article.yaml: tables.outcome\n")
    assert "no module report/tables/outcome.py" in str(caught.value)


def test_a_module_that_a_table_lacks_is_not_taken_for_the_table(
    sample: Sample, words: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "report.tables.outcomes")
    monkeypatch.setitem(sys.modules, "juchi.exhibits.table", None)
    with pytest.raises(SystemExit, match=r"outcomes\.py:\d+\n.*juchi\.exhibits\.table"):
        run_command(lambda: build("outcomes", context(sample, words)))


def test_a_new_table_needs_a_module_and_nothing_else(
    sample: Sample, words: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("report.tables.starts")
    table = Table(["Head"], [["Row"]], ["text"], ["row"])
    vars(module).update(
        quoted=lambda settings, article: settings["facts"], build=lambda context: table
    )
    monkeypatch.setitem(sys.modules, module.__name__, module)
    article = {"tables": {"starts": {"facts": ["post.starts"]}}}
    assert build("starts", context(sample, words)) is table
    assert quoted_facts(article, ["post.starts"]) == {"post.starts"}
