"""What a build shows of itself: jobs done, running and left on the way, and an account at the end.

On a terminal one line is drawn again and again; anywhere else, as in the log of a cluster or of CI,
a plain line now and then. It follows the events that Snakemake logs.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from juchi.core.atomic import write_text
from juchi.core.progress import read_share

__all__ = ["BY_INTERRUPT", "Build", "Job", "Progress", "account", "follow", "in_words", "state"]

# How often the line on a terminal is drawn, and the least time between two lines in a log.
_REDRAWN = 0.5
_LOGGED = 30.0
# What empties the line that a terminal shows.
_CLEARED = "\r\x1b[K"
# How many of the running jobs are named, and how many of the longest ones in the account.
_NAMED = 3
_LONGEST = 3
# The goal of a build, which Snakemake counts as a job; it does nothing.
_GOAL = "all"
_REPLACED = ("progress", "job_finished", "run_info", "resources_info", "job_started")
# What Snakemake says of a job that Control-C has ended; see juchi/core/interrupts.py.
BY_INTERRUPT = "died with <Signals.SIGINT"
_CHATTER = ("Select jobs to execute", "Execute ")
# What Snakemake says of why a job runs, and what that means here. The first that fits counts.
_REASONS = {
    "Missing output files": "not made before",
    "Incomplete output files": "left half-made",
    "Code has changed": "its rule changed",
    "Params have changed": "settings, sources or code changed",
    "Updated input files": "what it reads changed",
    "Set of input files has changed": "what it reads changed",
    "Software environment": "its environment changed",
    "Forced execution": "asked for, or found changed",
    "Input files updated by another job": "what it reads was made again",
}


@dataclass(frozen=True)
class Job:
    """A job that runs, or has run.

    Attributes
    ----------
    rule, name
        The rule; and the rule with the value of its wildcards, ``train:wide``.
    reason
        Why it runs, in our words.
    started
        By the clock that `Build` is asked with.
    """

    rule: str
    name: str
    reason: str
    started: float


@dataclass
class Build:
    """What is known of the jobs of one build; times in seconds.

    Attributes
    ----------
    usual
        How long jobs took the last time, by name.
    cores
        How many run at once.
    planned
        How many jobs of each rule there are, those done included.
    kept
        The rule of each job that was not run, since it would have made the same again.
    """

    usual: Mapping[str, float]
    cores: int
    planned: Mapping[str, int] = field(default_factory=dict)
    running: dict[int, Job] = field(default_factory=dict)
    done: list[tuple[Job, float]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The number of jobs, whatever has become of them."""
        return sum(self.planned.values())

    @property
    def ended(self) -> int:
        """The number of jobs that are done, or need not run."""
        return len(self.done) + len(self.kept)

    def _typical(self, rule: str) -> float | None:
        """Return how long a job of a rule takes: as in this build, as in others, or as any."""
        here = [seconds for job, seconds in self.done if job.rule == rule]
        before = [t for name, t in self.usual.items() if name.partition(":")[0] == rule]
        known = here or before or [seconds for _, seconds in self.done]
        return statistics.mean(known) if known else None

    def left(self, now: float) -> float | None:
        """Return the seconds that the build may still take; None while nothing tells.

        Of what has not begun only the numbers by rule are known.
        """
        waiting = Counter(self.planned)
        waiting.subtract([*(job.rule for job, _ in self.done), *self.kept])
        waiting.subtract(job.rule for job in self.running.values())
        ahead = [(self._typical(rule), count) for rule, count in waiting.items() if count > 0]
        expected = [
            (self.usual.get(job.name, self._typical(job.rule)), now - job.started)
            for job in self.running.values()
        ]
        if any(typical is None for typical, _ in [*ahead, *expected]):
            return None
        rest = [max((typical or 0.0) - past, 0.0) for typical, past in expected]
        work = sum(rest) + sum((typical or 0.0) * count for typical, count in ahead)
        return max(work / self.cores, max(rest, default=0.0))


def in_words(seconds: float) -> str:
    """Return a duration as one reads it: ``0.4 s``, ``12 s``, ``3 min 5 s``."""
    if seconds < 10:  # noqa: PLR2004 - where a tenth of a second begins not to matter
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def state(build: Build, now: float, folder: Path) -> str:
    """Return how the build stands, in one line."""
    parts = [f"{build.ended} of {build.total} jobs done"]
    names = []
    for job in list(build.running.values())[:_NAMED]:
        share = read_share(folder, job.name.partition(":")[2])
        names.append(job.name if share is None else f"{job.name} {share:.0%}")
    if names:
        more = len(build.running) - len(names)
        parts.append(f"running: {', '.join(names)}{f' and {more} more' if more > 0 else ''}")
    left = build.left(now)
    if left is not None and build.ended < build.total:
        parts.append(f"about {in_words(left)} left")
    return "; ".join(parts)


def account(build: Build, seconds: float) -> list[str]:
    """Return what was made, why, and where the time went; the rules that took most come first."""
    rules: dict[str, list[tuple[Job, float]]] = {}
    for job, took in build.done:
        rules.setdefault(job.rule, []).append((job, took))
    work = sum(took for _, took in build.done)
    rows = [("rule", "jobs", "time", "why")]
    for rule, jobs in sorted(rules.items(), key=lambda entry: -sum(t for _, t in entry[1])):
        reasons = Counter(job.reason for job, _ in jobs)
        why = ", ".join(
            reason if len(reasons) == 1 else f"{reason} ({count})"
            for reason, count in reasons.most_common()
        )
        rows.append((rule, str(len(jobs)), in_words(sum(took for _, took in jobs)), why))
    width = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        f"  {rule:<{width[0]}}  {count:>{width[1]}}  {took:>{width[2]}}  {why}"
        for rule, count, took, why in rows
    ]
    if build.kept:
        lines.append(f"  What {len(build.kept)} more read came out the same: they were not run.")
    longest = sorted(build.done, key=lambda entry: -entry[1])[:_LONGEST]
    named = ", ".join(f"{job.name} {in_words(took)}" for job, took in longest)
    return [
        *lines,
        f"{len(build.done)} jobs in {in_words(seconds)}: {in_words(work)} of work, "
        f"{build.cores} at a time at most. The longest: {named}.",
    ]


def _reason(said: str) -> str:
    for start, ours in _REASONS.items():
        if start in said:
            return ours
    return said or "needed again"


def _read_usual(path: Path) -> dict[str, float]:
    """Return the durations of the last builds; what cannot be read is worth nothing."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        return {str(name): float(seconds) for name, seconds in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


class Progress(logging.Handler):
    """Follows Snakemake's log, and shows the build on a stream.

    Parameters
    ----------
    stream
        Where to; a terminal gets a line that changes.
    cores
        How many jobs run at once.
    steps
        The folder in which jobs tell how far they are, see `juchi.core.progress`.
    memory
        The file that keeps how long jobs take.
    """

    def __init__(self, stream: TextIO, cores: int, steps: Path, memory: Path) -> None:
        super().__init__()
        self._stream, self._steps, self._memory = stream, steps, memory
        self._live = stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._build = Build(_read_usual(memory), cores)
        self._began = time.monotonic()
        self._spoken = self._began
        self._drawing = threading.Lock()
        self._ended = threading.Event()
        if self._live:
            threading.Thread(target=self._redraw, daemon=True).start()

    def replace(self, shown: logging.Handler) -> None:
        """Take the place of what Snakemake itself says of its progress on `shown`."""
        shown.addFilter(self._passes)

    def _passes(self, record: logging.LogRecord) -> bool:
        """Tell whether Snakemake says it itself; the line makes room for it."""
        said = record.msg if isinstance(record.msg, str) else ""
        if (
            getattr(record, "event", None) in _REPLACED
            or said.startswith(_CHATTER)
            or BY_INTERRUPT in said
        ):
            return False
        self._clear()
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Note what happened."""
        told = vars(record)
        event, build, now = told.get("event"), self._build, time.monotonic()
        if event == "run_info":
            build.planned = {
                rule: count for rule, count in told["stats"].items() if rule not in (_GOAL, "total")
            }
        elif event == "job_info" and told["rule_name"] != _GOAL:
            build.running[told["jobid"]] = _job(told, now)
        elif event == "job_error":
            build.running.pop(told["jobid"], None)
        elif event == "job_finished":
            job = build.running.pop(told["job_id"], None)
            if job is not None:
                build.done.append((job, now - job.started))
                if not self._live and now - self._spoken >= _LOGGED:
                    self._spoken = now
                    self._say(state(build, now, self._steps))

    def keep(self, job: int) -> None:
        """Take note that a job that has begun is not run: it would make the same again."""
        begun = self._build.running.pop(job, None)
        if begun is not None:
            self._build.kept.append(begun.rule)

    def _say(self, text: str, end: str = "\n") -> None:
        # A terminal that is gone or a log on a full disk ends no build.
        with self._drawing, contextlib.suppress(OSError):
            print(text, end=end, file=self._stream, flush=True)

    def _clear(self) -> None:
        if self._live:
            self._say(_CLEARED, end="")

    def _redraw(self) -> None:
        while not self._ended.wait(_REDRAWN):
            if self._build.running:
                line = state(self._build, time.monotonic(), self._steps)
                # One column is left free: in the last one some terminals begin a new line.
                line = line[: shutil.get_terminal_size().columns - 1]
                self._say(f"{_CLEARED}{line}", end="")

    def close(self) -> None:
        """End the display; give the account, and keep how long the jobs took."""
        super().close()
        if self._ended.is_set():
            return
        self._ended.set()
        self._clear()
        if self._build.done:
            self._say("\n".join(account(self._build, time.monotonic() - self._began)))
            took = {job.name: round(seconds, 1) for job, seconds in self._build.done}
            usual = {**self._build.usual, **took}
            with contextlib.suppress(OSError):
                write_text(self._memory, json.dumps(usual, indent=1, sort_keys=True) + "\n")


def _job(told: Mapping[str, Any], now: float) -> Job:
    values = ":".join(str(value) for value in told["wildcards"].values())
    rule = str(told["rule_name"])
    name = f"{rule}:{values}" if values else rule
    return Job(rule, name, _reason(str(told["reason"] or "")), now)


def follow(quiet: frozenset[str], cores: int, steps: Path, memory: Path) -> Progress | None:
    """Show this process's build where Snakemake is to be neither silent nor wordy; see `Progress`.

    Parameters
    ----------
    quiet
        What Snakemake is not to print: with ``all`` nothing is shown.
    """
    if "all" in quiet or "progress" in quiet:
        return None
    shutil.rmtree(steps, ignore_errors=True)
    steps.mkdir(parents=True)
    progress = Progress(sys.stderr, cores, steps, memory)
    logger = logging.getLogger("snakemake.logging")
    for shown in logger.handlers:
        if shown.name == "DefaultStreamHandler":
            progress.replace(shown)
    logger.addHandler(progress)
    return progress
