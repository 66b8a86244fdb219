"""The benchmark's page says what was measured, holds it against its limits, and draws it."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from bench import growth, sweeps
from bench.chart import draw
from bench.growth import Growth
from bench.newcomer import Newcomer, disk_use
from bench.page import Measured, machine, page
from bench.rebuild import FIGURE, SENTENCE, SETTING, Rebuilds, longest_chain
from bench.sweeps import Speed
from juchi.preview.jobs import Job
from tests.project import ROOT

KINDS = {"loop scalar": 1, "loop batchnorm": 1, "exponentials": 90_000, "advance": 20_000}
KINDS |= {"observe": 9_000, "scalar": 800, "batchnorm": 700}
TIMES = {
    "everything, from clean": [100.0],
    "a dry run of an empty workflow": [1.0, 1.0, 2.0],
    "nothing to do": [1.4, 1.3, 1.4],
    "one sentence, both pages": [3.0],
    "one sentence, everything": [7.0],
    "one figure's code": [8.0],
    "one configuration": [20.0],
}
REBUILDS = Rebuilds(TIMES, work=120.0, chain=20.0, jobs=128, memory=900.0)
GROWTH = [
    Growth(10, False, 1.0, 21.0, 4.0),
    Growth(10, True, 1.0, 4.0, 2.0),
    Growth(100, True, 2.0, 22.0, 3.0),
    Growth(1000, True, 9.0, 209.0, 12.0),
]


def speeds(processes: int = 2) -> list[Speed]:
    return [Speed(kind, kind, processes, 1, ratio * 5e3, ratio) for kind, ratio in KINDS.items()]


MEASURED = Measured(["a machine"], speeds(), REBUILDS, GROWTH, Newcomer(650.0, 100.0, 39.0))


def job(name: str, *inputs: str) -> Job:
    return Job(frozenset(inputs), (name,), name)


def test_the_longest_chain_is_that_of_jobs_that_wait_for_one_another() -> None:
    took = {job("a"): 1.0, job("b"): 5.0, job("c", "a", "source"): 7.0, job("d", "b", "c"): 2.0}
    assert longest_chain(took) == 1 + 7 + 2
    assert longest_chain({}) == 0


def test_what_keeps_its_limit_is_said_to() -> None:
    assert all(limit.kept for limit in MEASURED.limits())
    assert len(MEASURED.limits()) == 11
    assert "missed" not in page(MEASURED)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("everything, from clean", 110.1),
        ("nothing to do", 1.6),
        ("one sentence, both pages", 3.5),
        ("one sentence, everything", 8.5),
    ],
)
def test_a_slow_round_trip_misses_its_limit(name: str, seconds: float) -> None:
    slow = replace(REBUILDS, times={**TIMES, name: [seconds]})
    missed = [limit.what for limit in replace(MEASURED, rebuilds=slow).limits() if not limit.kept]
    assert missed == [name]


def test_a_build_from_clean_is_held_to_its_seconds_however_much_work_there_is() -> None:
    much = replace(REBUILDS, times={**TIMES, "everything, from clean": [200.5]}, work=400.0)
    missed = [
        limit.allowed for limit in replace(MEASURED, rebuilds=much).limits() if not limit.kept
    ]
    assert missed == ["at most 200 s"]


@pytest.mark.parametrize(("path", "text"), [SENTENCE, SETTING])
def test_what_the_benchmark_edits_stands_in_the_article_once(path: str, text: str) -> None:
    assert (ROOT / path).read_text("utf-8").count(text) == 1
    assert (ROOT / FIGURE).is_file()


def test_slow_engines_miss_their_limits() -> None:
    slow = [replace(speed, ratio=speed.ratio / 4) for speed in speeds()]
    missed = [limit for limit in replace(MEASURED, speeds=slow).limits() if not limit.kept]
    assert [limit.allowed for limit in missed] == ["at least 10,000", "at least 300"]


def test_a_cost_that_grows_misses_its_limit() -> None:
    grown = [*GROWTH[:-1], replace(GROWTH[-1], trained=400.0)]
    missed = [limit for limit in replace(MEASURED, growth=grown).limits() if not limit.kept]
    assert len(missed) == 1
    assert page(replace(MEASURED, growth=grown)).count("**missed**") == 1


@pytest.mark.parametrize(
    ("newcomer", "missed"),
    [
        (Newcomer(701.0, 100.0, 39.0), ["701 MB"]),
        (Newcomer(650.0, 142.0, 39.0), ["181 s"]),
        (Newcomer(650.0, 100.0, 41.0), ["41 s"]),
    ],
)
def test_a_newcomer_who_waits_or_has_to_make_room_is_told(
    newcomer: Newcomer, missed: list[str]
) -> None:
    limits = replace(MEASURED, newcomer=newcomer).limits()
    assert [limit.measured for limit in limits if not limit.kept] == missed


def test_what_a_folder_takes_on_disk_counts_whole_blocks(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    before = disk_use(tmp_path)
    (tmp_path / "in" / "small").write_bytes(b"x")
    (tmp_path / "large").write_bytes(os.urandom(2**20))
    assert 1 < disk_use(tmp_path) - before < 1.2


def test_the_page_shows_every_number() -> None:
    text = page(MEASURED)
    for shown in ("- a machine", "20,000", "100 s", "900 MiB", "1,000", "200 ms", "1.3 s"):
        assert shown in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(row.endswith("|") for row in rows)


def test_the_chart_can_be_drawn_the_same_again(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        draw(MEASURED, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    ET.parse(tmp_path / "one.svg")


@pytest.mark.nightly
def test_every_engine_is_timed_against_its_loop() -> None:
    speeds = sweeps.measure(rounds=1, seconds=0.01)
    assert {speed.kind for speed in speeds} == set(KINDS)
    assert all(speed.steps > 0 for speed in speeds)
    assert [speed.ratio for speed in speeds if speed.kind.startswith("loop ")] == [1, 1]


def test_a_configuration_more_is_trained_alone(tmp_path: Path) -> None:
    (grown,) = growth.measure(tmp_path, cold=[], counts=[2])
    assert 0 < grown.planned < grown.trained
    assert grown.one_more > 0


def test_a_machine_is_told_without_paths() -> None:
    told = "\n".join(machine())
    assert "cores" in told
    assert "torch" in told
    assert str(ROOT) not in told
    assert "file:" not in told
