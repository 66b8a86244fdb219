"""A build from its beginning to its end: what is taken up, locked, watched, and ended with it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from juchi.core import environment, interrupts, locks, memoize, progress
from juchi.core.errors import kept_messages
from juchi.runtime import outputs, progress_display
from juchi.runtime.forkserver import Forkserver
from juchi.runtime.hooks import Invocation, as_workflow_error, follow, pass_to_jobs, put_first
from juchi.runtime.ledger import Ledger

__all__ = ["LEDGER", "Session"]

LEDGER = ".snakemake/ledger"
_OWN = Path(".snakemake")
_MADE = (Path("results"), Path("build"))
# What texts have told before; what this build uses of it is kept when the rules have been read.
_MEMOIZED = _OWN / "memoized"
# Jobs of these packages that run here share what they import: see juchi/runtime/forkserver.py.
_PACKAGES = ("experiments", "juchi", "report")


class Session:
    """One reading of the Snakefile, and the build that follows where it is the main process's.

    Parameters
    ----------
    invocation
        How Snakemake was called.
    root
        The folder of the article, which is the working directory already.
    folders
        What a job makes besides the output that it declares, by that output.
    waiting
        By a rule: the rules that wait for it without reading what it makes.
    """

    def __init__(
        self,
        invocation: Invocation,
        root: Path,
        folders: Mapping[str, str],
        waiting: Mapping[str, Collection[str]],
    ) -> None:
        self._invocation = invocation
        self._progress: progress_display.Progress | None = None
        self._forkservers: list[Forkserver] = []
        # What every job inherits: as long as one lives, no later build begins.
        self._inherited: list[int] = []
        # Snakemake and its jobs go on in an environment of the project's own.
        as_workflow_error(environment.require_utf8)
        as_workflow_error(environment.refuse_foreign_modules, root)
        environment.adopt(Path())
        memoize.recall(_MEMOIZED)
        if invocation.is_main:
            outputs.bring_home_the_log(invocation.started_in, Path.cwd())
            if not invocation.is_dry_run:
                self._take_up()
            # Whatever way a file came to be, it counts as made only if its rule made it, of what
            # is declared.
            as_workflow_error(follow, Ledger(Path(LEDGER)), folders, self._tell_kept)
            for first, then in waiting.items():
                put_first(first, then)

    def _take_up(self) -> None:
        """Lock the folder. A build that was killed is nobody's any more: it keeps none waiting."""
        as_workflow_error(outputs.require_writable, Path(), [*_MADE, _OWN])
        self._inherited = as_workflow_error(locks.hold, _OWN)
        # A job that ends on a user's mistake leaves its message here, see juchi/core/errors.py.
        Path(os.environ["JUCHI_ERRORS"]).unlink(missing_ok=True)
        pass_to_jobs(self._inherited)
        outputs.delete_begun(_MADE)
        interrupts.end_at_once(self._end_forkservers)
        if from_the_future := outputs.correct_clock_skew(list(_MADE)):
            print(
                f"The clock was set back: {from_the_future} files are from the future. They count"
                " as made now; their checksums tell which of them have to be made again.",
                file=sys.stderr,
            )
        self._progress = progress_display.follow(
            self._invocation.quiet,
            self._invocation.cores,
            Path(os.environ[progress.FOLDER]),
            _OWN / "durations.json",
        )

    def _tell_kept(self, job: int) -> None:
        if self._progress:
            self._progress.keep(job)

    def keep_memoized(self) -> None:
        """Keep what texts have told, for the next build."""
        if self._invocation.is_main and not self._invocation.is_dry_run:
            as_workflow_error(memoize.save, _MEMOIZED)

    def start(self) -> None:
        """Prepare for the jobs."""
        if self._invocation.is_local:
            self._invocation.stop_limiting_rate()
        else:
            # Snakemake calls back what it has sent to a cluster.
            interrupts.leave_to_snakemake()
        if sys.platform == "linux":
            # Without it every job imports for itself, and the build takes longer.
            with contextlib.suppress(OSError):
                self._forkservers.append(Forkserver(_PACKAGES, inherited=self._inherited))
                programs = self._forkservers[0].programs(_OWN / "programs")
                os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"

    def _end_forkservers(self) -> None:
        for process in self._forkservers:
            process.close()

    def end(self) -> None:
        """End what has accompanied the jobs."""
        self._end_forkservers()
        if self._progress:
            self._progress.close()

    def fail(self) -> None:
        """End, and print the messages of jobs last, below Snakemake's own report."""
        self.end()
        for message in dict.fromkeys(map(str, kept_messages())):
            print(f"\n{message}", file=sys.stderr)
