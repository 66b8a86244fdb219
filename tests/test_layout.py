"""Layouts are filled in with escaped words; a mistake in one is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import Markup

from pipeline.errors import UserError
from report.layout import fill_in


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


def test_a_missing_layout_is_told(layout: Path) -> None:
    with pytest.raises(UserError, match=r"error: .*page\.html\.j2\n"):
        fill_in(layout)
