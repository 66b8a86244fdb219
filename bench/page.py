"""``docs/performance.md``: what was measured, on which machine, and against which limits."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median

from bench.growth import Growth
from bench.newcomer import Newcomer
from bench.rebuild import CORES, Rebuilds
from bench.sweeps import Speed

__all__ = ["Limit", "Measured", "machine", "page"]

# What each engine has to reach on two cores, in units of the loop of its model.
_ENGINES = {"advance": 10_000, "batchnorm": 300}
_EMPTY, _NOTHING = "a dry run of an empty workflow", "nothing to do"
_FULL = "everything, from clean"
# How far the cost of one more may rise and still count as flat, on a noisy machine.
_FLAT = 1.1
# What a build from clean may take on two quiet cores, in seconds.
_CLEAN = 200
# What may come to Snakemake's own start, in seconds.
_EDITS = {"one sentence, both pages": 2, "one sentence, everything": 7}
# Of a new article: megabytes on disk, and seconds from the wheel to the PDF and of the build alone.
_ROOM, _WAIT, _FIRST_BUILD = 700, 180, 40


@dataclass(frozen=True)
class Limit:
    """Something that was measured, what it may be, and whether it is."""

    what: str
    measured: str
    allowed: str
    kept: bool


@dataclass(frozen=True)
class Measured:
    """All that one run measured; `machine` describes where."""

    machine: Sequence[str]
    speeds: Sequence[Speed]
    rebuilds: Rebuilds
    growth: Sequence[Growth]
    newcomer: Newcomer

    def typical(self, name: str) -> float:
        """Return the median time of a round trip, in seconds."""
        return median(self.rebuilds.times[name])

    def limits(self) -> list[Limit]:
        """Return everything that has a limit."""
        return [*self._engines(), *self._builds(), *self._growth(), *self._newcomer()]

    def _engines(self) -> Iterable[Limit]:
        for kind, least in _ENGINES.items():
            both = [s for s in self.speeds if s.kind == kind and s.processes == CORES]
            for speed in both:
                what = f"{speed.description}; two processes, in loops of its model"
                yield Limit(
                    what, f"{speed.ratio:,.0f}", f"at least {least:,}", speed.ratio >= least
                )

    def _builds(self) -> Iterable[Limit]:
        full, built = self.typical(_FULL), self.rebuilds
        allowed = 1.5 * built.work / CORES + built.chain
        text = f"at most {allowed:.0f} s: 1.5 x work / {CORES} + longest chain"
        yield Limit(_FULL, f"{full:.0f} s", text, full <= allowed)
        yield Limit(_FULL, f"{full:.0f} s", f"at most {_CLEAN} s", full <= _CLEAN)
        nothing, empty = self.typical(_NOTHING), self.typical(_EMPTY)
        text = "at most 1.5 x a dry run of an empty workflow"
        yield Limit(_NOTHING, f"{nothing / empty:.2f} x", text, nothing <= 1.5 * empty)
        for name, most in _EDITS.items():
            own = self.typical(name) - nothing
            text = f"at most {most} s beyond nothing to do"
            yield Limit(name, f"{own:.1f} s beyond", text, own <= most)

    def _growth(self) -> Iterable[Limit]:
        warm = [growth for growth in self.growth if growth.warm]
        slopes = [
            (more.trained - few.trained) / (more.configurations - few.configurations)
            for few, more in pairwise(warm)
        ]
        most, before = warm[-1].configurations, warm[1].configurations
        what = f"a configuration more, up to {most:,}, against up to {before:,}"
        ratio = slopes[-1] / slopes[0]
        text = f"at most {_FLAT} x: falling or flat"
        yield Limit(what, f"{ratio:.2f} x", text, ratio <= _FLAT)

    def _newcomer(self) -> Iterable[Limit]:
        new, wait = self.newcomer, self.newcomer.installed + self.newcomer.built
        for what, found, unit, most in (
            ("the environment of a new article, on disk", new.megabytes, "MB", _ROOM),
            ("a new article, from the wheel to the PDF", wait, "s", _WAIT),
            ("of that, the first build", new.built, "s", _FIRST_BUILD),
        ):
            yield Limit(what, f"{found:.0f} {unit}", f"at most {most} {unit}", found <= most)


def machine() -> list[str]:
    """Describe this machine and what is installed on it."""
    packages = ("torch", "numpy", "matplotlib", "snakemake", "weasyprint")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB",
        f"{platform.system()}, Python {platform.python_version()}, {versions}",
        f"measured on {datetime.now(UTC):%Y-%m-%d}",
    ]


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.is_file():
        for line in described.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], right: int) -> str:
    """Return a table in Markdown whose columns from number `right` on hold numbers."""
    marks = ["---" if column < right else "---:" for column in range(len(head))]
    lines = [f"| {' | '.join(row)} |" for row in (head, marks, *rows)]
    return "\n".join(lines)


def _speeds(measured: Measured) -> str:
    rows = [
        (
            speed.description,
            f"{speed.processes} x {speed.threads}",
            f"{speed.steps:,.0f}",
            f"{speed.ratio:,.0f}",
        )
        for speed in measured.speeds
    ]
    return _table(("what", "processes x threads", "steps per second", "in loops"), rows, 2)


def _trips(measured: Measured) -> str:
    empty = measured.typical(_EMPTY)
    rows = [
        (
            name,
            f"{median(t):.1f} s",
            f"{min(t):.1f} s",
            f"{max(t):.1f} s",
            f"{median(t) / empty:.1f}",
        )
        for name, t in measured.rebuilds.times.items()
    ]
    return _table(("round trip", "median", "least", "most", "in empty dry runs"), rows, 1)


def _growth(measured: Measured) -> str:
    rows = [
        (
            f"{growth.configurations:,}",
            "shared" if growth.warm else "own",
            f"{growth.planned:.1f} s",
            f"{growth.trained:.1f} s",
            f"{growth.each * 1000:.0f} ms",
            f"{growth.one_more:.1f} s",
        )
        for growth in measured.growth
    ]
    head = ("configurations", "imports", "dry run", "build", "each of them", "one changed")
    return _table(head, rows, 2)


def _limits(measured: Measured) -> str:
    rows = [
        (limit.what, limit.measured, limit.allowed, "kept" if limit.kept else "**missed**")
        for limit in measured.limits()
    ]
    return _table(("what", "measured", "limit", ""), rows, 4)


def page(measured: Measured) -> str:
    """Return the page."""
    built = measured.rebuilds
    memory = f"{built.memory:,.0f} MiB" if built.memory else "not told by this system"
    full = measured.typical(_FULL)
    machine_lines = "\n".join(f"- {line}" for line in measured.machine)
    return f"""# How fast it is

Written by `make bench`, in one run. Machines are noisy: the ratios mean more than the seconds.

{machine_lines}

![Steps per second of each engine, and the cost of one more configuration](images/performance.svg)

## Limits

{_limits(measured)}

## Engines

A step is one update of one replica. A loop is the post's own, over `torch.nn` and one replica at
a time, for the same model: each engine is checked against that of its model, in the same round. The
engines take one thread, since the number of threads decides the last bits; two cores are used by
two jobs.

{_speeds(measured)}

## Builds

With {CORES} cores, the default preset. *Bare work* is what the {built.jobs} jobs do, each run alone
in a process that has imported its modules: {built.work:.0f} s in all, {built.chain:.0f} s in the
longest chain of jobs that wait for one another. The build from clean takes
{full:.0f} s, {full * CORES:.0f} s of {CORES} cores; what is not bare work is imports, interpreters,
Snakemake, and cores that wait. Its processes had at most {memory} in memory at once.

{_trips(measured)}

## Growth

Small configurations of the one-weight experiment, each a job of its own, so that one that is
changed is trained alone. *Shared*: jobs are forks of a process that has imported their modules.
*Own*: each imports for itself. The time of each is that of the build, less the dry run, by their
number.

{_growth(measured)}
"""
