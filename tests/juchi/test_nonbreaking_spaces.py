"""What belongs together stays on one line of print."""

from __future__ import annotations

import pytest
from lxml import html

from juchi.pdf.nonbreaking_spaces import bind


def bound(body: str) -> str:
    """Return the text of a page after binding: ``~`` for no-break spaces, ``|`` for joiners."""
    root = html.document_fromstring(f"<html><body>{body}</body></html>")
    bind(root)
    text: str = root.text_content()
    return text.replace("\N{NO-BREAK SPACE}", "~").replace("\N{WORD JOINER}", "|")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>at <span data-tex='x ='></span> <data>0.65</data>, so that</p>", "at ~0.65, so~that"),
        ("<p>if <span data-tex='x \\le'></span> 1</p>", "if ~1"),
        ("<p>at <span data-tex='x'></span> otherwise</p>", "at  otherwise"),
        ("<p>at <data>10, 2, 11</data> and others as well</p>", "at 10, 2, 11 and others as~well"),
        ("<p>and so it is <span data-tex='x'></span>.</p>", "and so it is ."),
        ("<p>after <data>83.1 steps</data> of training</p>", "after 83.1~steps of training"),
        ("<p>see <a class='reference'>Figure 5</a>, everywhere</p>", "see Figure~5, everywhere"),
        ("<p>of <data>8</data> [78.5, 87.7] of everything</p>", "of 8 [78.5,~87.7] of everything"),
        ("<p>of [−60%, −51%] and [<a>25</a>, <a>26</a>] otherwise</p>",
         "of [−60%,~−51%] and [25,~26] otherwise"),
        ("<p>in <a>[1, p. 460]</a> and pp. 3 otherwise</p>", "in [1, p.~460] and pp.~3 otherwise"),
        ("<p>a list, of words] otherwise</p>", "a list, of words] otherwise"),
        ("<p>初值共 <data>512</data> 个；原文用</p>", "初值共 512~个；原文|用"),
        ("<p>走完 100 步</p>", "走完 100~步"),
    ],
)  # fmt: skip
def test_numbers_stay_with_what_they_belong_to(body: str, expected: str) -> None:
    assert bound(body) == expected


def test_a_short_word_does_not_stand_alone_on_the_last_line() -> None:
    assert bound("<p>and nothing <em>but</em> sorrow.</p>") == "and nothing but sorrow."
    assert bound("<p>and nothing else.</p>") == "and nothing~else."
    assert bound("<p>and nothing <em>at all</em>.</p>") == "and nothing at~all."
    assert bound("<p>它开出三味药。</p><p>三味<b>药</b></p>") == "它开出三味|药。三味药"


def test_nothing_but_spaces_and_joiners_changes() -> None:
    body = "<p>a <b>b <i>c</i></b> <span data-tex='='></span> 5 个 d<!-- no --> e</p><td>1 个</td>"
    root = html.document_fromstring(f"<html><body>{body}</body></html>")
    before = root.text_content()
    bind(root)
    assert root.text_content().replace("\N{NO-BREAK SPACE}", " ") == before
    assert [element.tag for element in root.iter("b", "i", "span")] == ["b", "i", "span"]
