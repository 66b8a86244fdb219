"""What is said in place of a small formula."""

from __future__ import annotations

import pytest

from juchi.core.errors import UserError
from juchi.exhibits.formula_text import formula_text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\eta\lambda < 2", "ηλ < 2"),
        (r"\operatorname{Var}(y) = n\, w^\ast", "Var(y) = n w^∗"),
        (r"L''(w_t)", "L′′(w_t)"),
        (r"\lambda_{\max}", "λ_(max)"),
        (r"e_{t+1} = e^{-z}", "e_(t+1) = e^(-z)"),
        (r"x \mapsto \tilde x", "x ↦x̃"),
        (r"\sqrt{3/n}", "√(3/n)"),
    ],
)
def test_signs_are_unicode(tex: str, text: str) -> None:
    assert formula_text(tex) == text


@pytest.mark.parametrize(
    ("tex", "command"),
    [
        (r"\frac12", r"\frac"),
        (r"\tfrac{1}{2}", r"\tfrac"),
        (r"\left(x\right)", r"\left"),
        (r"\unheard x", r"\unheard"),
    ],
)
def test_what_plain_text_cannot_say_is_refused(tex: str, command: str) -> None:
    with pytest.raises(UserError) as caught:
        formula_text(tex)
    assert f"error: the formula ${tex}$" in str(caught.value)
    assert f"found:    {command}, which plain text cannot say" in str(caught.value)
