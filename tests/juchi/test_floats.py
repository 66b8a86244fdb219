"""Text moves up before a figure that does not fit; nothing else changes its place."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import count

import pytest
import weasyprint

from juchi.pdf.floats import floating_figures

LINE = 20  # px; a page has 30 lines
STYLE = f"""
@page {{ size: 400px {30 * LINE}px; margin: 0; @footnote {{ margin: 0 }} }}
html {{ font-size: 10px; line-height: {LINE}px }} body, main {{ margin: 0; display: block }}
h2, h3, p, div, pre, ol {{ margin: 0; padding: 0; font-size: 10px; font-weight: 400 }}
h2, h3 {{ break-after: avoid }} p {{ orphans: 2; widows: 2; white-space: pre }}
figure {{ margin: 0; break-inside: avoid }} .equation {{ break-before: avoid }}
.note {{ float: footnote }}
"""


def article(*sections: str) -> str:
    """Return an article of blocks such as ``p5``: a paragraph of five lines, named p5."""
    return "".join(f"<section>{''.join(map(_block, each.split()))}</section>" for each in sections)


def _block(name: str) -> str:
    kind, lines = name[0], int(name[1:].split("-", maxsplit=1)[0])
    if kind in "feut":
        tag = {
            "f": "figure",
            "e": "div class=equation",
            "u": "figure class=own",
            "t": "figure class=own data-kind=table",
        }[kind]
        return f"<{tag} id={name} style='height: {lines * LINE}px'></{tag.split()[0]}>"
    tag = {"h": "h2", "s": "h3", "p": "p", "c": "pre", "o": "ol"}[kind]
    return f"<{tag} id={name}>" + "<br>".join(["x"] * lines) + f"</{tag}>"


def pages(
    *sections: str, context: AbstractContextManager[None] | None = None, style: str = ""
) -> list[str]:
    """Return the names of the blocks on each page; one that goes on is named on both."""
    html = f"<html lang=en><style>{STYLE}{style}</style><main>{article(*sections)}</main>"
    with floating_figures() if context is None else context:
        document = weasyprint.HTML(string=html).render()
    return [" ".join(_names(page._page_box)) for page in document.pages]


def _names(box: object) -> Iterator[str]:
    element = getattr(box, "element", None)
    if element is not None and element.get("id"):
        yield element.get("id")
    else:
        for child in getattr(box, "children", ()):
            yield from _names(child)


def test_the_paragraphs_behind_a_figure_fill_the_page_before_it() -> None:
    sections = "h1 p14 f20 p5 p6 p7"
    assert pages(sections, context=nullcontext()) == ["h1 p14", "f20 p5 p6", "p6 p7"]
    assert pages(sections) == ["h1 p14 p5 p6 p7", "p7 f20"]


def test_a_table_without_a_number_stays_in_its_place_and_one_with_a_number_floats() -> None:
    assert pages("h1 p14 u20 p5 p6 p7") == ["h1 p14", "u20 p5 p6", "p6 p7"]
    assert pages("h1 p14 t20 p5 p6 p7") == ["h1 p14 p5 p6 p7", "p7 t20"]


def test_a_figure_that_fits_or_leaves_a_small_hole_stays_where_it_was_written() -> None:
    for sections in ("h1 p14 f10 p5 p6", "h1 p26 f20 p5"):
        assert pages(sections) == pages(sections, context=nullcontext())


def test_figures_keep_their_order() -> None:
    assert pages("p10 f25 f26-2 p9 p8") == ["p10 p9 p8", "f25", "f26-2"]
    assert pages("p10 f25 p5 f4 p9") == ["p10 p5 p9", "f25 f4"]


@pytest.mark.parametrize(
    ("sections", "first"),
    [
        ("p14 f20 s1 p5 p20", "p14 s1 p5 p20"),  # behind a heading's text, never between
        ("p14 f20 p4 e4 p3 p9", "p14 p4 e4 p3 p9"),  # a formula and what goes on behind it
        ("p14 f20 p4 c4 p9", "p14 p4 c4 p9"),  # a listing and the sentence before it
        ("p14 f20 p4 o4 p9", "p14 p4 o4 p9"),
        ("s1 p13 s1-2 f20 p6 p20", "s1 p13 s1-2 p6 p20"),  # a heading that had no text
    ],
)
def test_a_figure_parts_nothing_that_belongs_together(sections: str, first: str) -> None:
    assert pages(sections)[0] == first


def test_at_the_end_of_a_section_it_goes_before_its_last_paragraphs() -> None:
    # The figure has room on the page before the last paragraph, and behind nothing of the next.
    assert pages("h1 p10 p8 f14", "h1-2 p6 p9") == ["h1 p10 f14 p8", "p8 h1-2 p6 p9"]
    assert pages("h1 p10 p4 p4 f14", "h1-2 p6 p9")[0] == "h1 p10 p4 f14"
    # Before no heading, no formula and no other figure.
    for sections in ("h1 p8 s1 p10 f20", "h1 p14 e4 p4 f14", "h1 p6 f9 p6 f20"):
        assert pages(sections, "h1-2 p6 p9")[1].split()[0].startswith("f")


@pytest.mark.parametrize("seed", range(20))
def test_every_figure_stays_in_its_section(seed: int) -> None:
    choice = random.Random(seed)
    names = count(1)
    sections = []
    for section in range(1, 6):
        blocks = [f"h1-{section}"]
        for _ in range(choice.randint(2, 7)):
            kind, most = choice.choice([("p", 9), ("p", 9), ("f", 20), ("e", 4)])
            blocks.append(f"{kind}{choice.randint(2, most)}-{section}-{next(names)}")
        sections.append(" ".join(blocks))
    printed = list(dict.fromkeys(" ".join(pages(*sections)).split()))
    homes = [name.split("-")[1] for name in printed]
    assert homes == sorted(homes)
    assert sorted(printed) == sorted(" ".join(sections).split())


def test_nothing_moves_where_nothing_is_won() -> None:
    style = "#p16 { break-inside: avoid }"
    sections = "p18 f20 p16 p5"
    assert pages(sections, style=style) == pages(sections, context=nullcontext(), style=style)


def test_a_figure_at_the_very_end_and_one_higher_than_a_page_are_left_alone() -> None:
    for sections in ("p14 f20", "p14 f40 p3"):
        assert pages(sections)[0].startswith("p14")
        assert sorted(" ".join(pages(sections)).split()) == sorted(
            " ".join(pages(sections, context=nullcontext())).split()
        )


def test_notes_of_paragraphs_that_were_laid_out_twice_are_printed_once() -> None:
    numbers = count(1)
    body = article("p14 f20 p5 p6 p7")
    for _ in range(4):
        body = body.replace("x<br>x</p>", f"x<span class=note>N{next(numbers)}</span></p>", 1)
    html = f"<html lang=en><style>{STYLE}</style><main>{body}</main>"
    with floating_figures():
        pdf = weasyprint.HTML(string=html).render()
    texts = [text for page in pdf.pages for text in _texts(page._page_box) if "N" in text]
    assert sorted(texts) == ["N1", "N2", "N3", "N4"]


def _texts(box: object) -> Iterator[str]:
    text = getattr(box, "text", None)
    if isinstance(text, str):
        yield text
    for child in getattr(box, "children", ()):
        yield from _texts(child)
