"""Bad input ends in one clear message, without a traceback, and the last good site stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.project import Project

Edit = Callable[[Project], None]


def edit(path: str, old: str, new: str) -> Edit:
    return lambda project: project.edit(path, old, new)


def append(path: str, text: str) -> Edit:
    return lambda project: project.append(path, text)


def remove(path: str) -> Edit:
    return lambda project: (project.folder / path).unlink()


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
    for fragment in ("found:", "expected:", "way out:", *fragments):
        assert fragment in printed, printed[-3000:]
    assert project.site() == before


def test_data_against_the_text_stops_the_build(built: Project, tmp_path: Path) -> None:
    """A verdict that changes is told with every sentence that was written for the other one."""
    project = built.copy(tmp_path / "project")
    before = project.site()
    # At this learning rate the small step is none: its sawtooth stays.
    project.edit(
        "config/experiments.yaml",
        "small_step: { like: seed_long, learning_rate: 0.2",
        "small_step: { like: seed_long, learning_rate: 0.8",
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
