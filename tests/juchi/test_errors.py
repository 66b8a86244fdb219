"""One shape for every message, and the way a command ends on one."""

from __future__ import annotations

from pathlib import Path

import pytest

from juchi.core.errors import UserError, run_command

MISTAKE = UserError("config/a.yaml: key", "this", "that", "change it")
MESSAGE = """\
error: config/a.yaml: key
  found:    this
  expected: that
  hint:     change it"""


def mistaken() -> None:
    raise MISTAKE


def test_a_message_says_where_what_and_how() -> None:
    assert str(MISTAKE) == MESSAGE


def test_a_mistake_ends_a_command_with_its_message_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("JUCHI_ERRORS", raising=False)
    with pytest.raises(SystemExit) as ended:
        run_command(mistaken)
    assert ended.value.code == MESSAGE, "Python prints a text to stderr and exits with status 1"


def test_messages_are_kept_for_the_end_of_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "errors.txt"
    monkeypatch.setenv("JUCHI_ERRORS", str(kept))
    for _ in range(2):
        with pytest.raises(SystemExit):
            run_command(mistaken)
    assert kept.read_text(encoding="utf-8") == f"{MESSAGE}\n" * 2


def test_a_command_that_succeeds_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JUCHI_ERRORS", str(tmp_path / "errors.txt"))
    done: list[int] = []
    run_command(lambda: done.append(1))
    assert done == [1]
    assert not (tmp_path / "errors.txt").exists()
    assert capsys.readouterr() == ("", "")


def test_a_fault_of_the_program_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        run_command(lambda: print(1 / 0))
