"""What the picture of a shared link shows below the title: the article in four frames."""

from __future__ import annotations

from matplotlib.axes import Axes

from juchi.exhibits.draw import Drawing
from report.frames import FRAMES, RESULTS, draw_frame

__all__ = ["RESULTS", "draw"]

# How many times larger than in the article lines are; a card is often shown a third of its size.
_SCALE = 2
# Fractions of the width: the margin of the card, and the space between two frames.
_MARGIN, _GAP = 0.06, 0.03


def draw(axes: Axes, drawing: Drawing) -> None:
    """Draw the frames side by side, without names of axes, each below what it says."""
    words = drawing.words["figures"]["abstract_picture"]["frames"]
    width = (1 - 2 * _MARGIN - (len(FRAMES) - 1) * _GAP) / len(FRAMES)
    for place, name in enumerate(FRAMES):
        frame = axes.inset_axes((_MARGIN + place * (width + _GAP), 0, width, 0.76))
        draw_frame(frame, drawing, name, scale=_SCALE)
        frame.set_xlabel("")
        frame.set_ylabel("")
        told = "\n".join(line.strip() for line in words[name].splitlines())
        frame.set_title(told, loc="left", fontsize=19)
