"""The map of regimes: what orbits do at the marked places, and on both sides of the bound."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.agreement import Measure
from reference.descent import starts
from reference.loss import Loss, minimiser
from reference.orbit import Orbits, Window

__all__ = ["measures"]

Array = NDArray[Any]

# The map is thinned to about this many rates, and as many momenta.
_SIDE = 64
# Two starts more or less, or a share of the map's cells.
_STARTS_OFF = 2
# Cells of a regular grid whose regimes form large patches scatter less than independent ones.
_CELLS_OFF = 3


def measures(settings: Mapping[str, Any]) -> list[Measure]:
    """Recompute the facts of one map."""
    loss = Loss.of(settings)
    return [*_places(settings, loss), *_sides(settings, loss)]


def _places(settings: Mapping[str, Any], loss: Loss) -> Iterator[Measure]:
    """Yield the share of the starts at each marked place that end in the regime it stands for."""
    weight, _ = starts(settings["place_starts"])
    rest, place = settings["rest_tolerance"], minimiser(loss)
    regimes = {"post": "chaotic", "prescribed": "saturated", "weaker": "converged"}
    for word, regime in regimes.items():
        if f"{word}_place" not in settings["places"]:
            continue
        rate, momentum = settings["places"][f"{word}_place"]
        now = Orbits.begin(loss, rate, momentum, weight)
        now = now.after(settings["burn_in"] + settings["patience"])
        seen = now.watch(settings["long_window"])[1]
        near_by = _farthest(seen, place) <= rest
        flat = seen.flattest > loss.flat_weight
        chaotic = ~near_by & ~flat & (seen.exponent > settings["exponent_tolerance"])
        shares = {"chaotic": chaotic, "saturated": flat, "converged": near_by}
        yield Measure(
            f"{settings['name']}.{word}_{regime}",
            float((shares[regime] & _bounded(seen, settings)).mean()),
            _STARTS_OFF / len(weight),
            "two starts: some are decided by rounding, or by how long one waits",
        )


def _farthest(seen: Window, place: float) -> Array:
    """Return how far an orbit goes from a place."""
    return np.asarray(np.maximum(seen.high.max(axis=0) - place, place - seen.low.min(axis=0)))


def _bounded(seen: Window, settings: Mapping[str, Any]) -> Array:
    bound = settings["diverged_weight"]
    return np.asarray((seen.high.max(axis=0) <= bound) & (seen.low.min(axis=0) >= -bound))


def _sides(settings: Mapping[str, Any], loss: Loss) -> Iterator[Measure]:
    """Yield how many cells lie above the bound, and on a thinned map how orbits fare on its sides.

    A cell below the bound fails where more than the allowed share of its starts is lost: neither
    at the minimum nor getting nearer to it.
    """
    name, place, per_unit = settings["name"], minimiser(loss), settings["rates_per_unit"]
    sharpness = float(loss.curvature(np.array(place)))
    rates = np.arange(1, settings["rates"] + 1) / per_unit
    momenta = np.arange(settings["momenta"]) / settings["momenta"]
    beyond = rates - 2 * (1 + momenta[:, None]) / sharpness
    above = int((beyond >= 1 / per_unit).sum())
    yield Measure(f"{name}.cells", beyond.size, 0, "a count")
    yield Measure(f"{name}.above_cells", above, 1, "a count, with a cell on the edge")
    thin_rates, thin_momenta = (-(-settings[key] // _SIDE) for key in ("rates", "momenta"))
    # From the middle of every block of cells.
    rows, columns = (
        slice(thin_momenta // 2, None, thin_momenta),
        slice(thin_rates // 2, None, thin_rates),
    )
    rates, momenta, beyond = rates[columns], momenta[rows], beyond[rows, columns]
    lost, converged = _fate(settings, loss, place, rates, momenta)
    yield Measure(
        f"{name}.converged_above",
        float((converged & (beyond >= 1 / per_unit)).sum()),
        0,
        "above the bound nothing converges: none of the thinned map's cells, none of all",
    )
    below = beyond <= -1 / per_unit
    share = float((lost & below).sum() / below.sum())
    # Where every cell is looked at, only those next to an edge may be judged differently.
    whole = thin_rates == thin_momenta == 1
    edge = 0.02 if whole else _CELLS_OFF * math.sqrt(share * (1 - share) / int(below.sum()))
    yield Measure(
        f"{name}.failing_below",
        share,
        edge,
        "cells at edges" if whole else f"{_CELLS_OFF} deviations of as many independent cells",
    )


def _fate(
    settings: Mapping[str, Any], loss: Loss, place: float, rates: Array, momenta: Array
) -> tuple[Array, Array]:
    """Return for each cell whether too many starts are lost, and whether any converges."""
    weight, _ = starts(settings["starts"])
    now = Orbits.begin(loss, rates[:, None], momenta[:, None, None], weight)
    now = now.after(settings["burn_in"])
    early, nearest = _excursion(now, place, settings["window"])
    # An orbit that is flat throughout is lost, though it may creep back some day.
    flat = nearest > loss.flat_weight
    open_ = (early > settings["rest_tolerance"]) & ~flat
    late = early.copy()
    later = now.some(open_).after(settings["patience"])
    late[open_], nearest = _excursion(later, place, settings["window"])
    flat[open_] = nearest > loss.flat_weight
    converged = late <= settings["rest_tolerance"]
    # Less than half as far as before: still on its way, as slowly as large momenta allow.
    lost = flat | (~converged & ~(late < early / 2))
    shape = (len(momenta), len(rates), len(weight))
    fails = lost.reshape(shape).mean(axis=2) > 1 - settings["learned_share"]
    return fails, converged.reshape(shape).any(axis=2)


def _excursion(now: Orbits, place: float, steps: int) -> tuple[Array, Array]:
    """Return the largest distance from a place, and the least |w|, within some updates."""
    farthest, nearest = np.abs(now.weight - place), np.abs(now.weight)
    for _ in range(steps):
        now = now.step()
        farthest = np.maximum(farthest, np.abs(now.weight - place))
        nearest = np.minimum(nearest, np.abs(now.weight))
    return farthest, nearest
