"""Marks behind sentences: whose claim has which verdict, and one line that says what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from juchi.html.marks import explain_marks, link_claims
from juchi.prose.calls import Messages

WORDS = Messages(
    {
        "verdicts": {"supported": "yes", "conditional": "perhaps", "refuted": "no"},
        "reading": {
            "quoted": "the author’s claim: {verdict}",
            "evaluation": "tested: {verdict}",
            "marks": {
                "screen": "{tick} Tested.",
                "paper": "{supported}, {conditional}, {refuted}.",
            },
        },
        "claims": {"a": {"statement": "It rains."}, "b": {"statement": "It snows."}},
    },
    Path("messages.yaml"),
)
ROWS = '<figure class="table"><table><tr id="claim-a"><td>{}</td></tr></table></figure>'
VERDICT = '<b class="verdict" data-verdict="refuted">no</b>'


def page(body: str) -> HtmlElement:
    root: HtmlElement = html.document_fromstring(f"<html><body>{body}</body></html>")
    return root


def claim(text: str, name: str = "a", quoted: str = "") -> str:
    return f'<span class="claim" data-claim="{name}" data-verdict="refuted"{quoted}>{text}</span>'


@pytest.mark.parametrize(
    ("quoted", "label"), [(' data-quoted="1"', "the author’s claim: no"), ("", "tested: no")]
)
def test_a_mark_tells_whose_claim_has_the_verdict(quoted: str, label: str) -> None:
    root = page(f"<p>{claim('Not so.', quoted=quoted)}</p>{ROWS.format(VERDICT)}")
    link_claims(root, WORDS)
    (mark,) = root.find_class("evaluation")
    assert mark.get("aria-label") == label
    assert mark.get("title") == f"{label}\nIt rains."
    assert mark.get("href") == "#claim-a"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It does not.", "not."),
        ("No", "No"),
        ("并非如此。", "此。"),
        ("不是 Sigmoid", "Sigmoid"),
        ("不是<b>这</b>个）。", "个）。"),
    ],
)
def test_a_mark_stays_on_the_line_of_the_last_word(text: str, kept: str) -> None:
    root = page(f"<p>{claim(text)}</p>{ROWS.format(VERDICT)}")
    whole = root.find_class("claim")[0].text_content()
    link_claims(root, WORDS)
    (mark,) = root.find_class("evaluation")
    assert mark.getparent().get("class") == "kept"
    assert mark.getparent().text == kept
    assert root.find_class("claim")[0].text_content() == whole


def test_a_mark_behind_an_element_follows_it() -> None:
    root = page(f"<p>{claim('Up to <math></math>')}</p>{ROWS.format(VERDICT)}")
    link_claims(root, WORDS)
    assert root.find_class("evaluation")[0].getprevious().tag == "math"


def test_a_verdict_elsewhere_leads_to_the_row_of_its_claim() -> None:
    card = VERDICT.replace("<b", '<b data-claim="a"')
    other = VERDICT.replace("<b", '<b data-claim="b"')
    rows = "".join(f'<tr id="r{at}"><td>{each}</td></tr>' for at, each in enumerate((card, other)))
    root = page(f"<table>{rows}</table>{ROWS.format(VERDICT)}")
    link_claims(root, WORDS)
    links = [verdict[0].get("href") for verdict in root.find_class("verdict")]
    assert links == ["#claim-a", "#r1", "#claim-a"]


def test_marks_are_explained_once_on_each_form() -> None:
    body = f"<div><p>Free.</p><ul><li>{claim('A.')}</li></ul><p>{claim('B.')}</p></div>"
    root = page(body + ROWS.format(VERDICT) * 2)
    explain_marks(root, WORDS)
    screen, paper = root.find_class("marks")
    assert screen.getprevious().tag == "ul"
    assert screen.get("class") == "marks web-only"
    assert screen.text_content() == " Tested."
    assert [each.get("class") for each in screen] == ["tick"]
    assert paper.getparent() is root.find_class("table")[0]
    assert paper.get("class") == "marks paper-only"
    assert paper.text_content() == "yes, perhaps, no."
    assert [each.get("data-verdict") for each in paper] == ["supported", "conditional", "refuted"]


def test_a_claim_in_no_table_leads_to_its_entry_on_the_page_of_provenance() -> None:
    root = page(f"<p>{claim('A.', 'b')}</p>{ROWS.format('')}")
    explain_marks(root, WORDS)
    link_claims(root, WORDS)
    (mark,) = root.find_class("evaluation")
    assert mark.get("href") == "provenance.html#claim-b"
    assert len(root.find_class("marks")) == 1


def test_a_page_without_marks_explains_none() -> None:
    root = page(f"<p>Free.</p>{ROWS.format('')}")
    explain_marks(root, WORDS)
    assert not root.find_class("marks")
