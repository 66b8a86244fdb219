"""A word that a line breaks is found by a search and copied whole; names get no hyphens."""

from __future__ import annotations

import io
import re
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import html
from weasyprint import HTML

from juchi.pdf.broken_words import whole_words
from juchi.pdf.justification import inter_character_justification
from juchi.pdf.linebreaks import full_lines
from juchi.pdf.names import MARK, keep_names
from juchi.pdf.word_breaks import spelt_word_breaks
from tests.project import Project

STYLE = f"""
@page {{ size: 62mm 120mm; margin: 6mm }} .{MARK}, code {{ hyphens: none }}
p {{ hyphens: auto; hyphenate-character: "-"; text-align: justify; overflow-wrap: break-word }}
"""
LONG = "Extraordinarily characteristic considerations demonstrate typographical hyphenation"
NAME = "experiments/considerations_of_representation.py"


def printed(body: str, *, whole: bool = True) -> bytes:
    root = html.document_fromstring(
        f"<html lang=en><title>T</title><style>{STYLE}</style>{body}</html>"
    )
    keep_names(root)
    with ExitStack() as stack:
        for context in (inter_character_justification, full_lines, spelt_word_breaks):
            stack.enter_context(context())
        if whole:
            stack.enter_context(whole_words())
        text = html.tostring(root, encoding="unicode")
        pdf: bytes = HTML(string=text).write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def text_of(pdf: bytes | Path) -> str:
    """Return the text of a PDF as poppler reads it, with a single space for all spaces."""
    source, data = (str(pdf), None) if isinstance(pdf, Path) else ("-", pdf)
    run = subprocess.run(["pdftotext", source, "-"], input=data, capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        (LONG, LONG.split()),
        ("notwithstanding all incomprehensibilities, and well-known terms", ["well-known"]),
        (f"See {NAME} and https://example.org/{NAME}, too.", [f" {NAME}", f"org/{NAME},"]),
        (f"The code of <code>{NAME}</code> is long.", [NAME]),
        ("Donaudampf" * 9 + " it is", ["Donaudampf" * 9]),
        (
            f"In <b>{LONG}</b>, and <i>internationalisation</i>.",
            ["internationalisation", *LONG.split()],
        ),
        ("Donau­dampf­schiff­fahrts­elektrizi­taeten", ["Donaudampfschifffahrtselektrizitaeten"]),
        (f"中文里的 {LONG}，以及 {NAME}，也能找到。", [*LONG.split(), NAME]),
        (f"<a href='https://example.org'>{LONG}</a> <b>{NAME}</b>", [*LONG.split(), NAME]),
    ],
)
def test_broken_words_are_whole_in_the_text(words: str, broken: list[str]) -> None:
    pdf = printed(f"<p>{words}</p>")
    assert [each for each in broken if each not in text_of(pdf)] == []
    assert "\N{HYPHEN}" not in text_of(pdf)
    assert marked(pdf)[0]


def test_nothing_else_is_in_the_text() -> None:
    assert text_of(printed(f"<p>{LONG} and {LONG}</p>")) == f"{LONG} and {LONG}"


def test_weasyprint_alone_breaks_them() -> None:
    text = text_of(printed(f"<p>notwithstanding {LONG} and {NAME}</p>", whole=False))
    assert NAME not in text


def test_the_first_part_carries_the_word_and_the_others_its_space() -> None:
    spans, _ = marked(printed(f"<p>{LONG}</p>"))
    words = [text for text in spans if text.strip()]
    assert words
    assert set(words) <= set(LONG.split())
    assert spans == [each for word in words for each in (word, " ")]


def test_what_is_drawn_stays_where_it_was() -> None:
    body = f"<p>{LONG} {NAME}</p>"
    assert pictures(printed(body)) == pictures(printed(body, whole=False))


def test_readers_without_such_texts_see_the_hyphen_of_the_keyboard() -> None:
    _, glyphs = marked(printed(f"<p>{LONG}</p>"))
    assert "-" in glyphs
    assert "\N{HYPHEN}" not in glyphs


def marked(pdf: bytes) -> tuple[list[str], str]:
    """Return the texts that stand for parts of lines, and the characters of all glyphs in use."""
    spans, glyphs = [], ""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            spans += [
                str(each.operands[1]["/ActualText"])
                for each in pikepdf.parse_content_stream(page)
                if str(each.operator) == "BDC" and "/ActualText" in each.operands[1]
            ]
            fonts: Any = page.Resources.Font
            for font in fonts.values():
                table = font.ToUnicode.read_bytes()
                for code in re.findall(rb"<[0-9a-f]+> <([0-9a-f]+)>", table):
                    glyphs += bytes.fromhex(code.decode()).decode("utf-16-be")
    return spans, glyphs


def pictures(pdf: bytes) -> bytes:
    return subprocess.run(
        ["pdftoppm", "-r", "70", "-gray", "-"], input=pdf, capture_output=True, check=True
    ).stdout


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("see results/facts.json and go on", ["results/facts.json"]),
        ("https://example.org/a, b", ["https://example.org/a,"]),
        ("of post.share_of_starts", ["post.share_of_starts"]),
        ("JetBrains and float64", ["JetBrains", "float64"]),
        ("no names, but a well-known sentence.", []),
        ("文件 build/site/index.html。", ["build/site/index.html"]),
    ],
)
def test_names_are_known_by_their_signs(text: str, names: list[str]) -> None:
    root = html.document_fromstring(f"<p>{text} <b>{text}</b> {text}<br>x</p>")
    keep_names(root)
    assert [span.text for span in root.iter("span")] == names * 3
    assert root.text_content() == f"{text} {text} {text}x"


def test_code_is_left_alone() -> None:
    root = html.document_fromstring("<p>a <code>b/c.d e_f</code> g</p><pre>h/i.j</pre>")
    before = html.tostring(root)
    keep_names(root)
    assert html.tostring(root) == before


def test_every_word_of_the_article_is_found_in_its_pdf(built: Project, language: str) -> None:
    pdf = next((built.folder / "build/site" / language).glob("*.pdf"))
    text = text_of(pdf)
    page = built.printed(language)
    paragraphs = page.xpath("//main//p | //*[@class='abstract']//p | //figcaption")
    words = {
        word
        for paragraph in paragraphs
        for part in paragraph.itertext()
        for word in re.findall(r"[A-Za-z][A-Za-z./_-]{7,}[A-Za-z]", part)
    }
    assert len(words) > 3
    assert sorted(word for word in words if word not in text) == []
    assert "\N{HYPHEN}" not in text
    assert "\N{SOFT HYPHEN}" not in text
