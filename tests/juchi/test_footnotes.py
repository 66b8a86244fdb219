"""A note stands at the foot of the page that calls it, whatever rule is drawn above the notes."""

from __future__ import annotations

import random
import re
import subprocess
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import weasyprint

from juchi.core.errors import UserError
from juchi.pdf.floats import floating_figures
from juchi.pdf.footnotes import notes_with_their_calls, refuse_parted_notes
from tests.project import Project

STYLE = """
@page { size: A5; margin: 20mm } html { font: 11pt/1.4 serif }
p { orphans: 2; widows: 2; margin: 0 }
.note { float: footnote; footnote-policy: line; font-size: 8.4pt; padding-top: 1.5mm }
h2 { break-after: avoid; font-size: 14pt } figure { break-inside: avoid; margin: 5mm 0 }
"""
AREAS = [
    "",
    "border-top: 0.5pt solid",
    "margin-top: 3mm",
    "padding-top: 3mm",
    "border-top: 0.7pt solid; margin: 2.1mm 9mm 0; padding-top: 1.3mm",
]


def note(number: int, words: int = 12) -> str:
    return f" call-{number}<span class=note>note-{number}. {'little ' * words}</span> "


def pages(body: str, area: str, context: AbstractContextManager[None] | None = None) -> Any:
    """Return the pages of a body, laid out with this area of notes."""
    style = f"{STYLE} @page {{ @footnote {{ {area} }} }}"
    with floating_figures(), context or notes_with_their_calls():
        return weasyprint.HTML(string=f"<html lang=en><style>{style}</style>{body}").render().pages


def found(pages: Any, word: str) -> dict[int, list[int]]:
    """Return on which pages each number stands behind a word."""
    places: dict[int, list[int]] = {}
    for page, laid_out in enumerate(pages, start=1):
        boxes = laid_out._page_box.descendants()
        text = " ".join(box.text for box in boxes if hasattr(box, "text"))
        for number in re.findall(rf"{word}-(\d+)", text):
            places.setdefault(int(number), []).append(page)
    return places


@pytest.mark.parametrize("area", AREAS)
def test_four_notes_stand_on_the_page_that_calls_them(area: str) -> None:
    paragraphs = "".join(f"<p>{'word ' * 25}{note(n)}{'word ' * 12}</p>" for n in range(4))
    laid_out = pages(paragraphs, area)
    assert found(laid_out, "note") == {n: [1] for n in range(4)}
    refuse_parted_notes(laid_out, Path("page.html"))


@pytest.mark.parametrize("lines", range(20, 32, 2))
def test_a_long_note_called_near_the_foot_of_a_page_stands_there(lines: int) -> None:
    before = "<p>" + "x<br>" * lines + "</p>"
    paragraph = f"<p>{'word ' * 25}{note(0, 90)}{'word ' * 40}</p>"
    laid_out = pages(f"{before}{paragraph}<p>{'word ' * 60}{note(1, 60)}</p>", AREAS[-1])
    assert found(laid_out, "call") == found(laid_out, "note")
    assert len(laid_out) > 1
    refuse_parted_notes(laid_out, Path("page.html"))


def random_article(post: int) -> tuple[str, int]:
    """Return an article of paragraphs, lists, headings and figures, and how many notes it has."""
    choice = random.Random(post)
    count = 0
    blocks = []
    for _ in range(40):
        kind = choice.choice(["p", "p", "p", "p", "ul", "h2", "figure"])
        words = []
        for _ in range(choice.randint(5, 90)):
            words.append("word ")
            if kind in ("p", "ul") and choice.random() < 0.03:
                words.append(note(count, choice.randint(1, 40)))
                count += 1
        text = "".join(words)
        blocks.append(
            {
                "p": f"<p>{text}</p>",
                "ul": f"<ul><li>{text}</li><li>{'item ' * 9}</li></ul>",
                "h2": "<h2>A heading</h2><p>With text.</p>",
                "figure": f"<figure style='height: {choice.randint(20, 90)}mm'></figure>",
            }[kind]
        )
    return f"<main><section>{''.join(blocks)}</section></main>", count


@pytest.mark.parametrize("post", range(12))
def test_notes_stand_with_their_calls_in_any_article(post: int) -> None:
    body, count = random_article(post)
    laid_out = pages(body, AREAS[post % len(AREAS)])
    calls, notes = found(laid_out, "call"), found(laid_out, "note")
    assert len(calls) == count
    assert calls == notes
    refuse_parted_notes(laid_out, Path("page.html"))


def test_weasyprint_alone_parts_them() -> None:
    """If no article is left in which it does, `juchi.pdf.footnotes` can go."""
    parted = 0
    for post in range(12):
        laid_out = pages(random_article(post)[0], AREAS[post % len(AREAS)], nullcontext())
        parted += found(laid_out, "call") != found(laid_out, "note")
    assert parted > 0


@pytest.mark.parametrize("tag", ["td", "li", "figcaption", "h2", "blockquote"])
def test_notes_may_be_called_anywhere(tag: str) -> None:
    around = {"td": "table><tr", "li": "ul", "figcaption": "figure"}.get(tag, "div")
    body = f"<p>{'word ' * 9}</p><{around}><{tag}>x{note(0)}</{tag}>"
    laid_out = pages(body, AREAS[-1])
    assert found(laid_out, "note") == {0: [1]}
    refuse_parted_notes(laid_out, Path("page.html"))


def test_a_note_that_is_too_long_is_refused_with_its_line(tmp_path: Path) -> None:
    prose = tmp_path / "section.md"
    written = f"# A heading\n\nSome text\n{{% call footnote() %}}note-0.\n{'little ' * 900}"
    prose.write_text(written, "utf-8")
    body = f"<section data-source='{prose}'><p>{'word ' * 60}{note(0, 900)}</p></section>"
    with pytest.raises(UserError) as caught:
        refuse_parted_notes(pages(body, AREAS[-1]), Path("page.html"))
    message = str(caught.value)
    assert message.startswith(f"error: {prose}:4\n")
    assert "'note-0. little little" in message
    assert re.search(r"is called on page \d of the PDF and stands on \d", message)


def text_of(pdf: Path, page: int) -> str:
    """Return the letters and digits of a page, as poppler reads them."""
    run = subprocess.run(
        ["pdftotext", "-f", str(page), "-l", str(page), str(pdf), "-"],
        capture_output=True,
        check=True,
    )
    return bare(run.stdout.decode())


def bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_every_note_of_the_article_is_on_the_page_of_its_call(
    built: Project, language: str
) -> None:
    pdf = next((built.folder / "build/site" / language).glob("*.pdf"))
    page = built.printed(language)
    notes = page.xpath("//span[@class='footnote']")
    assert notes
    with pikepdf.open(pdf) as opened:
        texts = {number: text_of(pdf, number) for number in range(1, len(opened.pages) + 1)}
    for each in notes:
        call = each.getprevious()
        lead = bare("".join(call.xpath("preceding::text()[position() <= 4]")))[-8:]
        words = bare(each.text or "")[:12]
        on = [number for number, text in texts.items() if words in text]
        assert len(words) > 3
        assert len(lead) > 3
        assert any(lead in texts[number] for number in on), (lead, words, on)
