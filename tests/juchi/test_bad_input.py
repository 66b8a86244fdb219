"""Bad input ends in one clear message, without a traceback, and the last good site stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project import Project

Edit = Callable[[Project], None]


def edit(path: str, old: str, new: str) -> Edit:
    return lambda project: project.edit(path, old, new)


def append(path: str, text: str) -> Edit:
    return lambda project: project.append(path, text)


def remove(path: str) -> Edit:
    return lambda project: (project.folder / path).unlink()


CASES = [
    pytest.param(
        edit("config/experiments.yaml", "momentum: 0\n", "momentum: 0\n      momentun: 1\n"),
        [
            "config/experiments.yaml: experiments.one_weight.common.momentun",
            "unknown key",
            "did you mean 'momentum'",
        ],
        id="unknown key",
    ),
    pytest.param(
        edit("config/experiments.yaml", " steps: 100\n", ' steps: 100\n      steps: "many"\n'),
        ["config/experiments.yaml:", "'steps' stands twice"],
        id="key given twice",
    ),
    pytest.param(
        edit("config/experiments.yaml", " steps: 100\n", ' steps: "many"\n'),
        [
            "config/experiments.yaml: experiments.one_weight.common.steps",
            '"many"',
            "number of updates",
        ],
        id="wrong type",
    ),
    pytest.param(
        edit("config/experiments.yaml", "  post: {}", "  post: {"),
        ["config/experiments.yaml:", "valid YAML"],
        id="broken YAML",
    ),
    pytest.param(
        edit("config/article.yaml", "  - post_long\n", "  - post_lung\n"),
        [
            "article.yaml: tables.outcomes.rows.2",
            "unknown configuration 'post_lung'",
            "'post_long'",
        ],
        id="unknown configuration",
    ),
    pytest.param(
        remove("templates/zh/verdicts.md"),
        ["templates/zh/verdicts.md", "no such file", "language 'zh'"],
        id="missing translation",
    ),
    pytest.param(
        edit("templates/en/dynamics.md", 'fact("post.sharpness")', 'fact("post.sharpnes")'),
        ["templates/en/dynamics.md:", "'post.sharpnes'", "'post.sharpness'"],
        id="undefined fact",
    ),
    pytest.param(
        append("templates/en/verdicts.md", "\nThe sharpness is 2.9.\n"),
        ["templates/en/verdicts.md:", "2.9", "literally"],
        id="literal number",
    ),
    pytest.param(
        append("templates/zh/verdicts.md", '\n见 {{ cite("nobody2020") }}。\n'),
        ["templates/zh/verdicts.md:", "nobody2020"],
        id="unknown citation",
    ),
    pytest.param(
        edit("templates/en/verdicts.md", "$2/\\lambda$", "$2/\\lamda$"),
        ["templates/en/verdicts.md:", "lamda"],
        id="unknown LaTeX command",
    ),
    pytest.param(
        edit("templates/zh/verdicts.md", "。", "\U00013000。"),
        ["templates/zh/verdicts.md:", "U+13000"],
        id="missing glyph",
    ),
    pytest.param(
        edit("juchi/theme/fonts.yaml", "STIXTwoText_700Bold.ttf", "STIXTwoText_700Fat.ttf"),
        ["STIXTwoText_700Fat.ttf", "make setup"],
        id="missing font",
    ),
    pytest.param(
        edit("templates/en/cures.md", "{% call claim(", "{% call claimed("),
        ["templates/en/cures.md:", "claimed"],
        id="unknown function",
    ),
    pytest.param(
        edit("report/figures/cures.py", "_STARTS = 10", "_STARTS = = 10"),
        ["report/figures/cures.py:", "valid Python"],
        id="broken module",
    ),
]


@pytest.mark.parametrize(("spoil", "fragments"), CASES)
def test_bad_input_is_told_and_the_site_stays(
    built: Project, tmp_path: Path, spoil: Edit, fragments: list[str]
) -> None:
    project = built.copy(tmp_path / "project")
    before = project.site()
    spoil(project)
    result = project.snakemake()
    printed = result.stdout + result.stderr
    assert result.returncode != 0, printed[-2000:]
    assert "Traceback" not in printed
    for fragment in ("found:", "expected:", "hint:", *fragments):
        assert fragment in printed, printed[-3000:]
    assert project.site() == before


def test_data_against_the_text_stops_the_build(built: Project, tmp_path: Path) -> None:
    """A verdict that changes is told with every sentence that was written for the other one."""
    project = built.copy(tmp_path / "project")
    before = project.site()
    # At this learning rate the small step is none: its sawtooth stays.
    project.edit(
        "config/experiments.yaml",
        "small_step: { like: post_long, learning_rate: 0.2",
        "small_step: { like: post_long, learning_rate: 0.8",
    )
    result = project.snakemake()
    printed = result.stdout + result.stderr
    assert result.returncode != 0
    assert "Traceback" not in printed
    for fragment in (
        "templates/en/dynamics.md:",
        "templates/zh/dynamics.md:",
        "'learning_rate_causes' being 'supported'",
        "the data say 'refuted'",
        "small_step.sawtooth_share = 1",
    ):
        assert fragment in printed, printed[-3000:]
    assert project.site() == before


def test_a_mended_input_builds_on(built: Project, tmp_path: Path) -> None:
    project = built.copy(tmp_path / "project")
    before = project.site()
    project.edit("templates/en/verdicts.md", "Overshoot.", 'Overshoot {{ fact("no.fact") }}.')
    assert project.snakemake().returncode != 0
    project.edit("templates/en/verdicts.md", 'Overshoot {{ fact("no.fact") }}.', "Overshoot.")
    project.build()
    assert project.site() == before
