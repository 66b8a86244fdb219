"""The page as a tree: what gets which number, what refers to what, what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.core.theme import THEME
from juchi.html.composer import Composer
from juchi.html.document import (
    Entry,
    Look,
    contents,
    number,
    resolve_references,
    serialise,
    visible_text,
)
from juchi.html.enclosures import enclosed
from juchi.html.prose import Renderer
from juchi.html.reference_spaces import set_spaces
from juchi.prose.attributes import Attributes
from juchi.prose.calls import read_messages
from juchi.prose.markdown import parse
from juchi.prose.source import marked
from tests.juchi.test_markdown import Plain

LABELS = {
    "section": "Section {number}",
    "figure": "Figure {number}",
    "table": "Table {number}",
    "equation": "({number})",
}
SEVERAL = {
    **{"figure": "Figures {numbers}", "section": "Sections {numbers}", "other": "{numbers}"},
    **{"range": "{first}–{last}", "separator": ", ", "last_separator": " and "},
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
    assert {id_: label.text for id_, label in number(page, LABELS).items()} == {
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
    assert (labels["sec-c"].text, labels["fig-b"].text) == ("第 2.1 节", "图 2")


def test_cross_references_take_the_label_of_their_target(page: HtmlElement) -> None:
    page.append(html.fragment_fromstring('<a class="reference" href="#fig-b"></a>'))
    page.append(html.fragment_fromstring('<a href="#fig-b">other</a>'))
    resolve_references(page, number(page, LABELS), SEVERAL)
    assert [link.text for link in page.iter("a")] == ["Figure 2", "other"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("as above ({})", "as above (2)"),
        ("如上（{}）。", "如上（2）。"),
        ("see <em>x</em>({}).", "see x(2)."),
        ("by {}.", "by (2)."),
        ("(by {})", "(by (2))"),
        ("({} and more)", "((2) and more)"),
    ],
)
def test_the_number_of_an_equation_has_one_pair_of_brackets(
    page: HtmlElement, written: str, shown: str
) -> None:
    link = '<a class="reference" href="#eq-b"></a>'
    page.append(html.fragment_fromstring(f"<p>{written.format(link)}</p>"))
    resolve_references(page, number(page, LABELS), SEVERAL)
    assert page[-1].text_content() == shown


@pytest.mark.parametrize(
    ("targets", "shown"),
    [
        ("fig-a fig-b", "Figures 1 and 2"),
        ("fig-a fig-b fig-c", "Figures 1–3"),
        ("fig-a fig-b fig-c fig-e", "Figures 1–3 and 5"),
        ("fig-e fig-a fig-b", "Figures 5, 1 and 2"),
        ("sec-a sec-b sec-d", "Sections 1.1–1.3"),
        ("sec-b sec-c", "Sections 1.2 and 2.1"),
        ("fig-a tab-a", "Figure 1 and Table 1"),
        ("fig-a tab-a sec-one", "Figure 1, Table 1 and Section 1"),
        ("fig-p-a fig-p-b", "Figures 6a and 6b"),
        ("fig-p-a fig-p-b fig-p-c", "Figures 6a–c"),
        ("fig-e fig-p-b", "Figures 5 and 6b"),
        ("fig-p fig-q-b", "Figures 6 and 7b"),
        ("fig-p-b fig-p-c fig-q-b", "Figures 6b, 6c and 7b"),
    ],
)
def test_several_places_are_named_together(targets: str, shown: str) -> None:
    headings = '<h2 id="sec-one"></h2><h3 id="sec-a"></h3><h3 id="sec-b"></h3><h3 id="sec-d"></h3>'
    figures = "".join(FIGURE.format(f"fig-{name}", "figure") for name in "abcde")
    for name in "pq":
        panels = " ".join(f"fig-{name}-{letter}" for letter in "abc")
        figures += FIGURE.format(f'fig-{name}" data-panels="{panels}', "figure")
    other = '<h2 id="sec-two"></h2><h3 id="sec-c"></h3>'
    root = tree(headings + figures + FIGURE.format("tab-a", "table") + other)
    root.append(html.fragment_fromstring(f'<span class="references" data-targets="{targets}"/>'))
    resolve_references(root, number(root, LABELS), SEVERAL)
    assert root[-1].text_content() == shown
    links = [link.get("href").removeprefix("#") for link in root[-1].iter("a")]
    assert set(links) <= set(targets.split())
    assert links[0] == targets.split(maxsplit=1)[0]
    assert links[-1] == targets.rsplit(maxsplit=1)[-1]


class _Referring(Plain):
    """Refers as the page does."""

    referred = Composer.referred
    numbered = Composer.numbered


ENGLISH, CHINESE, GERMAN = (
    read_messages(THEME / "messages" / f"{language}.yaml") for language in ("en", "zh", "de")
)


@pytest.mark.parametrize(
    ("words", "written", "shown"),
    [
        (ENGLISH, "by [@eq-a; @eq-b].", "by (1) and (2)."),
        (ENGLISH, "by [@eq-a; @eq-b; @eq-c; @eq-e].", "by (1)–(3) and (5)."),
        (ENGLISH, "as above ([@eq-a; @eq-b])", "as above (1 and 2)"),
        (ENGLISH, "@Eq-b holds.", "Equation (2) holds."),
        (ENGLISH, "[@Eq-a; @eq-b; @eq-d] hold.", "Equations (1), (2) and (4) hold."),
        (ENGLISH, "@Fig-a shows it.", "Figure 1 shows it."),
        (ENGLISH, "[@Fig-a; @eq-a] show it.", "Figure 1 and (1) show it."),
        (CHINESE, "@Eq-b 成立", "式 (2) 成立"),
        (CHINESE, "[@Eq-a; @eq-b] 成立", "式 (1)、(2) 成立"),
        (CHINESE, "由[@eq-a; @eq-b] 得", "由(1)、(2) 得"),
        (GERMAN, "@Eq-b gilt.", "Gleichung (2) gilt."),
        (GERMAN, "[@Eq-a; @eq-b] gelten.", "Gleichungen (1) und (2) gelten."),
    ],
)
def test_each_equation_has_its_brackets_and_a_capital_its_word(
    words: Mapping[str, Any], written: str, shown: str
) -> None:
    equations = "".join(EQUATION.format(f"eq-{name}") for name in "abcde")
    document = parse(marked(written, Path("post.md")))
    said = Renderer(document, _Referring()).block()
    root = tree(f"{equations}{FIGURE.format('fig-a', 'figure')}{said}")
    resolve_references(root, number(root, words["labels"]), words["several"])
    assert root[-1].text_content().replace("\N{NO-BREAK SPACE}", " ") == shown
    assert not root.xpath("//@data-first")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (ENGLISH, "Algorithm 1 (Descent) Step. See Algorithm 1 and Algorithms 1 and 2"),
        (CHINESE, "算法 1（Descent） Step. See 算法 1 and 算法 1、2"),
        (GERMAN, "Algorithmus 1 (Descent) Step. See Algorithmus 1 and Algorithmen 1 und 2"),
    ],
)
def test_an_algorithm_has_a_number_and_can_be_referred_to(
    words: Mapping[str, Any], shown: str
) -> None:
    first, second = enclosed(Attributes("alg-a", ("algorithm",)), words, "", Markup("Descent"))
    links = parse(marked("See @alg-a and [@alg-a; @alg-b]", Path("post.md")))
    said = Renderer(links, _Referring()).block()
    root = tree(f"{first}Step.{second}{said}{FIGURE.format('alg-b', 'algorithm')}")
    resolve_references(root, number(root, words["labels"]), words["several"])
    text = f"{root[0].text_content()} {root[1].text_content()}"
    assert " ".join(text.split()) == shown


@pytest.mark.parametrize(
    ("words", "written", "shown"),
    [
        (ENGLISH, "panel 1 of [-@fig-a]", "panel 1 of 1"),
        (ENGLISH, "Figs. [-@fig-a; -@fig-b; -@fig-c]", "Figs. 1–3"),
        (ENGLISH, "nos. [-@eq-a; -@eq-c]", "nos. 1 and 3"),
        (ENGLISH, "Eq. ([-@eq-b])", "Eq. (2)"),
        (ENGLISH, "Chapter [-@sec-a]", "Chapter 1"),
        (CHINESE, "见第[-@sec-a]章", "见第 1 章"),
        (CHINESE, "图[-@fig-a; -@fig-c]", "图 1、3"),
    ],
)
def test_the_number_of_a_place_is_printed_alone(
    words: Mapping[str, Any], written: str, shown: str
) -> None:
    root = _numbered(words, written)
    assert root[-1].text_content().replace("\N{NO-BREAK SPACE}", " ") == shown
    assert root.xpath("//p//a[@class='reference']/@href")[0].endswith(("-a", "-b"))
    assert not root.xpath("//@data-alone")


def test_the_number_of_what_has_none_is_refused() -> None:
    with pytest.raises(UserError, match=r"post\.md:1\n.*the number of sec-b, which has none"):
        _numbered(ENGLISH, "[-@sec-b]")


def _numbered(words: Mapping[str, Any], written: str) -> HtmlElement:
    """Return a page with a text whose references have their numbers."""
    said = Renderer(parse(marked(written, Path("post.md"))), _Referring()).block()
    places = "".join(
        f"{EQUATION.format(f'eq-{name}')}{FIGURE.format(f'fig-{name}', 'figure')}" for name in "abc"
    )
    heads = '<h2 id="sec-a">A</h2><h2 id="sec-b" class="unnumbered">B</h2>'
    tag = "zh" if words is CHINESE else "en"
    page = f'<html lang="{tag}"><body>{heads}{places}{said}</body></html>'
    root = html.document_fromstring(page)
    resolve_references(root, number(root, words["labels"]), words["several"])
    set_spaces(root)
    body: HtmlElement = root.body
    return body


def test_a_heading_may_hold_formulas_references_and_notes() -> None:
    root = tree(
        '<h2 id="sec-x">The map of <span class="math" data-tex="\\eta"></span>'
        '<span class="note-call"></span><span class="footnote">A note.</span> in '
        '<a class="reference" href="#sec-x"></a></h2>'
    )
    number(root, LABELS)
    assert root[0].get("data-title") == "The map of η in"
    (entry,) = contents(root)
    assert entry.title == 'The map of <span class="math" data-tex="\\eta"></span> in '


def test_levels_are_counted_and_unnumbered_headings_are_not() -> None:
    root = tree(
        '<h2 id="sec-a">A</h2><h3 id="sec-b">B</h3><h4 id="sec-c">C</h4><h4 id="sec-d">D</h4>'
        '<h2 id="sec-e" class="unnumbered">E</h2><h2 id="sec-f">F</h2>'
    )
    labels = number(root, LABELS)
    assert [labels[f"sec-{name}"].number for name in "abcdf"] == ["1", "1.1", "1.1.1", "1.1.2", "2"]
    assert (labels["sec-e"].number, labels["sec-e"].text) == ("", "E")
    assert [entry.number for entry in contents(root)] == ["1", "", "2"]


def test_the_contents_are_the_numbered_headings(page: HtmlElement) -> None:
    number(page, LABELS)
    assert contents(page) == [
        Entry(
            "sec-one",
            "1",
            Markup("One <em>and</em> more"),
            [
                Entry("sec-a", "1.1", Markup("<code>A</code> of one")),
                Entry("sec-b", "1.2", Markup("B")),
            ],
        ),
        Entry("sec-two", "2", Markup("Two"), [Entry("sec-c", "2.1", Markup("C"))]),
    ]


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
        # The mark before an item is drawn, too.
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", [(SERIF, "•"), (SERIF, "a"), (SERIF, "b")]),
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
