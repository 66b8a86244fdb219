"""The ravine of the loss: the bias against what the weights have in common, and ways in it.

With a mean, features are all alike in part, and what the bias does the weights together do as
well. In the plane of the two the loss is a ravine: steep across, where the mean error changes, and
flat along it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from experiments.columns import curve, stacked
from experiments.descent import Trail
from experiments.features import FeatureMap, Problem
from juchi.core.tables import Columns

__all__ = ["picture", "shown"]

Array = NDArray[np.float64]

# The ways that are drawn.
_WAYS = ("best", "small")


def plane(weights: int) -> Array:
    """Return the unit vectors of the plane: the common direction of the weights, and the bias."""
    common = np.append(0.0, np.full(weights, 1 / np.sqrt(weights)))
    return np.stack([common, np.eye(weights + 1)[0]])


def shown(features: FeatureMap, problem: Problem) -> int:
    """Return the drawing that has to go far both across the ravine and along it.

    It is looked for among the functions themselves, so that it is the same one in all coordinates
    that differ in shift and gain.
    """
    way = (problem.teacher - problem.start).numpy()
    weights = features.gain * way[:, 1:]
    bias = way[:, 0] - features.shift * weights.sum(axis=1)
    mean = features.moments()[0] / features.gain + features.shift
    common = weights.sum(axis=1) / np.sqrt(weights.shape[1])
    slope = mean * np.sqrt(weights.shape[1])
    across, along = bias + slope * common, common - slope * bias
    return int(np.argmax(np.abs(across * along)))


def picture(problem: Problem, trails: Mapping[str, Trail], drawing: int, prefix: str) -> Columns:
    """Return the Hessian, the minimum and the ways of a drawing in the plane of the ravine."""
    axes = plane(problem.design.shape[-1] - 1)
    hessian = axes @ problem.hessian[drawing].numpy() @ axes.T
    rows = [
        curve(f"{prefix}hessian", np.arange(hessian.size), hessian.ravel()),
        curve(f"{prefix}minimum", np.arange(len(axes)), axes @ problem.teacher[drawing].numpy()),
    ]
    for way in _WAYS:
        trail = trails[way]
        place = trail.places[: trail.steps[drawing] + 1, drawing] @ axes.T
        step = np.arange(len(place))
        rows += [
            curve(f"{prefix}{way}_{name}", step, place[:, at])
            for at, name in enumerate(("common", "bias"))
        ]
    return stacked(rows)
