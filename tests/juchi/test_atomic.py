"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from juchi.core.atomic import replacing, write_bytes, write_text


def test_text_is_utf8_with_the_line_ends_that_it_has(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "锯齿\n— end\r\n")
    assert (tmp_path / "a.txt").read_bytes() == "锯齿\n— end\r\n".encode()


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "a.bin"
    write_bytes(path, b"old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def fail(part: Path) -> None:
    part.write_bytes(b"half of")
    raise OSError("no space left on device")


def interrupt(part: Path) -> None:
    part.write_bytes(b"half of")
    raise KeyboardInterrupt


def lose(part: Path) -> None:
    part.unlink()


@pytest.mark.parametrize("mishap", [fail, interrupt, lose])
@pytest.mark.parametrize("old", [b"old", None])
def test_a_failure_leaves_what_was_there(tmp_path: Path, mishap: object, old: bytes | None) -> None:
    path = tmp_path / "a.bin"
    if old is not None:
        path.write_bytes(old)
    with pytest.raises((OSError, KeyboardInterrupt)), replacing(path) as part:
        assert callable(mishap)
        mishap(part)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([] if old is None else [old])


def test_the_old_file_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    with replacing(path) as part:
        part.write_text("new", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "old"
        assert part.parent == path.parent, "a rename across file systems is no single move"
    assert path.read_text(encoding="utf-8") == "new"


def test_everyone_may_read_the_file_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_bytes(tmp_path / "a.bin", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.bin").stat().st_mode) == 0o644


def test_two_writers_do_not_write_into_each_other(tmp_path: Path) -> None:
    """As when a killed build leaves a child: the last to finish wins, and its file is whole."""
    path = tmp_path / "a.txt"
    with replacing(path) as last:
        last.write_text("first half, ", encoding="utf-8")
        with replacing(path) as first:
            assert first != last
            first.write_text("the other", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "the other"
        with last.open("a", encoding="utf-8") as more:
            more.write("second half")
    assert path.read_text(encoding="utf-8") == "first half, second half"
    assert list(tmp_path.iterdir()) == [path]
