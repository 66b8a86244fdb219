"""What is kept from build to build is what would be worked out again, or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from juchi.core import memoize as memoized
from juchi.core.memoize import memoize, recall, save
from juchi.plan.imports import _code
from tests.project import Project


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test as a new process does."""
    monkeypatch.setattr(memoized, "_kept", {})
    monkeypatch.setattr(memoized, "_used", {})


def counted() -> tuple[list[int], Callable[[], int]]:
    calls: list[int] = []

    def work_out() -> int:
        calls.append(1)
        return len(calls)

    return calls, work_out


def again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go on as the next process would."""
    save(path)
    monkeypatch.setattr(memoized, "_kept", {})
    monkeypatch.setattr(memoized, "_used", {})
    recall(path)


def test_the_same_text_is_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, work_out = counted()
    assert memoize(work_out, "kind", "text") == memoize(work_out, "kind", "text") == 1
    again(tmp_path / "memory", monkeypatch)
    assert memoize(work_out, "kind", b"text") == 1
    assert len(calls) == 1


@pytest.mark.parametrize("made_of", [("kind", "texts"), ("kinds", "text"), ("k", "indtext")])
def test_another_text_or_another_kind_is_another(made_of: tuple[str, str]) -> None:
    _, work_out = counted()
    memoize(work_out, "kind", "text")
    assert memoize(work_out, *made_of) == 2


def test_what_is_no_longer_used_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, work_out = counted()
    memoize(work_out, "a")
    memoize(work_out, "b")
    again(tmp_path / "memory", monkeypatch)
    assert memoize(work_out, "b") == 2
    again(tmp_path / "memory", monkeypatch)
    assert memoize(work_out, "a") == 3


def test_a_failure_is_not_kept() -> None:
    def fail() -> int:
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            memoize(fail, "a")


def test_a_damaged_memory_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "memory"
    assert memoize(lambda: "kept", "a") == "kept"
    save(path)
    whole = path.read_bytes()
    # One bit flipped anywhere, also where the text stays JSON; cut off anywhere.
    flipped = [whole[:i] + bytes([whole[i] ^ 1]) + whole[i + 1 :] for i in range(len(whole))]
    for damaged in [b"", b"\0", b"[1]", *flipped, *(whole[:i] for i in range(len(whole)))]:
        monkeypatch.setattr(memoized, "_kept", {})
        path.write_bytes(damaged)
        recall(path)
        assert memoized._kept == {}


@pytest.mark.parametrize(
    ("article", "module"),
    [
        ("small", "experiments/chance.py"),
        pytest.param("built", "experiments/measures.py", marks=pytest.mark.nightly),
    ],
)
def test_a_build_that_remembers_plans_what_one_without_memory_plans(
    request: pytest.FixtureRequest, tmp_path: Path, article: str, module: str
) -> None:
    built: Project = request.getfixturevalue(article)
    project = built.copy(tmp_path / "project")
    kept = project.folder / ".snakemake" / "memoized"
    assert len(json.loads(kept.read_text("utf-8").split("\n", 1)[1])) > 100
    project.append(module, "\nEDITED = 1\n")
    with_memory = sorted(map(str, project.planned()))
    kept.unlink()
    assert with_memory == sorted(map(str, project.planned())) != []


def test_what_the_card_is_drawn_from_is_kept_until_it_changes(
    small: Project, tmp_path: Path
) -> None:
    """The library that draws takes long to import, and is not when there is nothing to do."""
    project = small.copy(tmp_path / "project")
    project.edit("report/social_card.py", '["drunk"]', '["lazy"]')
    assert "preview:en" in {job.name for job in project.planned()}
    project.edit("report/social_card.py", '["lazy"]', '["laxy"]')
    done = project.snakemake()
    assert "report/social_card.py: RESULTS" in done.stdout + done.stderr
    assert "did you mean 'lazy'?" in done.stdout + done.stderr
    project.edit("report/social_card.py", '["laxy"]', '["drunk"]')
    assert project.planned() == []
    project.append("report/social_card.py", "\n1 / 0\n")
    told = project.snakemake()
    assert "report/social_card.py:" in told.stdout + told.stderr
    assert "ZeroDivisionError" in told.stdout + told.stderr


def test_the_digest_of_code_sees_what_runs(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    told = []
    for text in ("x = 1\n", "x = 1  # why\n", '"""What."""\nx = 1\n', "x = 2\n"):
        file.write_text(text)
        _code.cache_clear()
        told.append(_code(file)["tree"])
    assert told[0] == told[1] == told[2] != told[3]
