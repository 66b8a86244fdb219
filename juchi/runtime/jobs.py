"""What the Snakefile declares for each file on the way to some targets: its rule and command.

Nothing of the DAG is written down a second time for the reader: the jobs are read off the rules
themselves, with the command lines that `snakemake -p` prints.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable
from typing import TypedDict

from juchi.runtime.hooks import Declared
from juchi.runtime.own_rules import scripts_in

__all__ = ["Job", "R", "r_version", "trace"]

_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".pdf", ".vl.json")
_MODULE = re.compile(r"^python -m (\S+)")
# What runs a script in R.
R = "Rscript"


class Job(TypedDict):
    """One run of a rule; `module` is what it runs, None for any other command.

    Of such a command `scripts` are the files with its code, and `programs` what carries them out,
    with the version. `inputs` holds the files that it reads, by the name that the rule gives them;
    those without a name, and the code, are left out. `wildcards` tells which of its runs it is.
    """

    rule: str
    module: str | None
    scripts: list[str]
    programs: list[str]
    wildcards: dict[str, str]
    inputs: dict[str, list[str]]
    outputs: list[str]
    command: str


def r_version() -> str:
    """Return the name and version of the R that this machine has; nothing where it has none."""
    try:
        done = subprocess.run([R, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    found = re.search(r"version (\S+)", done.stdout + done.stderr)
    return f"R {found[1]}" if found else ""


def trace(
    maker: Callable[[str], Declared | None], targets: Iterable[str], r: str = ""
) -> list[Job]:
    """Return the jobs that make the targets and all that they are made from, the last first.

    A job that neither runs a module nor makes a result, such as a part of the settings, is none.

    Parameters
    ----------
    maker
        Returns the job that makes a file, see `Invocation.maker`.
    targets
        Files that the rules make.
    r
        The name and version of R.
    """
    jobs: list[Job] = []
    seen: set[str] = set()
    waiting = list(targets)
    while waiting:
        file = waiting.pop(0)
        declared = None if file in seen else maker(file)
        if declared is None or (job := _job(declared, r)) is None:
            continue
        jobs.append(job)
        seen.update(job["outputs"])
        waiting += [path for paths in job["inputs"].values() for path in paths]
    return jobs


def _is_result(path: str) -> bool:
    """Tell whether a file is a result, or a picture or a chart that is shown as it is."""
    return path.startswith("results/") or path.endswith(_PICTURES)


def _job(declared: Declared, r: str) -> Job | None:
    module = _MODULE.match(declared.command)
    if module is None and not any(map(_is_result, declared.outputs)):
        return None
    return Job(
        rule=declared.rule,
        module=module.group(1) if module else None,
        scripts=[] if module else scripts_in(declared.command),
        programs=[r] if r and not module and R in declared.command else [],
        wildcards=declared.wildcards,
        inputs=declared.inputs,
        outputs=declared.outputs,
        command=declared.command,
    )
