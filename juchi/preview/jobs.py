"""The jobs of the DAG as Snakemake states them: what each reads, writes and runs.

``python -m juchi.preview.jobs`` asks Snakemake for them and prints them as JSON; `read_plan` has it
do so in a process of its own. Nothing is run, and no command line is written twice.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from juchi.core.errors import UserError, messages_in
from juchi.runtime.hooks import stated_jobs

__all__ = ["Job", "Plan", "as_user_error", "read_plan"]


@dataclass(frozen=True)
class Job:
    """One job.

    Attributes
    ----------
    inputs, outputs
        Files, relative to the project's folder.
    command
        The line that the shell would run.
    """

    inputs: frozenset[str]
    outputs: tuple[str, ...]
    command: str

    @property
    def module(self) -> tuple[str, list[str]] | None:
        """The module and the arguments of ``python -m``; None for another command."""
        words = shlex.split(self.command)
        return (words[2], words[3:]) if words[:2] == ["python", "-m"] else None


@dataclass(frozen=True)
class Plan:
    """All jobs, each after those whose outputs it reads, and the environment that they run in."""

    jobs: Sequence[Job]
    environment: Mapping[str, str]

    @property
    def sources(self) -> set[str]:
        """The files that jobs read and no job writes."""
        made = {file for job in self.jobs for file in job.outputs}
        return {file for job in self.jobs for file in job.inputs} - made

    def leading_to(self, targets: Iterable[str]) -> list[Job]:
        """Return the jobs that some outputs need, themselves included, in order."""
        needed = set(targets)
        found = []
        for job in reversed(self.jobs):
            if needed & {*job.outputs}:
                needed |= job.inputs
                found.append(job)
        return found[::-1]

    def following(self, files: Collection[str]) -> list[Job]:
        """Return the jobs that read some files, or what such a job writes, in order."""
        changed = set(files)
        found = []
        for job in self.jobs:
            if changed & job.inputs:
                changed.update(job.outputs)
                found.append(job)
        return found


def read_plan(snakemake_arguments: Sequence[str]) -> Plan:
    """Ask Snakemake, in another process, for all jobs that everything takes.

    Raises
    ------
    UserError
        What Snakemake says where it cannot lay them out.
    """
    done = subprocess.run(
        [sys.executable, "-m", "juchi.preview.jobs", *snakemake_arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise as_user_error(done.stdout + done.stderr)
    stated = json.loads(done.stdout.splitlines()[-1])
    jobs = [Job(frozenset(i), tuple(o), command) for i, o, command in stated["jobs"]]
    return Plan(_in_order(jobs), stated["environment"])


def as_user_error(said: str) -> UserError:
    """Return the last message for a user in what a failed command said; else its last words."""
    if messages := messages_in(said):
        return messages[-1]
    last_words = "\n    ".join(said.strip().splitlines()[-12:]) or "nothing said"
    return UserError(
        "a step of the build", last_words, "a step that ends well", "fix what it names"
    )


def _in_order(jobs: list[Job]) -> list[Job]:
    """Return the jobs so that each stands after those whose outputs it reads."""
    makers = {file: job for job in jobs for file in job.outputs}
    placed: dict[Job, None] = {}

    def place(job: Job) -> None:
        for file in sorted(job.inputs):
            if file in makers and makers[file] not in placed:
                place(makers[file])
        placed[job] = None

    for job in jobs:
        if job not in placed:
            place(job)
    return list(placed)


def main() -> None:
    """Lay out all jobs, whatever is built already, and print them with their environment."""
    jobs = stated_jobs(sys.argv[1:])
    print()
    # The Snakefile has this process go on in the environment of the jobs.
    print(json.dumps({"jobs": jobs, "environment": dict(os.environ)}))


if __name__ == "__main__":
    main()
