"""What the learning rate makes of the weight: rest, doublings, chaos, escape; and the exponent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from juchi.core.tables import Columns
from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels

__all__ = ["draw"]

Array = NDArray[np.float64]

_WHOLE, _CASCADE = "rate_sweep", "cascade"
# The part of the cascade that is shown: from well inside period two to the first chaos.
_ZOOM = (0.85, 0.96)
# A weight between the two bands there, where no orbit comes.
_GAP = 0.178


def draw(drawing: Drawing) -> Figure:
    """Draw the diagram and its cascade above, exponent and escaped starts below."""
    names = ("whole", "exponent", "share", "cascade", "cascade_exponent")
    figure, axes = lay_out(
        drawing,
        [["whole", "cascade"], ["exponent", "cascade"], ["share", "cascade_exponent"]],
        4.1,
        [2.6, 1.4, 1.3, 2.4, 1.4],
        narrow_rows=[[name] for name in names],
        height_ratios=[2.1, 1.15, 0.85],
        width_ratios=[1.45, 1],
    )
    words = drawing.words["figures"]["bifurcation"]
    whole, cascade = drawing.curves(_WHOLE), drawing.curves(_CASCADE)
    _draw_weights(axes["whole"], drawing, whole)
    _draw_weights(axes["cascade"], drawing, _between(cascade, *_ZOOM))
    _draw_exponent(axes["exponent"], drawing, whole)
    _draw_exponent(axes["cascade_exponent"], drawing, _between(cascade, *_ZOOM))
    _draw_share(axes["share"], drawing, whole)
    _mark_whole(axes, drawing)
    _mark_cascade(axes, drawing)
    # Linear up to here, logarithmic above: the doublings are small, the escape is large.
    axes["whole"].set_yscale("symlog", linthresh=0.1, linscale=0.4)
    axes["whole"].set_ylim(-0.1, 8)
    axes["whole"].set_yticks([0, 0.1, 0.2, 0.5, 1, 2, 5], ["0", "0.1", "0.2", "0.5", "1", "2", "5"])
    axes["whole"].minorticks_off()
    axes["exponent"].set_ylabel(drawing.words["axes"]["exponent"])
    axes["exponent"].set_ylim(-1.7, 0.9)
    axes["cascade_exponent"].set_ylim(-1, 0.5)
    for name in names:
        axes[name].set_title(words[name], loc="left")
    for name in ("share", "cascade_exponent"):
        axes[name].set_xlabel(drawing.words["axes"]["rate"])
    for name in ("whole", "exponent"):
        axes[name].tick_params(labelbottom=False)
    axes["cascade"].tick_params(labelbottom=False)
    tag_panels([axes[name] for name in names])
    figure.align_ylabels([axes[name] for name in ("whole", "exponent", "share")])
    return figure


def _between(series: Columns, low: float, high: float) -> Columns:
    """Return the rows of a range of rates."""
    rows = (series["learning_rate"] >= low) & (series["learning_rate"] <= high)
    return {name: column[rows] for name, column in series.items()}


def _curve(series: Columns, quantity: str) -> tuple[Array, Array]:
    rows = series["quantity"] == quantity
    return series["learning_rate"][rows], series["value"][rows]


def _draw_weights(axis: Axes, drawing: Drawing, series: Columns) -> None:
    """Draw the settled weights, each as a small point of a picture."""
    rate, weight = _curve(series, "weight")
    axis.plot(
        rate,
        weight,
        linestyle="none",
        marker=".",
        markersize=0.9,
        markeredgewidth=0,
        color=drawing.theme.colours["sigmoid"],
        alpha=0.35,
        rasterized=True,
    )
    axis.set_xlim(rate.min(), rate.max())
    axis.set_ylabel(drawing.words["axes"]["weight"])


def _draw_exponent(axis: Axes, drawing: Drawing, series: Columns) -> None:
    theme = drawing.theme
    rate, median = _curve(series, "lyapunov")
    axis.axhline(0, color=theme.ink, linewidth=0.9)
    axis.plot(rate, median, color=theme.colours["sigmoid"], linewidth=0.5, rasterized=True)
    axis.set_xlim(rate.min(), rate.max())


def _draw_share(axis: Axes, drawing: Drawing, series: Columns) -> None:
    rate, share = _curve(series, "saturated_share")
    axis.plot(rate, share, color=drawing.theme.colours["sigmoid"], linewidth=0.5, rasterized=True)
    axis.set_xlim(rate.min(), rate.max())
    axis.set_ylim(0, 1.02)
    axis.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
    axis.set_ylabel(drawing.words["axes"]["share"])


def _mark_whole(axes: Mapping[str, Axes], drawing: Drawing) -> None:
    """Mark the bound and the post's own rate in every panel on the left."""
    words, ink = drawing.words["figures"]["bifurcation"], drawing.theme.ink
    bound, post = drawing.value(f"{_WHOLE}.onset_predicted"), drawing.value("post.learning_rate")
    for name in ("whole", "exponent", "share"):
        axes[name].axvline(bound, color=ink, linewidth=0.9, linestyle="--")
        axes[name].axvline(post, color=ink, linewidth=0.9, linestyle=":")
    # Each where no weights are: above those that come to rest, and below all others.
    for name, rate, height, up, angle in (("bound", bound, 1, -4, 90), ("post", post, 0, 4, 0)):
        axes["whole"].annotate(
            words[name],
            (rate, height),
            (3, up),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="top" if up < 0 else "bottom",
            fontsize=8,
            rotation=angle,
        )


def _mark_cascade(axes: Mapping[str, Axes], drawing: Drawing) -> None:
    """Mark where the doublings accumulate."""
    words, ink = drawing.words["figures"]["bifurcation"], drawing.theme.ink
    end = drawing.value(f"{_CASCADE}.accumulation")
    for name in ("cascade", "cascade_exponent"):
        axes[name].axvline(end, color=ink, linewidth=0.9, linestyle="--")
    axes["cascade"].annotate(
        words["accumulation"],
        (end, _GAP),
        (-4, 0),
        textcoords="offset points",
        va="center",
        ha="right",
        fontsize=8,
    )
