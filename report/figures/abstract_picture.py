"""The article in four frames: the sawtooth, its cause, what is no cause, and what is no cure."""

from __future__ import annotations

from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import tag_panels
from report.frames import FRAMES, draw_frame

__all__ = ["draw"]


def draw(drawing: Drawing) -> Figure:
    """Draw the frames in a row, each below what it says."""
    words = drawing.words["figures"]["abstract_picture"]
    names = list(FRAMES)
    figure, axes = lay_out(drawing, [names], 2.15, 1.95, narrow_rows=[names[:2], names[2:]])
    for name, axis in axes.items():
        draw_frame(axis, drawing, name)
        axis.set_title(words["frames"][name], loc="left", fontsize=9)
        for side in (axis.xaxis, axis.yaxis):
            side.label.set_fontsize(8)
    tag_panels(list(axes.values()))
    return figure
