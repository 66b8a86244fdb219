"""A chart that Vega-Lite describes: still for paper, and what makes it move where scripts run.

``python -m juchi.exhibits.chart`` draws the picture of a theme from the JSON that a rule of the
article has written, as Altair saves it, in the article's fonts and colours. Beside it goes the
description for the page, whose script draws the same chart again without `eval`; see
`juchi/theme/style/charts.js`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel import Locale

from juchi.core.atomic import write_bytes
from juchi.core.errors import UserError, run_command
from juchi.core.records import read_json, write_json
from juchi.core.theme import theme_file
from juchi.exhibits.pictures import sans_of_all
from juchi.exhibits.style import WIDTH, Theme, themes
from juchi.exhibits.svg import normalized_svg
from juchi.exhibits.svg_text import Outliner
from juchi.fonts.typefaces import Stack, load_catalogue
from juchi.plan.settings import merge

__all__ = ["converter", "main", "read_chart", "styles"]

_PIXELS = 96  # an inch
_SCHEMA = "https://vega.github.io/schema/vega-lite/v"
# Views beside or above each other have sizes of their own.
_COMPOUND = ("facet", "hconcat", "vconcat", "concat", "repeat")
_CHANNELS = ("row", "column", "facet")


def converter(place: str) -> Any:  # noqa: ANN401 - a module that may be missing
    """Return the module that draws Vega-Lite; an environment without it is a `UserError`."""
    try:
        import vl_convert  # noqa: PLC0415 - only articles with a chart need it
    except ImportError as error:
        raise UserError(
            place,
            "a chart of Vega-Lite, but no package vl-convert-python in this environment",
            "the package that draws it",
            "pip install vl-convert-python (and altair, where a rule writes the chart by it)",
        ) from error
    return vl_convert


def read_chart(path: Path, place: str) -> dict[str, Any]:
    """Return the description of a chart; one that is none, or loads anything, is a `UserError`."""
    try:
        chart: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _refused(place, f"{path}: no JSON ({error})", "save the chart again") from error
    schema = chart.get("$schema", "") if isinstance(chart, dict) else ""
    if not str(schema).startswith(_SCHEMA):
        raise _refused(
            place,
            f"{path}: $schema is {schema!r}",
            "save it as Vega-Lite: chart.save(path) with Altair, not as Vega",
        )
    for address in _addresses(chart):
        raise _refused(
            place,
            f"{path}: data from {address}",
            "put the data into the chart: a published page loads nothing from elsewhere",
        )
    return chart


def _refused(place: str, found: str, hint: str) -> UserError:
    return UserError(place, found, "a chart as Vega-Lite describes it, with its data in it", hint)


def _addresses(part: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the addresses that a chart would load data or pictures from."""
    values = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    if isinstance(part, dict):
        address = part.get("url")
        if isinstance(address, str) and not address.startswith("data:"):
            yield address
    for value in values:
        yield from _addresses(value)


def styles(theme: Theme) -> dict[str, Any]:
    """Return how the article's charts look: what a chart says itself goes before it."""
    colours = list(theme.colours.values())
    words = {"labelColor": theme.ink, "titleColor": theme.ink, "labelFontSize": 11}
    return {
        "background": "transparent",
        "axis": {
            **words,
            "titleFontSize": 11.5,
            "titleFontWeight": 400,
            "gridColor": theme.grid,
            "domainColor": theme.faint,
            "tickColor": theme.faint,
        },
        "legend": {**words, "titleFontSize": 11.5, "titleFontWeight": 400},
        "header": {**words, "titleFontSize": 11.5},
        "title": {"color": theme.ink, "subtitleColor": theme.faint, "fontSize": 12},
        "view": {"stroke": None},
        "mark": {"color": colours[0]},
        "rule": {"color": theme.faint},
        "text": {"color": theme.ink},
        "range": {"category": colours},
    }


def _as_wide_as_the_text(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Return a chart of one view without a width as one that fills its place."""
    encoding = chart.get("encoding", {})
    is_single = not any(key in chart for key in _COMPOUND)
    if is_single and not any(key in encoding for key in _CHANNELS):
        return {"width": "container", "autosize": {"type": "fit", "contains": "padding"}, **chart}
    return dict(chart)


def _still(chart: Mapping[str, Any], part: float) -> dict[str, Any]:
    """Return a chart with a width in pixels where it would fill its place on the page."""
    width = round(WIDTH * _PIXELS * part)
    return {**chart, "width": width} if chart.get("width") == "container" else dict(chart)


def _drawn(
    chart: Mapping[str, Any],
    theme: Theme,
    stack: Stack,
    numbers: Any,  # noqa: ANN401 - as d3 describes a locale
    place: str,
) -> bytes:
    vega = converter(place)
    for folder in {face.file.resolve().parent for each in stack for face in each.family.faces}:
        vega.register_font_directory(str(folder))
    families = ", ".join(member.family.name for member in stack)
    config = merge({**styles(theme), "font": families}, chart.get("config", {}))
    try:
        drawing = vega.vegalite_to_svg(
            {**chart, "config": config}, allowed_base_urls=[], format_locale=numbers
        )
    except ValueError as error:
        said = str(error).strip().splitlines()[0]
        raise _refused(place, f"a chart of which Vega-Lite says: {said}", "correct it") from error
    return normalized_svg(drawing.encode(), place, Outliner(stack))


def numbers_of(locale: str, place: str) -> Any:  # noqa: ANN401 - as d3 describes it
    """Return how a language writes numbers, as far as Vega knows it; else None, as in English.

    The sign of a percentage, which Vega takes for English everywhere, is that of CLDR.
    """
    parts = locale.split("_")
    try:
        numbers = converter(place).get_format_locale(f"{parts[0]}-{parts[-1]}")
    except ValueError:
        return None
    pattern = Locale.parse(locale).percent_formats[None].pattern
    return {**numbers, "percent": pattern.rpartition("0")[2]}


def main() -> None:
    """Draw the chart that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("place", "language", "width"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("picture", "languages", "light", "dark", "chart"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--catalogue", type=Path, default=theme_file("fonts.yaml"))
    arguments = parser.parse_args()
    languages, catalogue = read_json(arguments.languages), load_catalogue(arguments.catalogue)
    stack, place = sans_of_all(languages, catalogue), arguments.place
    numbers = numbers_of(languages[arguments.language]["locale"], place)
    chart = _as_wide_as_the_text(read_chart(arguments.picture, place))
    still = _still(chart, float(arguments.width) / 100)
    for name, theme in themes().items():
        write_bytes(getattr(arguments, name), _drawn(still, theme, stack, numbers, place))
    looks = {name: styles(theme) for name, theme in themes().items()}
    write_json(arguments.chart, {"chart": chart, "styles": looks, "numbers": numbers})


if __name__ == "__main__":
    run_command(main)
