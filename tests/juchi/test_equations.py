"""Macros, words and names of formulas; displayed ones in lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from juchi.core.errors import UserError
from juchi.core.theme import theme_file
from juchi.html.equations import equation
from juchi.prose.displays import labels, read_display
from juchi.prose.equations import Equations, read_equations

DECLARED = r"""
macros:
  R: '\mathbb{R}'
  \eps: '\varepsilon'
  norm: ['\lVert #1 \rVert', 1]
  pd: ['\frac{\partial #2}{\partial #1}', 2]
  E: ['\operatorname{E}_{#1}[#2]', 2, 'p']
  twice: ['\norm{#1} + \norm{#1}', 1]
  self: '\self'
words:
  if: { en: "if ", zh: 若 }
  only: { en: only }
bound: |-
  \eta < \R
"""


@pytest.fixture
def equations(tmp_path: Path) -> Equations:
    return declared(tmp_path, DECLARED)


def declared(folder: Path, text: str) -> Equations:
    path = folder / "equations.yaml"
    path.write_text(text.lstrip("\n"), "utf-8")
    return read_equations(path)


@pytest.mark.parametrize(
    ("tex", "expanded"),
    [
        (r"x \in \R", r"x \in \mathbb{R}"),
        (r"\Rx \R x", r"\Rx \mathbb{R} x"),
        (r"x^\R", r"x^{\mathbb{R}}"),
        (r"\hat\eps", r"\hat{\varepsilon}"),
        (r"\norm{x + \norm{y}}", r"\lVert x + \lVert y \rVert \rVert"),
        (r"\norm x", r"\lVert x \rVert"),
        (r"\norm\eps", r"\lVert \varepsilon \rVert"),
        (r"\pd{x}{f}", r"\frac{\partial f}{\partial x}"),
        (r"\E{x} \E[q]{x}", r"\operatorname{E}_{p}[x] \operatorname{E}_{q}[x]"),
        (r"\twice{a}", r"\lVert a \rVert + \lVert a \rVert"),
        (r"a \\ \R", r"a \\ \mathbb{R}"),
        (r"a \\R", r"a \\R"),
        (r"\eps{}x", r"\varepsilon{}x"),
        (r"\word{if} x", r"\text{if } x"),
        (r"\norm{\{a\}}", r"\lVert \{a\} \rVert"),
    ],
)
def test_a_macro_becomes_what_it_stands_for(equations: Equations, tex: str, expanded: str) -> None:
    assert equations.expanded(tex, "en", "a.md:1") == expanded


def test_words_are_those_of_the_language(equations: Equations) -> None:
    assert equations.expanded(r"\word{if}", "zh", "a.md:1") == r"\text{若}"
    assert equations.formulas == {"bound": r"\eta < \R"}
    assert equations.place("bound") == f"{equations.path}:12"


@pytest.mark.parametrize(
    ("tex", "where", "found"),
    [
        (r"\norm", "a.md:1", r"\norm without its argument"),
        (r"\pd{x} & y", "a.md:1", r"\pd without its argument"),
        (r"\self", "a.md:1", "stands for itself"),
        (r"\word{when}", "a.md:1", r"\word{when}"),
        (r"\word{only}", "words.only", "nothing in zh, which a.md:1 needs"),
    ],
)
def test_what_a_formula_calls_wrongly_is_told_where_it_stands(
    equations: Equations, tex: str, where: str, found: str
) -> None:
    with pytest.raises(UserError) as error:
        equations.expanded(tex, "zh", "a.md:1")
    assert where in str(error.value).splitlines()[0]
    assert found in str(error.value)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("macros:\n  R2: x\n", 2, "a name of letters alone"),
        ("macros:\n  R: [x]\n  S: 1\n", 3, "`norm: ['\\lVert #1 \\rVert', 1]`"),
        ("macros:\n  norm: '|#1|'\n", 2, "no arguments"),
        ("macros:\n  norm: ['#1 #2', 1]\n", 2, "arguments up to #1"),
        ("macros:\n  R: '\\mathbb{R'\n", 2, "as many closing braces"),
        ("macros: x\n", 1, "macros by their names"),
        ("words:\n  if: if\n", 2, "words by language"),
        ("bound:\n  tex: x\n", 1, "an equation in LaTeX"),
    ],
)
def test_what_is_declared_wrongly_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, expected: str
) -> None:
    with pytest.raises(UserError) as error:
        declared(tmp_path, text)
    assert f"equations.yaml:{line}\n" in str(error.value)
    assert expected in str(error.value)


def test_an_article_without_the_file_has_neither(tmp_path: Path) -> None:
    assert read_equations(tmp_path / "equations.yaml").formulas == {}


# --- lines ---

ALIGN = r"""\begin{align}
a &= \begin{cases} b & c \\ d & e \end{cases} \notag \\
&= {f & g} \label{eq-two} \\[4pt]
h &= i \tag{P}
\end{align}."""


def test_each_line_of_a_derivation_has_its_number_its_label_or_its_tag() -> None:
    first, second, third = read_display(ALIGN, "a.md:1").lines
    assert first.cells == ("a", r"= \begin{cases} b & c \\ d & e \end{cases}")
    assert (first.numbered, first.id, first.tag) == (False, None, None)
    assert second.cells == ("", "= {f & g}")
    assert (second.numbered, second.id) == (True, "eq-two")
    assert third.cells == ("h", "= i .")
    assert third.tag == "(P)"
    assert labels(ALIGN) == ["eq-two"]


@pytest.mark.parametrize(
    ("tex", "cell"),
    [
        ("x", "x"),
        (r"\begin{equation} x \end{equation}", "x"),
        (
            r"\begin{align*} a &= b \notag \\ c \end{align*}",
            r"\begin{aligned} a &= b  \\ c \end{aligned}",
        ),
        (r"\begin{gather*} a \\ b \end{gather*}", r"\begin{gathered} a \\ b \end{gathered}"),
        (r"\begin{aligned} a &= b \end{aligned}", r"\begin{aligned} a &= b \end{aligned}"),
    ],
)
def test_what_has_one_number_or_none_stays_whole(tex: str, cell: str) -> None:
    display = read_display(tex, "a.md:1")
    assert display.whole is not None
    assert display.whole.cells == (cell,)


@pytest.mark.parametrize(
    ("tex", "hint"),
    [
        (r"\begin{eqnarray} a &=& b \end{eqnarray}", "write align"),
        (r"\begin{multline} a \\ b \end{multline}", "a long formula is broken"),
        (r"\begin{align} a \intertext{so} b \end{align}", "end the display before the words"),
        (r"x \label{eq:mean}", r"write \label{eq-mean}"),
    ],
)
def test_what_is_not_set_is_refused_with_what_to_write(tex: str, hint: str) -> None:
    with pytest.raises(UserError) as error:
        read_display(tex, "a.md:7")
    assert "error: a.md:7\n" in str(error.value)
    assert hint in str(error.value)


@pytest.mark.parametrize("width", [390, 1280])
def test_lines_that_fit_do_not_scroll_for_the_button_that_copies_them(
    chromium: Browser, width: int
) -> None:
    lines = equation(ALIGN, None, None, "a.md:1", lambda *_: None)
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.set_content(f"<main>{lines}</main>")
    for name in ("article", "screen"):
        page.add_style_tag(content=theme_file(f"style/{name}.css").read_text("utf-8"))
    button = "made => made.insertAdjacentHTML('beforeend', '<button class=\"copy icon\">')"
    page.eval_on_selector(".lines", button)
    wide, high = page.eval_on_selector(
        ".lines", "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
    )
    page.close()
    assert (wide, high) == (0, 0)


def test_lines_are_cells_beside_their_numbers() -> None:
    parts: list[str] = []
    page = equation(ALIGN, None, None, "a.md:1", lambda part, _: parts.append(part))
    assert page.count('<div class="line"') == 3
    assert page.count('<span class="label">') == 2
    assert '<div class="line" id="eq-two" data-kind="equation"><span class="display">' in page
    assert 'data-tag="(P)"' in page
    assert parts[3] == "{}= {f &amp; g}".replace("&amp;", "&")


def test_lines_with_numbers_have_no_name_for_all_of_them() -> None:
    with pytest.raises(UserError, match="write aligned or gathered"):
        equation(ALIGN, "eq-all", None, "a.md:1", lambda *_: None)


@pytest.mark.parametrize(
    ("tex", "id_", "shown"),
    [
        ("x", None, '<div class="equation"><span'),
        ("x", "eq-a", '<div class="equation" id="eq-a" data-kind="equation"><span'),
        (r"x \label{eq-b}", None, '<div class="equation" id="eq-b" data-kind="equation"><span'),
        (r"x \tag*{Q}", None, '<div class="equation" data-kind="equation" data-tag="Q"><span'),
    ],
)
def test_a_formula_has_the_number_that_it_asks_for(tex: str, id_: str | None, shown: str) -> None:
    assert equation(tex, id_, None, "a.md:1", lambda *_: None).startswith(shown)
