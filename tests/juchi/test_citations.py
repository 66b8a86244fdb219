"""Citations on a page: where they stand, and how they are bound to the words around them."""

from __future__ import annotations

import pytest
from lxml import html

from juchi.html.citations import bind
from juchi.html.document import WORD_JOINER
from juchi.prose.formats import NBSP

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
