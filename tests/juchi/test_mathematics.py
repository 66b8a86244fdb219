"""Formulas become right MathML and SVG, and wrong formulas become clear messages."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree, html

from juchi.core.errors import UserError
from juchi.html import mathematics
from juchi.html.mathematics import (
    LINE,
    PLAIN,
    Drawing,
    Formula,
    Reading,
    Typeset,
    as_image,
    formula_key,
    read_typeset,
    typeset,
)
from tests.declared import ROOT

SVG = "{http://www.w3.org/2000/svg}"
SAMPLES = [
    "x",
    r"\frac12",
    r"\lambda = L''(w^\ast) < \frac{2(1 + \beta)}{\eta}",
    r"\hat{x}\;\varphi\;\mathbb{E}[x]\;\mathcal{L}\;\mathscr{L}\;\mathfrak{g}",
    r"\operatorname*{arg\,min}_w L(w)",
    r"\begin{aligned} v &= \beta v + g \\[4pt] w &= w - \eta v \end{aligned}",
    r"\begin{cases} 0 & x < 0 \\ 1 & \text{if } x \ge 0 \end{cases}",
    r"\boldsymbol{w}^{\top} \boldsymbol{x} \approx 10^{-3}",
    r"\Bigl( \sqrt{\partial^2 L / \partial w^2} \Bigr) \to \infty",
    r"\left\{ \begin{matrix} 1 \\ 2 \\ 3 \\ 4 \\ 5 \\ 6 \\ 7 \\ 8 \end{matrix} \right.",
    r"\left\lVert \nabla L \right\rVert_2 \quad \overline{f(x)} \quad \widehat{abc}",
    r"\sum_{t=1}^{T} \log \lvert 1 - \eta L''(w_t) \rvert",
]


def one(tex: str, display: bool = False, reading: Reading = PLAIN) -> Typeset:
    return typeset([Formula(tex, display, "here:1")], reading)[formula_key(tex, display)]


def refusal(*formulas: Formula) -> str:
    with pytest.raises(UserError) as caught:
        typeset(formulas)
    return str(caught.value)


def mathml(formula: Typeset) -> etree._Element:
    return etree.fromstring(formula.mathml)


def svg(formula: Typeset) -> etree._Element:
    return etree.fromstring(formula.svg)


@pytest.fixture(scope="module")
def samples() -> dict[str, Typeset]:
    return typeset(
        [Formula(tex, display, "here:1") for tex in SAMPLES for display in (False, True)]
    )


# --- both forms ---


def test_both_forms_are_well_formed_and_stand_alone(samples: dict[str, Typeset]) -> None:
    assert len(samples) == 2 * len(SAMPLES)
    for formula in samples.values():
        assert mathml(formula).tag == "math"
        root = svg(formula)
        assert root.tag == f"{SVG}svg"
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            "svg",
            "g",
            "path",
            "rect",
        }
        assert not root.xpath("//@id | //@style | //@class | //@*[starts-with(name(), 'data-')]")


def test_no_form_shows_an_error(samples: dict[str, Typeset]) -> None:
    for formula in samples.values():
        assert "merror" not in formula.mathml
        assert "color" not in formula.mathml
        assert "red" not in formula.svg


def test_the_latex_is_kept_for_copying(samples: dict[str, Typeset]) -> None:
    for key, formula in samples.items():
        (annotation,) = mathml(formula).xpath("//annotation")
        assert annotation.get("encoding") == "application/x-tex"
        assert annotation.text == key.partition(":")[2]
        assert annotation.getparent().tag == "semantics"


def test_the_size_agrees_with_the_view_box(samples: dict[str, Typeset]) -> None:
    for formula in samples.values():
        left, top, width, height = map(float, svg(formula).get("viewBox").split())
        assert left == 0
        assert formula.width == pytest.approx(width / 1000, abs=1e-4)
        assert formula.height == pytest.approx(height / 1000, abs=1e-4)
        assert formula.depth == pytest.approx((top + height) / 1000, abs=2e-4)


def test_x_is_as_high_as_the_x_of_the_text_font() -> None:
    x = one("x")
    assert x.height - x.depth == pytest.approx(0.479, abs=0.002)  # STIX Two Text Italic's x
    assert 0 <= x.depth < 0.02


def test_what_hangs_above_the_baseline_keeps_its_place() -> None:
    dot = one(r"\cdot")
    assert dot.depth == 0
    assert dot.height > 0.3


def test_half_is_a_fraction_in_both_forms() -> None:
    half = one(r"\frac12")
    (fraction,) = mathml(half).xpath("//mfrac")
    assert [child.tag for child in fraction] == ["mn", "mn"]
    assert [child.text for child in fraction] == ["1", "2"]
    assert len(svg(half).findall(f".//{SVG}rect")) == 1  # the bar
    assert len(svg(half).findall(f".//{SVG}path")) == 2
    assert half.height > 1.5 * one("1").height


def test_a_starred_operator_takes_its_limits_below_in_display() -> None:
    tex = r"\operatorname*{arg\,min}_w L(w)"
    shown = mathml(one(tex, display=True))
    assert shown.get("display") == "block"
    (limits,) = shown.xpath("//munder")
    assert re.fullmatch(r"arg\smin", limits[0].text)
    assert limits[1].text == "w"
    assert len(mathml(one(tex)).xpath("//msub")) == 1
    assert one(tex, display=True).depth > one(tex).depth + 0.3


def test_aligned_is_a_table_with_its_columns_at_the_sign() -> None:
    shown = mathml(one(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", display=True))
    rows = shown.xpath("//mtable/mtr")
    assert [len(row) for row in rows] == [2, 2]
    assert [cell.get("class") for cell in rows[0]] == ["tml-right", "tml-left"]
    assert rows[1].xpath("string(mtd[2])") == "=d"


@pytest.mark.parametrize(
    ("gap", "em"), [("4pt", 0.4), ("1em", 1.0), ("2ex", 0.862), ("-0.2em", -0.2)]
)
def test_a_row_gap_is_kept_in_both_forms(gap: str, em: float) -> None:
    tex = r"\begin{aligned} a &= b \\%s c &= d \\ e &= f \end{aligned}"
    plain, wide = one(tex % "", display=True), one(tex % f"[{gap}]", display=True)
    assert "[" not in "".join(mathml(wide).xpath("//mtable//text()"))
    styles = [row.xpath("mtd/@style") for row in mathml(wide).xpath("//mtr")]
    assert all(f"padding-bottom:calc(0.7ex + {em:g}em)" in style for style in styles[0])
    assert not any("padding-bottom" in style for style in styles[1] + styles[2])
    assert wide.height - plain.height == pytest.approx(em, abs=3e-3)


@pytest.mark.parametrize(
    ("environment", "between"),
    [("aligned", 0.5), ("gathered", 0.5), ("cases", 0.4), ("dcases", 0.4)],
)
def test_rows_are_as_far_apart_as_in_tex(environment: str, between: float) -> None:
    tex = rf"\begin{{{environment}}} %s \end{{{environment}}}"
    row = r"\left. \dfrac{a}{b} \right."
    one_row, two_rows, three_rows = (
        one(tex % r" \\ ".join(count * [row]), display=True).height for count in (1, 2, 3)
    )
    height = one(row, display=True).height
    assert three_rows - two_rows == pytest.approx(height + between, abs=2e-3)
    assert one_row < two_rows


@pytest.mark.parametrize("before", ["k_a", r"\tfrac12", "x^2", "(a)", r"\sqrt{2}", r"\hat{x}", "a"])
@pytest.mark.parametrize("name", [r"\ln", r"\log_2", r"\operatorname{rank}"])
def test_a_space_is_before_the_name_of_an_operator(before: str, name: str) -> None:
    signs = mathml(one(rf"{before} {name} h"))
    assert signs.xpath("//mi[.='ln' or .='log' or .='rank']/preceding::*[1]/self::mspace")
    assert len(signs.xpath("//mspace[@width='0.1667em']")) == 2


@pytest.mark.parametrize("before", ["", "(", "=", r"\sum_i", ","])
def test_no_space_is_before_the_name_of_an_operator_behind_other_signs(before: str) -> None:
    signs = mathml(one(rf"{before} \ln h" + (")" if before == "(" else "")))
    assert len(signs.xpath("//mspace[@width='0.1667em']")) == 1


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"V = -34.0\,\mathrm{mV}", "V equals negative 34.0 millivolts"),
        (r"1\,\mathrm{kg}", "1 kilogram"),
        (r"f(x) = 3\,\mathrm{m}/\mathrm{s}^{2}", "3 meters divided by seconds squared"),
        (r"g = 5\,\mathrm{nS}", "g equals 5 nS"),
        (r"3\,m", "3 m"),
    ],
)
def test_a_unit_behind_a_number_is_said_as_a_unit(tex: str, words: str) -> None:
    said = one(tex, reading=Reading("en"))
    assert said.speech.endswith(words)
    assert "class" not in said.svg


def test_row_gaps_find_their_table_among_several() -> None:
    tex = r"\begin{matrix} a \\ b \end{matrix} \begin{cases} c \\ d \\[1em] e \end{cases}"
    rows = mathml(one(tex, display=True)).xpath("//mtr")
    padded = ["padding-bottom:calc(0.5ex + 1em)" in row[0].get("style", "") for row in rows]
    assert padded == [False, False, False, True, False]


def test_nothing_is_said_that_browsers_or_the_style_sheet_say() -> None:
    tex = r"\hat y = f(x) + \bigl| \begin{matrix} a & b \end{matrix} \bigr|"
    shown = mathml(one(tex, display=True))
    assert shown.xpath("//@style | //@fence") == []
    assert shown.xpath("//mo[.='(' or .=')']/@stretchy") == ["false", "false"]
    assert not shown.xpath("//mo[.='(' or .=')']/@form")


def test_cases_have_one_brace_that_stretches() -> None:
    shown = mathml(one(SAMPLES[6], display=True))
    braces = [fence for fence in shown.xpath("//mo") if fence.text == "{"]
    assert [(brace.text, brace.get("stretchy")) for brace in braces] == [("{", "true")]
    assert len(shown.xpath("//mtable/mtr")) == 2
    assert shown.xpath("string(//mtext)").strip() == "if"


def test_a_bold_symbol_is_bold_and_italic() -> None:
    bold = one(r"\boldsymbol{w}")
    assert mathml(bold).xpath("string(//mi)") == "\N{MATHEMATICAL BOLD ITALIC SMALL W}"
    assert bold.svg != one("w").svg


def test_rules_of_an_array_have_a_stroke() -> None:
    rules = svg(one(r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}")).findall(
        f".//{SVG}line"
    )
    assert [rule.get("stroke-width") for rule in rules] == ["70", "70"]


# --- the same bytes ---


def test_the_same_input_gives_the_same_bytes(samples: dict[str, Typeset]) -> None:
    again = typeset(
        [Formula(tex, display, "here:1") for tex in SAMPLES for display in (False, True)]
    )
    assert again == samples
    assert list(again) == list(samples)


def test_a_formula_does_not_depend_on_its_neighbours(samples: dict[str, Typeset]) -> None:
    reverse = [Formula(tex, display, "there:2") for tex in SAMPLES for display in (False, True)][
        ::-1
    ]
    assert typeset(reverse) == samples
    assert one(SAMPLES[3]) == samples[formula_key(SAMPLES[3], False)]


def test_a_formula_used_twice_is_typeset_once_and_inline_differs_from_display() -> None:
    tex = r"\sum_{i=1}^n x_i"
    formulas = [
        Formula(tex, display, f"a:{line}") for line, display in enumerate([True, False, True])
    ]
    results = typeset(formulas)
    assert list(results) == [formula_key(tex, True), formula_key(tex, False)]
    assert results[formula_key(tex, True)].height > results[formula_key(tex, False)].height


def test_no_formulas_need_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mathematics, "SCRIPT", Path("nowhere.mjs"))
    assert typeset([]) == {}


# --- mistakes ---


def test_an_unknown_command_is_named_with_its_place() -> None:
    tex = r"\eta < \foo{2}"
    message = refusal(Formula("x", False, "a:1"), Formula(tex, True, "templates/zh/cures.md:12"))
    assert message.startswith("error: templates/zh/cures.md:12\n")
    assert r"\foo" in message
    assert tex in message


def test_every_wrong_formula_is_named_at_every_place() -> None:
    message = refusal(
        Formula(r"\foo", False, "zh.md:1"),
        Formula(r"\frac{1", False, "zh.md:2"),
        Formula(r"\foo", False, "en.md:3"),
        Formula("x", False, "en.md:4"),
    )
    assert message.startswith("error: zh.md:1\n")
    assert re.search(r"zh\.md:2: .*brace.*\\frac\{1", message)
    assert re.search(r"en\.md:3: .*\\foo", message)
    assert "en.md:4" not in message


REFUSED = {
    r"\text{若} x": "neither the mathematics font nor that of the text has 若",
    r"\DeclareMathOperator{\sign}{sign} \sign": r"\DeclareMathOperator",  # MathJax's alone
    r"\def\z{x} \z": r"\def",
    r"\color{red} x": r"\color",
    r"\small x": r"\small",
    r"\begin{nowhere} x \end{nowhere}": "nowhere",
    "x^": "superscript",
    "x_1_2": "Double subscripts",
    r"\left( x": r"\right",
    r"x \\ y": r"\\ breaks a line",
    r"\tag{1} x": r"\tag",
    r"\label{eq} x": r"\label",
    r"\eqref{eq}": r"\ref",
    r"\begin{align} a &= b \end{align}": "use aligned",
    r"\begin{aligned} a \\[3mm] b \end{aligned}": r"\\[3mm] is not in em, ex or pt",
    r"\prescript{14}{6}{C}": "write {}_6^{14}C",  # Temml changes its scripts for each other
    r"\mathbf{\varGamma}": r"write \boldsymbol{\varGamma}",  # Temml's is a bold kappa
    r"\cancelto{0}{x}": r"write \cancel{x}",  # Temml's has no arrow
    r"\numrange{1}{2}": r"\numrange",
    " ": "empty",
}


def test_what_one_of_the_forms_would_lack_is_refused() -> None:
    message = refusal(*(Formula(tex, True, f"en.md:{n}") for n, tex in enumerate(REFUSED)))
    told = re.findall(r"en\.md:(\d+)\n?:?(?:  found:   )? (.*)", message)
    assert [int(line) for line, _ in told] == list(range(len(REFUSED)))
    for (_, reason), complaint in zip(told, REFUSED.values(), strict=True):
        assert complaint in reason
    assert "\u0332" not in message  # Temml underlines its finds with these


@pytest.mark.parametrize(
    ("found", "hint"),
    [
        (r"Undefined control sequence \numrange, in \numrange{1}{2}", r"\num{1} to \num{2}"),
        (r"Undefined control sequence \textcolor, in x", "leave the colour out"),
        (r"Unsupported function name: \newcommand, in x", "under `macros`"),
        (r"Undefined control sequence \R, in \R", "declare it under `macros`"),
    ],
)
def test_a_refusal_names_the_way_out(found: str, hint: str) -> None:
    assert hint in mathematics._hint(found)


def test_the_line_of_a_formula_is_found_when_it_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# A\n\nSo $\\foo{x}$.\n", "utf-8")
    assert f"error: {file}:3\n" in refusal(Formula(r"\foo {x}", False, str(file), r"\foo{x}"))
    assert f"error: {file}\n" in refusal(Formula(r"\foo {x}", False, str(file), "elsewhere"))


def test_missing_packages_name_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    message = refusal(Formula("x", False, "a:1"))
    assert message.startswith("error: node_modules\n")
    assert "incomplete: no @mathjax/" in message
    assert "delete node_modules and the folder that it leads to" in message


def test_a_broken_node_gives_its_own_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "typeset.mjs"
    broken.write_text("const = 1;\n", encoding="utf-8")
    monkeypatch.setattr(mathematics, "SCRIPT", broken)
    assert "SyntaxError" in refusal(Formula("x", False, "a:1"))


# --- on paper, and between steps ---


def test_an_image_sits_on_the_baseline_and_has_words() -> None:
    formula = one(r"\frac12")
    image = html.fragment_fromstring(as_image(formula, '1/2 < "one"'))
    assert image.tag == "img"
    assert image.get("class") == "math"
    assert image.get("alt") == '1/2 < "one"'
    assert image.get("style") == (
        f"width:{formula.width}em;height:{formula.height}em;vertical-align:-{formula.depth}em"
    )
    kind, _, data = image.get("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode("utf-8") == formula.svg


def test_the_command_joins_the_formulas_of_all_languages(tmp_path: Path) -> None:
    for language, tex in [("en", r"\eta"), ("zh", r"\lambda")]:
        formulas = [
            {"tex": tex, "display": False, "place": f"{language}.md:1"},
            {"tex": "x", "display": True, "place": f"{language}.md:2"},
        ]
        content = json.dumps({"title": "", "formulas": formulas})
        (tmp_path / f"{language}.json").write_text(content, encoding="utf-8")
    output = tmp_path / "build" / "mathematics.json"
    run_command_line(tmp_path / "en.json", tmp_path / "zh.json", output)
    written = read_typeset(output)
    assert list(written) == [r"inline:\eta", "display:x", r"inline:\lambda"]
    assert written["display:x"] == one("x", display=True)
    first = output.read_bytes()
    run_command_line(tmp_path / "en.json", tmp_path / "zh.json", output)
    assert output.read_bytes() == first


def run_command_line(first: Path, second: Path, output: Path) -> None:
    command = [sys.executable, "-m", "juchi.html.mathematics"]
    arguments = ["--formulas", str(first), str(second), "--output", str(output)]
    done = subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


# --- what is too wide for its line ---

SUM = " + ".join(f"a_{{{term}}} x_{{{term}}}^2" for term in range(1, 36))


def test_a_wide_equation_is_broken_into_lines_before_its_operators() -> None:
    wide = one(f"S = {SUM}", display=True)
    assert wide.width <= LINE
    assert wide.height > 5 * one("a_1 x_1^2", display=True).height
    assert not wide.pieces
    # Nothing is lost: an S, 35 sums of two letters, two indices and a square, and 35 signs between.
    digits = sum(2 * len(str(term)) for term in range(1, 36))
    assert len(svg(wide).findall(f".//{SVG}path")) == 1 + 35 * 3 + digits + 35


def test_a_wide_formula_in_a_line_comes_in_pieces() -> None:
    wide = one(f"S = {SUM}")
    assert len(wide.pieces) == 36
    assert all(0 < piece.width < 4 for piece in wide.pieces)
    # Between the pieces stands a space of the text.
    assert wide.width - sum(piece.width for piece in wide.pieces) == pytest.approx(35 * 0.22, abs=1)
    assert max(piece.height for piece in wide.pieces) <= wide.height


@pytest.mark.parametrize(
    ("tex", "pieces"),
    [
        ("f(x_1 + x_2 + x_3) = g(y_1 + y_2) + h(z_1 + z_2)", 3),
        ("(a + b + c + d + e + f + g + h) (j + k)", 1),
        (r"[0, 1) \cup (1, 2 + x + y] \subset \left(a + b\right)", 3),
        ("|x + y + z + u| < |a + b + c|", 2),
        ("]0, a + b + c + d + e + f + g[", 7),  # no pair of brackets is known
        (f"({SUM})", 35),  # no line has room for it
    ],
)
def test_a_formula_in_a_line_is_broken_outside_of_brackets(tex: str, pieces: int) -> None:
    assert len(one(tex).pieces) == pieces


@pytest.mark.parametrize("display", [True, False])
def test_what_fits_stays_whole(display: bool) -> None:
    short = one("a + b = c", display=display)
    assert not short.pieces
    assert short.height < 1.5


def test_what_has_no_operators_cannot_be_broken() -> None:
    row = " & ".join(f"m_{{{column}}}" for column in range(1, 30))
    matrix = one(rf"\begin{{pmatrix}} {row} \end{{pmatrix}}", display=True)
    assert matrix.width > LINE


@pytest.mark.parametrize(("width", "shown"), [(20.0, 20.0), (40.0, 32.0), (60.0, 48.0)])
def test_an_image_is_made_smaller_down_to_four_fifths(width: float, shown: float) -> None:
    drawing = Drawing("<svg/>", width, 5.0, 2.5)
    style = html.fragment_fromstring(as_image(drawing, "x", room=32)).get("style")
    scale = shown / width
    assert style == f"width:{shown}em;height:{5 * scale}em;vertical-align:-{2.5 * scale}em"
