"""A unit with a slash is never parted by the end of a line, on screens and on paper."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest
from lxml import html
from playwright.sync_api import Browser

from juchi.core.theme import theme_file
from juchi.html.whole_units import keep_units_whole
from juchi.pdf.linebreaks import full_lines
from tests.juchi.test_linebreaks import lines

RULE = next(
    line
    for line in theme_file("style/article.css").read_text("utf-8").splitlines()
    if line.startswith(".unit")
)


def kept(body: str) -> str:
    """Return a page with its units in brackets."""
    root = html.document_fromstring(f"<html><body>{body}</body></html>")
    before = root.text_content()
    keep_units_whole(root)
    assert root.text_content() == before, "nothing is added to what is copied"
    written: str = html.tostring(root.find("body"), encoding="unicode")
    return written.replace('<span class="unit">', "[").replace("</span>", "]")[6:-7]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>of 3 µA/cm² and 4 km/h.</p>", "<p>of 3 [µA/cm²] and 4 [km/h].</p>"),
        ("<data>5 J/(kg K)</data>", "<data>5 [J/(kg K)]</data>"),
        ("10<sup>-3</sup> mol/L, m", "10<sup>-3</sup> [mol/L], m"),
        ("<td>m²/s</td>", "<td>[m²/s]</td>"),
        ("<p>速度为 3 m/s，</p>", "<p>速度为 3 [m/s]，</p>"),
        ("<p>a/b/c, 3/4, input/output</p>", "<p>a/b/c, 3/4, input/output</p>"),
        ("<p>see example.org/en/x</p>", "<p>see example.org/en/x</p>"),
        ("<code>m/s</code>", "<code>m/s</code>"),
    ],
)
def test_units_are_known_by_their_look(body: str, expected: str) -> None:
    assert kept(body) == expected


BODY = "current of 0.16\N{NO-BREAK SPACE}{}"


@pytest.mark.parametrize("context", [full_lines, nullcontext])
@pytest.mark.parametrize("letters", [18.5, 20.5, 22])
def test_no_line_of_print_ends_in_a_unit(
    letters: float, context: Callable[[], AbstractContextManager[None]]
) -> None:
    unit = f"<style>{RULE}</style><span class='unit'>kA/cm²</span>"
    found = lines(BODY.format(unit), letters, context())
    assert [line for line in found if "kA/cm²" in line], found


def test_no_line_of_a_screen_ends_in_a_unit(chromium: Browser) -> None:
    root = html.document_fromstring(f"<p>{BODY.format('J/(kg K)')}</p>")
    keep_units_whole(root)
    page = chromium.new_page()
    page.set_content(
        f"<style>{RULE} p {{ font: 16px monospace; width: 21.4ch }}</style>"
        + html.tostring(root, encoding="unicode")
    )
    assert page.eval_on_selector(".unit", "e => e.getClientRects().length") == 1
    page.add_style_tag(content=".unit { white-space: normal }")
    parted = page.eval_on_selector(".unit", "e => e.getClientRects().length")
    page.close()
    assert parted == 2
