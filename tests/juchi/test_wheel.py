"""The wheel: all that an article needs of the generator, in a folder that knows no repository."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from setup.wheel import build
from tests.project import ROOT, sources


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the wheel of what lies here."""
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_file_of_the_generator_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == {name for name in sources(ROOT) if name.startswith("juchi/")}


def test_the_wheel_asks_for_no_torch_and_is_built_the_same_twice(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        required = archive.read(metadata).decode()
    assert "Requires-Dist: numpy==" in required
    assert "torch" not in required
    assert build(ROOT, tmp_path).read_bytes() == wheel.read_bytes()
