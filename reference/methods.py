"""Four methods on features whose signs and axes are changed: steps, one drawing at a time.

The loss is taken from the design itself, ``mean (design p - targets)^2``, and every drawing is
descended alone, at all rates of the grid together.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.agreement import Measure, near
from reference.features import Quadratic, arrival, detour

__all__ = ["detours", "measures", "moves", "rotation", "steps"]

Array = NDArray[Any]

_SOME = 16
_FEW = 4
_STEP = "a step more or less: these methods divide by what is small, and so raise rounding"
_FORMS = {"diagonal": 0.0, "axis": 1.0}
_TINY = 1e-8
# How often a median is found again from starts that are off in their last bits.
_NUDGES = 15
# And in the widest unit, where a run costs many times as much.
_WIDE_NUDGES = 4
_SPREAD = 4
_ROUNDED = (
    "{spread} deviations of what {nudges} starts give that are off in their last bits, and {step}"
)


def rotation(width: int, share: float) -> Array:
    """Return what turns the diagonal of the weights towards the first axis by a share of the way.

    As two reflections: first at the plane normal to the diagonal, then at the one normal to the
    direction half of the turn farther on.
    """
    diagonal, axis = np.ones(width) / math.sqrt(width), np.eye(width)[0]
    whole = math.acos(1 / math.sqrt(width))
    half = share * whole / 2
    # On the arc from the one to the other, by an angle.
    between = (math.sin(whole - half) * diagonal + math.sin(half) * axis) / math.sin(whole)
    turn = np.eye(width + 1)
    turn[1:, 1:] = _mirror(between) @ _mirror(diagonal)
    return turn


def _mirror(normal: Array) -> Array:
    return np.asarray(np.eye(len(normal)) - 2 * np.outer(normal, normal))


def moves(method: str) -> Generator[Array, Array, None]:
    """Take gradients, and yield what the rate is multiplied with."""
    first: Any = 0.0
    second: Any = 0.0
    step = 0
    gradient: Any = yield np.zeros(0)
    while True:
        step += 1
        if method == "gradient_descent":
            move = gradient
        elif method == "heavy_ball":
            move = first = 0.9 * first + gradient
        elif method == "rmsprop":
            second = second + 0.01 * (gradient**2 - second)
            move = gradient / (second**0.5 + _TINY)
        else:
            first = first + 0.1 * (gradient - first)
            second = second + 0.001 * (gradient**2 - second)
            unbiased = first / (1 - 0.9**step), second / (1 - 0.999**step)
            move = unbiased[0] / (unbiased[1] ** 0.5 + _TINY)
        gradient = yield move


def steps(
    bowl: Quadratic, change: Array, method: str, rates: Array, settings: Mapping[str, Any]
) -> Array:
    """Return the updates at each rate until little enough of the loss is left, or infinity."""
    design = bowl.design @ change.T
    away = np.tile(change @ (bowl.start - bowl.teacher), (len(rates), 1))
    arrived = np.full(len(rates), math.inf)
    moved = moves(method)
    next(moved)
    goal = math.inf
    with np.errstate(over="ignore", invalid="ignore"):
        for count in range(settings["limit"] + 1):
            error = away @ design.T
            loss = np.mean(error**2, axis=1)
            goal = settings["tolerance"] * loss[0] if count == 0 else goal
            arrived[(loss <= goal) & np.isinf(arrived)] = count
            if np.isfinite(arrived).all():
                break
            gradient = 2 * error @ design / len(design)
            away = away - rates[:, None] * moved.send(gradient)
    return arrived


def _at_all_rates(
    settings: Mapping[str, Any], width: int, change: Array, seed: int | None = None
) -> Array:
    """Return the steps of every drawing at every rate; with a seed, from starts a little off.

    Their weights then differ in the last bits: by one rounding of float64, times a normal number.
    """
    stream = np.random.default_rng(seed)
    rows = []
    for number in range(settings["drawings"]):
        bowl = Quadratic.draw(settings, width, number)
        if seed is not None:
            off = 1 + np.finfo(float).eps * stream.standard_normal(width + 1)
            bowl = replace(bowl, start=bowl.start * off)
        rates = np.array(settings["rates"], dtype=float)
        if settings["relative"]:
            rates = rates / bowl.modes[0][0]
        rows.append(steps(bowl, change, settings["method"], rates, settings))
    return np.array(rows)


def measures(settings: Mapping[str, Any]) -> Iterator[Measure]:
    """Recompute the facts of one method; those of the widest only where axes may count."""
    name, widest = settings["name"], max(settings["widths"])
    wanted = [(_SOME, "")] if settings["relative"] else [(_SOME, ""), (widest, "widest_")]
    for width, word in wanted:
        if width in settings["widths"]:
            yield from _forms(settings, width, f"{name}.{word}")
    flipped = np.eye(_SOME + 1)
    flipped[range(2, _SOME + 1, 2), range(2, _SOME + 1, 2)] = -1
    few = {**settings, "drawings": _FEW}
    plain, changed = (_at_all_rates(few, _SOME, each) for each in (np.eye(_SOME + 1), flipped))
    off = 0.0 if np.array_equal(plain, changed) else math.inf
    yield Measure(f"{name}.sign_difference", off, 0, "a change of signs changes no bit")


def _forms(settings: Mapping[str, Any], width: int, prefix: str) -> Iterator[Measure]:
    """Yield the steps with the mean on the diagonal and on the axis, and their quotient.

    Where rounding moves a run, its number of steps is one of many that it could as well have been:
    what then is held against the article is what starts that are off in their last bits give.
    """
    runs = {form: _repeated(settings, width, share) for form, share in _FORMS.items()}
    medians = {form: [float(np.median(each)) for each in found] for form, found in runs.items()}
    for form, found in medians.items():
        yield _scattered(f"{prefix}{form}_steps", found, 1)
    length = 1 + _nudges(width)
    as_long = (islice(chain(each, repeat(each[0])), length) for each in runs.values())
    pairs = zip(*as_long, strict=True)
    quotients = [float(np.median(diagonal / axis)) for diagonal, axis in pairs]
    room = quotients[0] * sum(1 / found[0] for found in medians.values())
    word = "quotient" if prefix.endswith("widest_") else "axis_quotient"
    yield _scattered(f"{prefix}{word}", quotients, room)


def _nudges(width: int) -> int:
    return _NUDGES if width == _SOME else _WIDE_NUDGES


def _repeated(settings: Mapping[str, Any], width: int, share: float) -> list[Array]:
    """Return each drawing's steps at the rate that is best in the median; again, where it moves.

    Again from other starts, at that rate and the two beside it; once, where nothing moves by it.
    """
    change = rotation(width, share)
    best, steps_taken = _at_best(settings, _at_all_rates(settings, width, change))
    near = {**settings, "rates": settings["rates"][max(best - 1, 0) : best + 2]}
    found = [steps_taken]
    for seed in range(_nudges(width)):
        found.append(_at_best(settings, _at_all_rates(near, width, change, seed))[1])
        if (found[-1] == steps_taken).all():
            break
    return found


def _at_best(settings: Mapping[str, Any], steps_taken: Array) -> tuple[int, Array]:
    """Return the row of the rate that is best in the median, and each drawing's steps at it."""
    counted = np.minimum(steps_taken, settings["limit"])
    best = int(np.median(counted, axis=0).argmin())
    return best, counted[:, best]


def _scattered(fact: str, found: list[float], room: float) -> Measure:
    """Return a measure that may be off by `room`, and by what rounding scatters it."""
    deviation = float(np.std(found, ddof=1)) if len(found) > 1 else 0.0
    if deviation == 0:
        return Measure(fact, found[0], room, _STEP)
    reason = _ROUNDED.format(spread=_SPREAD, nudges=len(found) - 1, step=_STEP)
    return Measure(fact, float(np.mean(found)), _SPREAD * deviation + room, reason)


def detours(settings: Mapping[str, Any]) -> Iterator[Measure]:
    """Recompute the median detours at each share of the bound."""
    ways: dict[float, list[float]] = {share: [] for share in settings["shares"]}
    for number in range(settings["drawings"]):
        curvature, offset, _ = Quadratic.draw(settings, 2, number).modes
        for share, found in ways.items():
            rate = share / curvature[0]
            count = arrival(curvature, offset, rate, settings["tolerance"])
            found.append(detour(curvature, offset, rate, count))
    for share, found in ways.items():
        key = f"{share:g}".replace(".", "_")
        middle = float(np.median(found))
        yield near(f"{settings['name']}.detour_{key}", middle, 1e-7, "no step more or less")
