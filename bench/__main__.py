"""Measure everything in one run, and write ``docs/performance.md`` with its chart.

``make bench`` runs it, for about twenty minutes on two cores; nothing else should run meanwhile. It
ends with status 1 where something misses its limit, after it has written what it measured.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import growth, newcomer, rebuild, sweeps
from bench.chart import draw
from bench.page import Measured, machine, page

_DOCS = Path(__file__).parent.parent / "docs"


def main() -> None:
    """Measure, write, and say what misses its limit."""
    print("engines ...", flush=True)
    speeds = sweeps.measure()
    with tempfile.TemporaryDirectory() as folder:
        print("rebuilds ...", flush=True)
        rebuilds = rebuild.measure(Path(folder))
        print("growth ...", flush=True)
        grown = growth.measure(Path(folder) / "growth")
        print("a new article ...", flush=True)
        begun = newcomer.measure(Path(folder) / "newcomer")
    measured = Measured(machine(), speeds, rebuilds, grown, begun)
    (_DOCS / "performance.md").write_text(page(measured), encoding="utf-8")
    draw(measured, _DOCS / "images" / "performance.svg")
    missed = [limit for limit in measured.limits() if not limit.kept]
    for limit in missed:
        print(f"missed: {limit.what}: {limit.measured}, the limit is {limit.allowed}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
