"""What goes wrong from outside: killed programs, full disks, damaged tables, two builds at once.

After each the last good site is whole, and a plain rerun gives the bytes of an undisturbed build.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
import pytest

from tests.namespaces import can_mount, read_only, with_disk
from tests.project import Project

# A long run of many: JUCHI_KILLS=100 make test ARGS="-k killed".
KILLS = int(os.environ.get("JUCHI_KILLS", "10"))
SEED = int(os.environ.get("JUCHI_KILLS_SEED", "20261126"))
LATEST = 25.0  # seconds; each build goes on where the one before was killed


def start(project: Project) -> subprocess.Popen[str]:
    """Start a build in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "2", *project.overlay],
        cwd=project.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def programs(session: int) -> Iterator[tuple[int, str]]:
    """Yield the number and the command line of each process of a session."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) == session:
                yield int(process.name), (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue


def edited(built: Project, folder: Path) -> Project:
    """Copy the built project and change a variant, which is trained, drawn and printed anew."""
    project = built.copy(folder)
    old = "small_step: { learning_rate: 0.2"
    project.edit("config/experiments.yaml", old, f"{old}5")
    return project


@pytest.fixture(scope="module")
def undisturbed(built: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the site of the edited project, built without disturbance."""
    project = edited(built, tmp_path_factory.mktemp("undisturbed") / "project")
    project.build()
    assert project.site() != built.site()
    return project.site()


@pytest.mark.skipif(sys.platform != "linux", reason="finds its victims in /proc")
def test_killed_at_any_moment_nothing_is_lost(
    built: Project,
    undisturbed: dict[str, str],
    tmp_path: Path,
    note: Callable[[str], None],
) -> None:
    """Snakemake itself, a program that it has started, or all at once; then one plain rerun."""
    before, after = built.site(), undisturbed
    project = edited(built, tmp_path / "project")
    chance = random.Random(SEED)
    victims: dict[str, int] = {}
    for _ in range(KILLS):
        running = start(project)
        time.sleep(chance.uniform(0.2, LATEST))
        found = sorted(programs(running.pid))
        kind = chance.choice(["snakemake", "program", "all"])
        others = [number for number, _ in found if number != running.pid]
        if kind == "program" and others:
            os.kill(chance.choice(others), signal.SIGKILL)
        elif kind == "snakemake":
            os.kill(running.pid, signal.SIGKILL)
        elif running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        said, _ = running.communicate()
        victims[kind] = victims.get(kind, 0) + 1
        assert "Traceback" not in said, said[-3000:]
        assert project.site() in (before, after)
    rerun = project.snakemake()
    assert rerun.returncode == 0, (rerun.stdout + rerun.stderr)[-3000:]
    assert project.site() == after
    assert project.planned() == []
    left = [path.name for path in (project.folder / "build").iterdir() if path.name[0] == "."]
    assert left == []
    note(f"killed {KILLS} times, seed {SEED}: {victims}")


def test_of_two_builds_at_once_one_is_refused_and_the_other_undisturbed(
    built: Project, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    project = edited(built, tmp_path / "project")
    both = [start(project), start(project)]
    while all(running.poll() is None for running in both):
        time.sleep(0.05)
    (refused,) = (running for running in both if running.poll() is not None)
    (other,) = (running for running in both if running is not refused)
    said, _ = refused.communicate()
    assert refused.returncode == 1
    assert "another build, which is running in this folder" in said
    assert "way out:" in said
    assert "Traceback" not in said
    told, _ = other.communicate()
    assert other.returncode == 0, told[-3000:]
    assert project.site() == undisturbed


@pytest.mark.parametrize("damage", ["emptied", "truncated", "flipped"])
@pytest.mark.parametrize(
    ("name", "reader"),
    [("results/runs/seed.parquet", "summarise"), ("results/measures.parquet", "facts")],
)
def test_a_damaged_table_is_found_when_it_is_read(
    built: Project, tmp_path: Path, name: str, reader: str, damage: str
) -> None:
    """Its time is as before, so that only its content can tell."""
    project = built.copy(tmp_path / "project")
    file = project.folder / name
    content, times = bytearray(file.read_bytes()), file.stat()
    if damage == "flipped":
        content[len(content) // 2] ^= 0x10
    else:
        content = content[: 0 if damage == "emptied" else len(content) // 2]
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    done = project.snakemake("--forcerun", reader)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"error: {name}" in said
    assert f"delete {name}" in said
    assert "Traceback" not in said
    assert project.site() == built.site()


def of_an_older_form(path: Path) -> None:
    """Rename what a file holds, but for the columns that tell its rows; its time stays."""
    times = path.stat()
    if path.suffix == ".json":
        record = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({f"old_{name}": value for name, value in record.items()}))
    else:
        table = pyarrow.parquet.read_table(path)
        kept = ("variant", "start", "step", "case", "quantity")
        names = [name if name in kept else f"old_{name}" for name in table.column_names]
        pyarrow.parquet.write_table(table.rename_columns(names), path, write_page_checksum=True)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("results/runs/seed.parquet", "summarise"),
        ("results/landscapes/seed.json", "summarise"),
        ("results/measures.parquet", "facts"),
        ("results/agreement.json", "facts"),
        ("results/studies/digits_tanh.runs.parquet", "compare"),
        ("results/studies/digits_tanh.series.parquet", "figure"),
        ("results/paths.parquet", "figure"),
        ("results/bands.parquet", "figure"),
        ("results/comparison.parquet", "figure"),
        ("build/provenance.json", "origins"),
    ],
)
def test_a_file_of_an_older_form_is_told(
    built: Project, tmp_path: Path, name: str, reader: str
) -> None:
    """Its time is as before, and no checksum is wrong."""
    project = built.copy(tmp_path / "project")
    of_an_older_form(project.folder / name)
    done = project.snakemake("--forcerun", reader, "--until", reader)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert re.search(
        r"^error: .*\n  found: +no .*\n  expected: .*\n  way out: ", said, re.MULTILINE
    )
    assert "Traceback" not in said
    assert project.site() == built.site()


@pytest.mark.skipif(not can_mount(), reason="this machine lets no test mount a file system")
@pytest.mark.parametrize("folder", [".", ".snakemake", "results", "build/site/en"])
def test_a_folder_that_is_read_only(built: Project, tmp_path: Path, folder: str) -> None:
    project = built.copy(tmp_path / "project")
    fixed = replace(project, built_within=read_only(folder))
    done = fixed.snakemake("--forcerun", "paper")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"error: {(project.folder / folder).resolve()}\n" in said
    assert "a folder that takes no files" in said
    assert "way out:" in said
    assert "Traceback" not in said
    assert project.site() == built.site()


@pytest.mark.skipif(not can_mount(), reason="this machine lets no test mount a file system")
def test_a_disk_that_is_full(built: Project, tmp_path: Path) -> None:
    """The papers cannot be written: one message, the last site whole, and a rerun mends all."""
    project = built.copy(tmp_path / "project")
    on_disk = replace(project, built_within=with_disk("build/papers", "size=3m"))
    done = on_disk.snakemake("--forcerun", "paper")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "No space left on device" in said
    assert "way out:" in said
    assert "Traceback" not in said
    assert project.site() == built.site()
    project.build()
    assert project.site() == built.site()
