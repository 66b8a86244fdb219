"""Settings that do not go together, which no schema can see: each key alone has a good value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Conflict", "comparison_conflicts", "study_conflicts", "variant_conflicts"]

Settings = Mapping[str, Any]

# All that is recorded of a run is in memory at once, five numbers for each step of each start.
MOST_RECORDED = 20_000_000
MOST_RATES = 1_000_000
# Inputs whose range is smaller than this share of their size differ by rounding alone.
ALIKE = 1e-9


class Conflict(NamedTuple):
    """A key whose value another one rules out, and what to tell of it."""

    key: str
    found: str
    expected: str
    remedy: str


def comparison_conflicts(
    variants: Mapping[str, Settings],
) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield what the summary could not compare with the seed, step by step.

    Variant, key, found, expected and remedy.
    """
    seed = variants["seed"]
    compared = {"control": ("steps", "starts"), "listing": ("steps",)}
    unlike = [
        (name, key)
        for name, keys in compared.items()
        for key in keys
        if variants[name][key] != seed[key]
    ]
    if variants["listing"]["starts"] > seed["starts"]:
        unlike.append(("listing", "starts"))
    for name, key in unlike:
        yield (
            name,
            key,
            f"{variants[name][key]}, where variant seed has {seed[key]}",
            "runs as long as the seed's, each from a start that the seed has too: they are "
            "compared",
            f"give both the same {key}",
        )


def variant_conflicts(variant: Settings) -> Iterator[Conflict]:
    """Yield the conflicts within one variant of the one-weight experiment."""
    if variant["burn_in"] > variant["steps"] - 2:
        yield Conflict(
            "burn_in",
            f"{variant['burn_in']} with {variant['steps']} steps",
            "at most steps - 2, so that the window holds two updates",
            "lower burn_in or raise steps",
        )
    if variant["engine"] == "listing" and variant["model"] != "scalar":
        yield Conflict(
            "model",
            f"{variant['model']} with engine listing, which records the weight alone",
            "scalar, whose outputs follow from the weight",
            "take the model scalar or the engine batched",
        )
    if variant["steps"] * variant["starts"] > MOST_RECORDED:
        yield Conflict(
            "steps",
            f"{variant['steps']} steps of {variant['starts']} starts",
            f"at most {MOST_RECORDED:,} steps of all starts together, which are kept in memory",
            "lower steps or starts",
        )
    yield from _training_set(variant)


def study_conflicts(study: str, trial: Settings) -> Iterator[Conflict]:
    """Yield the conflicts within one variant of a study."""
    yield from _STUDIES.get(study, _none)(trial)


def _none(_trial: Settings) -> Iterator[Conflict]:
    yield from ()


def _training_set(settings: Settings) -> Iterator[Conflict]:
    inputs, targets = settings["inputs"], settings["targets"]
    if len(inputs) != len(targets):
        yield Conflict(
            "targets",
            f"{len(targets)} targets for {len(inputs)} inputs",
            "as many targets as inputs",
            "pair them up",
        )


def _long_enough(trial: Settings, key: str, window: int) -> Iterator[Conflict]:
    """Yield a window that does not hold the longest period twice: none is seen in it."""
    if 2 * trial["longest_period"] > window:
        yield Conflict(
            key,
            f"{trial[key]}, with a longest_period of {trial['longest_period']}",
            f"orbits twice as long as the longest period; the one looked at has {window} steps",
            f"raise {key} or lower longest_period",
        )


def _rising(trial: Settings, low: str, high: str) -> Iterator[Conflict]:
    if trial[low] >= trial[high]:
        yield Conflict(
            high,
            f"{trial[high]}, where {low} is {trial[low]}",
            f"more than {low}",
            "put the two in order",
        )


def _cobweb(trial: Settings) -> Iterator[Conflict]:
    yield from _training_set(trial)
    yield from _long_enough(trial, "steps", trial["steps"] - trial["steps"] // 2)
    for name, case in trial["cases"].items():
        low, high = case["window"]
        if low >= high:
            yield Conflict(
                f"cases.{name}.window",
                f"[{low}, {high}]",
                "the lower end, then the upper one",
                "put the two in order",
            )


def _sweep(trial: Settings) -> Iterator[Conflict]:
    yield from _training_set(trial)
    yield from _rising(trial, "first_rate", "last_rate")
    for key in ("window", "marked_window"):
        yield from _long_enough(trial, key, trial[key])
    rates = (trial["last_rate"] - trial["first_rate"]) * trial["rates_per_unit"]
    if trial["first_rate"] * trial["rates_per_unit"] < 1 or not 1 <= rates <= MOST_RATES:
        yield Conflict(
            "rates_per_unit",
            f"{trial['rates_per_unit']} from {trial['first_rate']} to {trial['last_rate']}",
            f"steps no larger than first_rate, and from two rates to {MOST_RATES:,}",
            "choose another number of rates per unit, or other ends",
        )


def _boundary(trial: Settings) -> Iterator[Conflict]:
    yield from _training_set(trial)
    yield from _rising(trial, "calm_rate", "last_rate")


def _regimes(trial: Settings) -> Iterator[Conflict]:
    yield from _training_set(trial)
    for key in ("window", "long_window"):
        yield from _long_enough(trial, key, trial[key])
    if trial["early"] > trial["burn_in"]:
        yield Conflict(
            "early",
            f"{trial['early']}, with a burn_in of {trial['burn_in']}",
            "a step of the burn-in",
            "lower early or raise burn_in",
        )


def _variance(trial: Settings) -> Iterator[Conflict]:
    low, high = min(trial["data"]), max(trial["data"])
    if high - low <= ALIKE * max(abs(low), abs(high)):
        yield Conflict(
            "data",
            f"inputs from {low} to {high}",
            "inputs that differ: their variance is what the layers are held against",
            "give inputs that are apart",
        )


_STUDIES: Mapping[str, Callable[[Settings], Iterator[Conflict]]] = {
    "cobweb": _cobweb,
    "sweep": _sweep,
    "boundary": _boundary,
    "regimes": _regimes,
    "variance": _variance,
}
