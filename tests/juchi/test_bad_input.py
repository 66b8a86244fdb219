"""Bad input ends in one clear message, without a traceback, and the last good site stays."""

from __future__ import annotations

import re
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
        edit("config/experiments.yaml", "{ steps: 64,", "{ step: 1, steps: 64,"),
        [
            "config/experiments.yaml: experiments.walks.common.step",
            "unknown key",
            "did you mean 'steps'",
        ],
        id="unknown key",
    ),
    pytest.param(
        edit("config/experiments.yaml", "{ steps: 64,", "{ steps: 64, steps: 65,"),
        ["config/experiments.yaml:", "'steps' stands twice"],
        id="key given twice",
    ),
    pytest.param(
        edit("config/experiments.yaml", "{ steps: 64,", '{ steps: "many",'),
        [
            "config/experiments.yaml: experiments.walks.common.steps",
            '"many"',
            "number of steps",
        ],
        id="wrong type",
    ),
    pytest.param(
        edit("config/experiments.yaml", "  drunk: {}", "  drunk: {"),
        ["config/experiments.yaml:6", "a bracket that is closed by }"],
        id="broken YAML",
    ),
    pytest.param(
        edit("config/article.yaml", "rows: [drunk, lazy,", "rows: [drunk, lacy,"),
        [
            "article.yaml: tables.squares.rows.1",
            "unknown configuration 'lacy'",
            "'lazy'",
        ],
        id="unknown configuration",
    ),
    pytest.param(
        remove("templates/zh/limits.md"),
        ["templates/zh/limits.md", "no such file", "language 'zh'"],
        id="missing translation",
    ),
    pytest.param(
        edit("templates/en/walks.md", 'fact("ratio.square")', 'fact("ratio.sqare")'),
        ["templates/en/walks.md:", "'ratio.sqare'", "'ratio.square'"],
        id="undefined fact",
    ),
    pytest.param(
        append("templates/en/limits.md", "\nThe square is 62.9.\n"),
        ["templates/en/limits.md:", "62.9", "literally"],
        id="literal number",
    ),
    pytest.param(
        append("templates/zh/limits.md", '\n见 {{ cite("nobody2020") }}。\n'),
        ["templates/zh/limits.md:", "nobody2020"],
        id="unknown citation",
    ),
    pytest.param(
        edit("templates/en/introduction.md", "$q$", "$\\lamda$"),
        ["templates/en/introduction.md:", "lamda"],
        id="unknown LaTeX command",
    ),
    pytest.param(
        edit("templates/zh/walks.md", "。", "\U00013000。"),
        ["templates/zh/walks.md:", "U+13000"],
        id="missing glyph",
    ),
    pytest.param(
        edit("templates/en/walks.md", 'fact("ratio.square")', 'interval("ratio.square")'),
        ["templates/en/walks.md:", "ratio.square, a fact without a confidence interval"],
        id="interval of a fact without one",
    ),
    pytest.param(
        edit("templates/en/walks.md", 'fact("ratio.steps")', 'count("ratio.steps", noun="mile")'),
        ["templates/en/walks.md:", "a count whose noun 'mile' is no word for what is counted"],
        id="unit without a word",
    ),
    pytest.param(
        append("templates/en/limits.md", "\nIn $\\unit{\\parsecond}$.\n"),
        ["templates/en/limits.md:", "parsecond"],
        id="unit in a formula",
    ),
    pytest.param(
        append("templates/en/limits.md", '\n```{.python startFrom="a"}\nstep()\n```\n'),
        ["templates/en/limits.md:", "an unknown attribute startFrom="],
        id="attributes of a listing",
    ),
    pytest.param(
        append("templates/en/limits.md", "\nSee [there](#nowhere).\n"),
        ["templates/en/limits.md:", "a link to #nowhere"],
        id="link to nowhere",
    ),
    pytest.param(
        append("templates/en/limits.md", "\n::: lemming\nA block.\n:::\n"),
        ["templates/en/limits.md:", "a block of the kind 'lemming'"],
        id="block of an unknown kind",
    ),
    pytest.param(
        edit("juchi/theme/fonts.yaml", "STIXTwoText_700Bold.ttf", "STIXTwoText_700Fat.ttf"),
        ["STIXTwoText_700Fat.ttf", "make setup"],
        id="missing font",
    ),
    pytest.param(
        edit("templates/en/limits.md", "{% call claim(", "{% call claimed("),
        ["templates/en/limits.md:", "claimed"],
        id="unknown function",
    ),
    pytest.param(
        edit("report/figures/paths.py", "figure, axes =", "figure, axes = ="),
        ["report/figures/paths.py:", "valid Python"],
        id="broken module",
    ),
]


def messages(printed: str) -> set[str]:
    """Return the messages for users in what Snakemake prints."""
    return {found[0] for found in re.finditer(r"^error: .*(\n  .*)+?\n  hint: .*", printed, re.M)}


# Mistakes of the prose that are told by the same two programs as others here.
AT_NIGHT = {
    *("unknown citation", "unknown LaTeX command", "interval of a fact without one"),
    *("unit without a word", "unit in a formula", "attributes of a listing", "link to nowhere"),
    *("block of an unknown kind", "unknown function"),
}


@pytest.mark.parametrize(
    ("spoil", "fragments"),
    [
        pytest.param(*case.values, id=case.id, marks=[pytest.mark.nightly] * (case.id in AT_NIGHT))
        for case in CASES
    ],
)
def test_bad_input_is_told_by_check_and_build_alike_and_the_site_stays(
    small: Project, tmp_path: Path, spoil: Edit, fragments: list[str]
) -> None:
    project = small.copy(tmp_path / "project")
    before = project.site()
    spoil(project)
    # What `juchi check` asks for.
    checked = project.snakemake("build/texts.checked")
    assert checked.returncode != 0, checked.stdout[-2000:]
    result = project.snakemake()
    printed = result.stdout + result.stderr
    assert result.returncode != 0, printed[-2000:]
    assert "Traceback" not in printed
    for fragment in ("found:", "expected:", "hint:", *fragments):
        assert fragment in printed, printed[-3000:]
    assert messages(checked.stdout + checked.stderr) == messages(printed) != set()
    assert project.site() == before


def test_data_against_the_text_stops_the_build(small: Project, tmp_path: Path) -> None:
    """A verdict that changes is told with every sentence that was written for the other one."""
    project = small.copy(tmp_path / "project")
    before = project.site()
    # All of so few throws end alike.
    project.edit("config/experiments.yaml", "throws: 1000", "throws: 1")
    result = project.snakemake()
    printed = result.stdout + result.stderr
    assert result.returncode != 0
    assert "Traceback" not in printed
    for fragment in (
        "templates/en/limits.md:",
        "templates/zh/limits.md:",
        "'fair' being 'supported'",
        "the data say 'refuted'",
        "coin.heads = ",
    ):
        assert fragment in printed, printed[-3000:]
    assert project.site() == before


def test_a_mended_input_builds_on(small: Project, tmp_path: Path) -> None:
    project = small.copy(tmp_path / "project")
    before = project.site()
    project.edit("templates/en/walks.md", "nearer", 'nearer {{ fact("no.fact") }}')
    assert project.snakemake().returncode != 0
    project.edit("templates/en/walks.md", 'nearer {{ fact("no.fact") }}', "nearer")
    project.build()
    assert project.site() == before
