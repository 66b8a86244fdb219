"""YAML that cannot be read: one message with the line of the mistake, and what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from juchi.core.errors import UserError, messages_in
from juchi.plan.yaml_files import read_yaml

_SPACES = "give it as many as its neighbours have"


@pytest.mark.parametrize(
    ("text", "line", "found", "hint"),
    [
        ("a: 1\n b: [c]\nd: 2\n", 2, "b: [c]", f"begins with 1 space: {_SPACES}"),
        ("a:\n  - b: 1\n   c: 2\nd: 1\n", 3, "c: 2", f"begins with 3 spaces: {_SPACES}"),
        ("a:\n    b: 1\n  c: 2\n", 3, "c: 2", f"begins with 2 spaces: {_SPACES}"),
        (" a: 1\nb: 2\n", 2, "b: 2", f"begins with no space: {_SPACES}"),
        ("a: b\ntitle:My paper\nc: 1\n", 2, "title:My paper", "a space behind the colon"),
        ("a: b\ntitle:My paper\n", 2, "title:My paper", "a space behind the colon"),
        ("title:My paper\na: b\n", 1, "title:My paper", "a space behind the colon"),
        ("a:\n  b: 1\n  decks:100\n", 3, "decks:100", "a space behind the colon"),
        ("a: b\ntitle: Decks: how many?\n", 2, "title: Decks: how many?", "quotes around it"),
        ("a:\n  - Decks: how: many?\n", 2, "- Decks: how: many?", "quotes around it"),
        ("a:\n\tb: 1\n", 2, "b: 1", "with a tab"),
        ("a:\n  b: 1\n\tc: 2\n", 3, "c: 2", "with a tab"),
        ('a: 1\nb: "c\nd: e\n', 2, 'b: "c', "the quote is not closed"),
        ('a: "b\nc: "d"\ne: 1\n', 1, 'a: "b', "the quote is not closed"),
        ("a: 'b\nc: 'd'\n", 1, "a: 'b", "the quote is not closed"),
        ("a: 'It's so'\nb: 1\n", 1, "a: 'It's so'", "'' for an apostrophe"),
        ('a: "b" c\nd: 1\n', 1, 'a: "b" c', "quotes around the whole text"),
        ("title: “洗牌: 几次”\nb: 1\n", 1, "title: “洗牌: 几次”", "typographic or full-width"),
        ('title: "洗牌”\nb: 1\n', 1, 'title: "洗牌”', "the quote is not closed"),
        ("a: 1\ntitle： 洗牌\nb: 1\n", 2, "title： 洗牌", "the colon is full-width"),
        ("a: 1\ntitle：洗牌\n", 2, "title：洗牌", "the colon is full-width"),
        ("a: 1\ndeck：\n  cards: 2\n", 2, "deck：", "the colon is full-width"),
        ("a: { b: 1\nc: 2\n", 1, "a: { b: 1", "close it by }"),
        ("a: { b: c: d }\ne: 1\n", 1, "a: { b: c: d }", "put quotes around it"),
        ("a: [b, c d: e: f]\n", 1, "a: [b, c d: e: f]", "put quotes around it"),
        ("a: [b, c\nd: 2\n", 1, "a: [b, c", "close it by ]"),
        ('a: {{ fact("x") }} is\nb: 1\n', 1, 'a: {{ fact("x") }} is', "quotes around the text"),
        ("a: *b*\n", 1, "a: *b*", "quotes around the text"),
        ("a: { b: 1，c: 2 }\n", 1, "a: { b: 1，c: 2 }", "half as wide"),
        ("a: [b，c\n", 1, "a: [b，c", "half as wide"),
        ("a: ｛ b: 1 ｝\n", 1, "a: ｛ b: 1 ｝", "half as wide"),
        # What is right before a mistake is not taken for it.
        ("a: 说“好”\nb: “好”\nc: 1\n d: 2\n", 4, "d: 2", _SPACES),
    ],
)
def test_a_mistake_is_told_where_it_is(
    tmp_path: Path, text: str, line: int, found: str, hint: str
) -> None:
    path = tmp_path / "article.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError) as refused:
        read_yaml(path)
    (told,) = messages_in(str(refused.value))
    assert str(told).startswith(f"error: {path}:{line}\n  found:    {found}\n")
    assert hint in str(told)


def test_full_width_signs_in_a_text_are_letters(tmp_path: Path) -> None:
    path = tmp_path / "messages.yaml"
    path.write_text("title: 洗牌：几次？\ndescription: “好”\n", "utf-8")
    assert read_yaml(path) == {"title": "洗牌：几次？", "description": "“好”"}


def test_a_mapping_may_take_over_another_one(tmp_path: Path) -> None:
    path = tmp_path / "experiments.yaml"
    path.write_text(
        "cell: &cell { area: 2, rate: 1 }\nfast:\n  <<: *cell\n  rate: 3\n", encoding="utf-8"
    )
    assert read_yaml(path)["fast"] == {"area": 2, "rate": 3}


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "messages.yaml"
    path.write_bytes("a: 1\nb: Köln\n".encode("cp1252"))
    with pytest.raises(UserError) as refused:
        read_yaml(path)
    assert str(refused.value).startswith(f"error: {path}:2\n")
    assert "iconv -f WINDOWS-1252 -t UTF-8" in str(refused.value)
    assert "new.yaml" in str(refused.value)
