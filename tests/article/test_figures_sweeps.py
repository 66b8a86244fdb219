"""The figures of the sweeps, drawn from small runs of the experiments themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from experiments import boundary, sweep
from experiments import regimes as map_of_regimes
from experiments.settings import EXPERIMENTS as MODELS
from juchi.exhibits.draw import Drawing, save
from juchi.exhibits.style import styled, themes
from juchi.plan.models import validated
from juchi.prose.calls import read_messages
from juchi.prose.formats import NumberFormat
from juchi.results.facts import Fact
from report.figures import bifurcation, regimes
from tests.declared import EXPERIMENTS, ROOT

FIGURES = {"bifurcation": bifurcation, "regimes": regimes}
VALUES = {
    "post.learning_rate": 1.0,
    "post.momentum": 0.0,
    "momentum.learning_rate": 1.0,
    "momentum.momentum": 0.9,
    "momentum_within.learning_rate": 0.8,
    "momentum_within.momentum": 0.3,
    "rate_sweep.onset_predicted": 0.69,
    "cascade.accumulation": 0.921,
}
FACTS = {name: Fact(value, "1", None, None, "data") for name, value in VALUES.items()}
SHORT = {"starts": 8, "burn_in": 256, "window": 128, "refine_steps": 512}
SIZES: Mapping[str, tuple[Any, str, dict[str, Any]]] = {
    "rate_sweep": (sweep, "sweep", {**SHORT, "rates_per_unit": 50}),
    "cascade": (sweep, "sweep", {**SHORT, "rates_per_unit": 500, "starts_drawn": 1}),
    "stability": (boundary, "boundary", {"momenta": [0, 0.9], "starts": 4, "steps": 512}),
    "regime_map": (
        map_of_regimes,
        "regimes",
        {"rates": 20, "rates_per_unit": 8, "momenta": 12, "starts": 4, "patience": 64},
    ),
}


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (module, experiment, sizes) in SIZES.items():
        entry = EXPERIMENTS[experiment]
        own = entry["configurations"][name] or {}
        settings = {"name": name, **entry["common"], **own, **sizes}
        settings |= {"marked_starts": 2} if experiment == "sweep" else {}
        result = module.run(validated(MODELS[experiment], settings, "here"))
        found |= {f"{name}.samples": result.samples, f"{name}.curves": result.curves}
    return found


@pytest.fixture(params=themes())
def drawing(request: pytest.FixtureRequest, tables: dict[str, Any]) -> Iterator[Drawing]:
    theme = themes()[request.param]
    words = read_messages(Path(ROOT / "templates/en/messages.yaml"))
    with styled(theme, ["DejaVu Sans"]):
        yield Drawing(tables, FACTS, words, NumberFormat("en_GB", ", "), theme)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_to_the_same_bytes_each_time(
    drawing: Drawing, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("juchi.exhibits.draw.check_glyphs", lambda usages, fonts: None)
    for path in ("once.svg", "again.svg"):
        save(FIGURES[name].draw(drawing), tmp_path / path, name, {}, drawing.numbers)
    once = (tmp_path / "once.svg").read_bytes()
    assert once == (tmp_path / "again.svg").read_bytes()
    assert len(once) < 400_000


def test_the_bound_and_the_seeds_rate_are_marked_in_every_panel_of_the_whole(
    drawing: Drawing,
) -> None:
    figure: Figure = bifurcation.draw(drawing)
    marked = [
        axis
        for axis in figure.axes
        if {0.69, 1.0} <= {float(np.ravel(line.get_xdata())[0]) for line in axis.get_lines()}
    ]
    assert len(marked) == 3


def test_the_map_shows_each_cell_by_its_most_frequent_regime(
    drawing: Drawing, tables: dict[str, Any]
) -> None:
    picture = np.asarray(regimes.draw(drawing).axes[0].get_images()[0].get_array())
    cells = tables["regime_map.curves"]
    assert picture.shape == (12, 20)
    post = int(np.flatnonzero((cells["momentum"] == 0) & (cells["learning_rate"] == 1))[0])
    assert list(regimes._SHADES)[picture.ravel()[post]] == "chaotic"
    assert list(regimes._SHADES)[picture[0, 0]] == "converged"


def test_the_shades_stay_apart_in_grey() -> None:
    lightness = [np.dot(to_rgb(shade), (0.299, 0.587, 0.114)) for shade in regimes._SHADES.values()]
    assert (np.diff(lightness) < -0.07).all()
