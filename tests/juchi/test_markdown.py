# ruff: noqa: D102 - see `juchi.html.prose.Writer` for the methods of the writer
"""Markdown as authors know it: what each element becomes, and what is refused with its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup, escape

from juchi.core.errors import UserError
from juchi.exhibits.table import Table
from juchi.html.cross_words import printed_forms
from juchi.html.enclosures import enclosed
from juchi.html.pictures import inlined, paneled, pictured
from juchi.html.prose import Renderer, words_as_html
from juchi.html.tables import TableFigure, dressed
from juchi.prose.attributes import Attributes
from juchi.prose.citeproc import Mention
from juchi.prose.inlines import as_html
from juchi.prose.markdown import parse
from juchi.prose.pictures import Panels, Picture
from juchi.prose.reading import Numeral, headings, numerals, passages, quotes
from juchi.prose.source import Call, marked
from juchi.prose.typography import Typography

PATH = Path("templates/en/post.md")
ENGLISH = Typography()
CHINESE = Typography(dash="——", ellipsis="……")
WORDS: dict[str, Any] = {
    "labels": {"figure": "Figure {number}", "table": "表 {number}", "section": "第 {number} 节"},
    "several": {"figure": "Figures {numbers}", "equation_first": "Equation {numbers}"},
    "callouts": {"note": "Note", "tip": "Tip", "warning": "Warning"},
    "theorem_title": " ({title})",
}


class Plain:
    """Puts the name of what is called into its place."""

    def call(self, call: Call) -> Markup:
        body = Renderer(parse(call.body), self).inline() if call.body else ""
        return Markup('<a class="fact">{}{}</a>').format(self.as_text(call), body)

    def as_text(self, call: Call) -> str:
        return "512" if call.names == ("post.starts",) else " ".join(call.names)

    def in_link(self, call: Call) -> Markup:
        return escape(self.as_text(call))

    def in_formula(self, call: Call) -> str:
        return self.as_text(call)

    def formula(self, tex: str, place: str, written: str) -> str:
        return tex.strip()

    def opened(self, call: Call, *, again: bool) -> Markup:
        return Markup("<mark>") if not again else Markup('<mark class="again">')

    def closed(self, call: Call) -> Markup:
        return Markup("</mark>")

    def cited(self, mentions: Sequence[Mention]) -> Markup:
        parts = []
        for each in mentions:
            before, behind = (as_html(part) for part in (each.prefix, each.suffix))
            where = f"{each.locator.label} {each.locator.number}" if each.locator else ""
            parts.append(f"{before}{each.mode}|{each.key}|{where}|{behind}")
        return Markup(f"cited({'; '.join(parts)})")

    def referred(self, targets: Sequence[str], *, is_first: bool = False) -> Markup:
        return escape(f"{'To' if is_first else 'to'}({', '.join(targets)})")

    def numbered(self, targets: Sequence[str], place: str) -> Markup:
        return escape(f"number({', '.join(targets)})")

    def printed_forms(self, targets: Sequence[str], *, is_first: bool) -> Sequence[str]:
        return printed_forms(targets, WORDS["labels"], WORDS["several"], is_first=is_first)

    def noted(self, text: Markup, name: str | None = None) -> Markup:
        named = Markup(' data-note="{}"').format(name) if name else ""
        return Markup('<span class="footnote"{}>{}</span>').format(named, text)

    def displayed(self, tex: str, attributes: Attributes, place: str) -> Markup:
        return Markup('<div id="{}">{}</div>').format(attributes.id, tex)

    def enclosed(
        self, attributes: Attributes, place: str, title: Markup | None
    ) -> tuple[Markup, Markup]:
        return enclosed(attributes, WORDS, place, title)

    def tabled(
        self, table: Table, caption: Markup | None, attributes: Attributes, place: str
    ) -> Markup:
        figure = TableFigure(attributes.id or "tab-1", "prose", place, Markup, ".")
        return figure.html(dressed(table, attributes, place), caption)

    def pictured(self, picture: Picture, caption: Markup | None) -> Markup:
        return pictured(picture, caption, WORDS)

    def paneled(self, panels: Panels, caption: Markup | None) -> tuple[Markup, Markup]:
        return paneled(panels, caption)

    def inlined(self, picture: Picture) -> Markup:
        return inlined(picture)


def rendered(text: str, typography: Typography = ENGLISH) -> str:
    document = parse(marked(text, PATH), typography)
    ids = headings(text, PATH) if text.startswith("#") else ()
    return str(Renderer(document, Plain(), ids).block()).strip()


def tree(text: str) -> HtmlElement:
    return html.fragment_fromstring(rendered(text), create_parent="section")


def refusal(text: str) -> str:
    with pytest.raises(UserError) as caught:
        rendered(text)
    return str(caught.value)


def test_the_title_of_a_block_is_read_as_a_heading_is() -> None:
    title = "On *x* and $x^2$ -- 'a' `b` [@may] @fig-a {{ fact(\"post.starts\") }}^[So.]"
    shown = (
        'On <em>x</em> and <span class="math" data-tex="x^2"></span> – ‘a’ <code>b</code> '
        'cited(|may||) to(fig-a) <a class="fact">512</a><span class="footnote">So.</span>'
    )
    for text in (
        f'::: {{.theorem #thm-a title="{title}"}}\nText.\n:::',
        f"::: theorem {title}\nText.\n:::",
        f"::: theorem\n## {title}\n\nText.\n:::",
    ):
        assert f'<span class="label"></span> ({shown})</p>' in rendered(text)
    assert f'callout-title">{shown}</p>' in rendered(f"::: note {title}\nText.\n:::")


def test_what_the_title_of_a_block_quotes_and_counts_is_found() -> None:
    text = '::: note A 7 {{ fact("post.starts") }} [@may] @fig-a\nText.\n:::'
    assert numerals(text, PATH, []) == [Numeral("7", f"{PATH}:1")]
    kinds = [quote.kind for quote in quotes(text, PATH)]
    assert kinds == ["fact", "citation", "reference"]
    assert [each.text for each in passages(text, PATH)] == ["Text."]


# --- formulas ---


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
        ('$n = {{ fact("post.starts") }}$', ["n = 512"]),
    ],
)
def test_a_formula_is_an_empty_element_with_its_latex(text: str, tex: list[str]) -> None:
    root = tree(text)
    formulas = [span for span in root.iter("span") if span.get("class") == "math"]
    assert [span.get("data-tex") for span in formulas] == tex
    assert all(span.text is None and len(span) == 0 for span in formulas)
    assert not root.xpath("//em")


@pytest.mark.parametrize(
    "text",
    ["$$x$$ {#eq-a}", "$$\nx\n$$ {#eq-a}", "$$ x\n$${#eq-a}", "text\n$$\nx\n$$ {#eq-a}\nmore"],
)
def test_a_displayed_formula_stands_between_two_dollars(text: str) -> None:
    (formula,) = tree(text).iter("div")
    assert (formula.get("id"), formula.text) == ("eq-a", "x")


# --- headings ---


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("# Title {: #post}", '<h1 id="post">Title</h1>'),
        ("# Title {#post}", '<h1 id="post">Title</h1>'),
        ("# Title", '<h1 id="post">Title</h1>'),
        ("# *A* `code` $x$", '<h1 id="post"><em>A</em> <code>code</code> '
         '<span class="math" data-tex="x"></span></h1>'),
        ("# 为什么 {-}", '<h1 id="post" class="unnumbered">为什么</h1>'),
    ],
)  # fmt: skip
def test_a_heading_has_the_id_that_it_is_given_or_that_of_its_place(
    text: str, heading: str
) -> None:
    assert rendered(text) == heading


# --- lines ---


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("就说出现**锯齿**，从这里", "就说出现<strong>锯齿</strong>，从这里"),
        ("（**a**）一个", "（<strong>a</strong>）一个"),
        ("**锯齿**。下面", "<strong>锯齿</strong>。下面"),
        ("H~2~O, m^2^, ~~no~~", "H<sub>2</sub>O, m<sup>2</sup>, <s>no</s>"),
        ("s^-1^, x~-1~, SO~4~^2-^", "s<sup>−1</sup>, x<sub>−1</sub>, SO<sub>4</sub><sup>2-</sup>"),
        ("m^2-3^, ^well-known^", "m<sup>2-3</sup>, <sup>well-known</sup>"),
        ("The A\\* algorithm, US\\$ per hour", "The A* algorithm, US$ per hour"),
        ("2 * 3 and a < b & c", "2 * 3 and a &lt; b &amp; c"),
        # a fact wherever a word may stand
        ('`--starts {{ fact("post.starts") }}`', "<code>--starts 512</code>"),
        ('[{{ fact("post.starts") }} starts](https://example.org)',
         '<a href="https://example.org">512 starts</a>'),
        ('[all](https://example.org/{{ fact("post.starts") }})',
         '<a href="https://example.org/512">all</a>'),
        ('**{{ fact("post.starts") }}**个', '<strong><a class="fact">512</a></strong>个'),
        # signs that no key has
        ("\"It's\" -- so --- well...", "“It’s” – so — well…"),
        ("a `--flag` \\... b", "a <code>--flag</code> \\... b".replace("\\...", "...")),
        # Chinese lines are joined, others parted
        ("中文中\n间断开了，\n后面", "中文中间断开了，后面"),
        ("若 $x$\n，其中", '若 <span class="math" data-tex="x"></span>，其中'),
        ("中文\nand English\nlines", "中文\nand English\nlines"),
        # comments
        ("one <!-- nobody sees it --> two", "one  two"),
    ],
)  # fmt: skip
def test_a_line_is_set_as_what_it_means(text: str, shown: str) -> None:
    assert rendered(text) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**重点。**后文", "<strong>重点。</strong>后文"),
        ("前文**（附注）**后文", "前文<strong>（附注）</strong>后文"),
        ("他说**“你好”**。", "他说<strong>“你好”</strong>。"),
        ("*斜体，*后文", "<em>斜体，</em>后文"),
        ("前__重点__后_“斜体”_后", "前<strong>重点</strong>后<em>“斜体”</em>后"),
        ("前~~“删”~~后", "前<s>“删”</s>后"),
        ("变量 foo_bar 与 baz_qux", "变量 foo_bar 与 baz_qux"),
        ("{{ fact('post.starts') }}**个。**后文", "512</a><strong>个。</strong>后文"),
    ],
)
def test_emphasis_needs_no_spaces_where_a_script_has_none(text: str, shown: str) -> None:
    assert shown in rendered(text, CHINESE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("周一~周五，以及周六~周日", "周一～周五，以及周六～周日"),
        ("从周一~周五到周六~周日", "从周一～周五到周六～周日"),
        ("水H~2~O与T~室温~，n~A组~", "水H<sub>2</sub>O与T<sub>室温</sub>，n<sub>A组</sub>"),
        ("x^上^与 a~i,j~", "x<sup>上</sup>与 a<sub>i,j</sub>"),
        ("x~{{ fact('post.starts') }}~", 'x<sub><a class="fact">512</a></sub>'),
    ],
)
def test_a_tilde_between_chinese_words_is_that_of_a_range(text: str, shown: str) -> None:
    assert rendered(text, CHINESE) == f"<p>{shown}</p>"


def test_chinese_has_signs_of_its_own() -> None:
    assert rendered('他说"好"---就这样...', CHINESE) == "<p>他说“好”——就这样……</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[@may1976]", "cited(|may1976||)"),
        ("[@may1976, p. 12; see @he2015]", "cited(|may1976|page 12|; see |he2015||)"),
        ("[-@may1976]", "cited(-|may1976||)"),
        ("[@{10.1000/x}]", "cited(|10.1000/x||)"),
        ("@may1976 says", "cited(@|may1976||) says"),
        ("@may1976 [ch. 3] says", "cited(@|may1976|chapter 3|) says"),
        ("@may1976.", "cited(@|may1976||)."),
        ("[@may1976, pp. 3--5 and more]", "cited(|may1976|page 3-5| and more)"),
        ('[see "it" -- @may1976]', "cited(see “it” – |may1976||)"),
        ("见[参见@{May_76}，第 12 页]", "见cited(参见|May_76|page 12|)"),
        ("见@fig-signs所示", "见to(fig-signs)所示"),
        ("@tbl-a, @tab-b and @eq-c", "to(tab-a), to(tab-b) and to(eq-c)"),
        ("see @alg-rk", "see to(alg-rk)"),
        ("[@Fig-a; @tbl-b] and @Sec-c", "To(fig-a, tab-b) and To(sec-c)"),
        ("[@fig-a; @fig-b]", "to(fig-a, fig-b)"),
        ("write to me@example.org", "write to me@example.org"),
        ("\\@may1976 and `@may1976`", "@may1976 and <code>@may1976</code>"),
    ],
)
def test_works_and_places_are_referred_to(text: str, shown: str) -> None:
    assert rendered(text) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    ("text", "line", "twice"),
    [
        ("a\nsee Figure @fig-a", 2, "'Figure'"),
        ("Figures [@fig-a; @fig-b] show", 1, "'Figures'"),
        ("(see Fig.\\ @fig-a)", 1, "'Fig.'"),
        ("见表@tbl-a", 1, "'表'"),
        ("见第@sec-a", 1, "'第'"),
        ("Equation @Eq-a holds", 1, "'Equation'"),
        ("a\nFigure\n@fig-a", 3, "'Figure'"),
        ("**Figure** @fig-a", 1, "'Figure'"),
        ("Figure (@fig-a) shows", 1, "'Figure'"),
        ('as Figure {{ ref("fig-a") }} shows', 1, "'Figure'"),
    ],
)
def test_the_word_of_a_reference_is_not_written_beside_it(text: str, line: int, twice: str) -> None:
    message = refusal(text)
    assert message.startswith(f"error: {PATH}:{line}\n")
    assert f"{twice} beside a cross reference that is printed with it" in message


@pytest.mark.parametrize(
    "text",
    [
        "This figure (@fig-a, left) shows it.",
        'The {{ fact("post.starts") }} figure (@fig-a) shows it.',
        "The $n$th figure (@fig-a) shows it.",
        "the **new** figure (@fig-a)",
        "Figure [-@fig-a], 第 [-@sec-a] 节",
    ],
)
def test_a_word_that_is_not_printed_twice_may_stand_beside_a_reference(text: str) -> None:
    assert rendered(text)


def test_the_number_of_a_place_stands_alone() -> None:
    text = "[-@fig-a], [-@Tbl-a; -@tbl-b] and [-@may1976]"
    assert rendered(text) == "<p>number(fig-a), number(tab-a, tab-b) and cited(-|may1976||)</p>"
    kinds = [quote.kind for quote in quotes(text, PATH)]
    assert kinds == ["reference", "reference", "reference", "citation"]


def test_a_formula_has_a_word_of_the_author() -> None:
    assert rendered("Eq. @eq-a and (@eq-b)") == "<p>Eq. to(eq-a) and (to(eq-b))</p>"


# --- blocks ---


def test_a_table_may_have_a_caption_and_a_name() -> None:
    table = "| a | b |\n|:--|--:|\n| x | {{ fact('post.starts') }} |\n"
    for text in (f"{table}\n: A *caption* {{#tbl-x}}\n", f": A *caption* {{#tbl-x}}\n\n{table}"):
        root = tree(text)
        assert root.xpath("figure/@id") == ["tbl-x"]
        assert root.xpath("string(figure/figcaption)") == "A caption"
        assert root.xpath("//th/@scope") == ["col", "col"]
        assert root.xpath("//td[@class='number']//text()") == ["512"]
        assert root.text_content().count("caption") == 1


def test_notes_have_paragraphs_and_lists() -> None:
    (note,) = tree("A[^n] b.\n\n[^n]: One.\n\n    1. two\n    2. three\n").find_class("footnote")
    assert note.text_content() == "One.1. two2. three"
    (note,) = tree("A^[at *once*] b.").find_class("footnote")
    assert note.text_content() == "at once"


def test_lists_of_definitions_and_tasks() -> None:
    assert tree("Term\n: What it *means*.\n").xpath("string(dl/dd)").strip() == "What it means."
    boxes = tree("- [ ] to do\n- [x] done\n").xpath("//span[@class='task']/text()")
    assert boxes == ["□", "✓"]


def test_code_is_highlighted() -> None:
    root = tree('```python\ndef f(): return {{ fact("post.starts") }}  # why\n```\n')
    assert root.text_content().strip() == "def f(): return 512  # why"
    assert root.xpath("//span[@class='k']/text()") == ["def", "return"]
    assert root.xpath("//span[@class='c1']/text()") == ["# why"]


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("::: note\nText.\n:::", "callout note", "Note"),
        ("::: warning Look out\nText.\n:::", "callout warning", "Look out"),
        ('::: {.callout-note title="So"}\nText.\n:::', "callout note", "So"),
        ("::: {.callout-note}\n## So it is\n\nText.\n:::", "callout note", "So it is"),
        ("::: warning\n\n### So\nText.\n:::", "callout warning", "So"),
        ("::: {.theorem #thm-a}\nText.\n:::", "theorem theorem", ""),
        ('::: {.lemma #lem-a title="Zorn"}\nText.\n:::', "theorem lemma", " (Zorn)"),
        ("::: proof\nText.\n:::", "theorem proof", ""),
        ('::: {.algorithm #alg-a title="Descent"}\nText.\n:::', "theorem algorithm", " (Descent)"),
    ],
)
def test_blocks_between_colons(text: str, kind: str, title: str) -> None:
    (block,) = tree(text)
    assert block.get("class") == kind
    assert block[0].text_content() == title
    assert block[1].text_content() == "Text."


def test_a_claim_goes_on_in_the_next_paragraph() -> None:
    call = '{% call claim("a", "refuted") %}'
    root = tree(f"{call}One.\n\nTwo.{{% endcall %}} Three.")
    assert [mark.text for mark in root.iter("mark")] == ["One.", "Two."]
    assert [mark.get("class") for mark in root.iter("mark")] == [None, "again"]


NOTED = """# T

{{% call {0} %}}It runs{1}^[Or walks.].{{% endcall %}}

[^quick]: A *note* with {{{{ fact("a.b") }}}} and [@may1976].
"""


@pytest.mark.parametrize("call", ['figure("a", alt="b")', 'table("a")'])
def test_a_caption_calls_a_note_by_its_name(call: str) -> None:
    text = NOTED.format(call, "[^quick]")
    first, second = tree(text).xpath(".//span[@class='footnote']")
    assert first.text_content() == "A note with a.b and cited(|may1976||)."
    assert first.xpath("em")[0].text == "note"
    assert second.text_content() == "Or walks."
    quoted = [(each.kind, each.names, each.place) for each in quotes(text, PATH)][1:]
    assert ("citation", ("may1976",), f"{PATH}:5") in quoted
    assert ("fact", ("a.b",), f"{PATH}:5") in quoted
    typed = numerals(text.replace("note*", "note* 5"), PATH, [])
    assert typed == [Numeral("5", f"{PATH}:5")]


def test_a_note_of_a_caption_is_called_once() -> None:
    text = NOTED.format('table("a")', "[^quick] and[^quick]")
    assert "the note 'quick', which is called 2 times" in refusal(text)
    text = NOTED.format('table("a")', "[^quick]")
    assert "the note 'quick', which is called 2 times" in refusal(f"{text}\n\nText[^quick].")
    unknown = text.replace("[^quick]^[Or walks.]", "[^slow]")
    assert "'[^slow]'" in refusal(f"{unknown}\n\nText[^quick].")


# --- what is not understood ---


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("one\n\n**锯齿。 **下面", 3, "'**锯齿。'"),
        ("It costs $5.", 1, "'$5.'"),
        ("a\n$$x$$ b", 2, "'$'"),
        ("| a | b |\n| c | d |", 1, "'| a | b |'"),
        ("one[^note] two", 1, "'[^note]'"),
        ("see\n\\ref{fig-a}", 2, "'\\\\ref'"),
        ("\\begin{itemize}", 1, "'\\\\begin'"),
        ("a ==marked== b", 1, "'==marked=='"),
        ("a word{.red} b", 1, "'{.r'"),
        ("a ~~b", 1, "'~~'"),
        ("{# a comment #}", 1, "'{# '"),
        ("<b>bold</b>", 1, "HTML in the prose: <b>"),
        ("text\n\n<div>\n", 3, "HTML in the prose: <div>"),
        ("![alt](x.png)", 1, "a picture without an alternative text"),
        ("::: strange\nText.\n:::", 1, "a block of the kind 'strange'"),
        ("::: {.theorem #fig-a}\nText.\n:::", 1, "the identifier 'fig-a' of a theorem"),
        ("::: note So\n## Or so\nText.\n:::", 2, "the heading 'Or so' in a block"),
        ("```brainpython\nx\n```", 1, "code in the language 'brainpython'"),
        ("A[^n].\n\n[^n]: | a |\n    |---|\n    | b |\n", 3, "a note with a table"),
        ("A.\n\n[^n]: Nobody calls it.", 3, "the note 'n', which is called 0 times"),
        ("A[^n] b[^n].\n\n[^n]: Twice.", 3, "the note 'n', which is called 2 times"),
        ('Text {% call figure("a", alt="b") %}c{% endcall %}', 1, "in the middle of a paragraph"),
        ("$$\nx = 1\n$$\n\n, where it is", 5, "begins with ',', behind a displayed formula"),
        ("$$\nx = 1\n$$\n\n，其中", 5, "begins with '，', behind a displayed formula"),
        ('{{ equation("a") }}\n\n. It', 3, "begins with '.', behind a displayed formula"),
        (
            '{% call figure("a", alt="b") %}c\n\nd{% endcall %}',
            1,
            "a caption of several paragraphs",
        ),
        ("[^unknown]^[note]", 1, "'^unknown]^'"),
        ("x^[a b]^", 1, "'^'"),
        ('｛｛ fact("a.b") ｝｝', 1, "'｛｛'"),
        ("见【@may1976】。", 1, "'【@'"),
        ("见＠fig-a。", 1, "'＠fig-'"),
        ("[@may1976; @fig-a]", 1, "works and places in the same brackets"),
        ("a \ue000 b", 1, "the character U+E000"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text: str, line: int, found: str) -> None:
    message = refusal(text)
    assert message.startswith(f"error: {PATH}:{line}\n"), message
    assert found in message
    assert "hint:" in message


def test_words_hold_formulas_but_no_html() -> None:
    line = html.fragment_fromstring(
        str(words_as_html("<b>best</b> $L''(w) < 1$ & *more* \"so\"")), create_parent="td"
    )
    assert line.xpath(".//@data-tex") == ["L''(w) < 1"]
    assert line.text_content() == '<b>best</b>  & more "so"'
    assert [child.tag for child in line] == ["span", "em"]


def test_a_formula_with_a_name_is_read_for_the_facts_in_it() -> None:
    text = '$$\na = {{ fact("line.slope") }}\n$$ {#eq-line alt="A line."}\n'
    found = [(each.kind, each.names) for each in quotes(text, Path("templates/en/a.md"))]
    assert found == [("label", ("eq-line",)), ("fact", ("line.slope",))]
