"""Listings: code with a caption and a name, as Quarto writes it, and references to it."""

from __future__ import annotations

from typing import Any

import pytest
import weasyprint
from lxml import html

from juchi.core.theme import THEME
from juchi.html.document import number, resolve_references
from juchi.pdf.breaks import LINES, keep_together
from juchi.pdf.overfull import find_overfull
from juchi.prose.calls import read_messages
from juchi.prose.reading import numerals, quotes
from tests.juchi.test_markdown import PATH, refusal, rendered

CAPTION = "The *mean* of $x$, see @fig-a."
SHOWN = 'The <em>mean</em> of <span class="math" data-tex="x"></span>, see to(fig-a).'
CODE = '<pre class="code" tabindex="0"><code>x = y</code></pre>'


def figure(caption: str, *, named: bool = True) -> str:
    identity = ' id="lst-mean" data-kind="listing"' if named else ""
    label = '<span class="label"></span>' if named else ""
    return (
        f'<figure{identity} class="own listing"><figcaption>{label}{caption}</figcaption>\n'
        f"{CODE}\n</figure>"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f'```{{.python #lst-mean lst-cap="{CAPTION}"}}\nx = y\n```', figure(SHOWN)),
        (f'```{{#lst-mean .python caption="{CAPTION}"}}\nx = y\n```', figure(SHOWN)),
        (f'```python {{#lst-mean lst-cap="{CAPTION}"}}\nx = y\n```', figure(SHOWN)),
        (f"::: {{#lst-mean}}\n```python\nx = y\n```\n\n{CAPTION}\n:::", figure(SHOWN)),
        ("```{.python #lst-mean}\nx = y\n```", figure("")),
        ('```{.python lst-cap="Words"}\nx = y\n```', figure("Words", named=False)),
        ("```{.python}\nx = y\n```", CODE),
    ],
)
def test_code_with_a_caption_or_a_name_is_a_listing(text: str, shown: str) -> None:
    assert rendered(text) == shown


def test_a_call_that_prints_code_may_be_a_listing() -> None:
    shown = rendered('::: {#lst-run}\n{{ listing("run") }}\n\nWhat ran.\n:::')
    assert shown == (
        '<figure id="lst-run" data-kind="listing" class="own listing"><figcaption>'
        '<span class="label"></span>What ran.</figcaption>\n<a class="fact">run</a></figure>'
    )


def test_a_caption_is_prose_and_its_name_a_label() -> None:
    text = (
        '```{.python #lst-a lst-cap="Of {{ fact("post.starts") }} and 17, see [@may1976]."}\n1\n```'
    )
    found = [(quote.kind, quote.names) for quote in quotes(text, PATH)]
    assert found == [
        ("label", ("lst-a",)),
        ("fact", ("post.starts",)),
        ("citation", ("may1976",)),
    ]
    typed = [(each.text, each.place, each.kind == "code") for each in numerals(text, PATH, [])]
    assert typed == [("17", f"{PATH}:1", False), ("1", f"{PATH}:2", True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('```{.python #mean lst-cap="x"}\nx\n```', "'mean' of a listing"),
        ("```{.python .numberLines}\nx\n```", "an unknown attribute .numberLines"),
        ('```{.python lst-cap="x" caption="y"}\nx\n```', "two captions, lst-cap and caption"),
        ('```{.python lst-cap="x}\nx\n```', "the attributes"),
        ('```{.brainpython lst-cap="x"}\nx\n```', "code in the language 'brainpython'"),
        ("::: {#lst-a}\ntext\n:::", "a listing that is not code and a paragraph"),
        ("::: {#lst-a}\n```\nx\n```\n\na\n\nb\n:::", "a listing that is not code and a paragraph"),
        ('::: {#lst-a}\n{{ equation("map") }}\n:::', "a listing that is not code and a paragraph"),
        ("::: {#lst-a .wide}\n```\nx\n```\n:::", "an unknown attribute .wide"),
        ('```{.python lst-cap="a <b>b</b>"}\nx\n```', "HTML in the prose: <b>"),
    ],
)
def test_what_a_listing_may_not_be_is_refused(text: str, found: str) -> None:
    message = refusal(text)
    assert f"{PATH}:1" in message
    assert found in message


@pytest.mark.parametrize(
    ("language", "label", "shown"),
    [
        ("en", "Listing 1", "Listing 1; Listings 1–3"),
        ("zh", "程序 1", "程序 1; 程序 1–3"),
        ("de", "Listing 1", "Listing 1; Listings 1–3"),
    ],
)
def test_listings_are_counted_and_referred_to(language: str, label: str, shown: str) -> None:
    words = read_messages(THEME / "messages" / f"{language}.yaml")
    body = "\n\n".join(
        f'```{{.python #lst-{name} lst-cap="Words"}}\nx\n```' for name in ("a", "b", "c")
    )
    one = '<a class="reference" href="#lst-a"></a>'
    several = '<span class="references" data-targets="lst-a lst-b lst-c"></span>'
    root = html.fragment_fromstring(f"{rendered(body)}<p>{one}; {several}</p>", "main")
    resolve_references(root, number(root, words["labels"]), words["several"])
    assert root.xpath("string(figure[1]/figcaption/span)") == label
    assert root.xpath("string(p)") == shown


def printed(before: int, lines: int) -> list[Any]:
    """Return the pages of a listing behind so many lines, of which a page has some seventy."""
    code = "\n".join(["x", *["y"] * lines])
    listing = rendered(f'```{{.python #lst-a lst-cap="Words"}}\n{code}\n```')
    page = html.document_fromstring(
        f"<html lang=en><body><p>{'<br>'.join('.' * before)}</p>{listing}"
    )
    keep_together(page)
    sheets = "".join((THEME / "style" / f"{name}.css").read_text() for name in ("article", "print"))
    text = html.tostring(page, encoding="unicode")
    return list(weasyprint.HTML(string=f"<style>{sheets}</style>{text}").render().pages)


@pytest.mark.parametrize("before", [20, 35, 48, 50])
def test_a_caption_stands_above_its_code_and_on_its_page(before: int) -> None:
    (page,) = [
        [str(box.text) for box in page._page_box.descendants() if hasattr(box, "text")]
        for page in printed(before, 10)
        if any(getattr(box, "text", "") == "Words" for box in page._page_box.descendants())
    ]
    assert page.index("Words") < page.index("x")
    assert page.count("y") == 10


def test_a_listing_that_no_page_has_room_for_is_parted_and_not_refused() -> None:
    pages = printed(20, 2 * LINES)
    assert find_overfull(pages) == []
    assert any(getattr(box, "text", "") == "x" for box in pages[0]._page_box.descendants())
