"""What the live model of the page is given: cases, controls and tolerances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from juchi.core.errors import UserError, nearest
from juchi.plan.plan import Plan

__all__ = ["SWEEP", "live_part"]

# The sweep whose diagram lies behind the slider of the learning rate.
SWEEP = "rate_sweep"

# The activations of which templates/style/explorer-model.js has the formulas.
ACTIVATIONS = ("sigmoid", "centred_sigmoid", "tanh")

# What a case sets; all else it shares with every other.
_SET = ("activation", "learning_rate", "momentum", "input_scale", "steps")
_SHARED = ("inputs", "targets")
_REQUIRED = {"model": "scalar", "engine": "batched", "input_transform": "raw"}
_MEASURES = ("update_tolerance", "sawtooth_flip_share", "learned_gap")
_TOLERANCES = (
    "burn_in",
    "window",
    "patience",
    "long_window",
    "longest_period",
    "rest_tolerance",
    "period_tolerance",
    "exponent_tolerance",
    "diverged_weight",
)


def live_part(plan: Plan) -> dict[str, Any]:
    """Return all that the live model is given, apart from words and its initial weight.

    Returns
    -------
    dict
        Lists where an order has a meaning, so that it survives canonical JSON.

    Raises
    ------
    UserError
        Where it begins at no fact, or is to offer what it cannot show.
    """
    declared = plan.article["live"]
    _check_start(declared["start"], plan)
    cases = _of_experiment("one_weight", declared["cases"], "cases", plan)
    (tolerances,) = _of_experiment("regimes", [declared["regimes"]], "regimes", plan).values()
    first = next(iter(cases.values()))
    for name, case in cases.items():
        for key, *message in _unfit(case, first, declared["controls"]):
            raise UserError(_place(name, key), *message)
    _check_sweep(plan, first)
    return {
        **{key: first[key] for key in _SHARED},
        "activations": _activations(cases),
        "cases": [
            {"name": name, "settings": {key: case[key] for key in _told(case, first)}}
            for name, case in cases.items()
        ],
        "controls": [{"name": name, **entry} for name, entry in declared["controls"].items()],
        "measures": {key: first[key] for key in _MEASURES},
        "regimes": {key: tolerances[key] for key in _TOLERANCES},
    }


def _told(case: Mapping[str, Any], first: Mapping[str, Any]) -> list[str]:
    """Return what a case is told of: all settings of the first, and of others what differs."""
    return [key for key in _SET if case is first or case[key] != first[key]]


def _check_start(fact: str, plan: Plan) -> None:
    if fact not in plan.fact_names():
        raise UserError(
            "config/article.yaml: live.start",
            f"an unknown fact {fact!r}",
            "a fact of config/facts.yaml that is the initial weight of a run",
            "correct the name, or declare the fact",
        )


def _of_experiment(
    experiment: str, names: list[str], key: str, plan: Plan
) -> dict[str, Mapping[str, Any]]:
    """Return the settings of configurations; one of another experiment is a `UserError`."""
    known = [
        name for name in plan.configurations if plan.experiments.experiment(name) == experiment
    ]
    for name in names:
        if name not in known:
            raise UserError(
                f"config/article.yaml: live.{key}",
                f"{name!r}, no configuration of {experiment}",
                f"one of {', '.join(known)}",
                f"{nearest(name, known)}; config/experiments.yaml declares them",
            )
    return {name: plan.configurations[name] for name in names}


def _check_sweep(plan: Plan, first: Mapping[str, Any]) -> None:
    """Refuse a diagram of another model than that of the opening view."""
    (sweep,) = _of_experiment("sweep", [SWEEP], "controls.learning_rate.track", plan).values()
    for key in ("activation", *_SHARED):
        if sweep[key] != first[key]:
            raise UserError(
                f"config/experiments.yaml: experiments.sweep.configurations.{SWEEP}.{key}",
                f"{sweep[key]} in the sweep behind the slider of the live model",
                f"{first[key]}, as in the case that the live model opens with",
                "give both the same, or let another case come first in live.cases",
            )


def _place(name: str, key: str) -> str:
    return f"config/experiments.yaml: experiments.one_weight.configurations.{name}.{key}"


def _unfit(
    case: Mapping[str, Any], first: Mapping[str, Any], controls: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield each setting that the live model cannot show: key, found, expected, remedy."""
    remedy = "take the configuration out of live.cases in config/article.yaml"
    for key, only in _REQUIRED.items():
        if case[key] != only:
            yield key, f"{case[key]!r} in a case of the live model", f"{only!r}", remedy
    if case["activation"] not in ACTIVATIONS:
        expected = f"one of {', '.join(ACTIVATIONS)}, which the live model has"
        yield "activation", f"{case['activation']!r} in a case of the live model", expected, remedy
    if case["burn_in"] != case["steps"] // 2:
        found = f"{case['burn_in']} of {case['steps']} steps in a case of the live model"
        yield "burn_in", found, "half of the steps, which is where it measures from", remedy
    for key in _SHARED:
        if case[key] != first[key]:
            found = f"{case[key]} in a case of the live model"
            yield key, found, f"those of all cases, {first[key]}", remedy
    for key, control in controls.items():
        if key in case and not control["least"] <= case[key] <= control["most"]:
            expected = f"a value from {control['least']} to {control['most']}, the control's ends"
            yield key, f"{case[key]} in a case of the live model", expected, "widen the control"


def _activations(cases: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the activations of the cases, each with the shift that all of its targets have."""
    shifts: dict[str, float] = {}
    for name, case in cases.items():
        shift = shifts.setdefault(case["activation"], case["target_shift"])
        if shift != case["target_shift"]:
            raise UserError(
                _place(name, "target_shift"),
                f"{case['target_shift']} in a case of the live model",
                f"{shift}, as in its other cases with the activation {case['activation']}",
                "take the configuration out of live.cases in config/article.yaml",
            )
    return [{"name": name, "shift": shift} for name, shift in shifts.items()]
