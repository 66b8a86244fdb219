"""A trained result is taken only as it was made, and for the settings that are declared."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.results.seals import check_seal, write_seal

SETTINGS: dict[str, dict[str, Any]] = {
    "seed": {"name": "seed", "steps": 3},
    "tanh": {"name": "tanh", "steps": 3},
}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Write the results of two variants, with their seals."""
    for name, settings in SETTINGS.items():
        files = [tmp_path / "runs" / f"{name}.parquet", tmp_path / "landscapes" / f"{name}.json"]
        for file in files:
            file.parent.mkdir(exist_ok=True)
            file.write_text(f'{{"{name}": 0.125}}', "utf-8")
        write_seal(tmp_path / "seals" / f"{name}.json", settings, files)
    return tmp_path


def check(folder: Path) -> None:
    for name, settings in SETTINGS.items():
        files = [folder / "runs" / f"{name}.parquet", folder / "landscapes" / f"{name}.json"]
        check_seal(folder / "seals" / f"{name}.json", settings, files)


def test_what_was_made_is_taken(made: Path) -> None:
    check(made)


def flip(folder: Path) -> str:
    file = folder / "landscapes" / "tanh.json"
    content = bytearray(file.read_bytes())
    content[content.index(b"2")] ^= 1  # 0.125 becomes 0.135, which is a number too
    file.write_bytes(content)
    assert json.loads(content) == {"tanh": 0.135}
    return "landscapes/tanh.json"


def swap_one(folder: Path) -> str:
    shutil.copy(folder / "runs" / "seed.parquet", folder / "runs" / "tanh.parquet")
    return "runs/tanh.parquet"


def swap_all(folder: Path) -> str:
    for kind, ending in (("runs", "parquet"), ("landscapes", "json"), ("seals", "json")):
        shutil.copy(folder / kind / f"seed.{ending}", folder / kind / f"tanh.{ending}")
    return "seals/tanh.json"


def of_another_preset(folder: Path) -> str:
    files = [folder / "runs" / "tanh.parquet", folder / "landscapes" / "tanh.json"]
    write_seal(folder / "seals" / "tanh.json", {"name": "tanh", "steps": 4}, files)
    return "seals/tanh.json"


def no_seal(folder: Path) -> str:
    (folder / "seals" / "tanh.json").write_text("[]", "utf-8")
    return "seals/tanh.json"


@pytest.mark.parametrize("poison", [flip, swap_one, swap_all, of_another_preset, no_seal])
def test_anything_else_is_named_with_the_way_out(made: Path, poison: Callable[[Path], str]) -> None:
    file = made / poison(made)
    with pytest.raises(UserError) as refused:
        check(made)
    assert f"error: {file}\n" in str(refused.value)
    assert f"delete {file} and build again" in str(refused.value)


def test_the_setting_that_differs_is_named(made: Path) -> None:
    with pytest.raises(UserError, match="steps 3 instead of 5"):
        check_seal(made / "seals" / "seed.json", {"name": "seed", "steps": 5}, [])


def test_of_a_link_into_a_cache_the_entry_is_named(made: Path) -> None:
    """Else the next build would take the same file from there once more."""
    file = made / swap_one(made)
    entry = file.rename(made / "entry.parquet")
    file.symlink_to(entry)
    with pytest.raises(
        UserError, match=f"delete {file} and {entry}, to which it links, and build again"
    ):
        check(made)
