"""A result is taken only as it was made, and for the settings that are declared."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.results.checksums import check_checksums, write_checksums

SETTINGS: dict[str, dict[str, Any]] = {
    "post": {"name": "post", "steps": 3},
    "tanh": {"name": "tanh", "steps": 3},
}


PARTS = ("samples.parquet", "scalars.json")


def files_of(folder: Path, name: str) -> list[Path]:
    return [folder / f"{name}.{part}" for part in PARTS]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Write the results of two configurations, with their checksums."""
    for name, settings in SETTINGS.items():
        files = files_of(tmp_path, name)
        for file in files:
            file.write_text(f'{{"{name}": 0.125}}', "utf-8")
        write_checksums(tmp_path / f"{name}.checksums.json", settings, files)
    return tmp_path


def check(folder: Path) -> None:
    for name, settings in SETTINGS.items():
        check_checksums(folder / f"{name}.checksums.json", settings, files_of(folder, name))


def test_what_was_made_is_taken(made: Path) -> None:
    check(made)


def flip(folder: Path) -> str:
    file = folder / "tanh.scalars.json"
    content = bytearray(file.read_bytes())
    content[content.index(b"2")] ^= 1  # 0.125 becomes 0.135, which is a number too
    file.write_bytes(content)
    assert json.loads(content) == {"tanh": 0.135}
    return "tanh.scalars.json"


def swap_one(folder: Path) -> str:
    shutil.copy(folder / "post.samples.parquet", folder / "tanh.samples.parquet")
    return "tanh.samples.parquet"


def swap_all(folder: Path) -> str:
    for part in (*PARTS, "checksums.json"):
        shutil.copy(folder / f"post.{part}", folder / f"tanh.{part}")
    return "tanh.checksums.json"


def of_another_preset(folder: Path) -> str:
    settings = {"name": "tanh", "steps": 4}
    write_checksums(folder / "tanh.checksums.json", settings, files_of(folder, "tanh"))
    return "tanh.checksums.json"


def no_checksums(folder: Path) -> str:
    (folder / "tanh.checksums.json").write_text("[]", "utf-8")
    return "tanh.checksums.json"


@pytest.mark.parametrize("poison", [flip, swap_one, swap_all, of_another_preset, no_checksums])
def test_anything_else_is_named_with_the_way_out(made: Path, poison: Callable[[Path], str]) -> None:
    file = made / poison(made)
    with pytest.raises(UserError) as refused:
        check(made)
    assert f"error: {file}\n" in str(refused.value)
    assert f"delete {file} and build again" in str(refused.value)


def test_the_setting_that_differs_is_named(made: Path) -> None:
    with pytest.raises(UserError, match="steps 3 instead of 5"):
        check_checksums(made / "post.checksums.json", {"name": "post", "steps": 5}, [])


def test_of_a_link_into_a_cache_the_entry_is_named(made: Path) -> None:
    """Else the next build would take the same file from there once more."""
    file = made / swap_one(made)
    entry = file.rename(made / "entry.parquet")
    file.symlink_to(entry)
    with pytest.raises(
        UserError, match=f"delete {file} and {entry}, to which it links, and build again"
    ):
        check(made)
