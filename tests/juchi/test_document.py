"""The page as a tree: what gets which number, what refers to what, what is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html
from lxml.html import HtmlElement

from juchi.html.document import (
    NBSP,
    WORD_JOINER,
    Entry,
    Look,
    bind_citations,
    contents,
    number,
    resolve_references,
    serialise,
    visible_text,
)

LABELS = {
    "section": "Section {number}",
    "figure": "Figure {number}",
    "table": "Table {number}",
    "equation": "({number})",
}
FIGURE = (
    '<figure id="{}" data-kind="{}"><figcaption><span class="label"></span>c</figcaption></figure>'
)
EQUATION = '<div class="equation" id="{}" data-kind="equation"><span class="label"></span></div>'
PAGE = "".join(
    [
        '<h2 id="sec-one">One <em>and</em> more</h2>',
        EQUATION.format("eq-a"),
        '<h3 id="sec-a"><code>A</code> of one</h3>',
        FIGURE.format("fig-a", "figure"),
        FIGURE.format("tab-a", "table"),
        '<h3 id="sec-b">B</h3>',
        '<h2>Not counted</h2><div class="scroll"><figure></figure></div>',
        '<h2 id="sec-two">Two</h2>',
        FIGURE.format("fig-b", "figure"),
        EQUATION.format("eq-b"),
        '<h3 id="sec-c">C</h3>',
    ]
)


def tree(source: str) -> HtmlElement:
    return html.fragment_fromstring(source, create_parent="main")


@pytest.fixture
def page() -> HtmlElement:
    return tree(PAGE)


def test_each_kind_is_counted_in_the_order_of_the_page(page: HtmlElement) -> None:
    assert number(page, LABELS) == {
        "sec-one": "Section 1",
        "eq-a": "(1)",
        "sec-a": "Section 1.1",
        "fig-a": "Figure 1",
        "tab-a": "Table 1",
        "sec-b": "Section 1.2",
        "sec-two": "Section 2",
        "fig-b": "Figure 2",
        "eq-b": "(2)",
        "sec-c": "Section 2.1",
    }


def test_numbers_and_labels_are_written_into_the_page(page: HtmlElement) -> None:
    number(page, LABELS)
    shown = [
        html.tostring(page.get_element_by_id(id_), encoding="unicode", with_tail=False)
        for id_ in ("sec-one", "sec-a", "tab-a", "eq-b")
    ]
    assert shown == [
        '<h2 id="sec-one" data-title="One and more">'
        '<span class="number">1</span>One <em>and</em> more</h2>',
        '<h3 id="sec-a" data-title="A of one">'
        '<span class="number">1.1</span><code>A</code> of one</h3>',
        FIGURE.format("tab-a", "table").replace("></span>", ">Table 1</span>"),
        EQUATION.format("eq-b").replace("></span>", ">(2)</span>"),
    ]


def test_labels_follow_the_language(page: HtmlElement) -> None:
    labels = number(page, LABELS | {"section": "第 {number} 节", "figure": "图 {number}"})
    assert (labels["sec-c"], labels["fig-b"]) == ("第 2.1 节", "图 2")


def test_cross_references_take_the_label_of_their_target(page: HtmlElement) -> None:
    page.append(html.fragment_fromstring('<a class="reference" href="#fig-b"></a>'))
    page.append(html.fragment_fromstring('<a href="#fig-b">other</a>'))
    resolve_references(page, number(page, LABELS))
    assert [link.text for link in page.iter("a")] == ["Figure 2", "other"]


def test_the_contents_are_the_numbered_headings(page: HtmlElement) -> None:
    number(page, LABELS)
    assert contents(page) == [
        Entry(
            "sec-one",
            "1",
            "One and more",
            [Entry("sec-a", "1.1", "A of one"), Entry("sec-b", "1.2", "B")],
        ),
        Entry("sec-two", "2", "Two", [Entry("sec-c", "2.1", "C")]),
    ]


CITATION = '<span class="citation">[1]</span>'


@pytest.mark.parametrize(
    ("before", "bound"),
    [
        ("a word ", f"a word{NBSP}"),
        ("a word\n", f"a word{NBSP}"),
        ("一个词", f"一个词{WORD_JOINER}"),
        ("", WORD_JOINER),
        ("<em>a word</em> ", f"<em>a word</em>{NBSP}"),
        ("<em>一个词</em>", f"<em>一个词</em>{WORD_JOINER}"),
        (f"a {CITATION} b ", f"a{NBSP}{CITATION} b{NBSP}"),
    ],
)
def test_a_citation_stays_on_the_line_of_the_word_before_it(before: str, bound: str) -> None:
    paragraph = html.fragment_fromstring(f"<p>{before}{CITATION}.</p>")
    bind_citations(paragraph)
    assert html.tostring(paragraph, encoding="unicode") == f"<p>{bound}{CITATION}.</p>"


SERIF, SANS, MONO = Look("serif"), Look("sans"), Look("mono")
BOLD = replace(SANS, weight=600)


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (
            "<p>a <em>b</em> c</p>",
            [(SERIF, "a "), (replace(SERIF, emphasis=True), "b"), (SERIF, " c")],
        ),
        ("<p>a <code>b</code> c</p>", [(SERIF, "a "), (MONO, "b"), (SERIF, " c")]),
        (
            '<pre><code>a<span class="k">b</span></code></pre>',
            [(MONO, "a"), (replace(MONO, weight=700), "b")],
        ),
        (
            '<h2><span class="number">1</span>a <code>b</code> c</h2>',
            [(SANS, "1"), (BOLD, "a "), (replace(MONO, weight=600), "b"), (BOLD, " c")],
        ),
        (
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><th>b</th></tr></tbody></table>",
            [(BOLD, "a"), (SANS, "b")],
        ),
        (
            '<p>a<span class="footnote">b</span>c</p>',
            [(SERIF, "a"), (SANS, "b"), (SERIF, "c")],
        ),
        (
            '<figcaption><span class="label">a</span>b</figcaption><span class="label">c</span>',
            [(BOLD, "a"), (SANS, "b"), (SERIF, "c")],
        ),
        (
            '<section class="references later">a<b>b</b></section><p>c</p>',
            [
                (replace(SERIF, later=True), "a"),
                (Look("serif", weight=700, later=True), "b"),
                (SERIF, "c"),
            ],
        ),
        ("<style>a</style><script>b</script><p>c</p>", [(SERIF, "c")]),
        ("<p>a<!-- b -->c</p>", [(SERIF, "a"), (SERIF, "c")]),
        ('<img alt="a"><span title="b" data-tex="c"></span>', []),
    ],
)
def test_what_is_shown_has_the_look_of_its_face(source: str, texts: list[tuple[Look, str]]) -> None:
    assert list(visible_text(tree(source))) == texts


def test_a_page_is_written_as_html() -> None:
    source = "<html><head></head><body><br>中<p></p><picture><source><img></picture></body></html>"
    assert serialise(html.document_fromstring(source)) == f"<!DOCTYPE html>\n{source}\n"


def test_a_place_to_break_a_word_has_no_end_tag() -> None:
    root = html.document_fromstring("<html><body><code>a.<wbr>b_<wbr>c</code> d</body></html>")
    assert "<code>a.<wbr>b_<wbr>c</code> d" in serialise(root)
