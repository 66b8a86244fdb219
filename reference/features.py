"""Least squares on sigmoid features, in several coordinates: conditions, signs, detours.

The model is ``b + w . a`` with ``a = gain (sigmoid(slope (z - threshold)) - shift)``. With the
singular values s of the design (a column of ones beside the features) the curvatures of the mean
squared error over N samples are ``2 s^2 / N``; along each right singular vector the offset from the
minimum after t steps is ``(1 - eta h)^t`` times that at the start.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from reference.activation import CURVES
from reference.agreement import Measure, near
from reference.generator import Generator

__all__ = ["Quadratic", "arrival", "detour", "fewest", "measures"]

Array = NDArray[Any]

_PLANE = 2
_NODES = 120
_EXACT = 1e-7
# A step more or less of a median that lies between two, where there are thousands.
_ROUNDED = 1e-6
# A path of more updates would take gigabytes here.
_LONG = 100_000
_SOLVED = "singular values in another order; no step to the tolerance more or less"


@dataclass(frozen=True)
class Quadratic:
    """One drawing: ``mean (design p - targets)^2`` with the start of the descent.

    Attributes
    ----------
    design
        Shape ``(samples, n)``, ones first.
    start, teacher
        Parameters, bias first, shape ``(n,)``.
    """

    design: Array
    start: Array
    teacher: Array

    @classmethod
    def draw(cls, settings: Mapping[str, Any], width: int, number: int) -> Quadratic:
        """Draw start and teacher, then the pre-activations, all from one seed: the number.

        Both are uniform within ``1 / sqrt(width)`` for features without shift and gain; in others
        the same function has the weights ``w / gain`` and the bias ``b + shift sum w``.
        """
        stream, samples = Generator(number), settings["samples"]
        uniform = stream.uniform(2 * (width + 1)).reshape(2, -1)
        functions = (2 * uniform - 1) / math.sqrt(width)
        z = stream.normal(width * samples).reshape(width, samples)
        design = np.vstack([np.ones(samples), _features(settings, z)]).T
        functions[:, 0] += settings["shift"] * functions[:, 1:].sum(axis=1)
        functions[:, 1:] /= settings["gain"]
        return cls(design, functions[0], functions[1])

    @property
    def mixed(self) -> bool:
        """Whether some weights have to rise and others to fall."""
        return bool(np.ptp(np.sign((self.teacher - self.start)[1:])) > 0)

    @cached_property
    def modes(self) -> tuple[Array, Array, Array]:
        """Curvatures (largest first), offsets at the start, and directions as rows."""
        _, singular, directions = np.linalg.svd(self.design, full_matrices=False)
        offset = directions @ (self.start - self.teacher)
        return 2 * singular**2 / len(self.design), offset, directions

    def reflected(self, image: Array, mean: float) -> Quadratic:
        """Return the bowl mirrored so that the mean sample's direction becomes that of `image`."""
        sample = np.full(len(self.start), mean)
        sample[0] = 1
        normal = sample / np.linalg.norm(sample) - image / np.linalg.norm(image)
        mirror = np.eye(len(normal)) - 2 * np.outer(normal, normal) / (normal @ normal)
        return Quadratic(self.design @ mirror, self.start @ mirror, self.teacher @ mirror)


def _features(settings: Mapping[str, Any], z: Array) -> Array:
    inner = settings["slope"] * (z - settings["threshold"])
    return np.asarray(settings["gain"] * (CURVES["sigmoid"](inner) - settings["shift"]))


def _feature_mean(settings: Mapping[str, Any]) -> float:
    """Return the mean of a feature of a standard normal z, by Gauss and Hermite's rule."""
    node, weight = hermegauss(_NODES)
    return float(weight @ _features(settings, node) / weight.sum())


def _feature_variance(settings: Mapping[str, Any]) -> float:
    """Return the variance of a feature, by the same rule."""
    node, weight = hermegauss(_NODES)
    away = np.square(_features(settings, node) - _feature_mean(settings))
    return float(weight @ away / weight.sum())


def arrival(curvature: Array, offset: Array, rate: float, tolerance: float) -> int:
    """Return the number of updates until `tolerance` of the loss is left.

    By bisection, since the loss falls in every one.
    """
    factor = 1 - rate * curvature

    def left(steps: int) -> float:
        return float(curvature @ np.square(offset * factor**steps))

    short, enough = 0, 1
    while left(enough) > tolerance * left(0):
        short, enough = enough, 2 * enough
    while enough - short > 1:
        middle = (short + enough) // 2
        short, enough = (short, middle) if left(middle) <= tolerance * left(0) else (middle, enough)
    return enough


def detour(curvature: Array, offset: Array, rate: float, steps: int) -> float:
    """Return path over displacement, the lengths of all updates at once from the powers."""
    factor = 1 - rate * curvature
    powers = factor ** np.arange(steps)[:, None]
    path = np.linalg.norm(rate * curvature * offset * powers, axis=1).sum()
    return float(path / np.linalg.norm(offset * (1 - factor**steps)))


def _one_sign(rows: Array) -> Array:
    """Return which rows have entries that are all above zero or all below it."""
    return np.asarray((rows.min(axis=-1) > 0) | (rows.max(axis=-1) < 0))


def _batch_one_sign(bowl: Quadratic, rate: float, updates: int) -> float:
    """Return the share of the first updates that move all weights one way."""
    curvature, offset, directions = bowl.modes
    powers = (1 - rate * curvature) ** np.arange(updates)[:, None]
    return float(_one_sign(((curvature * offset * powers) @ directions)[:, 1:]).mean())


def _sample_one_sign(bowl: Quadratic, first: int) -> float:
    """Return the share of samples whose gradient at the start has one sign, from a column on."""
    error = bowl.design @ (bowl.start - bowl.teacher)
    return float(_one_sign((error[:, None] * bowl.design)[:, first:]).mean())


def measures(settings: Mapping[str, Any]) -> list[Measure]:
    """Recompute the facts of one set of coordinates."""
    widest, drawings = settings["widths"][-1], range(settings["drawings"])
    found = [Measure(f"{settings['name']}.widest", widest, 0, "a setting")]
    wide = [Quadratic.draw(settings, widest, number) for number in drawings]
    found += _wide(settings, wide)
    found += _growth(settings)
    if _PLANE in settings["widths"]:
        bowls = [Quadratic.draw(settings, _PLANE, number) for number in drawings]
        found += [*_close(settings, bowls), *_mirrored(settings, bowls)]
    return found


def fewest(settings: Mapping[str, Any]) -> Iterator[Measure]:
    """Recompute steps and detour at the minimax rate, and at the rate that takes the fewest."""
    for width in (_PLANE, max(settings["widths"])):
        word = "" if width == _PLANE else "widest_"
        prefix = f"{settings['name']}.{word}"
        bowls = [Quadratic.draw(settings, width, number) for number in range(settings["drawings"])]
        middle = float(np.median([_condition(bowl) for bowl in bowls]))
        yield near(f"{prefix}condition", middle, _EXACT, _SOLVED)
        products = float(np.mean([_positive_products(bowl) for bowl in bowls]))
        yield near(f"{prefix}positive_products", products, _EXACT, "signs are exact")
        yield from _at_fewest(settings, bowls, prefix)


def _positive_products(bowl: Quadratic) -> float:
    """Return the share of pairs of samples, ones included, with a product above zero."""
    upper = np.triu_indices(len(bowl.design), 1)
    return float(((bowl.design @ bowl.design.T)[upper] > 0).mean())


def _at_fewest(
    settings: Mapping[str, Any], bowls: list[Quadratic], prefix: str
) -> Iterator[Measure]:
    found: dict[str, list[float]] = {}
    for bowl in bowls:
        curvature, offset, _ = bowl.modes
        rates = {share: 2 * share / curvature[0] for share in sorted(settings["shares"])}
        tolerance = settings["tolerance"]
        counts = {each: arrival(curvature, offset, rates[each], tolerance) for each in rates}
        best = min(counts, key=lambda share: counts[share])
        minimax = 2 / (curvature[0] + curvature[-1])
        steps = arrival(curvature, offset, minimax, tolerance)
        row = {
            "share": best,
            "steps": counts[best],
            "minimax_share": minimax * curvature[0] / 2,
            "minimax_steps": steps,
            "saved": steps / counts[best],
        }
        if steps <= _LONG:
            row["detour"] = detour(curvature, offset, rates[best], counts[best])
            row["minimax_detour"] = detour(curvature, offset, minimax, steps)
        for key, value in row.items():
            found.setdefault(key, []).append(value)
    for key, values in found.items():
        if len(values) == len(bowls):
            yield near(f"{prefix}{key}", float(np.median(values)), _ROUNDED, _SOLVED)


def _condition(bowl: Quadratic) -> float:
    curvature, _, _ = bowl.modes
    return float(curvature[0] / curvature[-1])


def _wide(settings: Mapping[str, Any], bowls: list[Quadratic]) -> Iterator[Measure]:
    name = settings["name"]
    median = float(np.median([_condition(bowl) for bowl in bowls]))
    yield near(f"{name}.widest_condition", median, _EXACT, "the singular values' rounding, squared")
    shares = []
    for bowl in bowls:
        curvature, offset, _ = bowl.modes
        # A descent is shorter than the window only where it arrives before its end.
        steps = arrival(curvature, offset, 1 / curvature[0], settings["tolerance"])
        updates = min(steps, settings["window"])
        shares.append(_batch_one_sign(bowl, 1 / curvature[0], updates))
    yield near(f"{name}.widest_calm_one_sign", float(np.mean(shares)), _EXACT, "signs are exact")


def _growth(settings: Mapping[str, Any]) -> Iterator[Measure]:
    """Yield how the median condition number grows with the width, and how far theory is off."""
    name, widths = settings["name"], np.sort(settings["widths"])
    medians = np.array([_median_condition(settings, width) for width in widths.tolist()])
    if len(widths) > 1:
        slopes = np.diff(np.log(medians)) / np.diff(np.log(widths))
        for which, slope in (("first", slopes[0]), ("last", slopes[-1])):
            yield near(f"{name}.{which}_local_exponent", float(slope), 1e-6, "logarithms of ratios")
    theory = np.array([_leading_order(settings, width) for width in widths.tolist()])
    if len(widths) > 1:
        exact = [_leading_order({**settings, "samples": math.inf}, width) for width in widths]
        for which, foretold in (("exact", exact), ("foretold", theory)):
            power = math.log(foretold[-1] / foretold[-2]) / math.log(widths[-1] / widths[-2])
            yield near(f"{name}.last_{which}_exponent", power, 1e-6, "logarithms of ratios")
    error = float(np.abs(medians / theory - 1).max())
    yield Measure(f"{name}.condition_error", error, 1e-6, "rounding of numbers of size one")


def _median_condition(settings: Mapping[str, Any], width: int) -> float:
    drawn = (Quadratic.draw(settings, width, number) for number in range(settings["drawings"]))
    return float(np.median([_condition(bowl) for bowl in drawn]))


def _leading_order(settings: Mapping[str, Any], width: int) -> float:
    """Return the condition number of so many samples to leading order in features per sample.

    The two eigenvalues in the plane of bias and mean are the roots of a quadratic, the others lie
    within the edges of Marchenko and Pastur's law; sampling lowers the smaller root by 1 - g.
    """
    mean, variance = _feature_mean(settings), _feature_variance(settings)
    share = width / settings["samples"]
    low, high = sorted(np.roots([1, -(1 + variance + width * mean**2), variance]).real)
    edges = variance * (1 + np.array([-1, 1]) * math.sqrt(share)) ** 2
    return float(max(high, edges[1]) / min(low * (1 - share), edges[0]))


def _close(settings: Mapping[str, Any], bowls: list[Quadratic]) -> Iterator[Measure]:
    """Yield what is said of two weights: condition, signs and detours."""
    name, mixed = settings["name"], np.array([bowl.mixed for bowl in bowls])
    conditions = [_condition(bowl) for bowl in bowls]
    yield near(f"{name}.condition", float(np.median(conditions)), _EXACT, _SOLVED)
    share = float(np.mean([_sample_one_sign(bowl, 1) for bowl in bowls]))
    yield near(f"{name}.sample_one_sign", share, _EXACT, "signs are exact")
    for word in ("best", "calm"):
        detours, signs = [], []
        for bowl in bowls:
            curvature, offset, _ = bowl.modes
            rate = 2 / (curvature[0] + curvature[-1]) if word == "best" else 1 / curvature[0]
            steps = arrival(curvature, offset, rate, settings["tolerance"])
            detours.append(detour(curvature, offset, rate, steps))
            signs.append(_batch_one_sign(bowl, rate, min(steps, settings["window"])))
        yield near(f"{name}.{word}_detour", float(np.median(detours)), _EXACT, _SOLVED)
        yield near(f"{name}.{word}_one_sign", float(np.mean(signs)), _EXACT, "signs are exact")
        if word == "best":
            # A mirror changes no length.
            middle = float(np.median(detours))
            yield near(f"{name}.mirrored_best_detour", middle, _EXACT, _SOLVED)
            continue
        for way, chosen in (("mixed", mixed), ("common", ~mixed)):
            middle = float(np.array(signs)[chosen].mean())
            yield near(f"{name}.{way}_one_sign", middle, _EXACT, _SOLVED)


def _mirrored(settings: Mapping[str, Any], bowls: list[Quadratic]) -> Iterator[Measure]:
    """Yield how the signs of single samples agree in mirrored coordinates, over all parameters."""
    mean = _feature_mean(settings)
    image = np.ones(_PLANE + 1)
    if settings["mirror"] == "axis":
        image[1:] = 0
    shares = [_sample_one_sign(bowl.reflected(image, mean), 0) for bowl in bowls]
    room = 1 / (len(bowls) * settings["samples"])
    yield Measure(
        f"{settings['name']}.mirrored_one_sign",
        float(np.mean(shares)),
        room,
        "one sample of one drawing: one that lies on the edge",
    )
