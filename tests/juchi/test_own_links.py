"""Links of the prose lead to what is there: a place of the page or an address, or are refused."""

from __future__ import annotations

import pytest
from lxml import html

from juchi.core.errors import UserError
from juchi.html.own_links import resolve_own_links
from tests.juchi.test_markdown import refusal, rendered

PAGE = """<main><section id="sec-mean"><h2>Mean</h2></section><figure id="fig-zag"></figure>
<figure id="tab-runs"></figure><p>{}</p></main>"""


def link(target: str) -> str:
    """Return where a link of the prose leads on a page."""
    root = html.document_fromstring(PAGE.format(rendered(f"[x](#{target})")))
    resolve_own_links(root)
    (found,) = root.iter("a")
    assert set(found.attrib) == {"href"}
    return str(found.get("href"))


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("sec-mean", "#sec-mean"),
        ("mean", "#sec-mean"),
        ("fig-zag", "#fig-zag"),
        ("tbl-runs", "#tab-runs"),
    ],
)
def test_a_link_leads_to_a_place_by_the_name_that_the_author_gave_it(
    target: str, place: str
) -> None:
    assert link(target) == place


@pytest.mark.parametrize(
    ("target", "said"), [("maen", "did you mean #mean?"), ("nowhere-at-all", "name the heading")]
)
def test_a_link_to_no_place_of_the_page_is_refused(target: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        link(target)
    assert said in str(refused.value)
    assert ":1\n" in str(refused.value)


@pytest.mark.parametrize("address", ["missing.md", "notes/a.pdf", "../README.md", "/etc/passwd"])
def test_a_link_to_a_file_that_is_not_part_of_the_site_is_refused(address: str) -> None:
    said = refusal(f"a\n\n[x]({address})")
    assert f":3\n  found:    a link to {address}, which is no page of the site" in said


@pytest.mark.parametrize(
    "address", ["https://example.org/a.md", "mailto:a@example.org", "../data/facts.json"]
)
def test_an_address_is_a_link(address: str) -> None:
    assert f'href="{address}"' in rendered(f"[x]({address})")
