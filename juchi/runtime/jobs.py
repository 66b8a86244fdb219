"""What the Snakefile declares for each file on the way to some targets: its rule and command.

Nothing of the DAG is written down a second time for the reader: the jobs are read off the rules
themselves, with the command lines that `snakemake -p` prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypedDict

from juchi.runtime.hooks import Declared

__all__ = ["Job", "trace"]

_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".pdf", ".vl.json")
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


def trace(maker: Callable[[str], Declared | None], targets: Iterable[str]) -> list[Job]:
    """Return the jobs that make the targets and all that they are made from, the last first.

    A job that neither runs a module nor makes a result, such as a part of the settings, is none.

    Parameters
    ----------
    maker
        Returns the job that makes a file, see `Invocation.maker`.
    targets
        Files that the rules make.
    """
    jobs: list[Job] = []
    seen: set[str] = set()
    waiting = list(targets)
    while waiting:
        file = waiting.pop(0)
        declared = None if file in seen else maker(file)
        if declared is None or (job := _job(declared)) is None:
            continue
        jobs.append(job)
        seen.update(job["outputs"])
        waiting += [path for paths in job["inputs"].values() for path in paths]
    return jobs


def _is_result(path: str) -> bool:
    """Tell whether a file is a result, or a picture or a chart that is shown as it is."""
    return path.startswith("results/") or path.endswith(_PICTURES)


def _job(declared: Declared) -> Job | None:
    module = _MODULE.match(declared.command)
    if module is None and not any(map(_is_result, declared.outputs)):
        return None
    return Job(
        rule=declared.rule,
        module=module.group(1) if module else None,
        wildcards=declared.wildcards,
        inputs=declared.inputs,
        outputs=declared.outputs,
        command=declared.command,
    )
