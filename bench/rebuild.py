"""How long a build takes from clean and after each kind of edit, and what of that is bare work.

Works in a copy of the project. Bare work is what the jobs do, each run alone in a process that has
imported its modules: without the start of an interpreter, imports, and Snakemake.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from juchi.preview.jobs import Job, read_plan
from juchi.runtime.forkserver import Forkserver
from tests.project import Project

__all__ = ["CORES", "FIGURE", "SENTENCE", "SETTING", "Rebuilds", "longest_chain", "measure"]

_REPEATS = 3
CORES = 2
# What is edited, and where it stands.
SENTENCE = ("templates/en/introduction.md", "One distinction runs through everything.")
FIGURE = "report/figures/cobweb.py"
SETTING = ("config/experiments.yaml", "small_step: { like: post_long, learning_rate: 0.2")
_PAGES = ("build/web/en/index.html", "build/web/zh/index.html")


@dataclass(frozen=True)
class Rebuilds:
    """Times in seconds.

    Attributes
    ----------
    times
        Of each round trip, one for each time that it was taken.
    work, chain
        The sum of the bare work, and that of the longest chain of jobs that wait for one another.
    jobs
        How many there are in all.
    memory
        The most that the processes of the first build had at once, in MiB; None where it is not
        told.
    """

    times: dict[str, list[float]]
    work: float
    chain: float
    jobs: int
    memory: float | None


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _built(project: Project, *targets: str) -> None:
    done = project.snakemake(*targets, cores=CORES)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def _edits(project: Project, targets: Sequence[str] = ()) -> dict[str, Callable[[int], None]]:
    """Return what an author changes: each edit is another one than the time before."""

    def sentence(count: int, targets: Sequence[str] = targets) -> None:
        path, text = SENTENCE
        project.edit(path, text, f"{text} Again.")
        _built(project, *targets)

    def figure(count: int) -> None:
        project.append(FIGURE, f"\n_EDITED = {count}\n")
        _built(project)

    def configuration(count: int) -> None:
        path, text = SETTING
        project.edit(path, text, f"{text}{count + 1}")
        _built(project)

    return {
        "one sentence, both pages": lambda count: sentence(count, _PAGES),
        "one sentence, everything": sentence,
        "one figure's code": figure,
        "one configuration": configuration,
    }


def _empty(folder: Path) -> Callable[[], object]:
    """Return a dry run of a workflow in which there is nothing at all."""
    folder.mkdir()
    (folder / "Snakefile").write_text("rule all:\n    input: []\n", encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--cores", str(CORES)]
    return lambda: subprocess.run(command, cwd=folder, capture_output=True, check=True)


def measure(folder: Path) -> Rebuilds:
    """Take all round trips in a new copy of the project."""
    project = Project.create(folder / "project", overlay=())
    with _memory(os.getpid()) as memory:
        times = {"everything, from clean": [_timed(lambda: _built(project))]}
    empty = _empty(folder / "empty")
    for name in ("a dry run of an empty workflow", "nothing to do"):
        times[name] = []
    for _ in range(_REPEATS):
        times["a dry run of an empty workflow"].append(_timed(empty))
        times["nothing to do"].append(_timed(lambda: _built(project)))
    for name, edit in _edits(project).items():
        times[name] = [_timed(partial(edit, count)) for count in range(_REPEATS)]
        _built(project)
    bare = _bare_work(project)
    return Rebuilds(
        times,
        work=sum(bare.values()),
        chain=longest_chain(bare),
        jobs=len(bare),
        memory=max(memory) if memory else None,
    )


def _bare_work(project: Project) -> dict[Job, float]:
    """Run every job alone, with everything imported, and return how long each takes."""
    with contextlib.chdir(project.folder):
        plan = read_plan([])
        modules = sorted({job.module[0] for job in plan.jobs if job.module})
        packages = sorted({module.partition(".")[0] for module in modules})
        warm = Forkserver(packages, plan.environment, modules)
        for package in packages:
            # Answers when everything is imported; that there is no such module does not matter.
            warm.run(f"{package}.none", [])
        took = {job: _timed(partial(_run, warm, job, plan.environment)) for job in plan.jobs}
        warm.close()
    return took


def _run(warm: Forkserver, job: Job, environment: Mapping[str, str]) -> None:
    if job.module:
        said = warm.run(*job.module)
        assert said is None, said
    else:
        subprocess.run(["bash", "-euo", "pipefail", "-c", job.command], env=environment, check=True)


def longest_chain(took: dict[Job, float]) -> float:
    """Return how long the jobs take that no number of cores can run at once.

    Parameters
    ----------
    took
        The time of each job; a job stands behind those whose outputs it reads.
    """
    ready: dict[str, float] = {}
    for job, seconds in took.items():
        end = seconds + max((ready[file] for file in job.inputs if file in ready), default=0.0)
        ready.update(dict.fromkeys(job.outputs, end))
    return max(ready.values(), default=0.0)


@contextlib.contextmanager
def _memory(root: int) -> Iterator[list[float]]:
    """Note, twice a second, what all processes below one have in memory; shared pages count once.

    Nothing is noted where the system does not tell.
    """
    noted: list[float] = []
    ended = threading.Event()

    def note() -> None:
        while not ended.wait(0.5):
            if kibibytes := sum(_proportional(pid) for pid in _below(root)):
                noted.append(kibibytes / 1024)

    watching = threading.Thread(target=note)
    watching.start()
    try:
        yield noted
    finally:
        ended.set()
        watching.join()


def _below(root: int) -> list[int]:
    """Return the processes that descend from one."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {root})


def _proportional(pid: int) -> int:
    """Return a process's part of memory in KiB: what it shares counts in parts."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
