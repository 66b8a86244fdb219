"""The card of verdicts: every claim once, in the words of the post, with one number; its tally."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.exhibits.table import Context
from juchi.prose.calls import Messages, read_messages
from report.tables.verdicts import build, quoted
from report.tally import fixed, tally
from tests.samples import LANGUAGES, ROOT, Sample


def words(language: str) -> Messages:
    return read_messages(ROOT / "templates" / language / "messages.yaml")


def context(sample: Sample, language: str, **changes: Any) -> Context:
    fields = {
        "article": sample.plan.article,
        "words": words(language),
        "facts": sample.facts,
        "evaluations": sample.evaluations,
        "printed": Markup,
        "settings": sample.plan.article["tables"]["verdicts"],
        "in_words": lambda name, of: Markup("<data>{} {}</data>").format(name, of),
    }
    return Context(**{**fields, **changes})


def text(cell: Any) -> str:
    return str(html.fragment_fromstring(f"<p>{cell}</p>").text_content())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_is_judged_once_in_the_words_of_the_post(sample: Sample, language: str) -> None:
    claims, card = sample.plan.article["claims"], build(context(sample, language))
    rows = sample.plan.article["tables"]["verdicts"]["rows"]
    on_card = [name for row in rows for name in row["claims"]]
    # The post does not state that its listing runs.
    assert sorted([*on_card, "listing_runs"]) == sorted(claims)
    for row, (said, verdicts, found) in zip(rows, card.rows, strict=True):
        for claim in row["claims"]:
            for quote in claims[claim]["quotes"]:
                assert quote["words"] in text(said)
            assert words(language)["verdicts"][sample.evaluations[claim].verdict] in text(verdicts)
        judged = html.fragment_fromstring(f"<p>{verdicts}</p>").xpath("//b/@data-claim")
        assert judged == list(row["claims"])
        assert f"provenance.html#fact-{row['number']}" in str(found)
        assert f"{row['number']} {row.get('of') or ''}" in text(found)


def test_a_translation_stands_before_the_original(sample: Sample) -> None:
    translated, original = (build(context(sample, each)).rows[0][0] for each in ("en", "zh"))
    assert text(original) == "“y值范围(0,1)，x在(-5,5)之间呈现线性特征。”"
    assert text(translated).startswith("“y ranges over")
    assert text(translated).endswith(text(original))
    shown = html.fragment_fromstring(f"<p>{translated}</p>")
    assert shown.xpath(".//*[@lang='zh-Hans']/@class") == ["original"]


def test_a_passage_that_another_one_holds_is_quoted_with_it(sample: Sample) -> None:
    card = build(context(sample, "zh"))
    said = text(card.rows[list(card.row_ids).index("verdict-variance_formula")][0])
    assert said.count("然后均匀分布方差是") == said.count("“") == 1


def test_a_passage_without_its_translation_is_named(sample: Sample) -> None:
    changed = Messages({**words("en"), "translations": {"output_causes": ["One."]}}, ROOT)
    with pytest.raises(UserError) as caught:
        build(context(sample, "en", words=changed))
    assert "translations.output_causes" in str(caught.value)
    assert "1 passages" in str(caught.value)


def test_an_unknown_claim_is_named(sample: Sample) -> None:
    row = {"claims": ["output_caused"], "number": "post.steps", "of": None}
    with pytest.raises(UserError) as caught:
        quoted({"rows": [row]}, sample.plan.article)
    assert "tables.verdicts.rows.0.claims" in str(caught.value)
    assert "'output_caused'" in str(caught.value)


def counted(sample: Sample, language: str, verdicts: Mapping[str, str]) -> str:
    names = {name: {"quotes": [{"words": "", "section": ""}]} for name in verdicts}
    article = {
        "claims": {**names, "own": {"quotes": []}},
        "languages": sample.plan.article["languages"],
    }
    some = next(iter(sample.evaluations.values()))
    judged = {name: replace(some, verdict=verdict) for name, verdict in verdicts.items()}
    page = SimpleNamespace(
        language=language,
        words=words(language),
        context=context(sample, language, article=article, evaluations=judged),
    )
    return tally(page)


MANY = {**{f"s{n}": "supported" for n in range(11)}, "c": "conditional", "r": "refuted"}


@pytest.mark.parametrize(
    ("language", "verdicts", "said"),
    [
        (
            "en",
            MANY,
            "Of 13 statements of the post that could be tested, 11 are supported, "
            "1 only with a condition, and 1 is refuted.",
        ),
        (
            "en",
            {"a": "supported", "b": "void"},
            "Of 2 statements of the post that could be tested, 1 is supported, "
            "none with a condition only, and none is refuted; on 1 there is nothing to judge.",
        ),
        ("zh", MANY, "原文可以检验的 13 条说法里，11 条成立，1 条有条件成立，1 条不成立。"),
        (
            "zh",
            {"a": "refuted"},
            "原文可以检验的 1 条说法里，没有一条成立，没有一条有条件成立，1 条不成立。",
        ),
    ],
)
def test_the_tally_counts_what_the_post_states(
    sample: Sample, language: str, verdicts: dict[str, str], said: str
) -> None:
    assert counted(sample, language, verdicts) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Of the 6 criteria on what the post states, 2 had at least their thresholds fixed "
            "before the data, 2 were fixed once the first data were in, and 2 were written or "
            "changed later. Of the 2 on our own questions and conclusions, none were fixed before "
            "the data.",
        ),
        (
            "zh",
            "检验原文说法的判据有 6 条：2 条的阈值在得到数据之前定下，2 条在已有最初的数据时写下，"
            "2 条在知道数据之后才写定或改过。检验我们自己的问题和结论的判据有 2 条，"
            "其中 0 条在得到数据之前定下。",
        ),
    ],
)
def test_it_is_told_when_the_criteria_were_fixed(sample: Sample, language: str, said: str) -> None:
    when = {"a": "before", "b": "threshold", "c": "with", "d": "with", "e": "after", "f": "after"}
    when |= {"own": "after", "finding": "with"}
    quoted_claims = {name: {"quotes": [{"words": "", "section": ""}]} for name in "abcdef"}
    article = {
        "claims": {**quoted_claims, "own": {"quotes": []}},
        "languages": sample.plan.article["languages"],
    }
    some = next(iter(sample.evaluations.values()))
    judged = {name: replace(some, fixed=each) for name, each in when.items()}
    page = SimpleNamespace(
        language=language,
        words=words(language),
        context=context(sample, language, article=article, evaluations=judged),
    )
    assert fixed(page) == said
