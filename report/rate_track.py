"""The bifurcation diagram behind the slider of the learning rate: a picture of few bytes.

It has no colour of its own: a style sheet takes it as a mask, and paints it for light and dark.
"""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from juchi.core.tables import Columns

__all__ = ["as_address", "shades"]

Array = NDArray[np.float64]
Shades = NDArray[np.uint8]

_COLUMNS, _ROWS = 320, 52
# Weights, on a logarithmic axis: wide enough for the chaos, so narrow that the cycles can be told
# apart.
_LEAST, _MOST = 0.09, 4.0
# A place is darker where more of the weights of a rate fall: these shares part the shades.
_SHARES = (0.01, 0.06)
_OPACITY = bytes([0, 130, 255])


def shades(curves: Columns, ends: tuple[float, float]) -> Shades:
    """Return the diagram as shades ``(rows, columns)``, 0 where no weight falls.

    Parameters
    ----------
    curves
        Those of a sweep of the learning rate.
    ends
        The rates at the left and at the right end. Where they are lower than all of the sweep's,
        which begins well within the bound, the weight rests as at the lowest of those.
    """
    rows = curves["quantity"] == "weight"
    rates, weights = curves["learning_rate"][rows], curves["value"][rows]
    low, high = ends
    width = (high - low) / _COLUMNS
    columns = [
        _column(_weights(rates, weights, low + (at + 0.5) * width, width)) for at in range(_COLUMNS)
    ]
    return np.stack(columns, axis=1)


def as_address(picture: Shades) -> str:
    """Return a picture as an address that holds all of it, a PNG."""
    image = Image.frombytes("P", picture.shape[::-1], picture.tobytes())
    image.putpalette(bytes(3 * len(_OPACITY)))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", bits=2, transparency=_OPACITY, optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _weights(rates: Array, weights: Array, rate: float, width: float) -> Array:
    """Return the weights at the rates of a column, or at the nearest rate if it has none."""
    distance = np.abs(rates - rate)
    return np.asarray(weights[distance <= max(width / 2, distance.min())])


def _column(weights: Array) -> Shades:
    span = np.log(_MOST / _LEAST)
    rows = np.floor(np.log(_MOST / np.maximum(weights, _LEAST / 2)) / span * _ROWS).astype(int)
    inside = rows[(rows >= 0) & (rows < _ROWS)]
    share = np.bincount(inside, minlength=_ROWS) / len(weights)
    return np.digitize(share, _SHARES, right=True).astype(np.uint8)
