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
        (r"\sqrt[3]{x}", "∛(x)"),
        (r"\sqrt[4]{x + 1}", "∜(x + 1)"),
        (r"a \ne b", "a ≠ b"),
        (r"\boldsymbol{\theta} + \bm{x}", "θ + x"),
        (r"\left(x\right)", "(x)"),
        (r"\left.x\right|_0", "x|_0"),
        (r"\|x\|_2", "‖x‖_2"),
        (r"\frac12", "1/2"),
        (r"\tfrac{1}{n + 1}", "1/(n + 1)"),
        (r"\frac{\partial L}{\partial w}", "(∂ L)/(∂ w)"),
        (r"\{a, b\}", "{a, b}"),
        (r"x_{\text{最大}}", "x_(最大)"),
        (r"\operatorname*{arg\,min}_w L", "arg min_w L"),
    ],
)
def test_signs_are_unicode(tex: str, text: str) -> None:
    assert formula_text(tex) == text


@pytest.mark.parametrize(
    ("tex", "command"),
    [
        (r"\binom{n}{k}", r"\binom"),
        (r"\overline{ab}", r"\overline"),
        (r"\sqrt[n]{x}", r"\sqrt[n]"),
        (r"\unheard x", r"\unheard"),
    ],
)
def test_what_plain_text_cannot_say_is_refused(tex: str, command: str) -> None:
    with pytest.raises(UserError) as caught:
        formula_text(tex)
    assert f"error: the formula ${tex}$" in str(caught.value)
    assert f"found:    {command}, which plain text cannot say" in str(caught.value)
