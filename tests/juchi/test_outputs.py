"""What is looked at before a build: folders that take no files, and files from the future."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.runtime.outputs import correct_clock_skew, delete_begun, require_writable

HOUR = 3600.0
FILES = (
    "results/one_weight/post.curves.parquet",
    "results/facts.json",
    "build/web/fonts/en/.snakemake_timestamp",
    "build/site/manifest.json",
    "build/site/en/index.html",
)


def made(folder: Path, shift: dict[str, float]) -> dict[str, Path]:
    """Write files whose times are apart from now by so many seconds; a minute ago by default."""
    paths = {}
    for name in FILES:
        path = paths[name] = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
        at = time.time() + shift.get(name, -60)
        os.utime(path, (at, at))
    return paths


def ended(folder: Path) -> int:
    return correct_clock_skew([folder / "results", folder / "build"])


def test_what_seems_made_in_the_future_counts_as_made_now(tmp_path: Path) -> None:
    paths = made(tmp_path, dict.fromkeys(FILES[2:], HOUR))
    before = [path.stat().st_mtime_ns for path in paths.values()]
    begun = time.time()
    assert ended(tmp_path) == 3
    for path, was in zip(paths.values(), before, strict=True):
        assert path.read_text("utf-8") == path.relative_to(tmp_path).as_posix()
        if path.relative_to(tmp_path).as_posix() in FILES[2:]:
            assert begun - 1 <= path.stat().st_mtime <= time.time()
        else:
            assert path.stat().st_mtime_ns == was
    assert ended(tmp_path) == 0


@pytest.mark.parametrize("ahead", [-60, 0.5])
def test_nothing_is_done_where_the_clock_is_right(tmp_path: Path, ahead: float) -> None:
    paths = made(tmp_path, {FILES[1]: ahead})
    times = {path: path.stat().st_mtime_ns for path in paths.values()}
    assert ended(tmp_path) == 0
    assert {path: path.stat().st_mtime_ns for path in paths.values()} == times


def test_the_folders_need_not_be_there_yet(tmp_path: Path) -> None:
    require_writable(tmp_path, [tmp_path / "results"])
    assert ended(tmp_path) == 0


@pytest.mark.parametrize("closed", [".", "results", "results/one_weight"])
def test_a_folder_that_takes_no_files_is_named(
    tmp_path: Path, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, {})
    require_writable(tmp_path, [tmp_path / "results", tmp_path / "build"])
    # To root, who runs the tests on some machines, every folder of a disk is open.
    monkeypatch.setattr(os, "access", lambda path, _: path != tmp_path / closed)
    with pytest.raises(UserError) as caught:
        require_writable(tmp_path, [tmp_path / "results", tmp_path / "build"])
    assert str(caught.value).startswith(f"error: {tmp_path / closed}\n")


def test_what_a_killed_build_has_begun_is_deleted_and_nothing_else(tmp_path: Path) -> None:
    kept = made(tmp_path, {})
    begun = tmp_path / "build/.site.x7.part/en/index.html"
    begun.parent.mkdir(parents=True)
    for path in (begun, tmp_path / "results/.facts.json.q1.part"):
        path.write_text("half", "utf-8")
    own = tmp_path / "build/a.part"
    own.write_text("whole", "utf-8")
    delete_begun([tmp_path / "results", tmp_path / "build", tmp_path / "none"])
    left = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {own, *kept.values()}
    assert not (tmp_path / "build/.site.x7.part").exists()
