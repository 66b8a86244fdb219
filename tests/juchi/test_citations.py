"""Citations on a page: where they stand, and how they are bound to the words around them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from juchi.core.characters import WORD_JOINER
from juchi.html.citations import bind, set_citations
from juchi.prose.citeproc import Mention
from juchi.prose.formats import NBSP
from juchi.prose.references import References

CITATION = '<span class="citation">[1]</span>'
RAISED = '<span class="citation"><sup>[1]</sup></span>'


@pytest.mark.parametrize(
    ("before", "citation", "bound"),
    [
        ("a word ", CITATION, f"a word{NBSP}"),
        ("a word\n", CITATION, f"a word{NBSP}"),
        ("一个词", RAISED, f"一个词{WORD_JOINER}"),
        ("a word ", RAISED, f"a word{WORD_JOINER}"),
        ("", CITATION, WORD_JOINER),
        ("<em>a word</em> ", CITATION, f"<em>a word</em>{NBSP}"),
        ("<em>一个词</em>", RAISED, f"<em>一个词</em>{WORD_JOINER}"),
        (f"a {CITATION} b ", CITATION, f"a{NBSP}{CITATION} b{NBSP}"),
    ],
)
def test_a_citation_stays_on_the_line_of_the_word_before_it(
    before: str, citation: str, bound: str
) -> None:
    paragraph = html.fragment_fromstring(f"<p>{before}{citation}.</p>")
    for place in paragraph.xpath(".//span[@class='citation']"):
        bind(place)
    assert html.tostring(paragraph, encoding="unicode") == f"<p>{bound}{citation}.</p>"


WORKS = {
    key: {
        "id": key,
        "type": "book",
        "title": f"Of {key}",
        "language": "en",
        "author": [{"family": family, "given": "A"}],
        "issued": {"date-parts": [[2020]]},
    }
    for key, family in (("a", "Doe"), ("b", "Roe"))
}
WORDS = {"citing": {"two": "{first} and {second}", "several": "{first}", "narrative": "{names} "}}
NOTES = ("chicago-shortened-notes-bibliography", "en-US")


def page(text: str, style: tuple[str, str], tag: str = "en") -> Any:
    """Return a page whose citations are set; `{a}`, `{@b}` and `{-b}` cite."""
    mentions = [Mention("a"), Mention("b"), Mention("b", mode="@"), Mention("b", mode="-")]
    composer: Any = SimpleNamespace(
        citations=[[mention] for mention in mentions],
        entry={"citation": {"style": style[0], "locale": style[1]}, "tag": tag},
        references=References(Path("references.json"), WORKS),
        words=WORDS,
    )
    place = '<span class="citation" data-cited="{}"></span>'
    for number, name in enumerate(("{a}", "{b}", "{@b}", "{-b}")):
        text = text.replace(name, place.format(number))
    body = html.fragment_fromstring(f"<div>{text}</div>")
    set_citations([body], composer)
    return body


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>One {b}, two {a}.</p>", f"One{NBSP}[1], two{NBSP}[2]."),
        ("<p>{@b} says.</p>", f"Roe{NBSP}[1] says."),
        ("<figcaption>As {a}</figcaption><td>{b}</td>", f"As{NBSP}[1]{WORD_JOINER}[2]"),
        ("<h2>On {a}</h2><p>{a}</p>", f"On{NBSP}[1]{WORD_JOINER}[1]"),
    ],
)
def test_citations_are_set_in_the_order_of_the_page(text: str, shown: str) -> None:
    assert page(text, ("ieee", "en-GB")).text_content() == shown


def test_citations_by_author_and_year_are_words_like_others() -> None:
    body = page("<p>{@b} says {a}, and {-b}.</p>", ("apa", "en-US"))
    assert body.text_content() == f"Roe (2020) says{NBSP}(Doe, 2020), and{NBSP}(2020)."


def test_a_chinese_page_has_no_space_behind_a_narrative_citation() -> None:
    style = ("china-national-standard-gb-t-7714-2015-numeric", "work")
    body = page("<p>{@b} 指出。见{a}。</p>", style, "zh-Hans")
    assert body.text_content().replace(WORD_JOINER, "") == "Roe[1]指出。见[2]。"


@pytest.mark.parametrize(
    ("text", "before", "note", "behind"),
    [
        ("<p>It holds {a}.</p>", "It holds.", "Doe, <i>Of a</i>.", ""),
        ("<p>It holds {a}, and more.</p>", "It holds,", "Doe, <i>Of a</i>.", " and more."),
        ("<p>It holds, {a}, and more.</p>", "It holds,", "Doe, <i>Of a</i>.", " and more."),
        ("<p>{@b} says so.</p>", "Roe", "<i>Of b</i>.", " says so."),
    ],
)
def test_a_style_of_notes_calls_a_note_behind_the_stop(
    text: str, before: str, note: str, behind: str
) -> None:
    body = page(text, NOTES)
    (place,) = body.xpath(".//span[@class='citation']")
    assert place.getparent().text.rstrip(WORD_JOINER) == before
    (foot,) = place.xpath("./span[@class='footnote']")
    inner = "".join(html.tostring(part, encoding="unicode") for part in foot)
    shown = (foot.text or "") + inner
    assert (
        shown.replace('<a href="#ref-a">', "").replace('<a href="#ref-b">', "").replace("</a>", "")
        == note
    )
    assert (place.tail or "") == behind


def test_in_a_note_of_the_article_a_work_is_cited_without_another_note() -> None:
    note = '<span class="note-call"></span><span class="footnote" role="note">As {a}.</span>'
    body = page(f"<p>So{note}</p>", NOTES)
    assert len(body.xpath(".//span[@class='footnote']")) == 1
    assert body.xpath("string(.//span[@class='footnote'])").startswith(f"As{NBSP}")
    assert not body.text_content().endswith("..")
