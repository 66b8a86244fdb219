"""Patterns of words: their places are filled, and nothing else in them is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.prose.calls import read_messages
from juchi.prose.messages import fill


@pytest.mark.parametrize(
    ("pattern", "filled"),
    [
        ("Figure {number}", "Figure 3"),
        ("{number} and {number}", "3 and 3"),
        ("no place", "no place"),
        ("{{ number }} {} {number.real} {number[0]} {number!r} {%", None),
        ("{", None),
    ],
)
def test_a_place_is_filled_and_other_braces_are_text(pattern: str, filled: str | None) -> None:
    assert fill(pattern, number=3) == (pattern if filled is None else filled)


def test_markup_escapes_a_value_that_is_none() -> None:
    filled = fill(Markup("<b>{a}</b> {b}"), a="<i>", b=Markup("<i></i>"))
    assert (type(filled), filled) == (Markup, "<b>&lt;i&gt;</b> <i></i>")
    assert type(fill("{a}", a=Markup("<i>"))) is str


def test_a_place_that_nothing_fills_is_told() -> None:
    with pytest.raises(UserError) as caught:
        fill("Figure {nubmer}", number=3)
    message = str(caught.value)
    assert "messages.yaml: 'Figure {nubmer}'\n" in message
    assert "the place {nubmer}" in message
    assert "names number" in message


@pytest.mark.parametrize(
    ("words", "key", "found", "expected"),
    [
        ("labels: Marks", "labels", "'Marks'", "words by key"),
        ("interval: { low: lowest }", "interval", "words by key", "a text, as '[{low}, {high}]'"),
        ("interval: confidence", "interval", "'confidence'", "a text with {low} and {high}"),
        ("range: { words: from low }", "range: words", "'from low'", "{first} and {last}"),
    ],
)
def test_words_under_a_key_of_the_pages_may_not_spoil_these(
    tmp_path: Path, words: str, key: str, found: str, expected: str
) -> None:
    path = tmp_path / "en" / "messages.yaml"
    path.parent.mkdir()
    path.write_text(f"{words}\n", "utf-8")
    with pytest.raises(UserError) as caught:
        read_messages(path)
    message = str(caught.value)
    assert message.startswith(f"error: {path}: {key}\n  found:    {found}\n")
    assert expected in message
    assert "every page has words under this key" in message
    assert "give the words of your own another key" in message


def read(folder: Path, text: str) -> object:
    path = folder / "messages.yaml"
    path.write_text(text, "utf-8")
    return read_messages(path)


def test_a_noun_of_one_text_is_that_of_every_plural(tmp_path: Path) -> None:
    assert read(tmp_path, 'units: { method: "{number}种" }') == {
        "units": {"method": {"other": "{number}种"}}
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('units: { method: { one: "{number} method" } }', "units.method\n.*words for one"),
        ("keywords: 地震；b 值", "keywords\n.*'地震；b 值'\n.*a list"),
        ("keywords: [地震，b 值]", "keywords\n.*\\['地震，b 值'\\]\n.*a list"),
        ("keywords: [the $1/e$ law]", r"keywords\n.*the markup \$1/e\$"),
    ],
)
def test_words_of_another_shape_are_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        read(tmp_path, text)
