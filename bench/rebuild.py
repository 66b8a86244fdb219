"""Time the author's round trips: everything from clean, nothing to do, one changed sentence.

``python -m bench.rebuild`` works in a copy of the project and prints a table. Machines are noisy:
each round trip that is short is taken several times, and the ratios mean more than the seconds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.project import Project

__all__ = ["main"]

_REPEATS = 3
# What each round trip may cost on two cores.
_LIMITS = {"full rebuild from clean": 240, "nothing to do": 3, "one sentence": 12}
_SENTENCE = "One distinction runs through all of it."


def _timed(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _change_sentence(project: Project, count: int) -> None:
    """Change a sentence of the English introduction, and build both languages again."""
    path = "templates/en/introduction.md"
    project.edit(path, _SENTENCE, _SENTENCE + " Again." * (count + 1))
    project.build()
    project.edit(path, _SENTENCE + " Again." * (count + 1), _SENTENCE)


def measure(folder: Path) -> dict[str, list[float]]:
    """Return the times of each round trip, in seconds, in a new copy of the project."""
    project = Project.create(folder / "project", overlay=())
    times = {"full rebuild from clean": [_timed(project.build)]}
    times["nothing to do"] = [_timed(project.build) for _ in range(_REPEATS)]
    times["one sentence"] = [
        _timed(lambda count=count: _change_sentence(project, count))  # type: ignore[misc]
        for count in range(_REPEATS)
    ]
    return times


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        times = measure(Path(folder))
    empty = statistics.median(times["nothing to do"])
    print(f"{'round trip':<26}{'median':>9}{'least':>9}{'most':>9}{'limit':>8}{'x nothing':>11}")
    for name, values in times.items():
        median = statistics.median(values)
        print(
            f"{name:<26}{median:>7.1f} s{min(values):>7.1f} s{max(values):>7.1f} s"
            f"{_LIMITS[name]:>6} s{median / empty:>11.1f}"
        )


if __name__ == "__main__":
    main()
