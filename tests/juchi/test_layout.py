"""Layouts are filled in with escaped words; a mistake in one is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.prose.layout import fill_in


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    return tmp_path / "page.html.j2"


def test_words_are_text_and_finished_html_is_html(layout: Path) -> None:
    layout.write_text("{% for x in two %}\n<p>{{ x }}</p>\n{% endfor %}\n", "utf-8")
    assert fill_in(layout, two=["<b>", Markup("<i></i>")]) == ("<p>&lt;b&gt;</p>\n<p><i></i></p>\n")


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        ("<p>\n{{ words.title }", 2, "unexpected '}'"),
        ("<p>\n\n{% if words %}", 3, "Unexpected end of template"),
        ("<p>\n\n{{ wrods.title }}", 3, "'wrods' is undefined"),
        ("<p>\n{{ words.titel }}", 2, "no attribute 'titel'"),
    ],
)
def test_a_mistake_is_told_with_its_line(layout: Path, source: str, line: int, found: str) -> None:
    layout.write_text(source, "utf-8")
    with pytest.raises(UserError) as caught:
        fill_in(layout, words={"title": "x"})
    assert str(caught.value).startswith(f"error: {layout}:{line}\n")
    assert found in str(caught.value)


ATTACKS = [
    ("{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
    ("{{ cycler.__init__.__globals__.os }}", "attribute '__init__'"),
    ("{{ words.update({'title': 'y'}) }}", "unsafe"),
    ("{{ ('{0.__class__}').format(1) }}", "attribute '__class__'"),
    ("{{ call.__globals__ }}", "attribute '__globals__'"),
    ("{{ open('/etc/passwd') }}", "'open' is undefined"),
    ("{{ os }}", "'os' is undefined"),
    ("{{ range(10**9) }}", "Range too big"),
    ("{{ 1 / 0 }}", "division by zero"),
    ("{{ 1 + 'x' }}", "unsupported operand"),
    ("{% import 'os' as os %}", "'os', which is no layout"),
    ("{% include '../secret.txt' %}", "'../secret.txt', which is no layout"),
    ("{% include '../../../../../../etc/passwd' %}", "etc/passwd', which is no layout"),
    ("{% include '/etc/passwd' %}", "'/etc/passwd', which is no layout"),
    ("{% include 'link.txt' %}", "'link.txt', which is no layout"),
    ("{% extends '../secret.txt' %}", "'../secret.txt', which is no layout"),
    ("{% from '../secret.txt' import x %}", "'../secret.txt', which is no layout"),
]


@pytest.mark.parametrize(("source", "found"), ATTACKS)
def test_an_attack_reads_nothing_and_is_told_with_its_line(
    tmp_path: Path, source: str, found: str
) -> None:
    layout = tmp_path / "layout" / "page.html.j2"
    layout.parent.mkdir()
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (layout.parent / "link.txt").symlink_to(tmp_path / "secret.txt")
    layout.write_text(f"<p>\n{source}\n", "utf-8")
    with pytest.raises(UserError) as caught:
        fill_in(layout, words={"title": "x"}, call=fill_in)
    assert str(caught.value).startswith(f"error: {layout}:2\n")
    assert found in str(caught.value)


def test_a_mistake_in_a_part_is_told_where_it_stands(layout: Path) -> None:
    part = layout.with_name("part.html.j2")
    for source in ("\n\n{{ ''.__class__.x }}", "\n\n{{ wrong"):
        part.write_text(source, "utf-8")
        layout.write_text('{% include "part.html.j2" %}', "utf-8")
        with pytest.raises(UserError) as caught:
            fill_in(layout)
        assert str(caught.value).startswith(f"error: {part}:3\n")


def test_a_missing_layout_is_told(layout: Path) -> None:
    with pytest.raises(UserError, match=r"error: .*page\.html\.j2\n"):
        fill_in(layout)
