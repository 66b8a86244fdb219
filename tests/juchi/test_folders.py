"""A folder is replaced whole, in one move where the system can; wherever it lies."""

from __future__ import annotations

import ctypes
import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from juchi.core.folders import exchange, replacing_folder
from tests.namespaces import can_mount, mounted, overlaid
from tests.project import ROOT


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    (tmp_path / "staged").mkdir()
    (tmp_path / "staged" / "new").touch()
    return tmp_path / "staged"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "old").touch()
    return tmp_path / "site"


def without_exchange(_: object, **__: object) -> object:
    return object()


@pytest.mark.parametrize("library", [ctypes.CDLL, without_exchange])
def test_the_staged_folder_takes_the_place_of_the_site(
    monkeypatch: pytest.MonkeyPatch, staged: Path, site: Path, library: Callable[..., object]
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", library)
    exchange(staged, site)
    assert list(contents(site)) == ["new"]
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_the_first_site_only_takes_its_name(staged: Path, tmp_path: Path) -> None:
    exchange(staged, tmp_path / "site")
    assert list(contents(tmp_path / "site")) == ["new"]
    assert not staged.exists()


def test_a_failed_move_puts_the_old_site_back(
    monkeypatch: pytest.MonkeyPatch, staged: Path, site: Path
) -> None:
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path == staged:
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(ctypes, "CDLL", without_exchange)
    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="Permission denied"):
        exchange(staged, site)
    assert list(contents(site)) == ["old"]


# --- folders that cannot be renamed ---

# Replaces the folder `site`, and tells what stands there then.
REPLACE = """
import sys
from pathlib import Path
from juchi.core.folders import replacing_folder
with replacing_folder(Path("build/site")) as part:
    (part / "en").mkdir()
    (part / "en" / "index.html").write_text("new")
    (part / "index.html").write_text("new")
    (part / "was_folder").write_text("new")
    (part / "was_file").mkdir()
    (part / "was_file" / "file").write_text("new")
for path in sorted(Path("build").rglob("*")):
    print(path, path.read_text() if path.is_file() else "folder")
"""


@pytest.mark.skipif(not can_mount(), reason="this machine lets no test mount a file system")
@pytest.mark.parametrize("within", [overlaid("build"), mounted("build/site")])
def test_a_folder_that_cannot_be_renamed_is_replaced_file_by_file(
    tmp_path: Path, within: tuple[str, ...]
) -> None:
    """In a lower layer of an overlay, as in a container; and where a disk is mounted."""
    for name in ("index.html", "old.html", "old/deep/file", "was_folder/file", "was_file"):
        path = tmp_path / "build" / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old", "utf-8")
    done = subprocess.run(
        [*within, sys.executable, "-c", REPLACE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "build/site folder",
        "build/site/en folder",
        "build/site/en/index.html new",
        "build/site/index.html new",
        "build/site/was_file folder",
        "build/site/was_file/file new",
        "build/site/was_folder new",
    ]


def test_what_fails_leaves_the_old_folder(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "old").touch()
    with pytest.raises(KeyError), replacing_folder(tmp_path / "folder") as part:
        (part / "new").touch()
        raise KeyError
    assert [path.name for path in tmp_path.rglob("*")] == ["folder", "old"]
