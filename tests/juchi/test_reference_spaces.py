"""Spaces around cross references in Chinese text are those that the printed label needs."""

from __future__ import annotations

import pytest
from lxml import html

from juchi.html.document import number, resolve_references
from juchi.html.reference_spaces import set_spaces

LABELS = {"section": "第 {number} 节", "figure": "图 {number}", "equation": "({number})"}
SEVERAL = {
    **{"figure": "图 {numbers}", "section": "第 {numbers} 节", "other": "{numbers}"},
    **{"range": "{first}–{last}", "separator": "、", "last_separator": "、"},
}
PLACES = (
    '<h2 id="sec-a">题</h2><figure id="fig-a" data-kind="figure"></figure>'
    '<figure id="fig-b" data-kind="figure"></figure><div id="eq-a" data-kind="equation"></div>'
)
FIGURE, SECTION, EQUATION = (
    f'<a class="reference" href="#{name}"></a>' for name in ("fig-a", "sec-a", "eq-a")
)
BOTH = '<span class="references" data-targets="fig-a fig-b"></span>'


def shown(text: str, language: str) -> str:
    body = f"<html lang='{language}'><body>{PLACES}<p>{text}</p></body></html>"
    root = html.document_fromstring(body)
    resolve_references(root, number(root, LABELS), SEVERAL)
    set_spaces(root)
    return str(root.xpath("string(//p)"))


@pytest.mark.parametrize("space", ["", " "])
@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (f"见{{0}}{FIGURE}{{0}}中", "见图 1 中"),
        (f"见{{0}}{SECTION}{{0}}中", "见第 1 节中"),
        (f"由式{{0}}{EQUATION}{{0}}得", "由式 (1) 得"),
        (f"<em>见</em>{{0}}{FIGURE}{{0}}<em>中</em>", "见{0}图 1{0}中"),
        (f"{{0}}{BOTH}{{0}}是全部", "{0}图 1、2 是全部"),
    ],
)
def test_a_space_parts_numbers_from_characters_and_nothing_else(
    text: str, printed: str, space: str
) -> None:
    assert shown(text.format(space), "zh-Hans") == printed.format(space)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (f"（{FIGURE}）。", "（图 1）。"),
        (f"，{SECTION}，", "，第 1 节，"),
        (f"（{FIGURE}b）", "（图 1b）"),
        (f"{FIGURE}、{EQUATION}", "图 1、(1)"),
    ],
)
def test_marks_and_letters_stand_close(text: str, printed: str) -> None:
    assert shown(text, "zh-Hans") == printed


def test_other_languages_are_left_alone() -> None:
    assert shown(f"見{FIGURE}中", "ja") == "見図 1中".replace("図", "图")
