"""Numbers and units in formulas as the LaTeX package siunitx has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.prose.equations import Equations, Macro
from juchi.prose.siunitx import Joints

EQUATIONS = Equations(Path("equations.yaml"), macros={"qty": Macro("Q")})


def expanded(tex: str, equations: Equations | None = None) -> str:
    return (equations or Equations(Path("equations.yaml"))).expanded(tex, "en", "en.md:3")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\num{1.2e-3}", r"1.2 \times 10^{-3}"),
        (r"\num{e5}", r"10^{5}"),
        (r"\num{1.23(4)}", r"1.23(4)"),
        (r"\num{1.2 \pm 0.1}", r"1.2 \pm 0.1"),
        (r"\num{1.2 +- 0.1 e3}", r"(1.2 \pm 0.1) \times 10^{3}"),
        (r"\num{-1,5}", r"-1{,}5"),
        (r"g = \SI{9.81}{m/s^2}.", r"g = 9.81\,\mathrm{m}/\mathrm{s}^{2}."),
        (r"\SI{9.81}{m.s^{-2}}", r"9.81\,\mathrm{m}\,\mathrm{s}^{-2}"),
        (r"\qty{9.81}{\metre\per\second\squared}", r"9.81\,\mathrm{m}\,\mathrm{s}^{-2}"),
        (r"\qty{5(1)}{\kilo\gram}", r"5(1)\,\mathrm{kg}"),
        (r"\qty{1.2 \pm 0.1}{\kilo\gram}", r"(1.2 \pm 0.1)\,\mathrm{kg}"),
        (r"\qty{20}{\degreeCelsius}", r"20\,{}^{\circ}\mathrm{C}"),
        (r"\qty{5}{\percent}", r"5\,\%"),
        (r"\qty{3}{\micro\metre}", r"3\,\text{µm}"),
        (r"\unit{\cubic\centi\metre}", r"\mathrm{cm}^{3}"),
        (r"\si{\joule\per\kilogram\per\kelvin}", r"\mathrm{J}\,\mathrm{kg}^{-1}\,\mathrm{K}^{-1}"),
        (r"\unit{\metre\tothe{4}}", r"\mathrm{m}^{4}"),
        (r"\unit{\raiseto{4}\metre}", r"\mathrm{m}^{4}"),
        (r"\ang{12;30;5}", r"12^{\circ}30^{\prime}5^{\prime\prime}"),
        (r"\ang{;;5}", r"5^{\prime\prime}"),
        (r"x^{\num{2}} \\ \unit{m}", r"x^{2} \\ \mathrm{m}"),
    ],
)
def test_numbers_and_units_become_latex_of_every_program(written: str, meant: str) -> None:
    assert expanded(written) == meant


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (r"\qty{5}{\foo}", r"the unknown unit \foo"),
        (r"\qty{5}{\metr}", "did you mean 'metre'"),
        (r"\qty{5}{foo/bar}", "the unknown unit 'foo'"),
        (r"\qty{five}{m}", "'five', which is no number"),
        (r"\qty{5}", r"expected: \qty{…}{…}"),
        (r"\qty[per-mode = symbol]{5}{m}", r"options of \qty"),
        (r"\unit{\metre + 2}", "'+ 2' beside commands"),
        (r"\unit{\metre\tothe{x}}", r"\tothe{x}"),
        (r"\ang{1;2;3;4}", "which is no angle"),
        (r"\num{}", "which is no number"),
        (r"\num{1.2 \pm}", "which is no number"),
        (r"\num{(4)e5}", "which is no number"),
        (r"\num{+- 4e5}", "which is no number"),
        (r"\unit{\squared\metre}", r"the unknown unit \squared"),
        (r"\unit{\metre\per}", r"no unit at the end of \metre\per"),
        (r"\unit{\metre\square}", r"no unit at the end of"),
        (r"\unit{\kilo}", r"no unit at the end of \kilo"),
        (r"\unit{\kilo\squared\metre}", r"the unknown unit \squared"),
        (r"\unit{}", "which is no unit"),
    ],
)
def test_what_is_no_number_or_no_unit_is_refused_at_its_line(written: str, found: str) -> None:
    with pytest.raises(UserError) as refused:
        expanded(written)
    assert str(refused.value).startswith("error: en.md:3\n")
    assert found in str(refused.value)


def test_a_command_of_the_article_goes_before_one_of_the_package() -> None:
    assert expanded(r"\qty + \num{1}", EQUATIONS) == "Q + 1"


CHINESE = Joints(" 到 ", "、", "和")


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        (r"\numrange{3}{5}", r"{3}\text{ to }{5}", r"{3}\text{ 到 }{5}"),
        (
            r"\qtyrange{3}{5}{\metre}",
            r"{3\,\mathrm{m}}\text{ to }{5\,\mathrm{m}}",
            r"{3\,\mathrm{m}}\text{ 到 }{5\,\mathrm{m}}",
        ),
        (
            r"\numlist{1;2;3}",
            r"{1}\text{, }{2}\text{ and }{3}",
            r"{1}\text{、}{2}\text{和}{3}",
        ),
        (
            r"\qtylist{1;2}{m}",
            r"{1\,\mathrm{m}}\text{ and }{2\,\mathrm{m}}",
            r"{1\,\mathrm{m}}\text{和}{2\,\mathrm{m}}",
        ),
        (r"\numlist{7}", "{7}", "{7}"),
    ],
)
def test_several_numbers_have_the_words_of_the_language(
    written: str, english: str, chinese: str
) -> None:
    equations = Equations(Path("equations.yaml"))
    assert equations.expanded(written, "en", "en.md:3") == english
    assert equations.expanded(written, "zh", "zh.md:3", CHINESE) == chinese


@pytest.mark.parametrize("tex", [r"\numlist{1;;2}", r"\numrange{1}{b}", r"\qtyrange{1}{2}"])
def test_several_numbers_are_numbers(tex: str) -> None:
    with pytest.raises(UserError, match=r"en.md:3"):
        expanded(tex)
