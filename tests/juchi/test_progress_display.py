"""A build shows how far it is, on a terminal and in a log, and gives an account at the end."""

from __future__ import annotations

import errno
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from juchi.core import progress
from juchi.core.progress import name_job, read_share, track
from juchi.runtime.progress_display import Build, Job, Progress, account, in_words, state
from tests.project import ROOT

REASON = "not made before"
# Two jobs of one rule, which tell how far they are and end when they are let go; one that follows.
WORKFLOW = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from juchi.core import progress
from juchi.runtime import progress_display
os.environ[progress.FOLDER] = "steps"
PROGRESS = None
if workflow.is_main_process and not workflow.output_settings.dryrun:
    quiet = frozenset(kind.name.lower() for kind in workflow.output_settings.quiet or ())
    cores = workflow.resource_settings.cores or 1
    PROGRESS = progress_display.follow(quiet, cores, Path("steps"), Path("durations.json"))
onsuccess:
    if PROGRESS: PROGRESS.close()
onerror:
    if PROGRESS: PROGRESS.close()
rule all:
    input: "c"
rule train:
    output: "{{name}}.run"
    params: "first"
    shell:
        "mkdir -p steps; printf 0.250 > steps/{{wildcards.name}}; "
        "until test -e go; do sleep 0.1; done; test ! -e fail && touch {{output}}"
rule join:
    input: "a.run", "b.run"
    output: "c"
    shell: "touch {{output}}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the small workflow."""
    (tmp_path / "Snakefile").write_text(WORKFLOW, "utf-8")
    return tmp_path


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "snakemake", "--cores", "2", "--quiet", "rules", *arguments]


def logged(folder: Path, *arguments: str) -> str:
    """Run the workflow as in a log, with no terminal; return all that it says."""
    (folder / "go").touch()
    run = subprocess.run(
        command(*arguments), cwd=folder, capture_output=True, text=True, check=False
    )
    return run.stdout + run.stderr


def on_terminal(folder: Path, *awaited: str) -> str:
    """Run the workflow on a terminal of its own; return all that it receives.

    Its first jobs end when all that is awaited has been shown.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(sys.executable, command(), {**os.environ, "TERM": "xterm", "COLUMNS": "80"})
    received = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        received += part
        if all(each.encode() in received for each in awaited):
            (folder / "go").touch()
    _, status = os.waitpid(child, 0)
    assert status == 0, received
    return received.decode()


def test_a_terminal_shows_jobs_done_running_and_left(folder: Path) -> None:
    (folder / "durations.json").write_text(json.dumps({"train:a": 1.5, "train:b": 1.5, "join": 1}))
    shown = on_terminal(folder, "train:a 25%", "left")
    drawn = re.findall(r"\r\x1b\[K(\d of 3 jobs done; [^\r\n]*)", shown)
    assert any("running: train:" in line and "left" in line for line in drawn)
    assert any("train:a 25%" in line for line in drawn)
    assert all(len(line) < 80 for line in drawn)
    # The account stands on a line of its own, behind the last clearing.
    assert re.search(r"\r\x1b\[K  rule +jobs +time +why\r\n", shown)


def test_a_log_gets_plain_lines_and_the_account(folder: Path) -> None:
    said = logged(folder)
    assert "\x1b" not in said and "\r" not in said
    assert re.search(rf"^  train +2 +\S+ s +{REASON}$", said, re.MULTILINE)
    assert re.search(rf"^  join +1 +\S+ s +{REASON}$", said, re.MULTILINE)
    assert re.search(r"^3 jobs in \S+ s: \S+ s of work, 2 at a time", said, re.MULTILINE)
    assert "Select jobs" not in said
    assert {"train:a", "train:b", "join"} == set(
        json.loads((folder / "durations.json").read_text())
    )


def test_the_account_says_why(folder: Path) -> None:
    logged(folder)
    (folder / "Snakefile").write_text(WORKFLOW.replace('"first"', '"second"'), "utf-8")
    said = logged(folder)
    assert re.search(r"^  train +2 .*settings, sources or code changed$", said, re.MULTILINE)
    assert re.search(r"^  join +1 .*what it reads was made again$", said, re.MULTILINE)


def test_with_nothing_to_do_there_is_no_account(folder: Path) -> None:
    logged(folder)
    said = logged(folder)
    assert "Nothing to be done" in said
    assert "jobs in" not in said


def test_a_failure_is_told_and_counts_as_nothing_done(folder: Path) -> None:
    (folder / "fail").touch()
    said = logged(folder)
    assert "At least one job did not complete successfully" in said
    assert "jobs in" not in said


def test_silence_is_kept(folder: Path) -> None:
    assert logged(folder, "--quiet", "all").strip() == ""


def job(name: str, started: float = 0.0) -> Job:
    return Job(name.partition(":")[0], name, REASON, started)


def test_the_time_left_is_that_of_the_last_build() -> None:
    build = Build({"train:a": 10.0, "train:b": 20.0, "page": 30.0}, 2, {"train": 2, "page": 1})
    build.running[1] = job("train:a")
    # 6 s of a, then one that takes as long as the two on average, and the page; on two cores.
    assert build.left(4.0) == pytest.approx((6 + 15 + 30) / 2)


def test_no_core_helps_the_longest_job() -> None:
    build = Build({"train:a": 40.0}, 8, {"train": 1})
    build.running[1] = job("train:a")
    assert build.left(10.0) == pytest.approx(30.0)


def test_jobs_that_need_not_run_do_not_count() -> None:
    build = Build({"train:a": 400.0, "page": 3.0}, 1, {"page": 1})
    assert build.left(0.0) == pytest.approx(3.0)


def test_a_job_that_would_make_the_same_again_counts_as_done(tmp_path: Path) -> None:
    build = Build({}, 2, {"join": 2, "train": 1}, kept=["join"])
    build.done.append((Job("train", "train", REASON, 0.0), 3.0))
    assert state(build, 3.0, tmp_path).startswith("2 of 3 jobs done")
    assert "  What 1 more read came out the same: they were not run." in account(build, 3.0)


def test_without_a_last_build_the_time_left_is_that_of_the_jobs_done() -> None:
    build = Build({}, 1, {"train": 3, "page": 1})
    assert build.left(0.0) is None
    build.done = [(job("train:a"), 2.0), (job("train:b"), 4.0)]
    assert build.left(0.0) == pytest.approx(2 * 3.0)


def test_a_job_without_a_wildcard_has_no_share(tmp_path: Path) -> None:
    build = Build({}, 1, {"compose": 1})
    build.running = {1: job("compose")}
    assert state(build, 0.0, tmp_path) == "0 of 1 jobs done; running: compose"


def test_a_display_that_cannot_show_ends_no_build(tmp_path: Path) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(errno.ENOSPC, "no space left")

    progress = Progress(Full(), 1, tmp_path, Path("/dev/full/durations.json"))
    progress._build.done = [(job("compose"), 1.0)]
    progress.close()


def test_a_line_names_a_few_of_many_running_jobs(tmp_path: Path) -> None:
    build = Build({}, 9, {"train": 9})
    build.running = {index: job(f"train:{index}") for index in range(5)}
    (tmp_path / "1").write_text("0.5")
    line = state(build, 0.0, tmp_path)
    assert line == "0 of 9 jobs done; running: train:0, train:1 50%, train:2 and 2 more"


def test_the_account_puts_the_longest_rule_first() -> None:
    build = Build({}, 2, {"train": 2, "page": 1})
    other = Job("train", "train:b", "asked for", 0.0)
    build.done = [(job("page"), 1.0), (job("train:a"), 60.0), (other, 70.0)]
    lines = account(build, 75.0)
    assert [line.split()[0] for line in lines] == ["rule", "train", "page", "3"]
    assert f"{REASON} (1), asked for (1)" in lines[1]
    assert "2 min 10 s" in lines[1]
    assert "train:b 1 min 10 s" in lines[-1]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.4, "12 s"), (185, "3 min 5 s")]
)
def test_durations_are_told_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Have this process tell how far it is, at every step."""
    monkeypatch.setenv(progress.FOLDER, str(tmp_path))
    monkeypatch.setattr(progress, "_SECONDS", 0.0)
    monkeypatch.setattr(progress._Telling, "name", None)
    name_job("cascade")
    yield tmp_path


def test_a_loop_tells_its_share(told: Path) -> None:
    shares = [read_share(told, "cascade") for _ in track("abcd", 4)]
    assert shares == [0.0, 0.25, 0.5, 0.75]


def test_a_loop_within_another_is_silent(told: Path) -> None:
    shares = [read_share(told, "cascade") for _ in track("ab", 2) for _ in track("cde", 3)]
    assert shares == [0.0] * 3 + [0.5] * 3


def test_by_hand_a_loop_tells_nobody(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(progress.FOLDER)
    assert list(track("ab", 2)) == ["a", "b"]
    assert not list(told.iterdir())


def test_what_a_job_tells_may_be_half_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    assert read_share(tmp_path, "a") is None
    assert read_share(tmp_path, "b") is None
