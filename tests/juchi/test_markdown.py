"""Markdown as prose uses it: formulas, ids of headings, emphasis between Chinese characters."""

from __future__ import annotations

import pytest
from lxml import html

from juchi.prose.markdown import Markdown


@pytest.fixture(scope="module")
def markdown() -> Markdown:
    return Markdown()


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("a $x$ b", ["x"]),
        ("$x$、$y$", ["x", "y"]),
        ("$ x $", ["x"]),
        (r"$\eta < 2 / \lambda \& \text{\"a\"}$", [r"\eta < 2 / \lambda \& \text{\"a\"}"]),
        ("$L''(w)$", ["L''(w)"]),
        ("$a_1 * b_1$ and $a_2 * b_2$", ["a_1 * b_1", "a_2 * b_2"]),
        ("第$k$个", ["k"]),
        ("`$x$`", []),
        (r"\$x\$", []),
        ("```\n$x$\n```", []),
    ],
)
def test_a_formula_is_an_empty_element_with_its_latex(
    markdown: Markdown, text: str, tex: list[str]
) -> None:
    root = html.fragment_fromstring(str(markdown.block(text)), create_parent="section")
    formulas = [span for span in root.iter("span") if span.get("class") == "math"]
    assert [span.get("data-tex") for span in formulas] == tex
    assert all(span.text is None and len(span) == 0 for span in formulas)
    assert not root.xpath("//em")


@pytest.mark.parametrize("text", ["$$x$$", "$$\nx\n$$", "a $$x$$ b"])
def test_a_displayed_formula_leaves_its_dollars_to_be_refused(
    markdown: Markdown, text: str
) -> None:
    assert "$" in html.fragment_fromstring(str(markdown.block(text))).text_content()


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("# Title {: #post}", '<h1 id="post">Title</h1>'),
        ("## *Sub* {: #sub-2}", '<h2 id="sub-2"><em>Sub</em></h2>'),
        ("## `code` {: #code}", '<h2 id="code"><code>code</code></h2>'),
        ("## 为什么 {: #why}", '<h2 id="why">为什么</h2>'),
        ("## None", "<h2>None</h2>"),
        ("## In {: #the} middle", "<h2>In {: #the} middle</h2>"),
    ],
)
def test_the_id_that_ends_a_heading_is_its_own(markdown: Markdown, text: str, heading: str) -> None:
    assert markdown.block(text) == f"{heading}\n"


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("就说出现**锯齿**，从这里", "就说出现<strong>锯齿</strong>，从这里"),
        ("（**a**）一个", "（<strong>a</strong>）一个"),
        ("“*锯齿*”", "“<em>锯齿</em>”"),
        # CommonMark leaves asterisks alone between a full stop and a letter; compose refuses them.
        ("**锯齿。**下面", "**锯齿。**下面"),
        ("**锯齿**。下面", "<strong>锯齿</strong>。下面"),
    ],
)
def test_emphasis_beside_chinese_punctuation(markdown: Markdown, text: str, rendered: str) -> None:
    assert markdown.inline(text) == rendered


def test_html_of_the_functions_passes_and_text_is_escaped(markdown: Markdown) -> None:
    assert markdown.inline('<data value="1">1</data> < 2 & 3') == (
        '<data value="1">1</data> &lt; 2 &amp; 3'
    )


def test_words_hold_formulas_but_no_html(markdown: Markdown) -> None:
    line = html.fragment_fromstring(
        str(markdown.text("<b>best</b> $L''(w) < 1$ & *more*")), create_parent="td"
    )
    assert line.xpath(".//@data-tex") == ["L''(w) < 1"]
    assert line.text_content() == "<b>best</b>  & more"
    assert [child.tag for child in line] == ["span", "em"]
