"""Figures are drawn in every language and theme, alike each time, and with no glyph missing."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from lxml import etree
from matplotlib.figure import Figure

from juchi.core.errors import UserError, run_command
from juchi.core.tables import write_table
from juchi.exhibits import draw
from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import tag_panels, themes
from juchi.prose.formats import NumberFormat
from juchi.results.facts import Fact
from report import paths
from tests.project import Project
from tests.samples import FIGURES, ROOT, Sample, copied

SVG = "{http://www.w3.org/2000/svg}"

DRAWING = Drawing(
    tables={
        "paths.curves": {
            "configuration": np.array(["post"] * 6 + ["tanh"] * 2, dtype=object),
            "start": np.array([0, 0, 0, 1, 1, 1, 0, 0], dtype=np.int32),
            "weight": np.arange(8.0),
        },
        "bands.curves": {
            "configuration": np.array(["post", "post", "post", "tanh"], dtype=object),
            "loss_low": np.arange(4.0),
        },
        "rates.samples": {"rate": np.array([1.0])},
        "rates.curves": {"weight": np.array([2.0])},
    },
    facts={
        "post.w_star": Fact(0.25, "1", None, None, ""),
        "post.inputs": Fact([1, 2], "1", None, None, ""),
    },
    words={},
    numbers=NumberFormat("en_GB", ", "),
    theme=themes()["light"],
)


def plotted(monkeypatch: pytest.MonkeyPatch, name: str, label: str) -> None:
    """Put a figure module of this name in its place, with one label."""

    def drawn(drawing: Drawing) -> Figure:
        figure, axis = plt.subplots(figsize=(1, 1))
        axis.plot([0, 1], color=drawing.theme.colours["sigmoid"])
        axis.set_xlabel(label.format(**drawing.words))
        return figure

    module = ModuleType(f"report.figures.{name}")
    vars(module)["draw"] = drawn
    monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.fixture
def apart(sample: Sample, tmp_path: Path) -> Sample:
    """Give the same sources with an output of their own."""
    return Sample(sample.root, tmp_path)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_in_every_language_and_theme(
    sample: Sample, built: Project, name: str
) -> None:
    folder = built.folder / "build/web/figures"
    files = {
        (language, theme): folder / language / f"{name}.{theme}.svg"
        for language in sample.plan.languages
        for theme in themes()
    }
    contents = {key: path.read_bytes() for key, path in files.items()}
    # Languages differ in their words, themes in their colours.
    assert len(set(contents.values())) == len(files)
    for (_, theme), content in contents.items():
        root = etree.fromstring(content)
        assert root.tag == f"{SVG}svg"
        assert root.findall(f".//{SVG}path")
        # Text is drawn as paths, so that it needs no font, and nothing is fetched or run.
        assert not root.findall(f".//{SVG}text")
        assert not root.findall(f".//{SVG}script")
        for image in root.findall(f".//{SVG}image"):
            assert image.get("{http://www.w3.org/1999/xlink}href", "").startswith("data:image/png")
        assert themes()[theme].ink.encode() in content
        assert b"<dc:date>" not in content
        assert str(built.folder).encode() not in content
        assert str(ROOT).encode() not in content


@pytest.mark.parametrize("name", FIGURES[:1])
def test_a_figure_is_the_same_each_time(sample: Sample, apart: Sample, name: str) -> None:
    language = sample.plan.languages[-1]
    folders = [sample.figure(name), apart.figure(name, [language])]
    first, second = (
        {theme: (folder / language / f"{name}.{theme}.svg").read_bytes() for theme in themes()}
        for folder in folders
    )
    assert first == second
    assert len(first) == len(themes())


def test_a_new_figure_needs_a_module_and_nothing_else(
    apart: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    plotted(monkeypatch, "fresh", "{title}")
    folder = apart.figure("fresh", ["en"], tables=[])
    assert sorted(path.name for path in (folder / "en").iterdir()) == [
        "fresh.dark.svg",
        "fresh.light.svg",
    ]


@pytest.mark.parametrize("label", ["loss \U00013000", "$x$ \U00013000"])
def test_a_missing_glyph_is_named_with_its_character_and_place(
    apart: Sample, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    plotted(monkeypatch, "fresh", label)
    with pytest.raises(UserError) as caught:
        apart.figure("fresh", ["en"], tables=[])
    message = str(caught.value)
    assert "U+13000 EGYPTIAN HIEROGLYPH A001" in message
    assert "report/figures/fresh.py with " in message
    assert "templates/en/messages.yaml" in message
    assert not (apart.output / "web").exists()


def test_an_unknown_figure_is_named(apart: Sample) -> None:
    with pytest.raises(UserError) as caught:
        apart.figure("fresh", ["en"], tables=[])
    assert str(caught.value).startswith("error: config/article.yaml: figures.fresh\n")
    assert "no module report/figures/fresh.py" in str(caught.value)


def test_a_module_that_a_figure_lacks_is_not_taken_for_the_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, f"report.figures.{FIGURES[0]}", raising=False)
    monkeypatch.setitem(sys.modules, "juchi.exhibits.draw", None)
    own_line = rf"report/figures/{FIGURES[0]}\.py:\d+\n.*juchi\.exhibits\.draw"
    with pytest.raises(SystemExit, match=own_line):
        run_command(lambda: draw._draw_function(FIGURES[0]))


@pytest.mark.parametrize(("part", "other"), [("samples", "curves"), ("curves", "samples")])
def test_an_empty_table_is_refused_since_it_is_not_published(
    apart: Sample, monkeypatch: pytest.MonkeyPatch, part: str, other: str
) -> None:
    plotted(monkeypatch, "fresh", "{title}")
    empty = apart.output / f"mine.{part}.parquet"
    write_table(empty, {})
    with pytest.raises(UserError) as caught:
        apart.figure("fresh", ["en"], tables=[empty])
    assert str(caught.value).startswith("error: config/article.yaml: figures.fresh\n")
    assert f"mine, which has no {part}" in str(caught.value)
    assert f"write mine:{other}" in str(caught.value)


def test_a_missing_word_is_named(tmp_path: Path) -> None:
    sample = Sample(copied(tmp_path / "sources"), tmp_path)
    sample.edit("templates/zh/messages.yaml", lambda words: words["axes"].pop("weight"))
    with pytest.raises(UserError, match=r"zh/messages\.yaml\n.*no key 'axes\.weight'"):
        sample.figure("sawtooth", ["zh"])


# --- what a figure draws from ---


def test_paths_are_one_row_for_each_start() -> None:
    assert paths.starts(DRAWING, "post", "weight").tolist() == [[0, 1, 2], [3, 4, 5]]
    assert paths.starts(DRAWING, "tanh", "weight").tolist() == [[6, 7]]


@pytest.mark.parametrize(("steps", "values"), [(1, [0, 1]), (9, [0, 1, 2])])
def test_bands_are_cut_to_the_steps_shown(steps: int, values: list[float]) -> None:
    assert paths.band(DRAWING, "post", "loss_low", steps).tolist() == values


def test_a_result_has_samples_and_curves() -> None:
    assert DRAWING.samples("rates")["rate"].tolist() == [1.0]
    assert DRAWING.curves("rates")["weight"].tolist() == [2.0]


def test_a_table_is_asked_for_by_the_name_of_its_file() -> None:
    file = Path("results/analyses/paths.curves.parquet")
    assert file.stem in DRAWING.tables


def test_a_fact_is_marked_at_its_value() -> None:
    assert DRAWING.value("post.w_star") == 0.25


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (lambda: paths.starts(DRAWING, "sead", "weight"), "report/figures/: configuration 'sead'"),
        (lambda: paths.band(DRAWING, "sead", "loss_low", 1), "one of post, tanh"),
        (lambda: DRAWING.value("post.w_stern"), "report/figures/: fact 'post.w_stern'"),
        (lambda: DRAWING.value("post.inputs"), "which is a list"),
        (lambda: DRAWING.samples("rats"), "report/figures/: 'rats.samples'"),
        (lambda: DRAWING.curves("rats"), "one of paths.curves, bands.curves, rates.samples"),
    ],
)
def test_what_is_not_declared_cannot_be_drawn(read: Any, found: str) -> None:
    with pytest.raises(UserError) as caught:
        read()
    assert found in str(caught.value)


def test_panels_are_lettered_for_the_caption() -> None:
    figure, axes = plt.subplots(1, 2)
    axes[0].set_title("one", loc="left")
    tag_panels(list(axes))
    assert [axis.get_title(loc="left") for axis in axes] == ["(a)  one", "(b)"]
    plt.close(figure)
