"""Which verdicts change when one threshold is moved, and how the article says so."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from juchi.prose.calls import read_messages
from juchi.results.evaluation import Claims, Evidence, Fixed
from juchi.results.facts import Fact
from report import sensitivity
from tests.samples import ARTICLE, ROOT

TRIED = Claims()


@TRIED.enter("Far from its line.", requires=[], fixed=Fixed.BEFORE)
def batchnorm_calms(evidence: Evidence) -> str:
    return "supported" if evidence["share"] <= evidence["threshold.gone"] * 10 else "refuted"


@TRIED.enter("A tenth above its line.", requires=[], fixed=Fixed.BEFORE)
def momentum_calms(evidence: Evidence) -> str:
    return "supported" if evidence["factor"] >= evidence["threshold.factor"] else "refuted"


@TRIED.enter("A share close to its line.", requires=[], fixed=Fixed.BEFORE)
def tanh_calms(evidence: Evidence) -> str:
    return "supported" if evidence["learned"] >= evidence["threshold.learned"] else "refuted"


VALUES = {
    "share": 0.2,
    "factor": 3.3,
    "learned": 0.955,
    "threshold.gone": 0.05,
    "threshold.factor": 3.0,
    "threshold.learned": 0.95,
}


def facts(**changes: float) -> dict[str, Fact]:
    return {
        name: Fact(changes.get(name, value), "1", None, None, "here")
        for name, value in VALUES.items()
    }


@pytest.fixture(autouse=True)
def _tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensitivity, "STATEMENTS", TRIED)


def test_what_lies_within_a_fifth_of_its_line_changes() -> None:
    found = sensitivity.changed(facts(), list(TRIED))
    assert found == {"momentum_calms": "refuted", "tanh_calms": "refuted"}


def test_a_share_near_one_stays_a_share() -> None:
    # A fifth more than 0.95 would be above one, which no share reaches.
    found = sensitivity.changed(facts(factor=9.0, learned=0.961), list(TRIED))
    assert found == {}


@pytest.mark.parametrize(
    ("language", "factor", "said"),
    [
        ("en", 9.0, "This changes none of 3 verdicts."),
        (
            "en",
            3.3,
            "This changes 1 of 3 verdicts: “Momentum takes the sawtooth away” becomes refuted.",
        ),
        ("zh", 9.0, "结论共 3 条，没有一条因此改变。"),
        ("zh", 3.3, "结论共 3 条，因此改变的有 1 条：“动量使锯齿消失”变为“不成立”。"),
    ],
)
def test_it_is_said_in_words(language: str, factor: float, said: str) -> None:
    page = SimpleNamespace(
        language=language,
        words=read_messages(ROOT / "templates" / language / "messages.yaml"),
        context=SimpleNamespace(
            article=ARTICLE,
            facts=facts(factor=factor, learned=1.0),
            evaluations=dict.fromkeys(TRIED),
        ),
    )
    assert sensitivity.sensitivity(page) == said


def by_definitions(**changes: float) -> dict[str, Fact]:
    values = {"a.learned_share": 1.0, "b.learned_share": 0.2, "threshold.learned": 0.95}
    moved = {"a.gap_0_035_learned_share": 0.5, "b.gap_0_035_learned_share": 0.2}
    return {
        name: Fact(value, "1", None, None, "here")
        for name, value in {**values, **moved, **changes}.items()
    }


def test_a_moved_definition_changes_the_shares_of_all_configurations_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = Claims()

    @tried.enter("Both alike.", requires=[], fixed=Fixed.BEFORE)
    def alike(evidence: Evidence) -> str:
        same = evidence["a.learned_share"] == evidence["b.learned_share"]
        return "supported" if same else "refuted"

    @tried.enter("It learns.", requires=[], fixed=Fixed.BEFORE)
    def learns(evidence: Evidence) -> str:
        learned = evidence["a.learned_share"] >= evidence["threshold.learned"]
        return "supported" if learned else "refuted"

    monkeypatch.setattr(sensitivity, "STATEMENTS", tried)
    names = list(tried)
    assert sensitivity.moved_definitions(by_definitions(), names) == {"learns": "refuted"}
    equal = {"b.gap_0_035_learned_share": 0.5}
    found = sensitivity.moved_definitions(by_definitions(**equal), names)
    assert found == {"alike": "supported", "learns": "refuted"}
    none = {"a.gap_0_035_learned_share": 1.0}
    assert sensitivity.moved_definitions(by_definitions(**none), names) == {}
