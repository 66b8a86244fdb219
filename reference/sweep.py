"""The learning rate swept: onset, normal form, doublings, chaos, saturation.

The onset is extrapolated from the size of the swing above it, the doublings are found on the
cycles themselves, and the exponents from pairs of orbits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.agreement import Measure, near
from reference.descent import starts
from reference.loss import Loss, bisect, minimiser
from reference.orbit import Orbits

__all__ = ["Step", "doubling_rate", "measures"]

Array = NDArray[Any]

# Rates above the onset, relative to it, at which the swing is measured, from an orbit that begins
# so much farther out than the minimum.
_ABOVE = np.geomspace(3e-4, 3e-3, 64)
_ASIDE = 1.1
# Steps until the swing has settled: the rest at the nearest rate decays like exp(-4 * 3e-4 t), and
# is below 1e-15 by then.
_SETTLE = 30_000
_NEWTON_STEPS = 60
_ROUNDING = 1e-15
# Strides in which a cycle is followed from one doubling to about the next, and the limit of the
# ratio of their distances (Feigenbaum, J. Stat. Phys. 19, 25, 1978), to choose the strides by.
_STRIDES = 20
_FEIGENBAUM = 4.669
# The sweep is thinned to no more orbits than these where all it has to tell is a share.
_ORBITS = 6_000
_HALF = 0.5


@dataclass(frozen=True)
class Step:
    """A family of maps of the line: the image of w at a rate, and the slope there."""

    image: Callable[[float, float], float]
    slope: Callable[[float, float], float]

    def cycle(self, rate: float, length: int, near_to: float) -> tuple[float, float]:
        """Return a point of the cycle of that length near a weight, and the cycle's multiplier.

        By Newton's method on ``F^p(w) - w``; the multiplier is the product of the slopes.
        """
        weight = near_to
        for _ in range(_NEWTON_STEPS):
            there, multiplier = weight, 1.0
            for _ in range(length):
                multiplier *= self.slope(rate, there)
                there = self.image(rate, there)
            move = (there - weight) / (multiplier - 1)
            weight -= move
            if abs(move) <= _ROUNDING:
                break
        return weight, multiplier

    def settled(self, rate: float, weight: float, steps: int) -> float:
        """Return where an orbit is after many steps."""
        for _ in range(steps):
            weight = self.image(rate, weight)
        return weight


def doubling_rate(family: Step, length: int, low: float, stride: float, weight: float) -> float:
    """Return the rate at which the multiplier of the stable cycle of that length passes -1.

    At `low` orbits from `weight` have to settle on the cycle. It is followed from there in strides
    of the rate until it repels; between the last two the rate is found by bisection.
    """
    rate, here = low, family.settled(low, weight, _SETTLE)
    point, multiplier = family.cycle(rate, length, here)
    while multiplier > -1:
        rate, here = rate + stride, point
        point, multiplier = family.cycle(rate, length, here)
    return bisect(rate - stride, rate, lambda trial: family.cycle(trial, length, here)[1] < -1)


def _family(loss: Loss) -> Step:
    def image(rate: float, weight: float) -> float:
        return weight - rate * float(loss.slope(np.array(weight)))

    def slope(rate: float, weight: float) -> float:
        return 1 - rate * float(loss.curvature(np.array(weight)))

    return Step(image, slope)


def _rates(settings: Mapping[str, Any]) -> Array:
    per_unit = settings["rates_per_unit"]
    ends = (round(settings[end] * per_unit) for end in ("first_rate", "last_rate"))
    first, last = ends
    return np.asarray(np.arange(first, last + 1) / per_unit)


def measures(settings: Mapping[str, Any], quoted: Container[str]) -> Iterator[Measure]:
    """Recompute the facts of one sweep; only the parts of which some fact is `quoted`."""
    loss = Loss.of(settings)
    for part, facts in _PARTS.items():
        if any(f"{settings['name']}.{fact}" in quoted for fact in facts):
            yield from part(settings, loss)


def _onset(settings: Mapping[str, Any], loss: Loss) -> Iterator[Measure]:
    """Yield what linear stability and the normal form foretell, and what orbits do."""
    name, place = settings["name"], minimiser(loss)
    _, sharpness, third, fourth = (float(each) for each in loss.derivatives(np.array(place)))
    bound = 2 / sharpness
    # With f = w - eta L'(w): f'' / 2 squared, plus f''' / 6 (Kuznetsov, section 4.5).
    cubic = (bound * third / 2) ** 2 - bound * fourth / 6
    yield near(f"{name}.onset_predicted", bound)
    yield near(f"{name}.normal_form", cubic, 1e-8, "fourth derivatives")
    yield near(f"{name}.rates", len(_rates(settings)))
    if cubic <= 0:
        # The change is hard: no small swing is stable whose size would show where it begins.
        yield Measure(
            f"{name}.onset_relative_error",
            0.0,
            1 / (2 * settings["refine_steps"]),
            "runs of finite length",
        )
        return
    yield near(f"{name}.swing_factor_predicted", 2 * math.sqrt(sharpness / cubic), 1e-8)
    # An excess of the slope, 2 (eta / eta* - 1), shows in T steps once T times it is about one.
    room, why = 1 / (2 * settings["refine_steps"]), "half of one over the article's length of runs"
    begun = Orbits.begin(loss, bound * (1 + _ABOVE), 0, np.array(_ASIDE * place))
    settled = begun.after(_SETTLE)
    # The square of the swing is a smooth function of the rate, with its zero at the onset.
    fit = np.polynomial.Polynomial.fit(np.square(_swing(settled)), settled.rate, 3)
    onset = float(fit(0))
    yield near(f"{name}.onset", onset, room, why)
    yield Measure(f"{name}.onset_relative_error", abs(onset / bound - 1), room, why)
    now = begun.after(settings["refine_steps"] - 1)
    slope, level = np.polyfit(np.log(now.rate - onset), np.log(_swing(now)), 1)
    yield near(f"{name}.swing_exponent", slope, 1e-3, "a fit to rates and lengths of runs alike")
    # An error of the exponent tilts the line about the fitted rates, far from a distance of one.
    yield near(f"{name}.swing_factor", math.exp(level), 5e-3, "the exponent's, times a logarithm")


def _swing(now: Orbits) -> Array:
    return np.asarray(np.abs(now.step().weight - now.weight))


def _marked(settings: Mapping[str, Any], loss: Loss) -> Iterator[Measure]:
    """Yield the mean exponent at the marked rate, with its error over the starts."""
    weight, _ = starts(settings["marked_starts"])
    now = Orbits.begin(loss, settings["marked_rate"], 0, weight).after(settings["burn_in"])
    exponent = now.watch(settings["marked_window"])[1].exponent
    error = float(exponent.std(ddof=1)) / math.sqrt(len(exponent))
    yield Measure(
        f"{settings['name']}.lyapunov",
        float(exponent.mean()),
        4 * math.sqrt(2) * error + 1e-6,
        "4 standard errors of the difference of two means over the starts; distances of 1e-7",
    )


def _beside(settings: Mapping[str, Any], loss: Loss) -> Iterator[Measure]:
    """Yield what lies beside the marked rate, each of the rates there by the median exponent."""
    name, count, least = settings["name"], settings["nearby_rates"], settings["exponent_tolerance"]
    reach = np.linspace(settings["nearby"], 0, count, endpoint=False)
    weight, _ = starts(settings["starts"])
    rates = settings["marked_rate"] * (1 + np.outer([-1, 1], reach)).ravel()
    now = Orbits.begin(loss, rates[:, None], 0, weight).after(settings["burn_in"])
    exponent = now.watch(settings["window"])[1].exponent.reshape(2, count, -1)
    middle = np.median(exponent, axis=2)
    yield Measure(
        f"{name}.windows_below",
        float((middle[0] < -least).mean()),
        2.5 / count,
        "two rates: at a window's edges lengths of runs and starts decide",
    )
    # A median of n starts has 1.25 times the error of their mean, and two are compared.
    error = 1.25 * exponent[1].std(axis=1, ddof=1) / math.sqrt(exponent.shape[2])
    yield Measure(
        f"{name}.exponent_beyond",
        float(middle[1].mean()),
        4 * math.sqrt(2 * float(np.square(error).sum())) / count + 1e-6,
        "4 standard errors of the difference of two means of medians; distances of 1e-7",
    )


def _cascade(settings: Mapping[str, Any], loss: Loss) -> Iterator[Measure]:
    """Yield where periods double, the ratio of the gaps, and where chaos begins."""
    name, family, place = settings["name"], _family(loss), minimiser(loss)
    curvature, third, fourth = (float(d) for d in loss.derivatives(np.array(place))[1:])
    rates = [2 / curvature]
    if (rates[0] * third / 2) ** 2 <= rates[0] * fourth / 6:
        return
    # Each doubling lies several times closer to the one before it than that to its own.
    gap = rates[0] / 4
    for length in (2, 4, 8, 16):
        stride = gap / _STRIDES
        rates.append(doubling_rate(family, length, rates[-1] + stride, stride, 1.1 * place))
        gap = (rates[-1] - rates[-2]) / _FEIGENBAUM
        # The multiplier falls from 1 to -1 within the gap. Below -1 it shows in T / p rounds.
        room = length * (rates[-1] - rates[-2]) / (2 * settings["refine_steps"])
        why = "an excess of the multiplier of one over the rounds in the article's runs"
        yield Measure(f"{name}.period_{2 * length}", rates[-1], room, why)
    ratios = np.diff(rates)[:-1] / np.diff(rates)[1:]
    limit = rates[-1] + np.diff(rates)[-1] / (ratios[-1] - 1)
    deep = (
        "how many doublings the article's sweep resolves is its own: as far as one fewer moves it"
    )
    room = 1.5 * abs(float(ratios[-1] - ratios[-2]))
    yield Measure(f"{name}.feigenbaum", float(ratios[-1]), room, deep)
    before = rates[-2] + np.diff(rates)[-2] / (ratios[-2] - 1)
    yield Measure(f"{name}.accumulation", limit, 1.5 * abs(limit - before), deep)
    yield from _chaos(settings, loss, limit)


def _chaos(settings: Mapping[str, Any], loss: Loss, limit: float) -> Iterator[Measure]:
    """Yield the first swept rate with a positive exponent; before the limit there is none."""
    rates = _rates(settings)
    spacing = 1 / settings["rates_per_unit"]
    rates = rates[(rates > limit - 20 * spacing) & (rates < limit + 60 * spacing)]
    weight, _ = starts(min(settings["starts"], 8))
    now = Orbits.begin(loss, rates[:, None], 0, weight).after(settings["burn_in"])
    exponent = now.watch(settings["window"])[1].exponent.reshape(len(rates), -1)
    chaotic = np.median(exponent, axis=1) > settings["exponent_tolerance"]
    if chaotic.any():
        first = float(rates[chaotic.argmax()])
        why = "two swept rates: next to the threshold windows and starts decide"
        yield Measure(f"{settings['name']}.chaos", first, 2.5 * spacing, why)


def _saturated_below(settings: Mapping[str, Any], loss: Loss) -> Iterator[Measure]:
    """Yield which share of the orbits ends saturated below the onset."""
    bound = 2 / float(loss.curvature(np.array(minimiser(loss))))
    rates = _rates(settings)
    share = _saturated(settings, loss, rates[rates < bound])
    yield Measure(
        f"{settings['name']}.saturated_below_onset",
        float(share.mean()),
        2 / share.size,
        "two orbits: saddles that some come close to throw them either way",
    )


def _half_saturated(settings: Mapping[str, Any], loss: Loss) -> Iterator[Measure]:
    """Yield the first rate at which half of the orbits end saturated, on a thinned sweep."""
    rates, count = _rates(settings), settings["starts"]
    thin = -(-len(rates) * count // _ORBITS)
    rates = rates[::thin]
    share = _saturated(settings, loss, rates).mean(axis=1)
    if not (share >= _HALF).any():
        return
    found = float(rates[(share >= _HALF).argmax()])
    # The share of n starts scatters by 1 / (2 sqrt(n)) about one half.
    rise = float(rates[(share >= _HALF - 1 / math.sqrt(count)).argmax()])
    yield Measure(
        f"{settings['name']}.half_saturated",
        found,
        found - rise + thin / settings["rates_per_unit"],
        f"from where the share is within twice its scatter of one half; every {thin}th rate",
    )


def _saturated(settings: Mapping[str, Any], loss: Loss, rates: Array) -> Array:
    """Return which orbits are flat throughout the window, shape ``(rates, starts)``."""
    weight, _ = starts(settings["starts"])
    now = Orbits.begin(loss, rates[:, None], 0, weight).after(settings["burn_in"])
    flattest = np.abs(now.weight)
    for _ in range(settings["window"]):
        now = now.step()
        flattest = np.minimum(flattest, np.abs(now.weight))
    return np.asarray(flattest > loss.flat_weight).reshape(len(rates), -1)


# The facts that each part tells, to leave out a part that no fact is taken from.
_PARTS: Mapping[Callable[[Mapping[str, Any], Loss], Iterator[Measure]], tuple[str, ...]] = {
    _onset: ("rates", "onset", "onset_predicted", "onset_relative_error", "swing_exponent"),
    _marked: ("lyapunov",),
    _beside: ("windows_below", "exponent_beyond"),
    _cascade: ("period_4", "feigenbaum", "chaos"),
    _saturated_below: ("saturated_below_onset",),
    _half_saturated: ("half_saturated",),
}
