"""Signs of a gradient's entries: whether they agree, how far, and what chance alone would give.

Free of torch. "Chance" is d independent signs, each + or - with probability one half.
"""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["chance_coherence", "chance_one_sign", "coherence", "one_sign"]


def one_sign(gradient: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether all entries along the last axis are positive, or all negative.

    An entry of zero agrees with neither.
    """
    return np.asarray((gradient > 0).all(axis=-1) | (gradient < 0).all(axis=-1))


def coherence(gradient: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sign coherence ``|sum sign(g)| / d`` of the d entries along the last axis."""
    total: Any = np.sign(gradient).sum(axis=-1)
    return np.asarray(np.abs(total) / gradient.shape[-1])


def chance_one_sign(width: int) -> float:
    """Return the probability that `width` random signs are all the same: ``2 / 2^d``."""
    return 2 / (1 << width)


def chance_coherence(width: int) -> float:
    """Return the expected coherence of `width` random signs, ``E|S_d| / d``.

    S_d is the sum of d random signs, the place of a symmetric walk after d steps. Its distance from
    the origin grows, on average, only in the steps that leave the origin, so that
    ``E|S_d| = sum over even k < d of P(S_k = 0)``, which is ``d 2^(1 - d) C(d - 1, floor(d / 2))``
    (Feller, An Introduction to Probability Theory and Its Applications I, chapter III).
    """
    return comb(width - 1, width // 2) / (1 << (width - 1))
