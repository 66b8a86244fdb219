"""Make what a saved file changes: first what is on the screen, then everything.

What the prose and the layout lead to is made by the jobs that Snakemake states, in a warm process
and in the order of the DAG; a job whose inputs have come out as they were is left out. All else is
Snakemake's own work, and so is the whole site in the end: it takes over what is made already.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from juchi.core.checksums import sha256_of
from juchi.core.locks import clear
from juchi.preview.jobs import Job, Plan, as_user_error, read_plan
from juchi.runtime.forkserver import Forkserver

__all__ = ["SITE", "WEB", "Rebuild", "Stopped"]

WEB = "build/web/"
SITE = "build/site/"
# What changes the jobs themselves, so that only Snakemake can tell what follows.
_SETTINGS = ("config/", "Snakefile")
_CODE = (".py", ".mjs")
# A warm process that has imported it has parsed all prose.
_PARSED = "juchi.preview.parsed"


class Stopped(Exception):  # noqa: N818 - no error: something else was saved meanwhile
    """Snakemake was stopped before it was done."""


class Rebuild:
    """Builds in the project's folder, which is the current one.

    Parameters
    ----------
    cores
        How many jobs may run at once.
    snakemake_arguments
        What Snakemake is told besides, such as an overlay.
    is_late
        Says whether something else was saved, so that a Snakemake need not start.
    """

    def __init__(
        self, cores: int, snakemake_arguments: Sequence[str], is_late: Callable[[], bool]
    ) -> None:
        self._command = [sys.executable, "-m", "snakemake", "--cores", str(cores)]
        self._cores = cores
        self._arguments = list(snakemake_arguments)
        self._is_late = is_late
        self._plan: Plan | None = None
        self._warm: Forkserver | None = None
        self._snakemake: subprocess.Popen[str] | None = None
        self._stopped = False

    def prepare(self) -> None:
        """Read the jobs again, and have the modules of the quick ones imported.

        Raises
        ------
        UserError
            Where Snakemake cannot lay them out.
        """
        self._forget()
        plan = read_plan(self._arguments)
        quick = _on_screen(plan, {file for file in plan.sources if _is_quick(file)})
        modules = sorted({job.module[0] for job in quick if job.module})
        packages = sorted({module.partition(".")[0] for module in modules})
        self._plan = plan
        self._warm = Forkserver(packages, plan.environment, [*modules, _PARSED])

    def close(self) -> None:
        """End the warm process, and leave no lock of a stopped Snakemake."""
        self._forget()
        self._unlock()

    def concerned(self, files: Iterable[str]) -> set[str]:
        """Return those of the changed files that something may depend on."""
        if self._plan is None:
            return set(files)
        return {file for file in files if not _is_quick(file) or file in self._plan.sources}

    def is_quick(self, files: Iterable[str]) -> bool:
        """Tell whether `pages` alone brings these changed files to the screen.

        It does not where something that its jobs work with is gone, as after `make clean`.
        """
        files = set(files)
        if self._plan is None or not all(map(_is_quick, files)):
            return False
        jobs = _on_screen(self._plan, files)
        made = {file for job in self._plan.jobs for file in job.outputs}
        needed = {file for job in jobs for file in (*job.inputs, *job.outputs)}
        return all(Path(file).exists() for file in needed & made)

    def pages(self, files: Collection[str], show: Callable[[set[str]], None]) -> None:
        """Make the pages, style sheets and scripts that some changed files lead to.

        Parameters
        ----------
        files
            What was saved.
        show
            Is told, as soon as each is made, which files for the screen have changed.

        Raises
        ------
        UserError
            What the first job that fails says.
        """
        changed = set(files)
        waiting = _on_screen(self._plan, changed) if self._plan else []
        running: dict[Future[set[str]], Job] = {}
        with ThreadPoolExecutor(self._cores) as pool:
            while waiting or running:
                unmade = {file for job in [*waiting, *running.values()] for file in job.outputs}
                ready = [job for job in waiting if not job.inputs & unmade]
                waiting = [job for job in waiting if job.inputs & unmade]
                due = [job for job in ready if job.inputs & changed]
                running |= {pool.submit(self._run, job): job for job in due}
                if len(due) < len(ready):
                    continue  # What is left out may be all that another one waited for.
                for done in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                    del running[done]
                    changed |= done.result()
                    show(done.result())

    def web(self) -> set[str]:
        """Have Snakemake make all that pages show, figures and fonts too; return what changed."""
        plan = self._plan or read_plan(self._arguments)
        files = sorted(file for job in plan.jobs for file in job.outputs if file.startswith(WEB))
        before = _digests(_files_below(WEB))
        self._run_snakemake(files)
        return _changed(before, _digests(_files_below(WEB)))

    def everything(self) -> set[str]:
        """Have Snakemake make the whole site; return which of its own pages changed."""
        before = _digests(_pages_of_site())
        self._run_snakemake([])
        return _changed(before, _digests(_pages_of_site()))

    def stop(self) -> None:
        """Stop a Snakemake that runs, with all its jobs, at once; from any thread."""
        running = self._snakemake
        if running is not None and running.poll() is None:
            self._stopped = True
            os.killpg(running.pid, signal.SIGKILL)

    def _forget(self) -> None:
        if self._warm is not None:
            self._warm.close()
        self._plan = self._warm = None

    def _run(self, job: Job) -> set[str]:
        """Run a job; return those of its outputs that have changed."""
        before = _digests(job.outputs)
        if job.module and self._warm is not None:
            said = self._warm.run(*job.module)
        else:
            command = ["bash", "-euo", "pipefail", "-c", job.command]
            environment = self._plan.environment if self._plan else None
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            )
            said = done.stderr if done.returncode else None
        if said is not None:
            raise as_user_error(said)
        return _changed(before, _digests(job.outputs))

    def _run_snakemake(self, targets: Sequence[str]) -> None:
        self._unlock()
        self._snakemake = subprocess.Popen(
            [*self._command, *targets, *self._arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A group of its own, so that it and its jobs can be stopped together.
            start_new_session=True,
        )
        if self._is_late():
            self.stop()
        said, _ = self._snakemake.communicate()
        if self._stopped:
            raise Stopped
        if self._snakemake.returncode:
            raise as_user_error(said)

    def _unlock(self) -> None:
        """Take away the lock that a stopped Snakemake has left."""
        if self._stopped and self._snakemake is not None:
            self._snakemake.wait()
            clear(Path(".snakemake"))
            self._stopped = False


def _is_quick(file: str) -> bool:
    return not file.startswith(_SETTINGS) and not file.endswith(_CODE)


def _on_screen(plan: Plan, files: Collection[str]) -> list[Job]:
    """Return the jobs that lead from some files to pages, style sheets and scripts, in order."""
    shown = [
        file
        for job in plan.jobs
        for file in job.outputs
        if file.startswith(WEB) and file.endswith((".html", ".css", ".js"))
    ]
    following = set(plan.following(files))
    return [job for job in plan.leading_to(shown) if job in following]


def _files_below(folder: str) -> list[str]:
    return [str(path) for path in Path(folder).rglob("*") if path.is_file()]


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """Return the files that are others now, or that only one of two times were there."""
    return {file for file in {*before, *after} if before.get(file) != after.get(file)}


def _pages_of_site() -> list[str]:
    """Return the pages that only the whole site has: the others are in `WEB` already."""
    files = _files_below(SITE)
    return [f for f in files if f.endswith(".html") and not Path(WEB, f[len(SITE) :]).exists()]


def _digests(files: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of each file that is there."""
    return {file: sha256_of(Path(file)) for file in files if Path(file).is_file()}
