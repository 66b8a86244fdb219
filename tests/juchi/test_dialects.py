"""Markup of other tools: what is set as it means, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.html.prose import words_as_html
from juchi.prose.panel_letters import panels_meant
from juchi.prose.reading import Numeral, numerals, quotes
from juchi.prose.source import read_source
from tests.juchi.test_markdown import PATH, refusal, rendered

TABLE = "| a |\n|---|\n"


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        # LaTeX outside formulas
        (r"The \alpha of it", 1, r"\\alpha"),
        (r"See \url{https://example.org}", 1, r"\\url"),
        (r"A \(x^n\) here", 1, "markup that is not understood"),
        (r"A \[ y = z \] here", 1, "markup that is not understood"),
        ("a\n\n\\[\nq = r\n\\]", 3, "markup that is not understood"),
        ("Figure~one", 1, "'e~'"),
        ("see~@fig-a", 1, "'e~'"),
        ("He said ``hello'' to us", 1, "'``'"),
        ("% a comment", 1, "'% a comment'"),
        # prices that would be a formula
        ("It costs $x and $y", 1, "'$x and $'"),
        ("It costs $five and $6", 1, "'$five and $'"),
        ("It costs $ five and $ six", 1, "'$ five and $'"),
        # a pipe in a formula of a table means different things to different tools
        (TABLE + r"| $\|x\|$ |", 3, r"`\|` in a formula"),
        # HTML, with what there is in its place
        (TABLE + "| x<br>y |", 3, "HTML in the prose: <br>"),
        ("E = mc<sup>2</sup>", 1, "write `m^2^`"),
        ("&unknown; and &#x110000000;", 1, "'&unknown;'"),
        # Pandoc
        ("| The one\n| The two", 1, "'| The one'"),
        ("ii) roman", 1, "'ii) roman'"),
        ("#. auto", 1, "'#. auto'"),
        ("(@) first", 1, "'(@) first'"),
        ("##Heading", 1, "'##Heading'"),
        ("a ~b c~ d", 1, "'~b c~'"),
        ("x^a b^", 1, "'x^a b^'"),
        ("甲^乙，丙^丁", 1, "'甲^乙，丙^丁'"),
        ("5 cm^2 wide", 1, "'m^2'"),
        ("a =={{ fact('post.starts') }}==", 1, "'==…=='"),
        ("::: {{ fact('post.starts') }}\na\n:::", 1, "the kind '…'"),
        ("`<b>`{=html}", 1, "'{=h'"),
        ("==x==", 1, "'==x=='"),
        ("{++add++} {>>why<<}", 1, "'{++'"),
        ("---\ntitle: X\n---\n\n# A", 1, "YAML at the head"),
        # MyST and reStructuredText
        ("{math}`x`", 1, "'{math}`x`'"),
        ("A :ref:`y`", 1, "'A :ref:`y`'"),
        ("x\n\n(my-target)=\n# Head", 3, "'(my-target)='"),
        (".. note:: text", 1, "'.. note:: text'"),
        ("!!! note", 1, "'!!! note'"),
        ("> [!FOO]\n> Text", 1, "'[!FOO]'"),
        # a place between the words around a work
        ("[@a, see @fig-b]", 1, "a work and a place in the same brackets"),
        # a caret, or braces, that raise or lower nothing
        ("a\n甲^乙", 2, "'甲^乙'"),
        ("y = x^n for", 1, "'x^n'"),
        ("10^{6} cells", 1, "'0^{6}'"),
        ("a ^b c^", 1, "'^b'"),
        ("x_{1} and", 1, "'x_{'"),
        # products whose middle would be emphasised
        ("2*x*3", 1, "'2*x*3'"),
        ("the a*b*c", 1, "'a*b*c'"),
        # lists whose items would become one paragraph
        ("如下：\n（一）甲；\n（二）乙。", 1, "'（一）甲；\\n（二）乙。'"),
        ("一、甲\n二、乙", 1, "'一、甲\\n二、乙'"),
        ("1）甲\n2）乙", 1, "'1）甲\\n2）乙'"),
        ("１．甲\n２．乙", 1, "'１．甲\\n２．乙'"),
        ("1.甲\n2.乙", 1, "'1.甲\\n2.乙'"),
        ("①甲\n②乙", 1, "'①甲\\n②乙'"),
        ("• one\n• two", 1, "'• one\\n• two'"),
        ("– one\n– two", 1, "'– one\\n– two'"),
        # a backslash before nothing
        ("The end\\", 1, r"'\\'"),
        # links that did not become links
        ("[a](b c.md)", 1, "'[a]('"),
        ("[a][nowhere]", 1, "'[a][nowhere]'"),
        ("[[a page]]", 1, "'[[a page]]'"),
        ("[TOC]", 1, "'[TOC]'"),
        # code that others carry out
        ("x\n\nIt is `r mean(x)`.", 3, "'`r mean(x)`'"),
        ("It is `r fit$p`.", 1, "'`r fit$p`'"),
        ("It is `{python} n`.", 1, "'`{python} n`'"),
        # calls that are not closed
        ('{% call claim("a") %}b\n\nc', 1, '{% call claim("a") %}, a block that is not closed'),
        # blocks between colons
        ("a\n\n::: note\ntext", 3, "a block that is not closed: '::: note'"),
        ("a\n\n:::", 3, "closes nothing"),
        ("a\n\n::: note A ==title==\ntext\n:::", 3, "'==title=='"),
        ("::: web-only A title\ntext\n:::", 1, "the title 'A title' of a block web-only"),
        ("::: table-note A title\ntext\n:::", 1, "the title 'A title' of a block table-note"),
        # citations and references of which a part would be lost
        ("[@may1976, @he2015]", 1, "two works that no semicolon parts"),
        ("x\n[see @fig-a, panel b]", 2, "'see, panel b' in the brackets"),
        ("x\n[-@fig-a; @fig-b]", 2, "the brackets [-@fig-a; @fig-b]"),
        ("[-@fig-a; -@tbl-b]", 1, "the brackets [-@fig-a; -@tbl-b]"),
        ("[see -@fig-a]", 1, "'see' in the brackets"),
        ("[-@may1976; -@fig-a]", 1, "works and places in the same brackets"),
        ("-@fig-a", 1, "'@fig-a'"),
    ],
)
def test_markup_of_other_tools_is_refused_with_its_line(text: str, line: int, found: str) -> None:
    message = refusal(text)
    assert message.startswith(f"error: {PATH}:{line}\n"), message
    assert found in message
    assert "hint:" in message


@pytest.mark.parametrize(
    "text",
    [
        r"a\^b, x\_{a}, C:\\",
        "un*believ*able and 第*二*次",
        "`r = 2` and `r` and `{x}`",
        "He came\n– she stayed –\n– they left.",
        "一、甲\n\n二、乙",
        "（一）甲；\\\n（二）乙。",
        "of 3.14\nand 2.72",
    ],
)
def test_what_only_looks_like_markup_is_printed(text: str) -> None:
    assert rendered(text)


def test_a_byte_order_mark_is_no_part_of_the_prose(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf# Title\r\n")
    assert read_source(tmp_path / "a.md") == "# Title\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"e.g.\ this", "e.g.\N{NO-BREAK SPACE}this"),
        (r"a.\,b.", "a.\N{NARROW NO-BREAK SPACE}b."),
        (
            "价格＄100，邮箱 a＠b.org，＊、＊＊分别表示",
            "价格＄100，邮箱 a＠b.org，＊、＊＊分别表示",
        ),
        (r"\[sic\] and \(so\\)", r"[sic] and (so\)"),
        (r"~five and ~six, a\^b", "~five and ~six, a^b"),
        ("A (see b) c. d", "A (see b) c. d"),
        ("AT&T; &eta; &lt;b&gt;", "AT&amp;T; η &lt;b&gt;"),
        (r"\&unknown;", "&amp;unknown;"),
        (r"C\# and \#one", "C# and #one"),
        ("As -@he2015 says", "As cited(-|he2015||) says"),
        ("[@he2015, pp. iv, vi-xi]", "cited(|he2015|page iv, vi-xi|)"),
    ],
)
def test_what_only_looks_like_markup_is_text(text: str, shown: str) -> None:
    assert rendered(text) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("一\n\n设＄x＄为", 3, "'＄x＄'"),
        ("见＠may1976", 1, "'＠may1976'"),
        ("见［＠may1976］", 1, "'［＠m'"),
        ("见【@may1976】", 1, "'【@'"),
        ("# 一\n\n＃＃ 标题", 3, "'＃＃ 标'"),
        ("共 ｛｛ fact('a') ｝｝ 个", 1, "'｛｛'"),
        ("＊＊重点＊＊", 1, "'＊＊重点＊＊'"),
        ("：：： note", 1, "'：：：'"),
        ("！［图］（a.png）", 1, "'！［图］（'"),
        ("[词]（https://example.org）", 1, "']（'"),
    ],
)
def test_wide_signs_of_markup_are_refused(text: str, line: int, found: str) -> None:
    message = refusal(text)
    assert message.startswith(f"error: {PATH}:{line}\n"), message
    assert found in message
    assert "input method switched to English" in message


def test_wide_digits_are_numbers_that_somebody_typed() -> None:
    assert numerals("共３７２个", PATH, []) == [Numeral("372", f"{PATH}:1")]


def test_blocks_hold_others_with_as_many_colons() -> None:
    inner = '<aside class="callout tip"><p class="callout-title">Tip</p>\n<p>inner</p>\n</aside>\n'
    for outer in (":::", "::::"):
        text = f"{outer} note\n::: tip\ninner\n:::\n{outer}\n\nAfter.\n"
        assert rendered(text) == (
            '<aside class="callout note"><p class="callout-title">Note</p>\n'
            f"{inner}</aside>\n<p>After.</p>"
        )


def test_colons_in_code_close_nothing() -> None:
    assert "::: x\n:::</code>" in rendered("::: note\n```\n::: x\n:::\n```\n:::")


@pytest.mark.parametrize(
    "text", [":::{note}\nText\n:::", "> [!NOTE]\n> Text", "> [!note]\n>\n> Text"]
)
def test_notes_of_myst_and_github_are_callouts(text: str) -> None:
    assert rendered(text) == (
        '<aside class="callout note"><p class="callout-title">Note</p>\n<p>Text</p>\n</aside>'
    )


def test_a_language_of_code_may_be_written_as_pandoc_does() -> None:
    assert rendered("```{.python}\nx\n```") == rendered("```python\nx\n```")
    assert "code is not run" in refusal("```{python}\nx\n```").replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        (r"of \eqref{eq-x} are", 1, "write `@eq-x`"),
        (r"as 5\;mm", 1, "or the sign without a backslash"),
        (r"by K\"onig", 1, "write the letter as it is"),
        ("a\\\\\nb", 1, "write one, or leave a blank line"),
        (r"soft\-ware", 1, "words are parted by themselves"),
        (r"and so on \ldots", 1, "write `...`"),
        (r"of \S 2", 1, "write `@sec-name`"),
        (r"\label{fig:a}", 1, "{#fig-name}"),
        ("a `quoted' word", 1, 'write "words"'),
        ("在 8~9 之间", 1, "write `–` for the sign"),
        ("在 0.8~1.2之间，甲~乙", 1, "write `–` for the sign"),
        ("20%~30%，40%~50%", 1, "`～` in Chinese"),
        ("一\n\n{{ fact('a') }}~{{ fact('b') }} 天", 3, "`～` in Chinese"),
        ("公式~$x$~中，第~3~章", 1, "`–` or `～` where a range is meant"),
        ("A~B与C~D", 1, "`–` or `～` where a range is meant"),
        ("A*B与C*D", 1, "write `×` for the sign `*`"),
        ("5*3=15, 4*2=8", 1, "write `×` for the sign `*`"),
        ("见 [@张三2020]。", 1, "put braces around the key"),
        (r"of \eqref{gate} are", 1, "write `@eq-gate`"),
        (r"see \ref{fig:map}", 1, "write `@fig-map`"),
        (r"see \cref{tab:a,eqn:b}", 1, "write `[@tbl-a; @eq-b]`"),
        (r"by \cite{may1976}", 1, "write `[@may1976]`"),
        (r"by \citep[p.~3]{may1976, he2015}", 1, "write `[@may1976; @he2015]`"),
        (r"by \citet{may1976}", 1, "write `@may1976`"),
        (r"so \emph{really}", 1, "write `*really*`"),
        (r"so\footnote{Or not.}", 1, "write `^[Or not.]`"),
        ("As in\n\n\\begin{align}\na &= b\n\\end{align}", 3, r"`$$` above \begin{align} and"),
        ("\\begin{itemize}", 1, "begin each item with `- `"),
        # Letters of panels.
        ("see @fig-x(a)", 1, "write @fig-x-a"),
        ("见@fig-x（A）", 1, "write @fig-x-a"),
        ("see @fig-x(a–c)", 1, "write [@fig-x-a; @fig-x-b; @fig-x-c]"),
        ("see @fig-x(a, c)", 1, "write [@fig-x-a; @fig-x-c]"),
        ("see @fig-x-a,b", 1, "write [@fig-x-a; @fig-x-b]"),
        ("by @eq-a--@eq-c", 1, "as a range, are `[@eq-a; @eq-b; @eq-c]`"),
        ("| $P(a|b)$ | y |\n|---|---|\n| b | c |", 1, "`\\vert` for a pipe in a formula"),
        (
            "+-----+-----+\n| A   | B   |\n+:====+====:+\n| a   | b   |\n+-----+-----+",
            1,
            "put pipes around the cells of each row; a head of two rows has both above the dashes",
        ),
    ],
)
def test_the_hint_says_what_to_write_instead(text: str, line: int, hint: str) -> None:
    message = refusal(text)
    assert message.startswith(f"error: {PATH}:{line}\n")
    assert hint in message


def test_an_unknown_kind_of_block_is_told_before_what_refers_to_it() -> None:
    text = "# T\n\n@str-a says it.\n\n::: {.strange #str-a}\nText.\n:::"
    with pytest.raises(UserError) as caught:
        quotes(text, PATH)
    assert f"{PATH}:5" in str(caught.value)
    assert "a block of the kind 'strange'" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "address", "behind"),
    [
        ("See https://example.org/a_b_c*d*e.", "https://example.org/a_b_c*d*e", "."),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)", ")"),
        ("见https://example.org/a。然后", "https://example.org/a", "。然后"),
        ("**https://example.org/a--b**", "https://example.org/a--b", ""),
        ("a https://example.org/2021/x12 b", "https://example.org/2021/x12", " b"),
    ],
)
def test_an_address_in_the_text_is_a_link_to_itself(text: str, address: str, behind: str) -> None:
    assert f'<a href="{address}">{address}</a>{behind}' in rendered(text).replace("</strong>", "")
    assert numerals(f"# T\n\n{text}", PATH, []) == []


@pytest.mark.parametrize(
    "text",
    ["[@a, tbl. 1]", "[@a, {tbl. 1}]", "@a [tbl. 1]", "[@a, table 5]", "[@a, p. 3180, eq. 4a]"],
)
def test_the_number_of_a_place_in_a_work_is_no_result(text: str) -> None:
    assert numerals(f"# T\n\n{text}", PATH, []) == []


@pytest.mark.parametrize("text", ["`https://x.org`", "http and https: //x", "xhttps://x"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert "<a" not in rendered(text)
    assert rendered("[https://x.org](https://x.org/y)") == (
        '<p><a href="https://x.org/y">https://x.org</a></p>'
    )


def test_a_note_within_a_line_is_read_as_any_text() -> None:
    assert 'note">cost $ and * “x” – y</span>' in rendered(r'A^[cost \$ and \* "x" -- y]')
    assert "cited(|may1976|page 3|)" in rendered("A^[see [@may1976, p. 3]]")
    assert refusal("a\n\nb^[see \\alpha]").startswith(f"error: {PATH}:3\n")
    assert numerals("# T\n\na^[b 5]", PATH, []) == [Numeral("5", f"{PATH}:3")]


def test_a_note_of_a_cell_of_words_may_have_escaped_signs() -> None:
    assert "y * z" in words_as_html(r"x^[y \* z]")


def test_what_is_left_out_at_the_beginning_of_a_word_has_an_apostrophe() -> None:
    assert "’Tis the ’90s, and don’t say ‘no’" in rendered("'Tis the '90s, and don't say 'no'")
    assert "&#39;x" in rendered("`'x`")


@pytest.mark.parametrize(
    "text",
    ["@fig-x (a) and (b)", "@fig-x-a, a map", "@fig-x(see there)", "@eq-x(a)", "@fig-x-a, b"],
)
def test_words_behind_a_reference_are_no_letters_of_panels(text: str) -> None:
    assert [each.kind for each in quotes(text, PATH)] == ["reference"]


def test_a_name_that_is_nowhere_may_mean_panels() -> None:
    assert panels_meant("fig-x-a-c") == ["fig-x-a", "fig-x-b", "fig-x-c"]
    assert panels_meant("fig-x-A") == ["fig-x-a"]
    assert panels_meant("fig-map") == []
