"""Show the pages as they are written: each saved file is built, and the open page follows.

The pages are served from build/web/; the published site in build/site/ changes only when the whole
build behind them has succeeded, as ever.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Condition, Thread
from typing import NoReturn

from watchfiles import DefaultFilter, watch

from juchi.core.errors import UserError
from juchi.preview.live import LiveServer, State
from juchi.preview.rebuild import SITE, WEB, Rebuild, Stopped

__all__ = ["Preview", "preview"]

WATCHED = ("config", "experiments", "juchi", "report", "templates", "Snakefile")
# Milliseconds: an editor's several steps of one save are over, and the author does not wait yet.
_STEP, _DEBOUNCE = 30, 300
# Seconds that the browser has the machine for itself, before the rest is made.
_REST = 1.0


class Preview:
    """Builds what is saved, one thing after the other, and tells the open pages.

    Parameters
    ----------
    state
        What open pages are told.
    cores, snakemake_arguments
        How Snakemake is called.
    """

    def __init__(self, state: State, cores: int, snakemake_arguments: list[str]) -> None:
        self._state = state
        # What was saved since the present build began, and what is not on the screen yet.
        self._saved: set[str] = set()
        self._pending: set[str] = set()
        self._noticed = Condition()
        self._rebuild = Rebuild(cores, snakemake_arguments, lambda: bool(self._saved))

    def take(self, files: set[str]) -> None:
        """Take up what was saved; what Snakemake is at is old by now."""
        if concerned := self._rebuild.concerned(files):
            with self._noticed:
                self._saved |= concerned
                self._noticed.notify()
            self._rebuild.stop()

    def work(self) -> NoReturn:
        """Build for ever; what a mistake keeps from the screen waits for the next save."""
        while True:
            try:
                self._build()
            except Stopped:
                pass
            except UserError as error:
                print(error, flush=True)
                self._state.fail(str(error))
            self._wait(None)
            with self._noticed:
                self._pending |= self._saved
                self._saved.clear()

    def close(self) -> None:
        """End what is running."""
        self._rebuild.stop()
        self._rebuild.close()

    def _build(self) -> None:
        """Bring what is pending to the screen, then make everything behind it."""
        started, names = time.perf_counter(), ", ".join(sorted(self._pending))
        quick = self._rebuild.is_quick(self._pending)
        if quick:
            self._rebuild.pages(self._pending, self._show)
        else:
            self._rebuild.prepare()
            self._show(self._rebuild.web())
        self._pending.clear()
        self._state.fail(None)
        print(f"{names or 'all pages'}: {time.perf_counter() - started:.1f} s", flush=True)
        if self._wait(_REST):
            return
        if quick:
            self._show(self._rebuild.web())
        self._show(self._rebuild.everything())

    def _wait(self, seconds: float | None) -> bool:
        """Wait for something saved, at most for some seconds; tell whether there is."""
        with self._noticed:
            return self._noticed.wait_for(lambda: bool(self._saved), seconds)

    def _show(self, changed: set[str]) -> None:
        """Have the open pages follow those of the changed files that they show."""
        shown = [file.removeprefix(WEB).removeprefix(SITE) for file in changed if _is_shown(file)]
        if shown:
            self._state.renew(shown)


def _is_shown(file: str) -> bool:
    return file.startswith((WEB, SITE))


class _Sources(DefaultFilter):
    """Passes files over that editors and Python leave beside the sources."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, ".ruff_cache")


def saved_files(root: Path) -> Iterator[set[str]]:
    """Yield the files that are saved, created or deleted, relative to the project's folder."""
    # An article that has the generator from a wheel has no folder `juchi`, and may lack others.
    changes = watch(
        *(root / name for name in WATCHED if (root / name).exists()),
        watch_filter=_Sources(),
        step=_STEP,
        debounce=_DEBOUNCE,
    )
    for batch in changes:
        paths = [Path(path) for _, path in batch]
        yield {path.relative_to(root).as_posix() for path in paths if not path.is_dir()}


def preview(port: int, cores: int, snakemake_arguments: list[str]) -> None:
    """Serve and build until Control-C; port 0 is any that is free."""
    # Whoever ends the preview by a signal ends what it has started too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    state = State()
    builder = Preview(state, cores, snakemake_arguments)
    with LiveServer([Path(WEB), Path(SITE)], port, state) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        Thread(target=builder.work, daemon=True).start()
        print(f"The pages are at {server.address} (Control-C ends it)", flush=True)
        try:
            for files in saved_files(Path.cwd()):
                builder.take(files)
        except KeyboardInterrupt:
            print()
        finally:
            builder.close()
