"""The colours of what this article shows: the same thing has the same colour in every figure.

Those of one theme differ in lightness too, so that they can be told apart in grey, and follow
Okabe and Ito's palette for colour-blind readers.
"""

from __future__ import annotations

__all__ = ["COLOURS"]

# By what is shown, for light and for dark pages.
COLOURS = {
    "sigmoid": {"light": "#c04a00", "dark": "#ff9a52"},
    "batchnorm": {"light": "#0072b2", "dark": "#6cc0f5"},
    "momentum": {"light": "#4b2e83", "dark": "#c3a6ff"},
    "tanh": {"light": "#2f9e77", "dark": "#6fdcb4"},
    "centred": {"light": "#8a6d00", "dark": "#e6cf6a"},
    "scaled": {"light": "#1f77a8", "dark": "#7fb8e6"},
    "relu": {"light": "#a8326e", "dark": "#f08fc0"},
    "sparse": {"light": "#6a3d9a", "dark": "#c3a6ff"},
    "amplified": {"light": "#7a1f1f", "dark": "#ffb3a7"},
    "reference": {"light": "#1b1f24", "dark": "#e4e6ea"},
}
