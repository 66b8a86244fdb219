"""The marks behind sentences that rest on claims, and the lines that say what they mean.

The screen has a tick behind each sentence, which leads to the test and its verdict: in the table of
claims, or on the page of provenance where no table of the article has the claim. It is the same for
every verdict: the verdict is on the statement that was tested, and the sentence in front of the
tick, which may deny that statement, holds. The paper has marks beside the verdicts of its tables.
Each says once, where the first ones stand, what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import html
from lxml.html import HtmlElement, builder
from markupsafe import Markup, escape

from juchi.exhibits.table import origin
from juchi.html.forms import PAPER, WEB
from juchi.prose.calls import Messages
from juchi.prose.messages import fill
from juchi.results.evaluation import CONDITIONAL, REFUTED, SUPPORTED

__all__ = ["explain_marks", "link_claims"]

_SHOWN = (SUPPORTED, CONDITIONAL, REFUTED)
# What the line stands behind: the outermost of these around the first mark.
_BLOCKS = ("p", "ul", "ol", "dl", "figure")
# The last word of a text, or the last character and what closes it in a script without spaces.
_LAST = re.compile(r"[\u2e80-\u9fff][^\w\s]*$|[^\s\u2e80-\u9fff]+$")


def explain_marks(root: HtmlElement, words: Mapping[str, Any]) -> None:
    """Say what marks mean: behind the block of the first sentence, and in the first table."""
    if (first := next(iter(root.find_class("claim")), None)) is not None:
        blocks = [each for each in first.iterancestors() if each.tag in _BLOCKS]
        if blocks:
            blocks[-1].addnext(_line("screen", WEB, words))
    figures = (each for each in root.iter("figure") if each.find_class("verdict"))
    if (figure := next(figures, None)) is not None:
        figure.append(_line("paper", PAPER, words))


def _line(key: str, form: str, words: Mapping[str, Any]) -> HtmlElement:
    shown = {
        verdict: Markup('<span class="mark" data-verdict="{}"></span>{}').format(
            verdict, words["verdicts"][verdict]
        )
        for verdict in _SHOWN
    }
    tick = Markup('<span class="tick"></span>')
    text = fill(escape(words["reading"]["marks"][key]), tick=tick, **shown)
    line: HtmlElement = html.fragment_fromstring(f'<p class="marks {form}">{text}</p>')
    return line


def link_claims(root: HtmlElement, words: Messages) -> None:
    """Put behind each claim a mark that leads to its verdict, and link each verdict to its row."""
    rows = _rows(root)
    for claim in list(root.find_class("claim")):
        row = _row_of(claim)
        address = f"#{row}" if row in rows else origin("claim", claim.get("data-claim", ""))
        _append(claim, _mark(claim, address, words))
    for id_, row in rows.items():
        for verdict in row.find_class("verdict"):
            own = _row_of(verdict)
            link = builder.A(verdict.text, {"href": f"#{own if own in rows else id_}"})
            verdict.text = None
            verdict.append(link)


def _rows(root: HtmlElement) -> dict[str, HtmlElement]:
    """Return the rows of tables by their ids; those of a ledger are named after its claims."""
    return {row.get("id"): row for row in root.iter("tr") if row.get("id")}


def _row_of(element: HtmlElement) -> str:
    return f"claim-{element.get('data-claim')}"


def _append(claim: HtmlElement, mark: HtmlElement) -> None:
    """Put a mark behind the last word of a claim, on the same line."""
    text = (claim[-1].tail if len(claim) else claim.text) or ""
    last = _LAST.search(text)
    if last is None:
        claim.append(mark)
        return
    before = text[: last.start()]
    if len(claim):
        claim[-1].tail = before
    else:
        claim.text = before
    claim.append(builder.SPAN({"class": "kept"}, last[0], mark))


def _mark(claim: HtmlElement, address: str, words: Messages) -> HtmlElement:
    """Return a mark, which names whose claim it was that has this verdict, and the claim."""
    pattern = words["reading"]["quoted" if claim.get("data-quoted") else "evaluation"]
    label = fill(str(pattern), verdict=words["verdicts"][claim.get("data-verdict")])
    stated: dict[str, Any] = words.get("claims", {}).get(claim.get("data-claim"), {})
    attributes = {
        "class": "evaluation",
        "href": address,
        "aria-label": label,
        "title": f"{label}\n{stated.get('statement', '')}".strip(),
    }
    mark: HtmlElement = builder.A(attributes)
    return mark
