"""A short paper does not end with a few lines alone on a page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html
from weasyprint import CSS, HTML

from juchi.core.theme import THEME
from juchi.html.document import serialise
from juchi.pdf.last_page import without_short_end

_FONTS = CSS(string=":root { --sans: sans-serif; --serif: serif; --mono: monospace }")


def page(height: float) -> Any:
    """Return a page of which text takes so much, of a hundred."""
    body = SimpleNamespace(height=height)
    return SimpleNamespace(_page_box=SimpleNamespace(children=[body], height=100))


def paper(*heights: float) -> Any:
    return SimpleNamespace(pages=[page(height) for height in heights])


@pytest.mark.parametrize(
    ("before", "after", "is_tight"),
    [
        (paper(90, 90, 10), paper(95, 95), True),
        # Where it spares no page, the paper stays as it was.
        (paper(90, 90, 10), paper(95, 95, 2), False),
        (paper(90, 90, 60), paper(95, 95), False),
        (paper(10), paper(5), False),
        (paper(*[90] * 8, 10), paper(*[90] * 8), False),
    ],
)
def test_less_space_is_taken_where_it_spares_a_page(
    before: Any, after: Any, is_tight: bool
) -> None:
    root = html.document_fromstring("<p>Words.</p>")
    done = without_short_end(root, before, lambda: after)
    assert done is (after if is_tight else before)
    assert root.classes == ({"tight"} if is_tight else set())


def test_a_few_lines_of_provenance_are_brought_to_the_page_before() -> None:
    text = "<p>Words that fill one line of the page and a bit of the next one, as they do.</p>" * 16
    figure = '<figure style="height: 30mm">A figure.</figure>'
    end = f"<h2>Where from</h2><p>Files:</p><ul>{'<li>a file</li>' * 9}</ul>"
    body = f"<main>{text}{figure * 2}<section class='appendix'>{end}</section></main>"
    root = html.document_fromstring(f"<html lang='en'><body>{body}</body></html>")

    def render() -> Any:
        styles = [_FONTS, CSS(THEME / "style/print.css")]
        return HTML(string=serialise(root)).render(stylesheets=styles)

    assert len(render().pages) == 2
    assert len(without_short_end(root, render(), render).pages) == 1
