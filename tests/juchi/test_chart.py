"""A chart of Vega-Lite is drawn in the article's fonts and colours, or refused with its figure."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from juchi.core.errors import UserError
from juchi.exhibits import chart
from juchi.exhibits.style import themes
from juchi.exhibits.svg import size_of
from juchi.fonts.typefaces import Stack
from juchi.html.pictures import drawn
from juchi.plan.figures import completed

PLACE = "config/article.yaml: figures.means.picture"
SVG = "{http://www.w3.org/2000/svg}"
BARS: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.1.0.json",
    "data": {"values": [{"a": "甲", "b": -28}, {"a": "B", "b": 55}]},
    "mark": "bar",
    "encoding": {"x": {"field": "b", "type": "quantitative"}, "y": {"field": "a"}},
}


def saved(folder: Path, content: object) -> Path:
    path = folder / "means.vl.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_a_chart_is_drawn_in_the_colours_of_each_theme_as_wide_as_the_text(
    stacks: dict[str, Stack],
) -> None:
    still = chart._still(chart._as_wide_as_the_text(BARS), 0.5)
    for theme in themes().values():
        drawing = chart._drawn(still, theme, stacks["sans"], None, PLACE)
        root = etree.fromstring(drawing)
        assert size_of(root, PLACE)[0] == pytest.approx(313, abs=1)
        assert not list(root.iter(f"{SVG}text"))
        colours = {path.get("fill") for path in root.iter(f"{SVG}path")}
        assert next(iter(theme.colours.values())) in colours
        assert theme.ink in {each.get("fill") for each in root.iter(f"{SVG}g")}


def test_what_a_chart_says_itself_goes_before_the_article() -> None:
    own = {**BARS, "width": 200, "config": {"mark": {"color": "red"}}}
    assert chart._as_wide_as_the_text(own)["width"] == 200
    many = {key: value for key, value in BARS.items() if key != "mark"} | {"hconcat": []}
    assert "width" not in chart._as_wide_as_the_text(many)
    faceted = {**BARS, "encoding": {**BARS["encoding"], "row": {"field": "a"}}}
    assert "width" not in chart._as_wide_as_the_text(faceted)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("{", "no JSON"),
        ("[]", "$schema is ''"),
        ({**BARS, "$schema": "https://vega.github.io/schema/vega/v6.json"}, "schema/vega/v6"),
        ({**BARS, "data": {"url": "https://example.org/a.csv"}}, "data from https://example.org"),
        ({**BARS, "data": {"url": "data.csv"}}, "data from data.csv"),
        (
            {**BARS, "transform": [{"lookup": "a", "from": {"data": {"url": "/b.csv"}}}]},
            "data from /b.csv",
        ),
    ],
)
def test_what_is_no_chart_or_loads_anything_is_refused(
    tmp_path: Path, content: object, found: str
) -> None:
    with pytest.raises(UserError) as caught:
        chart.read_chart(saved(tmp_path, content), PLACE)
    assert str(caught.value).startswith(f"error: {PLACE}\n")
    assert found in str(caught.value)


def test_a_chart_that_vega_refuses_is_told_with_its_figure(stacks: dict[str, Stack]) -> None:
    broken = {**BARS, "mark": "nosuchmark"}
    with pytest.raises(UserError, match=r"figures\.means\.picture\n.*Vega-Lite says"):
        chart._drawn(broken, themes()["light"], stacks["sans"], None, PLACE)


def test_an_environment_without_the_package_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(UserError, match="pip install vl-convert-python"):
        chart.converter(PLACE)


def test_a_language_writes_numbers_as_it_does() -> None:
    german = chart.numbers_of("de_DE", PLACE)
    assert (german["decimal"], german["thousands"]) == (",", ".")
    assert german["percent"] == "\N{NO-BREAK SPACE}%"
    assert chart.numbers_of("en_GB", PLACE)["percent"] == "%"
    assert chart.numbers_of("xx_XX", PLACE) is None


def test_the_page_knows_where_the_chart_is() -> None:
    entry = completed({"picture": "results/means.{language}.vl.json"})
    assert (entry["live"], entry["ending"], entry["themes"]) == (True, "svg", ["light", "dark"])
    assert ' data-chart="../figures/en/means.vl.json"' in drawn("means", entry, "en", "alt", "c")  # type: ignore[arg-type]
