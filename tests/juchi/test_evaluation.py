"""Claims that cannot be judged as they are written: one message with their line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.results.evaluation import SUPPORTED, Claims, Evidence, Fixed, Precondition, evaluate

_LINES = f"{Path(__file__).relative_to(Path.cwd())}:"


def _two_arguments(_evidence: Evidence, _thresholds: Any) -> str:
    return SUPPORTED


@pytest.mark.parametrize("where", ["predicate", "precondition"])
def test_a_function_that_takes_more_than_the_evidence_is_refused(where: str) -> None:
    precondition = Precondition("run", "There was a run.", _two_arguments)  # type: ignore[arg-type]
    requires = [precondition] if where == "precondition" else []
    enter = Claims().enter("It is so.", requires=requires, fixed=Fixed.BEFORE)
    with pytest.raises(UserError) as refused:
        enter((lambda _: SUPPORTED) if requires else _two_arguments)  # type: ignore[arg-type]
    assert f"{_LINES}16" in str(refused.value)
    assert "one argument, the evidence" in str(refused.value)
    assert "threshold.NAME: { setting: NAME }" in str(refused.value)


@pytest.mark.parametrize("answer", [True, None, "yes"])
def test_an_answer_that_is_no_verdict_is_refused_where_it_is_given(answer: Any) -> None:
    claims = Claims()

    @claims.enter("It is so.", requires=[], fixed=Fixed.BEFORE)
    def judged(_evidence: Evidence) -> Any:
        return answer

    with pytest.raises(UserError, match="one of supported, conditional") as refused:
        evaluate(claims, {}, ["judged"])
    assert f"error: {_LINES}" in str(refused.value)
    assert f"the verdict {answer!r}" in str(refused.value)
