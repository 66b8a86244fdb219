"""The chart of ``docs/performance.md``."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bench.page import Measured
from juchi.exhibits.style import HASH_SALT

__all__ = ["draw"]

_NAMES = {
    "loop scalar": "the post's loop",
    "loop batchnorm": "the loop with BatchNorm",
    "exponentials": "exponentials alone",
    "advance": "sweeps",
    "observe": "sweeps, recording",
    "scalar": "batched",
    "batchnorm": "batched, BatchNorm",
}
_INK, _FAINT, _COLOUR = "#1b1f24", "#8a929c", "#0072b2"


def draw(measured: Measured, path: Path) -> None:
    """Draw speeds, and what a configuration costs, side by side, as SVG."""
    with mpl.rc_context({"svg.hashsalt": HASH_SALT, "font.size": 9, "axes.edgecolor": _INK}):
        figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
        _speeds(left, measured)
        _growth(right, measured)
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)


def _speeds(axes: Axes, measured: Measured) -> None:
    """Draw the best of each kind: two processes where they were tried."""
    best = {speed.kind: max(speed.steps, 0.0) for speed in measured.speeds if speed.threads == 1}
    kinds = sorted(_NAMES, key=best.__getitem__)
    values = [best[kind] for kind in kinds]
    colours = [_FAINT if kind.startswith(("loop", "exp")) else _COLOUR for kind in kinds]
    bars = axes.barh([_NAMES[kind] for kind in kinds], values, color=colours)
    axes.bar_label(bars, [f"{value:,.0f}" for value in values], padding=3, fontsize=8)
    axes.set_xscale("log")
    axes.set_xlim(1e3, max(values) * 30)
    axes.set_xlabel("replica-steps per second, two processes (loops: one)")
    axes.spines[["top", "right"]].set_visible(False)


def _growth(axes: Axes, measured: Measured) -> None:
    for warm, colour, name in ((False, _FAINT, "each imports"), (True, _COLOUR, "imports shared")):
        rows = [growth for growth in measured.growth if growth.warm == warm]
        counts = [growth.configurations for growth in rows]
        each = [growth.each for growth in rows]
        axes.plot(counts, each, color=colour, marker="o" if warm else "s")
        axes.annotate(
            name,
            (counts[-1], each[-1]),
            (-4, 8),
            textcoords="offset points",
            ha="right",
            color=_INK,
        )
    axes.set_xscale("log")
    axes.set_ylim(0, 1.25 * max(growth.each for growth in measured.growth))
    axes.set_xlabel("configurations")
    axes.set_ylabel("seconds for each of them")
    axes.spines[["top", "right"]].set_visible(False)
