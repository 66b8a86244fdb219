"""Formulas as authors of many fields write them: both engines set them, in the right words."""

from __future__ import annotations

import pytest
import yaml
from lxml import etree

from juchi.core.theme import theme_file
from juchi.html.linear import Patterns, linear_text
from juchi.html.mathematics import Formula, Reading, Typeset, formula_key, typeset

# LaTeX; its words in English; its signs on one line.
FORMULAS = [
    (r"\sqrt[3]{x}", "the cube root of x", "∛x"),
    (r"\sqrt{x + 1}", "the square root of x plus 1", "√(x + 1)"),
    (r"\sqrt{x} + 1", "the square root of x, plus 1", "√x + 1"),
    (r"\sqrt[n]{x + 1}", "the n-th root of x plus 1", "√[n](x + 1)"),
    (r"\frac12", "one half", "1/2"),
    (r"\frac{a + 1}{b}", "the fraction with numerator a plus 1, and denominator b", "(a + 1)/b"),
    (r"\tfrac12 x", "one half x", "1/2 x"),
    (r"\eta < 2", "eta is less than 2", "η < 2"),
    (r"\sigma^2", "sigma squared", "σ^2"),
    (r"a\,b\;c\quad d", "a b c d", "a b c d"),
    # What could be taken for something else is read sign by sign.
    (r"w(x)", "w left parenthesis x right parenthesis", "w(x)"),
    (
        r"P(A \mid B)",
        "upper P left parenthesis upper A vertical bar upper B right parenthesis",
        "P(A|B)",
    ),
    (r"T^{\mu\nu}{}_{\rho}", "upper T Superscript mu nu Baseline, Subscript rho", "T^(μν)_ρ"),
    (r"A^\top", "upper A Superscript top", "A^⊤"),
    (r"w^\ast", "w Superscript asterisk", "w^∗"),
    (r"e^{-z}", "e Superscript negative z", "e^(−z)"),
    (r"f''(x)", "f double prime left parenthesis x right parenthesis", "f′′(x)"),
    (r"\hat\beta", "ModifyingAbove beta With hat", "β̂"),
    (r"\bar x", "x overbar", "x̄"),
    (r"\overline{AB}", "ModifyingAbove upper A upper B With bar", "(AB)̅"),
    (r"\binom nk", "StartBinomialOrMatrix n Choose k EndBinomialOrMatrix", "(n¦k)"),
    # physics
    (
        r"\langle\psi|\hat H|\phi\rangle",
        "left angle bracket psi vertical bar ModifyingAbove upper H With hat vertical bar phi "
        "right angle bracket",
        "⟨ψ|Ĥ|ϕ⟩",
    ),
    (
        r"\braket{\psi|\phi}",
        "left angle bracket psi vertical bar phi right angle bracket",
        "⟨ψ|ϕ⟩",
    ),
    (r"\nabla\cdot\mathbf{E}", "nabla dot bold upper E", "∇ ⋅ 𝐄"),
    (
        r"\left.\frac{\partial f}{\partial x}\right|_{x=0}",
        "StartFraction partial differential f Over partial differential x EndFraction vertical bar "
        "Subscript x equals 0",
        "(∂f)/(∂x)|_(x = 0)",
    ),
    (r"\hbar\omega", "h bar omega", "ℏω"),
    # chemistry
    (r"\ce{H2O}", "normal upper H 2 normal upper O", "H_2O"),
    (r"\ce{SO4^2-}", "upper S upper O 4, Superscript 2 minus", "SO_4^(2−)"),
    (
        r"\ce{A <=> B}",
        "normal upper A right harpoon over left harpoon normal upper B",
        "A ⇌ B",
    ),
    (
        r"\ce{^{227}_{90}Th+}",
        "Subscript 90 Superscript 227 Baseline upper T h Superscript plus",
        "_90^227Th^+",
    ),
    # statistics and sets
    (
        r"X \sim \mathcal N(\mu, \sigma^2)",
        "upper X tilde script upper N left parenthesis mu comma sigma squared right parenthesis",
        "X ∼ 𝒩(μ, σ^2)",
    ),
    (
        r"\lVert x\rVert_2",
        "StartMetric x EndMetric Subscript 2",
        "‖x‖_2",
    ),
    (
        r"\{x\in\mathbb{R} : x \ne 0\}",
        "StartSet x element of double struck upper R colon x not equals 0 EndSet",
        "{x ∈ ℝ : x ≠ 0}",
    ),
    (r"A \subseteq B", "upper A subset of or equal to upper B", "A ⊆ B"),
    # layout
    (
        r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
        "Start 2 By 2 Matrix 1st Row 1st Column a; 2nd Column b; 2nd Row 1st Column c; 2nd Column "
        "d; EndMatrix",
        "(a, b; c, d)",
    ),
    (r"\cancel{x}", "CrossOut x EndCrossOut", "x̸"),
    (r"\bm{x}", "bold italic x", "𝒙"),
    (r"a \xrightarrow{f} b", "a right arrow Overscript f Endscripts b", "a →^f b"),
    (r"x_{\text{max}}", "x Subscript max", "x_max"),
    (r"\boxed{E = mc^2}", "StartEnclose box upper E equals m c squared EndEnclose", "E = mc^2"),
]
# Others, whose words are those of the engine.
MORE = r"""
\bra{\psi}\ket{\phi} | \Braket{\phi|\frac{\partial}{\partial t}|\psi} | |{\uparrow}\rangle
\ce{2H2 + O2 -> 2H2O} | \ce{CO2 + C ->[\Delta] 2 CO} | \ce{CuSO4.5H2O} | \pu{5 m/s}
\mathbb{E}[X]=\int x\,\mathrm{d}F(x) | \hat\beta=(X^\top X)^{-1}X^\top y | \bar x\pm s/\sqrt n
\varnothing\notin\mathcal P(A) | \aleph_0<2^{\aleph_0} | \forall\epsilon>0\;\exists\delta>0
\Gamma^\lambda_{\mu\nu} | g_{\mu\nu}\,\mathrm dx^\mu\,\mathrm dx^\nu | \vec{F}=m\vec a
\dot q,\ \ddot q | \tilde{x},\widetilde{xyz},\widehat{AB}
\check a\ \breve a\ \acute a\ \mathring a
\underbrace{1+\cdots+1}_{n} | \overbrace{a+b}^{\text{sum}} | \overset{!}{=}
\stackrel{\text{def}}{=}
\sum_{\substack{i<n\\j<m}}a_{ij} | \prod_{i=1}^n x_i | \bigcup_{i\in I}A_i | \lim_{n\to\infty}a_n
\begin{bmatrix}1&0\\0&1\end{bmatrix} | \begin{cases}x&\text{if }x>0\\0&\text{otherwise}\end{cases}
\bigl(\begin{smallmatrix}a&b\\c&d\end{smallmatrix}\bigr)
\begin{array}{c|c}a&b\\\hline c&d\end{array}
a\not=b,\ a\not\in B | \boldsymbol{\mu} | \lfloor x\rfloor | \oint_{\partial\Omega}\mathbf F
a\equiv b\pmod{n} | \mathfrak{sl}_2,\ \mathscr L,\ \mathsf T,\ \mathtt{abc} | 25\,^{\circ}\mathrm{C}
f\colon X\to Y | X\hookrightarrow Y | \overrightarrow{AB} | \mathrm{kg\,m^{-2}} | O(n\log n)
\dfrac{a}{b}\cfrac{1}{1+x} | \therefore\ \because | \coloneqq | \iff
\operatorname*{ess\,sup} | a\bmod n
\left\langle\psi\middle|\phi\right\rangle | \phantom{x}a | \underline{x} | \xcancel{x}
\ell_1 | \Re z
"""


@pytest.fixture(scope="module")
def readings() -> dict[str, Typeset]:
    own = [tex for tex, _, _ in FORMULAS]
    more = [tex.strip() for line in MORE.strip().splitlines() for tex in line.split(" | ")]
    formulas = [Formula(tex, False, "here:1") for tex in [*own, *more]]
    return typeset(formulas, Reading("en"))


@pytest.mark.parametrize(("tex", "words", "signs"), FORMULAS)
def test_words_and_signs_are_right(
    readings: dict[str, Typeset], tex: str, words: str, signs: str
) -> None:
    formula = readings[formula_key(tex, False)]
    assert (formula.speech, formula.plain) == (words, signs)


def test_both_engines_set_what_authors_of_many_fields_write(readings: dict[str, Typeset]) -> None:
    assert len(readings) > 90
    for key, formula in readings.items():
        assert formula.width > 0, key
        assert formula.plain, key
        assert formula.speech, key
        assert "merror" not in formula.mathml, key


CHINESE = {
    r"\sqrt[3]{x}": "x 的 3 次方根",
    r"\sqrt{x + 1}": "根号 x 加 1 根号结束",
    r"\frac12": "2 分之 1",
    r"\frac{a + 1}{b}": "分式 分子 a 加 1 分母 b 分式结束",
    r"\eta < 2": "η 小于 2",
    r"\sigma^2": "σ 的平方",
    r"e^{-z}": "e 上标 负 z 结束",
    r"w(x)": "w 左括号 x 右括号",
    r"T^{\mu\nu}{}_{\rho}": "T 上标 μν 结束 下标 ρ",
    r"P(A \mid B)": "P 左括号 A 竖线 B 右括号",
    r"A \subseteq B": "A 包含于或等于 B",
    r"\cancel{x}": "划去 x 划去结束",
    r"\overline{AB}": "AB 上方 横线",
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}": "左括号 2 行 2 列 a，b；c，d 右括号",
}


@pytest.mark.parametrize("tex", CHINESE)
def test_chinese_has_words_of_its_own(readings: dict[str, Typeset], tex: str) -> None:
    patterns = yaml.safe_load(theme_file("formulas/zh.yaml").read_text("utf-8"))
    mathml = readings[formula_key(tex, False)].mathml
    assert linear_text(mathml, Patterns(**patterns)) == CHINESE[tex]


def test_a_language_that_nobody_speaks_has_the_signs() -> None:
    formula = typeset([Formula(r"\frac12", False, "x:1")], Reading("eo"))[r"inline:\frac12"]
    assert formula.speech == formula.plain == "1/2"


def test_a_formula_in_german_is_said_in_german() -> None:
    formula = typeset([Formula(r"\sqrt[3]{x}", False, "x:1")], Reading("de"))[r"inline:\sqrt[3]{x}"]
    assert formula.speech == "Kubikwurzel aus x"


GREEK = ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"]


@pytest.mark.parametrize(
    ("language", "said", "index"), [("en", "upper", "sub x"), ("de", "großes", "Index x")]
)
def test_capitals_of_greek_are_letters_and_are_heard_as_capitals(
    language: str, said: str, index: str
) -> None:
    shapes = {"{}": "{}", "{} t": "{} t", "{}_x": f"{{}} {index}"}
    words = {
        shape.format(rf"\{name}"): read.format(f"{said} {name}")
        for name in GREEK
        for shape, read in shapes.items()
    }
    found = typeset([Formula(tex, False, "here:1") for tex in words], Reading(language))
    expected = [
        each.replace("Upsilon", "Ypsilon") if language == "de" else each for each in words.values()
    ]
    assert [formula.speech for formula in found.values()] == expected


def test_a_capital_of_greek_keeps_its_bold_face_in_words() -> None:
    (found,) = typeset([Formula(r"P(\boldsymbol{\Delta})", False, "x:1")], Reading("en")).values()
    assert found.speech == "upper P left parenthesis bold upper Delta right parenthesis"


@pytest.mark.parametrize(
    ("mathml", "signs"),
    [
        ("<mfrac linethickness='0px'><mi>n</mi><mi>k</mi></mfrac>", "n¦k"),
        ("<mi>x</mi><mphantom><mi>y</mi></mphantom>", "x"),
        (
            "<mmultiscripts><mi>C</mi><none/><mn>2</mn><mprescripts/><mn>6</mn><mn>14</mn></mmultiscripts>",
            "_6^14C^2",
        ),
        ("<mo>-</mo><mi>x</mi><mo>-</mo><mn>1</mn>", "−x − 1"),
    ],
)
def test_each_kind_of_element_is_read(mathml: str, signs: str) -> None:
    assert linear_text(etree.tostring(etree.fromstring(f"<math>{mathml}</math>")).decode()) == signs
