"""What the Snakefile declares for each file on the way to some targets: its rule and command.

Nothing of the DAG is written down a second time for the reader: the jobs are read off the rules
themselves, with the command lines that `snakemake -p` prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypedDict

from snakemake.utils import format as formatted

__all__ = ["Job", "trace"]

_MODULE = re.compile(r"^python -m (\S+)")


class Job(TypedDict):
    """One run of a rule; `module` is what it runs, None for any other command.

    `inputs` holds the files that it reads, by the name that the rule gives them; those without a
    name, and the code, are left out. `wildcards` tells which of its runs it is.
    """

    rule: str
    module: str | None
    wildcards: dict[str, str]
    inputs: dict[str, list[str]]
    outputs: list[str]
    command: str


def trace(rules: Iterable[Any], targets: Iterable[str]) -> list[Job]:
    """Return the jobs that make the targets and all that they are made from, the last first.

    Parameters
    ----------
    rules
        The rules of a Snakemake workflow that has been read to its end.
    targets
        Files that they make.
    """
    rules = list(rules)
    jobs: list[Job] = []
    seen: set[str] = set()
    waiting = list(targets)
    while waiting:
        file = waiting.pop(0)
        rule = next((rule for rule in rules if rule.is_producer(file)), None)
        if rule is None or file in seen:
            continue
        job = _job(rule, rule.get_wildcards(file))
        if job is None:
            continue
        jobs.append(job)
        seen.update(job["outputs"])
        waiting += [path for paths in job["inputs"].values() for path in paths]
    return jobs


def _job(rule: Any, wildcards: dict[str, str]) -> Job | None:  # noqa: ANN401 - Snakemake is untyped
    """Return a run of a rule; None for one that neither runs a module nor makes a result.

    So a part of the settings is none.
    """
    inputs = rule.expand_input(wildcards)[0]
    outputs = rule.expand_output(wildcards)[0]
    # Without a job, which only parameters that depend on threads or resources would ask for.
    params = rule.expand_params(wildcards, inputs, outputs, None)[0]
    command = formatted(
        rule.shellcmd, input=inputs, output=outputs, params=params, wildcards=_Named(wildcards)
    )
    module = _MODULE.match(command)
    if module is None and not any(str(path).startswith("results/") for path in outputs):
        return None
    return Job(
        rule=rule.name,
        module=module and module.group(1),
        wildcards=dict(wildcards),
        inputs=dict(_named(inputs)),
        outputs=[str(path) for path in outputs],
        command=command,
    )


def _named(inputs: Any) -> Iterator[tuple[str, list[str]]]:  # noqa: ANN401 - Snakemake is untyped
    for name, files in inputs.items():
        yield name, [str(path) for path in ([files] if isinstance(files, str) else files)]


class _Named:
    """Values as attributes, as a command's braces ask for them."""

    def __init__(self, values: dict[str, str]) -> None:
        self.__dict__.update(values)
