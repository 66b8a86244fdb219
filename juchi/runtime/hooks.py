"""What is hung into Snakemake where it has no hook of its own; in one module, for one version.

Here, too, is how it was called. Snakemake's own names are used here and nowhere else.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import threading
from argparse import Namespace
from collections import UserDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

import snakemake
import snakemake.api  # its parts import each other: this one first
from snakemake.dag import DAG
from snakemake.exceptions import MissingOutputException, WorkflowError
from snakemake.executors.local import Executor
from snakemake.io import AnnotatedString, ancient, flag, is_flagged
from snakemake.jobs import Job
from snakemake.shell import shell
from snakemake.utils import format as formatted

from juchi.core.errors import UserError, keep_message
from juchi.results.checksums import check_checksums
from juchi.runtime.ledger import Ledger, checksum_of
from juchi.runtime.own_rules import Overheard, Ran, scripts_in, stopped, unwritten
from juchi.runtime.progress_display import BY_INTERRUPT
from juchi.runtime.undeclared import OwnRule
from juchi.workflow import RULES

__all__ = [
    "WRITTEN_FOR",
    "Declared",
    "Invocation",
    "as_ageless",
    "as_source",
    "as_workflow_error",
    "follow",
    "pass_to_jobs",
    "put_first",
    "stated_jobs",
]

WRITTEN_FOR = "9.27.1"
# What the rules make lies in these folders.
_FOLDERS = ("results/", "build/")
# As they are in Snakemake itself, however often a Snakefile is read.
_update_needrun = DAG.update_needrun
_prepare, _postprocess = Job.prepare, Job.postprocess
_cached_or_run = Executor.cached_or_run


P = ParamSpec("P")
T = TypeVar("T")
# How files are marked that no rule makes.
_SOURCE = "source"


def as_workflow_error(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Call a function; a user's mistake ends in Snakemake's own message, without a traceback."""
    try:
        return function(*arguments, **named)
    except UserError as error:
        raise WorkflowError(str(error)) from error


def as_ageless(files: Any) -> Any:  # noqa: ANN401 - a path, or paths, with Snakemake's marks
    """Mark files whose age does not matter."""
    return ancient(files)


def as_source(files: Any) -> Any:  # noqa: ANN401 - a path, or paths, with Snakemake's marks
    """Mark files that no rule makes, and whose age does not matter."""
    return flag(ancient(files), _SOURCE)


class _Listener(logging.Handler):
    """Keeps what Snakemake's log tells of jobs."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[tuple[list[str], list[str], str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take up a job."""
        told: dict[str, Any] = vars(record)
        if told.get("event") == "job_info" and told["shellcmd"]:
            self.jobs.append(([*told["input"]], [*told["output"]], told["shellcmd"]))


def stated_jobs(arguments: Sequence[str]) -> list[tuple[list[str], list[str], str]]:
    """Have Snakemake lay out all jobs in this process, whatever is built already.

    Returns
    -------
    list
        Of each its inputs, its outputs, and the line that the shell would run.
    """
    # Here, since it takes long and a build is not started so.
    from snakemake.cli import main as run_snakemake  # noqa: PLC0415

    listener = _Listener()
    # At the root: Snakemake takes away what handlers its own logger has.
    logging.getLogger().addHandler(listener)
    try:
        run_snakemake(["--dry-run", "--forceall", "--cores", "1", "--nolock", *arguments])
    except SystemExit as end:
        if end.code:
            raise
    return listener.jobs


class Declared(NamedTuple):
    """A job as its rule declares it.

    `inputs` holds the files that it reads by the name that the rule gives them; those without a
    name are left out.
    """

    rule: str
    wildcards: dict[str, str]
    inputs: dict[str, list[str]]
    outputs: list[str]
    command: str


class Invocation:
    """How Snakemake was called, and what it knows of the rules.

    Parameters
    ----------
    workflow
        The object of this name in a Snakefile.
    """

    def __init__(self, workflow: Any) -> None:  # noqa: ANN401 - Snakemake is untyped
        self._workflow = workflow

    @property
    def is_main(self) -> bool:
        """Whether this process lays out the build; others run one job of it."""
        return bool(self._workflow.is_main_process)

    @property
    def is_dry_run(self) -> bool:
        """Whether nothing is to be run."""
        return bool(self._workflow.output_settings.dryrun)

    @property
    def is_local(self) -> bool:
        """Whether all jobs run on this machine."""
        return bool(self._workflow.local_exec)

    @property
    def quiet(self) -> frozenset[str]:
        """What Snakemake is not to print."""
        return frozenset(kind.name.lower() for kind in self._workflow.output_settings.quiet or ())

    @property
    def cores(self) -> int:
        """How many jobs run at once."""
        return self._workflow.resource_settings.cores or 1

    @property
    def started_in(self) -> Path:
        """The folder in which it was started."""
        return Path(self._workflow.workdir_init)

    def makes(self, file: str) -> bool:
        """Tell whether one of the rules read so far makes a file."""
        return self._rule_of(file) is not None

    def _rule_of(self, file: str) -> Any:  # noqa: ANN401 - Snakemake is untyped
        return next((rule for rule in self._workflow.rules if rule.is_producer(file)), None)

    def maker(self, file: str) -> Declared | None:
        """Return the job that makes a file, by the rules read so far; None where none does."""
        rule = self._rule_of(file)
        if rule is None:
            return None
        wildcards = rule.get_wildcards(file)
        inputs, outputs = rule.expand_input(wildcards)[0], rule.expand_output(wildcards)[0]
        # Without a job, which only parameters that depend on threads or resources would ask for.
        params = rule.expand_params(wildcards, inputs, outputs, None)[0]
        named = Namespace(**wildcards)
        command = formatted(
            rule.shellcmd or "", input=inputs, output=outputs, params=params, wildcards=named
        )
        return Declared(
            rule.name,
            dict(wildcards),
            {
                name: [str(path) for path in ([files] if isinstance(files, str) else files)]
                for name, files in inputs.items()
            },
            [str(path) for path in outputs],
            command,
        )

    def rule_files(self) -> list[Path]:
        """Return the Snakefile, and the files that it includes."""
        included = self._workflow.included
        return [Path(file.get_path_or_uri(secret_free=False)) for file in included]

    @property
    def rules(self) -> list[str]:
        """The names of the rules read so far."""
        return [rule.name for rule in self._workflow.rules]

    def with_sources(self) -> dict[str, str]:
        """Return the rules that have inputs marked as sources, each with its file and line."""
        return {
            rule.name: _place(rule)
            for rule in self._workflow.rules
            if any(is_flagged(path, _SOURCE) for path in rule.input)
        }

    def own_rules(self) -> list[OwnRule]:
        """Return the article's own rules read so far, but those whose inputs a function tells."""
        return [
            OwnRule(
                rule.name,
                _place(rule),
                rule.shellcmd or "",
                _scripts_of(rule),
                partial(_matches, rule.input),
                rule.is_producer,
            )
            for rule in self._workflow.rules
            if _is_own(rule) and not any(callable(path) for path in rule.input)
        ]

    def sources_of(self, rule: str, wildcards: Mapping[str, str]) -> list[str]:
        """Return the inputs of a rule that are marked as sources."""
        inputs, *_ = self._workflow.get_rule(rule).expand_input(dict(wildcards))
        return [path for path in inputs if is_flagged(path, _SOURCE)]

    def stop_limiting_rate(self) -> None:
        """Start jobs as fast as they can be: so many a second is for those who share a cluster.

        Here each look whether a limit is kept would bring about another look one second later, and
        the end of the build would wait for the last of them.
        """
        self._workflow.scheduler.job_rate_limiter = None


def pass_to_jobs(descriptors: Sequence[int]) -> None:
    """Have every shell command inherit some file descriptors."""
    shell._process_args["pass_fds"] = tuple(descriptors)


def follow(ledger: Ledger, folders: Mapping[str, str], tell_kept: Callable[[int], None]) -> None:
    """Have this process's build compare what it finds with the ledger, and note what it makes.

    Before anything runs, each file that is not what its rule made of what is declared is named, and
    its job runs again whatever Snakemake thinks of it. A job of the generator's rules does not run
    if what it reads was made again and came out the same. When a job has ended, what it read has to
    be what was noted of it; else the job has failed, with a message that names the file.

    Parameters
    ----------
    folders
        What a job makes besides the output that it declares, by that output: the published site.
    tell_kept
        Is given the number of each job that is not run, since it would make the same again.
    """
    if snakemake.__version__ != WRITTEN_FOR:
        raise UserError(
            where="juchi/runtime/hooks.py",
            found=f"Snakemake {snakemake.__version__}",
            expected=f"Snakemake {WRITTEN_FOR}, which these hooks were written for",
            hint="install the version that requirements-juchi.txt pins: `make setup`",
        )
    keeper = _Keeper(ledger, folders)
    kept: set[Job] = set()
    run_and_listen = _listening_to_own_rules()

    async def update_needrun(dag: DAG, create_inventory: bool = False) -> None:
        await _update_needrun(dag, create_inventory)
        if create_inventory and not dag.workflow.dag_settings.forceall:
            _refuse_options(dag)
            again = keeper.compare(dag)
            if again:
                dag.forcefiles.update(again)
                await _update_needrun(dag)

    async def prepare(job: Job) -> None:
        # Snakemake would delete the outputs.
        if keeper.would_make_the_same(job):
            kept.add(job)
            tell_kept(job.dag.jobid(job))
        else:
            await _prepare(job)

    def cached_or_run(executor: Executor, job: Job, *how: Any) -> None:  # noqa: ANN401
        if job not in kept:
            run_and_listen(executor, job, *how)

    async def postprocess(
        job: Job, *arguments: object, error: bool = False, **more: object
    ) -> None:
        try:
            with _missing_told(job):
                await _postprocess(job, *arguments, error=error, **more)
            if not error:
                keeper.note(job)
        except UserError as mistake:
            keep_message(str(mistake))
            raise WorkflowError(str(mistake)) from mistake

    DAG.update_needrun = update_needrun
    Job.prepare, Job.postprocess = prepare, postprocess
    Executor.cached_or_run = cached_or_run


class _Arguments(UserDict[str, Any]):
    """What shell commands are started with: those of this thread print where `stderr` says."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.of_thread = threading.local()
        super().__init__(given)

    def __iter__(self) -> Iterator[str]:
        yield from self.data
        if hasattr(self.of_thread, "stderr"):
            yield "stderr"

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - as subprocess has them
        return self.of_thread.stderr if name == "stderr" else super().__getitem__(name)


def _listening_to_own_rules() -> Callable[..., None]:
    """Return what runs a job; one of the article's own rules leaves a message, as others do."""
    started_with = shell._process_args = _Arguments(dict(shell._process_args))

    def cached_or_run(executor: Executor, job: Job, run: Callable[..., object], *more: Any) -> None:  # noqa: ANN401
        if not _is_own(job.rule):
            _cached_or_run(executor, job, run, *more)
            return
        overheard = Overheard()
        try:
            with overheard.listening() as started_with.of_thread.stderr:
                _cached_or_run(executor, job, run, *more)
        except Exception as error:
            told = stopped(_ran(job), overheard.said)
            if told and BY_INTERRUPT not in str(error):
                keep_message(str(told))
            raise
        finally:
            del started_with.of_thread.stderr

    return cached_or_run


@contextlib.contextmanager
def _missing_told(job: Job) -> Iterator[None]:
    """Tell by our own message that a job of the article's own rules has not written its files."""
    try:
        yield
    except MissingOutputException as error:
        missing = [str(path) for path in job.output if not Path(path).exists()]
        if not missing or not _is_own(job.rule):
            raise
        raise unwritten(_ran(job), missing, here=job.dag.workflow.local_exec) from error


def _scripts_of(rule: Any) -> list[str]:  # noqa: ANN401 - Snakemake is untyped
    """Return the code that a rule names; that of modules is followed by itself."""
    followed = [path for path in rule.input if is_flagged(path, "ancient")]
    read = [str(path) for path in rule.input if path not in followed or is_flagged(path, _SOURCE)]
    return scripts_in(" ".join([*read, rule.script or "", rule.shellcmd or ""]))


def _matches(declared: Iterable[Any], file: str) -> bool:
    """Tell whether a file, or a folder that it lies in, is among some that a rule declares."""
    places = [file, *map(str, Path(file).parents)]
    return any(path.match(place) for path in declared for place in places)


def _is_own(rule: Any) -> bool:  # noqa: ANN401 - Snakemake is untyped
    """Tell whether a rule stands in the article, and not among those of every article."""
    return not Path(rule.snakefile).resolve().is_relative_to(RULES)


def _place(rule: Any) -> str:  # noqa: ANN401 - Snakemake is untyped
    """Return the file and the line in which a rule begins."""
    file, here = Path(rule.snakefile), Path.cwd()
    shown = file.relative_to(here) if file.is_relative_to(here) else file
    return f"{shown}:{rule.workflow.linemaps[rule.snakefile][rule.lineno]}"


def _ran(job: Job) -> Ran:
    rule = job.rule
    scripts = [str(rule.script)] if rule.script else scripts_in(job.shellcmd or "")
    command = f"`{job.shellcmd}`" if job.shellcmd else rule.script or "the rule's `run:`"
    return Ran(_place(rule), rule.name, command, scripts, [str(f) for f in job.output])


def put_first(first: str, then: Collection[str]) -> None:
    """Have some rules wait for another one of which they read nothing; call it after `follow`.

    As an input it would have them run again each time that it does. Snakemake's `ancient` would
    not, but behind such an input it passes over jobs that have a reason of their own to run.
    """
    update = DAG.update_needrun
    waits: list[tuple[Job, Job]] = []

    async def update_needrun(dag: DAG, create_inventory: bool = False) -> None:
        for before, after in waits:
            dag.depending[before].pop(after, None)
        waits.clear()
        await update(dag, create_inventory)
        jobs = list(dag.needrun_jobs())
        waits.extend(
            (before, after)
            for before in jobs
            for after in jobs
            if before.rule.name == first and after.rule.name in then
        )
        for before, after in waits:
            # When the one has ended, Snakemake counts down how many the other still waits for.
            dag.depending[before][after] = set()
            dag._n_until_ready[after] += 1

    DAG.update_needrun = update_needrun


def _refuse_options(dag: DAG) -> None:
    """Refuse options that let outdated files pass for what is declared now."""
    refused = {
        "--touch": dag.workflow.touch,
        "--allowed-rules": bool(dag.workflow.dag_settings.allowed_rules),
    }
    for option, given in refused.items():
        if given:
            raise WorkflowError(
                str(
                    UserError(
                        where=f"the option {option}",
                        found="an option by which outdated files pass for new ones",
                        expected="files that their rules made of what is declared now",
                        hint=f"leave {option} out: what is up to date is not made again anyway",
                    )
                )
            )


class _Keeper:
    """Keeps the ledger of a build; see `follow`."""

    def __init__(self, ledger: Ledger, folders: Mapping[str, str]) -> None:
        self._ledger, self._folders = ledger, folders
        # While Snakemake lays out its jobs, which takes one core.
        self._reading = threading.Thread(
            target=ledger.now.read_ahead, args=(ledger.paths,), daemon=True
        )
        self._reading.start()

    def compare(self, dag: DAG) -> list[str]:
        """Name what is not as its rule made it; return an output of each job to run besides."""
        jobs = [job for job in dag.jobs if _local(job.output)]
        self._reading.join()
        changed = {job: self._changed(job) for job in jobs}
        outdated = [job for job in jobs if not changed[job] and self._is_outdated(job)]
        if self._ledger.is_empty and any(changed.values()):
            _say("Nothing tells what results/ and build/ were made from: they are made again.")
        else:
            for name in sorted(name for names in changed.values() for name in names):
                _say(f"{name} is not as its rule made it: it is made again.")
            for job in outdated:
                if not dag.needrun(job):
                    _say(f"{job.output[0]} was made from what has changed: it is made again.")
        again = [*(job for job in jobs if changed[job]), *outdated]
        # The others run in any case; Snakemake tells why.
        return [_local(job.output)[0] for job in again if not dag.needrun(job)]

    def would_make_the_same(self, job: Job) -> bool:
        """Tell whether a job would make again, of the same, what is there; of one asked for, no.

        A rule of the article's own may read files that the ledger does not follow: its jobs run.
        """
        dag, outputs = job.dag, self._outputs(job)
        asked = (
            dag.reason(job).forced
            # Snakemake does not look at them behind a job that runs.
            or job.rule in dag.forcerules
            or not dag.forcefiles.isdisjoint(job.output)
        )
        if asked or _is_own(job.rule) or len(_local(job.output)) < len(job.output):
            return False
        there = all(self._ledger.now.content_of(path) is not None for path in outputs)
        return there and not self._changed(job) and not self._is_outdated(job)

    def note(self, job: Job) -> None:
        """Note what a job has made, where all that it read is what was noted."""
        if not _local(job.output):
            return
        self._ledger.require(_local(job.input), f"while {job.rule.name} read it")
        made = job.output.get("checksums")
        if made:
            files = [Path(path) for path in job.output if path != made]
            check_checksums(Path(made), json.loads(job.params.settings), files)
        self._ledger.note(self._outputs(job), self._origin(job))

    def _outputs(self, job: Job) -> list[str]:
        outputs = _local(job.output)
        return outputs + [self._folders[path] for path in outputs if path in self._folders]

    def _changed(self, job: Job) -> list[str]:
        """Return the files of a job that are not as it made them; a folder besides may be gone."""
        outputs = self._outputs(job)
        besides = [path for path in outputs if path in self._folders.values()]
        gone = [path for path in besides if self._ledger.noted(path) and not Path(path).exists()]
        return gone + [name for path in outputs for name in self._ledger.others(path)]

    def _is_outdated(self, job: Job) -> bool:
        """Tell whether a job has made its outputs from something else than it would read now."""
        origins = {self._ledger.origin(path) for path in _local(job.output)}
        return bool(origins - {None, self._origin(job)})

    def _origin(self, job: Job) -> str:
        """Return a checksum of what a job makes its outputs from."""
        persistence = job.dag.workflow.persistence
        parts = [job.rule.name, persistence._code(job.rule) or "", *persistence._params(job)]
        return checksum_of(parts, {path: self._ledger.noted(path) for path in _local(job.input)})


def _local(files: Iterable[AnnotatedString]) -> list[str]:
    """Return those of a job's files that lie here and that a rule makes."""
    return [str(file) for file in files if not file.is_storage and str(file).startswith(_FOLDERS)]


def _say(text: str) -> None:
    print(text, file=sys.stderr)
