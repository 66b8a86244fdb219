"""The figures of the coordinates, drawn from small runs of the experiment itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from experiments import fewest_steps
from experiments.coordinates import run
from experiments.settings import CoordinatesSettings, FewestSettings
from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import styled, themes
from juchi.plan.models import validated
from juchi.prose.calls import read_messages
from juchi.prose.formats import NumberFormat
from juchi.results.facts import Fact
from report.curves import curve
from report.figures import condition, signs, zpath
from tests.declared import EXPERIMENTS, ROOT

ENTRY = EXPERIMENTS["coordinates"]
SMALL = {"widths": [1, 2, 4], "samples": 64, "drawings": 8, "small_step": 0.5, "window": 9}
FACTS = {"threshold.zigzag_path": Fact(1.5, "1", None, None, "configuration")}
FIGURES = {"condition": condition, "signs": signs, "zpath": zpath}


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, changes in ENTRY["configurations"].items():
        settings = {"name": name, **ENTRY["common"], **SMALL, **changes}
        result = run(validated(CoordinatesSettings, settings, "here"))
        found |= {f"{name}.samples": result.samples, f"{name}.curves": result.curves}
    entry = EXPERIMENTS["fewest_steps"]
    amplified = {**entry["common"], **entry["configurations"]["fewest_amplified"]}
    changes = {"widths": SMALL["widths"], "samples": SMALL["samples"], "drawings": 8}
    settings = {"name": "fewest_amplified", **amplified, **changes}
    found["fewest_amplified.curves"] = fewest_steps.run(
        validated(FewestSettings, settings, "here")
    ).curves
    return found


@pytest.fixture(params=themes())
def drawing(request: pytest.FixtureRequest, tables: dict[str, Any]) -> Iterator[Drawing]:
    theme = themes()[request.param]
    words = read_messages(Path(ROOT / "templates/en/messages.yaml"))
    with styled(theme, ["DejaVu Sans"]):
        yield Drawing(tables, FACTS, words, NumberFormat("en_GB", ", "), theme)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_can_be_drawn(drawing: Drawing, name: str) -> None:
    figure: Figure = FIGURES[name].draw(drawing)
    figure.draw_without_rendering()


def test_scales_are_equal_within_a_panel_and_all_of_the_way_is_in_it(drawing: Drawing) -> None:
    for axis in zpath.draw(drawing).axes:
        left, right, bottom, top = *axis.get_xlim(), *axis.get_ylim()
        assert right - left == pytest.approx(top - bottom)
        for line in axis.lines:
            x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
            assert ((x >= left) & (x <= right) & (y >= bottom) & (y <= top)).all()


def test_a_mirror_joins_points_of_one_height(drawing: Drawing) -> None:
    axis = signs.draw(drawing).axes[-1]
    joins = [line for line in axis.lines if line.get_linestyle() == "--"]
    assert len(joins) == len(ENTRY["configurations"])
    for line in joins:
        first, second = np.asarray(line.get_ydata(), dtype=float)
        assert first == pytest.approx(second)


def test_the_way_and_its_mirror_image_are_equally_long(tables: dict[str, Any]) -> None:
    series = tables["features_raw.curves"]
    lengths = []
    for prefix in ("ravine", "mirrored"):
        way = [curve(series, f"{prefix}_best_{part}").value for part in ("common", "bias")]
        lengths.append(np.hypot(*np.diff(way)))
    np.testing.assert_allclose(lengths[0], lengths[1], rtol=1e-9)
