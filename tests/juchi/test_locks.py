"""Whoever holds the folder knows that neither another build nor a job of one still writes there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.project import ROOT

# Holds the folder and starts a job that writes a second later; then it is killed.
KILLED = """
import os, signal, subprocess
from pathlib import Path
from juchi.core.locks import hold
inherited = hold(Path(".snakemake"))
subprocess.Popen(["sh", "-c", "echo started; sleep 1; touch late"], pass_fds=inherited)
os.kill(os.getpid(), signal.SIGKILL)
"""
NEXT = """
from pathlib import Path
from juchi.core.locks import hold
hold(Path(".snakemake"))
print("late" if Path("late").exists() else "early")
"""


def python(script: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_build_waits_for_the_jobs_of_one_that_was_killed() -> None:
    with python(KILLED) as killed:
        assert killed.stdout
        assert killed.stdout.readline() == "started\n"
        with python(NEXT) as following:
            said, told = following.communicate()
    assert said == "late\n"
    assert told == "Waiting for the jobs of a build that was killed to end.\n"


def test_it_does_not_wait_where_no_job_is_left() -> None:
    for _ in range(2):
        with python(NEXT) as build:
            assert build.communicate() == ("early\n", "")


def test_a_second_build_is_refused() -> None:
    with python(f"{NEXT}import sys, time; sys.stdout.flush(); time.sleep(60)") as first:
        assert first.stdout
        assert first.stdout.readline() == "early\n"
        began = time.monotonic()
        with python(NEXT) as second:
            assert "another build, which is running in this folder" in second.communicate()[1]
        assert second.returncode == 1
        assert time.monotonic() - began < 30
        first.kill()
