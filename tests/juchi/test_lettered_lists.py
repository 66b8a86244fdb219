"""Lists with letters, Roman numbers and parentheses: where Pandoc sees one, with its own signs."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from lxml.html import HtmlElement

from juchi.core.theme import THEME
from juchi.html.document import visible_text
from juchi.prose.lettered_lists import sign
from tests.juchi.test_markdown import refusal, rendered, tree
from tests.juchi.test_paper import printed


def shown(around: HtmlElement) -> list[object]:
    """Return a list as kind, first number and items, those with a list in it as a pair."""
    items: list[object] = [around.get("type", around.tag), int(around.get("start", 1))]
    for item in around:
        text = " ".join("".join(item.xpath("text() | p//text()")).split())
        inner = item.xpath("ol | ul")
        items.append((text, shown(inner[0])) if inner else text)
    return items


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "1. first\n2. for each\n   a. evaluate;\n   b. step;\n3. stop",
            ["ol", 1, "first", ("for each", ["a", 1, "evaluate;", "step;"]), "stop"],
        ),
        ("- x\n  (a) one\n  (b) two\n- y", ["ul", 1, ("x", ["a", 1, "one", "two"]), "y"]),
        ("1. for\n   a. only", ["ol", 1, ("for", ["a", 1, "only"])]),
        ("A.  one\nB.  two", ["A", 1, "one", "two"]),
        ("c) x\nd) y\n\n   more\n\ne) z", ["a", 3, "x", "y more", "z"]),
        ("i. x\nii. y\niii. z\niv. w\nv. u", ["i", 1, "x", "y", "z", "w", "u"]),
        ("h. x\ni. y\nj. z", ["a", 8, "x", "y", "z"]),
        ("II. x\nIII. y", ["I", 2, "x", "y"]),
        ("(1) x\n(2) y", ["ol", 1, "x", "y"]),
        ("a. x\n   1. y\n   2. z\nb. w", ["a", 1, ("x", ["ol", 1, "y", "z"]), "w"]),
        (
            "1. a\n   a. b\n      i. c\n      ii. d\n   b. e",
            ["ol", 1, ("a", ["a", 1, ("b", ["i", 1, "c", "d"]), "e"])],
        ),
    ],
)
def test_letters_and_roman_numbers_make_lists(text: str, expected: list[object]) -> None:
    (around,) = tree(text)
    assert shown(around) == expected


def test_a_list_of_another_kind_begins_anew() -> None:
    assert [each.get("type") for each in tree("1. x\na. y\nb. z")] == [None, "a"]
    assert [each.get("type") for each in tree("a. x\n1. y")] == ["a", None]


@pytest.mark.parametrize(
    "text",
    [
        "A. Smith has shown it.",
        "(a) Loss, (b) accuracy.",
        "(C) the authors.",
        "We show\n(a) the loss and\n(b) the accuracy.",
        "mm. they said",
    ],
)
def test_what_is_no_list_stays_text(text: str) -> None:
    assert rendered(text) == f"<p>{text}</p>"


def test_abbreviations_within_an_item_begin_no_list() -> None:
    (around,) = tree("1. small ones,\n   i. e. those below,\n   p. 12 of it\n2. others")
    assert not around.xpath(".//li//ol")


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("For each step\na. evaluate;\nb. step.", 2, "a list right below a line of text: 'a."),
        ("z. B. so", 1, "'z. B. so'"),
        ("p. 12 says so", 1, "'p. 12 says so'"),
    ],
)
def test_what_may_be_meant_as_a_list_is_asked_for(text: str, line: int, found: str) -> None:
    message = refusal(text)
    assert f"templates/en/post.md:{line}\n" in message
    assert found in message


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("1. x", None),
        ("1) x", "decimal-closed"),
        ("(1) x\n(2) y", "decimal-enclosed"),
        ("a. x", "lower-alpha"),
        ("(A) x\n(B) y", "upper-alpha-enclosed"),
        ("ii) x\niii) y", "lower-roman-closed"),
    ],
)
def test_signs_are_printed_as_they_are_written(text: str, style: str | None) -> None:
    (around,) = tree(text)
    assert around.get("class") == style


def test_a_note_prints_the_signs_of_its_list() -> None:
    note = tree("Text[^n].\n\n[^n]: (c) x\n    (d) y").xpath("string(.//span[@class='footnote'])")
    assert note == "(c) x(d) y"


def test_the_signs_are_among_the_characters_of_a_page() -> None:
    root = tree("x. one\ny. two\nz. three")
    assert {"(x)", "(y)", "(z)"} <= {text for _, text in visible_text(root)}


@pytest.mark.parametrize(
    ("number", "letter", "text"),
    [(26, "a", "z."), (27, "a", "aa."), (53, "A", "BA."), (1994, "i", "mcmxciv."), (9, "1", "9.")],
)
def test_signs_count_on(number: int, letter: str, text: str) -> None:
    assert sign(number, letter) == text


@pytest.mark.parametrize(
    ("text", "sign", "numbering"),
    [
        ("3. x\n4. y", "3. x", "/Decimal"),
        ("1) x", "1) x", "/Decimal"),
        ("(c) x\n(d) y", "(c) x", "/LowerAlpha"),
        ("B.  x\nC.  y", "B. x", "/UpperAlpha"),
        ("iii) x\niv) y", "iii) x", "/LowerRoman"),
        ("II.  x\nIII.  y", "II. x", "/UpperRoman"),
    ],
)
def test_paper_prints_and_tells_the_same_signs(
    text: str, sign: str, numbering: str, tmp_path: Path
) -> None:
    sheet = Path(THEME / "style" / "article.css").read_text("utf-8")
    rules = re.findall(r"^(?:@counter-style|\.(?:decimal|lower|upper)-).*$", sheet, re.MULTILINE)
    pdf = printed(rendered(text), tmp_path, "\n".join(rules))
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    assert run.stdout.decode().startswith(f"{sign}\n")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        kinds = [
            str(
                each.A.ListNumbering
                if isinstance(each.A, pikepdf.Dictionary)
                else each.A[0].ListNumbering
            )
            for each in opened.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/L"
        ]
    assert kinds == [numbering]
