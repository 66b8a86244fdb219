"""What one more configuration costs where there are ten, a hundred or a thousand of them.

They are small ones of the one-weight experiment, added by an overlay to an article that has its
own; only they are trained, each as a job of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.rebuild import CORES
from juchi.results.layout import result_file
from tests.project import Project

__all__ = ["Growth", "measure"]

_EXPERIMENT = "one_weight"
_COUNTS = (10, 100, 1_000)
# With a Python of its own for each job, as Snakemake alone starts them.
_COLD = (10, 100)


@dataclass(frozen=True)
class Growth:
    """Times in seconds.

    Attributes
    ----------
    configurations
        How many were trained.
    warm
        Whether they shared what they import.
    planned
        A dry run: reading the configuration, building the DAG.
    trained
        The build.
    one_more
        The build after one of them was changed.
    """

    configurations: int
    warm: bool
    planned: float
    trained: float
    one_more: float

    @property
    def each(self) -> float:
        """What a configuration costs in the build, without the dry run's part, in seconds."""
        return (self.trained - self.planned) / self.configurations


def _overlay(folder: Path, count: int, changed: float = 0.0) -> str:
    """Write the overlay with so many configurations; the first one may differ."""
    configurations = {
        f"more_{index}": {
            "learning_rate": 0.5 + index / count,
            "steps": 60,
            "burn_in": 40,
            "starts": 64,
        }
        for index in range(count)
    }
    configurations["more_0"]["learning_rate"] += changed
    path = folder / "config" / "growth.yaml"
    experiments = {_EXPERIMENT: {"configurations": configurations}}
    overlay = {"experiments": {"preset": "growth", "experiments": experiments}}
    path.write_text(json.dumps(overlay), encoding="utf-8")
    return "config/growth.yaml"


def _timed(project: Project, *arguments: str) -> float:
    started = time.perf_counter()
    done = project.snakemake(*arguments, cores=CORES)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return time.perf_counter() - started


def _grown(folder: Path, count: int, *, warm: bool) -> Growth:
    """Train so many configurations in a new copy of the project."""
    project = Project.create(folder, overlay=())
    if not warm:
        project.edit("juchi/runtime/session.py", 'sys.platform == "linux"', "False")
    targets = [result_file(_EXPERIMENT, f"more_{index}", "checksums") for index in range(count)]
    overlay = _overlay(folder, count)
    arguments = [*targets, "--configfile", overlay]
    planned = _timed(project, *arguments, "--dry-run", "--quiet")
    trained = _timed(project, *arguments)
    _overlay(folder, count, changed=0.01)
    return Growth(count, warm, planned, trained, _timed(project, *arguments))


def measure(
    folder: Path, cold: Sequence[int] = _COLD, counts: Sequence[int] = _COUNTS
) -> list[Growth]:
    """Train ever more configurations, so many of them and, cold, so many."""
    cases = [(count, False) for count in cold] + [(count, True) for count in counts]
    return [_grown(folder / f"{count}-{warm}", count, warm=warm) for count, warm in cases]
