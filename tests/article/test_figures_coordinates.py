"""The figures of the coordinates, drawn from small runs of the experiment itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from experiments.coordinates import run
from experiments.settings import CoordinatesSettings
from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import styled, themes
from juchi.plan.models import validated
from juchi.prose.calls import read_messages
from juchi.prose.formats import NumberFormat
from juchi.results.facts import Fact
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


def test_all_ways_share_one_plane_and_its_scales(drawing: Drawing) -> None:
    planes = zpath.draw(drawing).axes[:6]
    limits = {(*axis.get_xlim(), *axis.get_ylim()) for axis in planes}
    assert len(limits) == 1
    left, right, bottom, top = limits.pop()
    assert right - left == pytest.approx(top - bottom)
    for axis in planes:
        for line in axis.lines:
            x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
            assert ((x >= left) & (x <= right) & (y >= bottom) & (y <= top)).all()


def test_a_mirror_joins_points_of_one_height(drawing: Drawing) -> None:
    for axis in signs.draw(drawing).axes[2:]:
        joins = [line for line in axis.lines if line.get_linestyle() == "--"]
        assert len(joins) == len(ENTRY["configurations"])
        for line in joins:
            first, second = np.asarray(line.get_ydata(), dtype=float)
            assert first == pytest.approx(second)
