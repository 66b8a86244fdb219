"""What goes wrong from outside: killed programs, full disks, damaged tables, two builds at once.

After each the last good site is whole, and a plain rerun gives the bytes of an undisturbed build.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from juchi.core.tables import read_table, write_table
from tests.juchi.test_watertight import Step, steps
from tests.namespaces import can_mount, read_only, with_disk
from tests.project import Project
from tests.ready import Build

# A long run of many: JUCHI_KILLS=100 JUCHI_KILLS_SEED=7 make test ARGS="-k killed_at". The nightly
# workflow has one; a few kills are among all the tests.
KILLS = int(os.environ.get("JUCHI_KILLS", "3"))
SEED = int(os.environ.get("JUCHI_KILLS_SEED", "20261126"))
# How many busy loops load the machine.
LOOPS = int(os.environ.get("JUCHI_KILLS_LOOPS", "2"))
# What is killed, in turn.
KINDS = ("snakemake", "program", "all")
# The setting of each article that is changed to and fro: it trains, draws and prints again.
CHANGED = {
    "small": ("long: { like: drunk, steps: 256 ", "long: { like: drunk, steps: 320 "),
    "built": (
        "small_step: { like: post_long, learning_rate: 0.2 ",
        "small_step: { like: post_long, learning_rate: 0.25 ",
    ),
}


def start(project: Project, log: Path) -> Build:
    """Start a build in a session of its own."""
    return Build(["--cores", "2", *project.overlay], project.folder, log, log, session=True)


def programs(session: int) -> Iterator[int]:
    """Yield the number of each process of a session."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getsid(int(process.name)) == session:
                yield int(process.name)


@contextlib.contextmanager
def loaded(loops: int) -> Iterator[None]:
    """Load the machine with busy loops, as other work on it does."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for loop in busy:
            loop.kill()
            loop.wait()


@dataclass(frozen=True)
class Undisturbed:
    """An article that was built, before and after its setting was changed.

    Attributes
    ----------
    built
        The project as it was built.
    settings
        The texts of the setting.
    sites
        The site before and after.
    seconds
        What the second one took.
    """

    built: Project
    settings: tuple[str, str]
    sites: tuple[dict[str, str], dict[str, str]]
    seconds: float

    def change(self, project: Project, goal: int) -> None:
        """Change the setting to the one that leads to a site: the first or the second."""
        texts = self.settings[1 - goal], self.settings[goal]
        project.edit("config/experiments.yaml", *texts)


@pytest.fixture(scope="module", params=["small", pytest.param("built", marks=pytest.mark.nightly)])
def undisturbed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Undisturbed:
    """Give an article and the site that it has when it is changed, built without disturbance.

    Under the load of busy loops, which get their share of the cores, it would take longer.
    """
    built: Project = request.getfixturevalue(request.param)
    project = built.copy(tmp_path_factory.mktemp("undisturbed") / "project")
    settings = CHANGED[request.param]
    project.edit("config/experiments.yaml", *settings)
    began = time.monotonic()
    project.build(cores=2)
    seconds = (time.monotonic() - began) * (1 + LOOPS / (os.cpu_count() or 1))
    sites = built.site(), project.site()
    assert sites[0] != sites[1]
    return Undisturbed(built, settings, sites, seconds)


def moment(chance: random.Random, seconds: float) -> float:
    """Return when to kill a build that would take so many seconds.

    Each goes on where the one before was killed. Most are killed early, so that many can be; in a
    long run some at any moment, so that the longest jobs come to their end.
    """
    if chance.random() < min(0.1, KILLS / 100):
        return chance.uniform(0, seconds)
    return chance.expovariate(1 / (0.2 * seconds))


def kill(kind: str, build: Build, chance: random.Random) -> None:
    """Kill Snakemake alone, one program that it has started, or all at once."""
    others = sorted({*programs(build.pid)} - {build.pid})
    if kind == "program" and others:
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(others), signal.SIGKILL)
    elif kind == "snakemake" and build.poll() is None:
        os.kill(build.pid, signal.SIGKILL)
    elif build.poll() is None:
        os.killpg(build.pid, signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="finds its victims in /proc")
def test_killed_at_any_moment_nothing_is_lost(
    undisturbed: Undisturbed, tmp_path: Path, note: Callable[[str], None]
) -> None:
    """Also on a loaded machine. Nothing waits for what a killed build has left but the next build.

    When a build came to its end all the same, the setting is changed back, so that the next one has
    as much to do.
    """
    sites = undisturbed.sites
    project = undisturbed.built.copy(tmp_path / "project")
    chance = random.Random(SEED)
    victims: Counter[str] = Counter()
    goal = 1
    undisturbed.change(project, goal)
    with loaded(LOOPS):
        for number in range(KILLS):
            log = tmp_path / f"{number}.txt"
            build = start(project, log)
            with contextlib.suppress(subprocess.TimeoutExpired):
                build.wait(moment(chance, undisturbed.seconds))
            kind = KINDS[number % len(KINDS)]
            kill(kind, build, chance)
            build.wait()
            victims[kind] += 1
            assert "Traceback" not in log.read_text(), log.read_text()[-3000:]
            assert project.site() in sites
            if project.site() == sites[goal]:
                goal = 1 - goal
                undisturbed.change(project, goal)
                victims["come to its end"] += 1
        rerun = project.snakemake(cores=2)
    assert rerun.returncode == 0, (rerun.stdout + rerun.stderr)[-3000:]
    assert project.site() == sites[goal]
    assert project.planned() == []
    left = [
        path.name
        for folder in ("build", "results")
        for path in (project.folder / folder).rglob(".*")
        if not path.name.startswith(".snakemake")
    ]
    assert left == []
    note(f"killed {KILLS} times, seed {SEED}: {dict(victims)}")


def test_a_publishing_that_failed_is_done_again(small: Project, tmp_path: Path) -> None:
    """Nothing but publishing is to be done; it may write no file as large as a paper."""
    project = small.copy(tmp_path / "project")
    project.edit("juchi/theme/layout/chooser.html.j2", "</body>", "<!-- changed --></body>")
    short = ("bash", "-c", 'ulimit -f 100; exec "$@"', "bash")
    failed = replace(project, built_within=short).snakemake()
    assert "File too large" in failed.stdout + failed.stderr
    assert project.site() == small.site()
    project.build()
    assert "<!-- changed -->" in (project.folder / "build/site/index.html").read_text("utf-8")
    assert project.planned() == []


def test_of_two_builds_at_once_one_is_refused_and_the_other_undisturbed(
    small: Project, tmp_path: Path
) -> None:
    """A paper, a figure, and the site are to be made again."""
    project = small.copy(tmp_path / "project")
    gone = [project.paper("en"), project.folder / "build/web/figures/en/distance.light.svg"]
    for file in gone:
        file.unlink()
    shutil.rmtree(project.folder / "build" / "site")
    logs = [tmp_path / "first.txt", tmp_path / "second.txt"]
    both = [start(project, log) for log in logs]
    while all(running.poll() is None for running in both):
        time.sleep(0.05)
    refused = next(at for at in (0, 1) if both[at].poll() is not None)
    other = 1 - refused
    assert both[refused].wait() == 1
    ended = both[other].wait()
    said, told = logs[refused].read_text(), logs[other].read_text()
    assert "another build, which is running in this folder" in said
    assert "hint:" in said
    assert "Traceback" not in said
    assert ended == 0, told[-3000:]
    assert all(file.is_file() for file in gone)
    assert project.site() == small.site()
    assert project.planned() == []


@pytest.fixture(scope="module")
def every_step(small: Project) -> list[Step]:
    """Give every job with its command line, as Snakemake prints it."""
    return steps(small, "--forceall")


@pytest.fixture
def project(small: Project, tmp_path: Path) -> Project:
    """Give a copy of the built project."""
    return small.copy(tmp_path / "project")


def said_by(reader: str, file: str, every_step: list[Step], project: Project) -> str:
    """Run the command line of a rule's job that reads a file, and return how it refuses it.

    A second word of `reader` stands in the command line, where several jobs are given the file.
    """
    rule, _, word = reader.partition(" ")
    step = next(
        each
        for each in every_step
        if each.rule == rule and file in each.inputs and word in each.command
    )
    done = subprocess.run(
        ["bash", "-c", step.command],
        cwd=project.folder,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("damage", ["emptied", "truncated", "flipped"])
@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("results/walks/drunk.curves.parquet", "analysis distance"),
        ("results/walks/drunk.samples.parquet", "facts"),
    ],
)
def test_a_damaged_table_is_found_when_it_is_read(
    project: Project, every_step: list[Step], name: str, reader: str, damage: str
) -> None:
    """Where no build has looked at it before: by a command line that is pasted."""
    file = project.folder / name
    content = bytearray(file.read_bytes())
    if damage == "flipped":
        # Behind the columns stands what tells of them, which is about half of so small a table.
        content[len(content) // 4] ^= 0x10
    else:
        content = content[: 0 if damage == "emptied" else len(content) // 2]
    file.write_bytes(content)
    said = said_by(reader, name, every_step, project)
    assert f"error: {name}" in said
    assert f"delete {name}" in said


def of_an_older_form(path: Path) -> None:
    """Rename what a file holds, but for the columns that tell its rows."""
    if path.suffix == ".json":
        record = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({f"old_{name}": value for name, value in record.items()}))
    else:
        kept = ("configuration", "walker", "step")
        columns = read_table(path).items()
        write_table(path, {n if n in kept else f"old_{n}": values for n, values in columns})


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("results/walks/drunk.curves.parquet", "analysis distance"),
        ("results/walks/drunk.samples.parquet", "analysis ratio"),
        ("results/walks/drunk.checksums.json", "analysis distance"),
        ("results/walks/drunk.scalars.json", "facts"),
        ("results/walks/drunk.samples.parquet", "facts"),
        ("results/coin/fair.samples.parquet", "facts"),
        ("results/analyses/ratio.scalars.json", "facts"),
        ("results/walks/lazy.curves.parquet", "figure"),
        ("results/walks/long.samples.parquet", "figure"),
        ("results/analyses/distance.curves.parquet", "figure"),
        ("results/analyses/distance.samples.parquet", "figure"),
        ("build/provenance.json", "provenance_page"),
    ],
)
def test_a_file_of_an_older_form_is_told(
    project: Project, every_step: list[Step], name: str, reader: str
) -> None:
    """No checksum within it is wrong."""
    of_an_older_form(project.folder / name)
    said = said_by(reader, name, every_step, project)
    assert re.search(r"^error: .*\n  found: +no .*\n  expected: .*\n  hint: ", said, re.MULTILINE)


@pytest.mark.skipif(not can_mount(), reason="this machine lets no test mount a file system")
@pytest.mark.parametrize("folder", [".", ".snakemake", "results", "build/site/en"])
def test_a_folder_that_is_read_only(small: Project, tmp_path: Path, folder: str) -> None:
    project = small.copy(tmp_path / "project")
    fixed = replace(project, built_within=read_only(folder))
    done = fixed.snakemake("--forcerun", "paper")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"error: {(project.folder / folder).resolve()}\n" in said
    assert "a folder that takes no files" in said
    assert "hint:" in said
    assert "Traceback" not in said
    assert project.site() == small.site()


@pytest.mark.skipif(not can_mount(), reason="this machine lets no test mount a file system")
def test_a_disk_that_is_full(small: Project, tmp_path: Path) -> None:
    """A paper cannot be written: one message, the last site whole, and a rerun fixes all."""
    project = small.copy(tmp_path / "project")
    paper = "build/papers/en.pdf"
    size = (project.folder / paper).stat().st_size
    on_disk = replace(project, built_within=with_disk("build/papers", f"size={size // 2}"))
    done = on_disk.snakemake("--force", "--", paper)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "No space left on device" in said
    assert "hint:" in said
    assert "Traceback" not in said
    assert project.site() == small.site()
    project.build()
    assert project.site() == small.site()
