"""Listings in the article are cut out of the code that ran."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from lxml import html

from juchi.core.errors import UserError
from juchi.html.snippets import highlighted, highlighted_code
from tests.samples import ROOT

SOURCE = '''
"""A module."""


def other():
    pass


def run(x: int) -> str:
    """Say ``"<b>"`` & more."""

    if x < 0:
        return "<script>"

    return f"{x}"


class Inner:
    def hidden(self): ...
'''


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "module.py"
    path.write_text(SOURCE, "utf-8")
    return path


def test_the_text_is_that_of_the_function_alone(module: Path) -> None:
    shown = html.fragment_fromstring(str(highlighted(module, "run")))
    assert shown.tag == "pre"
    start, end = SOURCE.index("def run"), SOURCE.index("\n\n\nclass Inner")
    assert shown.text_content() == SOURCE[start:end]
    assert shown.xpath(".//script") == []
    assert shown.xpath(".//span[@class]")


def test_a_change_shows_what_is_taken_out_and_put_in() -> None:
    shown = html.fragment_fromstring(
        str(highlighted_code("=== a.yaml\n x: 1\n-y: 1\n+y: 2\n", "diff", "post.md:3"))
    )
    assert shown.text_content() == "=== a.yaml\n x: 1\n-y: 1\n+y: 2"
    marked = {each.get("class"): each.text for each in shown.iter("span")}
    assert marked == {"gh": "=== a.yaml", "gd": "-y: 1", "gi": "+y: 2"}


def test_the_listing_of_the_article_is_the_code_that_ran() -> None:
    path = ROOT / "experiments" / "listing.py"
    shown = html.fragment_fromstring(str(highlighted(path, "run_listing"))).text_content()
    assert shown in path.read_text("utf-8")
    ast.parse(shown)


@pytest.mark.parametrize("name", ["walk", "hidden", "Inner"])
def test_what_is_no_function_of_the_module_is_refused(module: Path, name: str) -> None:
    with pytest.raises(UserError) as caught:
        highlighted(module, name)
    assert str(caught.value).startswith(f"error: {module}\n")
    assert f"no function {name!r}" in str(caught.value)
