"""The ledger notes what was made, and names each file that has become another since."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from juchi.core.checksums import Checksums, Content, sha256_of
from juchi.core.errors import UserError
from juchi.runtime.ledger import Ledger, checksum_of

FILES = ("results/facts.json", "build/web/data/facts.csv", "build/web/data/more/claims.csv")
NOTED = ("results/facts.json", "build/web/data")
LEDGER = Path(".snakemake/ledger")


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Give a ledger of a file and of a folder, in an own folder."""
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(name, "utf-8")
    ledger = Ledger(LEDGER)
    assert ledger.is_empty
    ledger.note(NOTED[:1], "first")
    ledger.note(NOTED[1:], "second")
    return ledger


def others(ledger: Ledger) -> list[str]:
    return [name for path in NOTED for name in ledger.others(path)]


def test_what_was_made_is_known_again(ledger: Ledger) -> None:
    for each in (ledger, Ledger(LEDGER)):
        assert not each.is_empty
        assert others(each) == []
        assert each.origin("build/web/data") == "second"
        assert each.noted("results/facts.json") == sha256_of("results/facts.json")
        assert each.noted("build/web/data/more/claims.csv") == sha256_of(FILES[2])
        assert each.noted("build/web/data/absent.csv") is None
        assert each.noted("build/absent") is None


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_named_whatever_its_age(ledger: Ledger, name: str) -> None:
    file = Path(name)
    status = file.stat()
    file.write_text(name.swapcase(), "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_size == status.st_size
    # The one that has read it before, and one that has not.
    for each in (ledger, Ledger(LEDGER)):
        assert others(each) == [name]
        with pytest.raises(UserError, match=f"error: {name}\n  found: .*, right now\n"):
            each.require(NOTED, "right now")


def test_files_that_come_to_a_folder_or_leave_it_are_named(ledger: Ledger) -> None:
    Path("build/web/data/.hidden").touch()
    Path(FILES[1]).unlink()
    assert others(ledger) == ["build/web/data/.hidden", "build/web/data/facts.csv"]
    shutil.rmtree("build/web/data")
    assert others(ledger) == []


def test_the_mark_that_snakemake_leaves_is_none_of_them(ledger: Ledger) -> None:
    Path("build/web/data/.snakemake_timestamp").touch()
    assert others(ledger) == []


def test_a_file_of_which_nothing_was_noted_is_named(ledger: Ledger) -> None:
    Path("results/claims.json").touch()
    assert ledger.others("results/claims.json") == ["results/claims.json"]


def test_a_file_in_the_place_of_a_folder_is_named(ledger: Ledger) -> None:
    shutil.rmtree("build/web/data")
    Path("build/web/data").touch()
    assert others(ledger) == ["build/web/data"]


def test_of_two_notes_the_last_one_holds(ledger: Ledger) -> None:
    Path(FILES[0]).write_text("new", "utf-8")
    ledger.note(NOTED[:1], "third")
    for each in (ledger, Ledger(LEDGER)):
        assert others(each) == []
        assert each.origin(FILES[0]) == "third"


def test_a_line_that_is_not_whole_notes_nothing(ledger: Ledger) -> None:
    Path(FILES[0]).write_text("new", "utf-8")
    ledger.note(NOTED[:1], "third")
    text = LEDGER.read_text("utf-8")
    for end in range(len(text) - 2, len(text) - 60, -1):
        LEDGER.write_text(text[:end], "utf-8")
        assert others(Ledger(LEDGER)) == [FILES[0]]
    # What is noted behind it holds.
    Ledger(LEDGER).note(NOTED[:1], "fourth")
    assert others(Ledger(LEDGER)) == []
    LEDGER.write_bytes(random.Random(1).randbytes(1000))
    assert Ledger(LEDGER).is_empty


def test_it_does_not_grow_for_ever(ledger: Ledger) -> None:
    for number in range(1500):
        ledger.note(NOTED[:1], str(number))
    assert len(LEDGER.read_text("utf-8").splitlines()) < 1500
    assert others(Ledger(LEDGER)) == []
    assert Ledger(LEDGER).origin(FILES[0]) == "1499"
    assert Ledger(LEDGER).origin(NOTED[1]) == "second"


def test_many_are_read_at_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = Checksums()
    ahead.read_ahead([*NOTED, "absent"])
    monkeypatch.setattr("juchi.core.checksums.sha256_of", lambda _: pytest.fail("read again"))
    assert ahead.content_of(NOTED[0]) == ledger.noted(NOTED[0])
    assert ahead.content_of(NOTED[1]) == ledger.noted(NOTED[1])
    assert ahead.content_of("absent") is None


def test_the_origin_depends_on_every_part_and_every_content() -> None:
    parts = ["rule", "parameter"]
    contents: dict[str, Content | None] = {"a": "1", "b": {"c": "2"}}
    origin = checksum_of(parts, contents)
    assert origin == checksum_of(parts, {"b": {"c": "2"}, "a": "1"})
    others = [
        checksum_of(["rule parameter"], contents),
        checksum_of(parts, {**contents, "a": "2"}),
        checksum_of(parts, {**contents, "b": {"c": "1"}}),
        checksum_of(parts, {**contents, "b": None}),
        checksum_of(parts, {"a": "1"}),
    ]
    assert len({origin, *others}) == 1 + len(others)
