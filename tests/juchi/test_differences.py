"""A difference between two builds is told by file, and by cell, key or line within it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from juchi.core.records import write_json
from juchi.core.tables import write_table
from juchi.verify.differences import compare

NAMED_BY = ("configuration", "start")


def table(path: Path, **changes: object) -> None:
    columns = {
        "configuration": np.array(["post", "post", "tanh"], dtype=object),
        "start": np.arange(3),
        "weight": np.array([0.1, np.nan, 0.3]),
    }
    write_table(path, columns | changes)  # type: ignore[arg-type]


def details(tmp_path: Path, name: str, write: Callable[[Path], object], other: str) -> list[str]:
    """Write a file into one folder and another text or table into a second; return what differs."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir(parents=True)
    write(here / name)
    (there / name).write_text(other, "utf-8")
    (difference,) = compare(here, there, NAMED_BY)
    assert difference.path == name
    return difference.details


def test_equal_folders_do_not_differ(tmp_path: Path) -> None:
    for folder in ("here", "there"):
        table(tmp_path / folder / "runs" / "post.parquet")
        (tmp_path / folder / "runs" / f".left-over-{folder}").touch()
    assert list(compare(tmp_path / "here", tmp_path / "there", NAMED_BY)) == []


def test_a_changed_cell_is_named_by_its_row_and_column(tmp_path: Path) -> None:
    table(tmp_path / "here" / "post.parquet")
    table(tmp_path / "there" / "post.parquet", weight=np.array([0.1, np.nan, 0.30000000000000004]))
    (difference,) = compare(tmp_path / "here", tmp_path / "there", NAMED_BY)
    assert difference.details == [
        "row 3 (configuration tanh, start 2), weight: 0.3 | 0.30000000000000004"
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"start": np.arange(3), "loss": np.zeros(3)}, "columns: configuration, start, weight |"),
        (
            {
                "configuration": np.array(["post"]),
                "start": np.array([0]),
                "weight": np.array([0.1]),
            },
            "rows: 3 | 1",
        ),
    ],
)
def test_tables_of_other_shapes_are_told_apart(
    tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    table(tmp_path / "here" / "post.parquet")
    table(tmp_path / "there" / "post.parquet", **changes)
    (difference,) = compare(tmp_path / "here", tmp_path / "there", NAMED_BY)
    assert difference.details[0].startswith(told)


def test_a_file_of_one_build_alone_is_told(tmp_path: Path) -> None:
    for folder, name in (("here", "a.txt"), ("there", "b.txt")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).touch()
    found = {
        each.path: each.details for each in compare(tmp_path / "here", tmp_path / "there", NAMED_BY)
    }
    assert found == {
        "a.txt": [f"only in {tmp_path / 'here'}"],
        "b.txt": [f"only in {tmp_path / 'there'}"],
    }


def test_records_are_told_by_key(tmp_path: Path) -> None:
    found = details(
        tmp_path,
        "facts.json",
        lambda path: write_json(path, {"post.w_star": {"value": 0.25}}),
        '{"post.w_star": {"value": 0.5, "n": 1}}',
    )
    assert found == ["/post.w_star/n: nothing | 1", "/post.w_star/value: 0.25 | 0.5"]


def test_csv_is_told_by_cell_and_text_by_line(tmp_path: Path) -> None:
    found = details(
        tmp_path / "csv",
        "a.csv",
        lambda path: path.write_text("start,weight\n0,0.1\n", "utf-8"),
        "start,weight\n0,0.2\n",
    )
    assert found == ["row 1 (start 0), weight: 0.1 | 0.2"]
    found = details(
        tmp_path / "html",
        "a.html",
        lambda path: path.write_text("<p>\none\n", "utf-8"),
        "<p>\none more\n",
    )
    assert found == ["line 2: 'one' | 'one more'"]


def test_a_damaged_table_is_told_as_damaged(tmp_path: Path) -> None:
    found = details(tmp_path, "post.parquet", table, "no table")
    assert found[0].startswith("error: ")
    assert "sizes" in found[1]


def test_many_differences_are_counted(tmp_path: Path) -> None:
    here = "".join(f"{number}\n" for number in range(20))
    found = details(tmp_path, "a.txt", lambda path: path.write_text(here, "utf-8"), "x\n" * 20)
    assert len(found) == 6
    assert found[-1] == "... and 15 more"
