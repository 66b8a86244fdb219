"""The claims ledger: each statement of the seed, put on trial as a predicate over facts.

A claim is one function of the facts, entered with its predicate in words. It reads them by name,
and what it has read is recorded with the verdict. It reads all of them before it decides, so that
the record is the same set of facts whatever their values.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import UserError, run_command
from pipeline.records import read_json, remake, write_json
from report.facts import Fact, read_facts

__all__ = ["CLAIMS", "VERDICTS", "Claim", "Evidence", "Ruling", "judge", "main", "read_rulings"]

# The sigmoid of zero: a lower output is that of a negative input.
_OUTPUT_AT_ZERO = 0.5

SUPPORTED, CONDITIONAL, REFUTED = VERDICTS = ("supported", "conditional", "refuted")


@dataclass(frozen=True)
class Ruling:
    """A verdict, the predicate that gave it, and the facts that were read, with their values."""

    verdict: str
    predicate: str
    facts: dict[str, float]


class Evidence:
    """The facts as a claim sees them: numbers by name, each one noted when it is read."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self.read: dict[str, float] = {}

    def __getitem__(self, name: str) -> float:
        """Return the value of a fact; an unknown name is a `UserError`."""
        if name not in self._facts:
            raise UserError(
                where=f"report/claims.py: fact {name!r}",
                found="a claim reads a fact that is not declared",
                expected="a fact of config/facts.yaml",
                remedy=f"declare {name} there, or mend the name in the claim",
            )
        value = self._facts[name].value
        if isinstance(value, str):
            raise UserError(
                where=f"report/claims.py: fact {name!r}",
                found=f"training that has {value}: there is no number to compare",
                expected="a claim that rests on runs which stay within bounds",
                remedy="lower the learning rate of the variant, or take the claim out of "
                "config/article.yaml with the sentences that rest on it",
            )
        if isinstance(value, list):
            raise UserError(
                where=f"report/claims.py: fact {name!r}",
                found=f"the list {value}",
                expected="a single number, which a predicate can compare",
                remedy="read another fact in the claim",
            )
        self.read[name] = value
        return value

    def gone(self, variant: str) -> bool:
        """Return whether the variant's sawtooth is gone: its share of starts is small."""
        return self[f"{variant}.sawtooth_share"] <= self["threshold.gone"]

    def shown(self, variant: str) -> bool:
        """Return whether most starts of the variant show a sawtooth."""
        return self[f"{variant}.sawtooth_share"] >= self["threshold.shown"]

    def learned(self, variant: str) -> bool:
        """Return whether nearly all starts of the variant arrive near the model's best loss."""
        return self[f"{variant}.learned_share"] >= self["threshold.learned"]

    def near_one(self, fact: str) -> bool:
        """Return whether a ratio of variances is one, up to what may count as kept."""
        return abs(self[fact] - 1) <= self["threshold.variance_kept"]

    def one_signed(self, fact: str) -> bool:
        """Return whether nearly all gradients have one sign, by the fact that tells their share."""
        return self[fact] >= self["threshold.one_sign"]

    def cured(self, variant: str) -> bool:
        """Return whether the sawtooth is gone and the model has learned."""
        gone, learned = self.gone(variant), self.learned(variant)
        return gone and learned


@dataclass(frozen=True)
class Claim:
    """A statement on trial: its predicate in words, and the function that gives the verdict."""

    predicate: str
    judge: Callable[[Evidence], str]


CLAIMS: dict[str, Claim] = {}


def claim(predicate: str) -> Callable[[Callable[[Evidence], str]], Callable[[Evidence], str]]:
    """Enter a function into the ledger under its name, with the predicate that it computes."""

    def enter(function: Callable[[Evidence], str]) -> Callable[[Evidence], str]:
        CLAIMS[function.__name__] = Claim(predicate, function)
        return function

    return enter


def _verdict(holds: bool) -> str:
    return SUPPORTED if holds else REFUTED


def _in_part(first: bool, second: bool) -> str:
    """Return the verdict on a statement of two parts, the first of which carries it."""
    if not first:
        return REFUTED
    return SUPPORTED if second else CONDITIONAL


def _cure(as_prescribed: bool, within_its_bound: bool) -> str:
    if as_prescribed:
        return SUPPORTED
    return CONDITIONAL if within_its_bound else REFUTED


@claim("On the stretch examined every value lies above zero and below one.")
def sigmoid_range(evidence: Evidence) -> str:
    above_zero, below_one = evidence["sigmoid_line.lowest"], evidence["sigmoid_line.below_one"]
    return _verdict(above_zero > 0 and below_one > 0)


@claim("On the seed's interval the best line is near enough, and the slope at its end is kept.")
def sigmoid_linear(evidence: Evidence) -> str:
    straight = evidence["sigmoid_line.deviation"] <= evidence["threshold.linear_deviation"]
    kept = evidence["sigmoid_line.slope_share"] >= evidence["threshold.slope_kept"]
    return _verdict(straight and kept)


@claim("Every method that the listing calls exists; its lost line breaks are not held against it.")
def listing_runs(evidence: Evidence) -> str:
    return _verdict(evidence["printed.unknown_methods"] == 0)


@claim("Most starts show a sawtooth, with the listing in float32 and with the seed in float64.")
def sawtooth_appears(evidence: Evidence) -> str:
    listing, seed = evidence.shown("listing"), evidence.shown("seed")
    return _verdict(listing and seed)


@claim("Centring the output changes the path beyond same_path, or makes the sawtooth go.")
def output_causes(evidence: Evidence) -> str:
    moved = evidence["control.max_difference"] > evidence["threshold.same_path"]
    gone = evidence.gone("control")
    return _verdict(moved or gone)


@claim("The sawtooth stays, goes at a smaller rate, and begins where the curvature foretells.")
def learning_rate_causes(evidence: Evidence) -> str:
    stays, gone = evidence.shown("seed_long"), evidence.gone("small_step")
    foretold = abs(evidence["rate_sweep.onset_relative_error"]) <= evidence["threshold.onset_error"]
    return _verdict(stays and gone and foretold)


@claim("With nothing but the scale of the inputs changed, the seed's sawtooth goes.")
def data_cause(evidence: Evidence) -> str:
    shown, gone = evidence.shown("seed"), evidence.gone("scaled_inputs")
    return _verdict(shown and gone)


@claim(
    "Some output of the sigmoid is below zero; with a condition if below one half: its input is."
)
def batchnorm_negative(evidence: Evidence) -> str:
    lowest = evidence["batchnorm.lowest_output"]
    return _in_part(lowest < _OUTPUT_AT_ZERO, lowest < 0)


@claim("Mean zero and variance one at the start; with a condition if no longer at the end.")
def batchnorm_standardises(evidence: Evidence) -> str:
    centred, spread = (
        abs(evidence["batchnorm.first_mean"]) <= evidence["threshold.variance_kept"],
        evidence.near_one("batchnorm.first_variance"),
    )
    still_centred, still_spread = (
        abs(evidence["batchnorm.final_mean"]) <= evidence["threshold.variance_kept"],
        evidence.near_one("batchnorm.final_variance"),
    )
    return _in_part(centred and spread, still_centred and still_spread)


@claim("Gone and learned; only with a condition if so with the weight frozen as well.")
def batchnorm_cures(evidence: Evidence) -> str:
    cured, idle = evidence.cured("batchnorm"), evidence.cured("batchnorm_frozen")
    return _cure(cured and not idle, cured)


@claim("As prescribed: gone and learned. With a condition: so if weaker, where none zigzags.")
def momentum_cures(evidence: Evidence) -> str:
    prescribed, within = evidence.cured("momentum"), evidence.cured("momentum_within")
    without = evidence.shown("no_momentum")
    return _cure(prescribed, within and without)


@claim("As prescribed: gone and learned. With a condition: so at a rate where the sigmoid zigzags.")
def tanh_cures(evidence: Evidence) -> str:
    prescribed, within = evidence.cured("tanh"), evidence.cured("tanh_small_step")
    without = evidence.shown("same_small_step")
    return _cure(prescribed, within and without)


@claim("No draw lies outside, and the distance from the uniform distribution is below the limit.")
def default_range(evidence: Evidence) -> str:
    inside = evidence["default_draws.highest_reach"] <= 1
    uniform = evidence["default_draws.distance"] <= evidence["threshold.uniform_distance"]
    return _verdict(inside and uniform)


@claim("The variance of the draws is the squared width over twelve, up to variance_kept.")
def uniform_variance(evidence: Evidence) -> str:
    return _verdict(evidence.near_one("default_draws.variance_ratio"))


@claim("The draws have the variance that the derivation asks for: n Var(w) is one.")
def derivation_gives_range(evidence: Evidence) -> str:
    return _verdict(evidence.near_one("default_draws.scaled_variance"))


@claim("Over the samples the formula holds; with a condition if not over the weights.")
def variance_formula(evidence: Evidence) -> str:
    over_samples = evidence.near_one("layer_variance.sigmoid_inputs_over_samples")
    over_weights = evidence.near_one("layer_variance.sigmoid_inputs_over_weights")
    centred = evidence.near_one("layer_variance.standardised_over_weights")
    return _in_part(over_samples and centred, over_weights)


@claim("A layer with the default range keeps the variance, over the samples or the weights.")
def variance_kept(evidence: Evidence) -> str:
    over_samples = evidence.near_one("layer_variance.default_over_samples")
    over_weights = evidence.near_one("layer_variance.default_over_weights")
    if over_samples != over_weights:
        return CONDITIONAL
    return _verdict(over_samples)


@claim("One sign on sample gradients; with a condition if not on their sum at a calm rate too.")
def one_sign(evidence: Evidence) -> str:
    sample = evidence.one_signed("features_raw.sample_one_sign")
    return _in_part(sample, evidence.one_signed("features_raw.calm_one_sign"))


@claim("A detour at any rate, and a longer one where the weights must go opposite ways.")
def z_path(evidence: Evidence) -> str:
    limit = evidence["threshold.zigzag_path"]
    always = evidence["features_raw.calm_detour"] >= limit
    against, along = (
        evidence["features_raw.mixed_single_detour"]
        > evidence["features_raw.common_single_detour"],
        evidence["features_raw.mixed_detour"] > evidence["features_raw.common_detour"],
    )
    return _in_part(against and along, always)


@claim("One sign on sample gradients behind the sigmoid; with a condition if not on their sum.")
def network_one_sign(evidence: Evidence) -> str:
    sample = evidence.one_signed("digits_sigmoid.one_sided")
    return _in_part(sample, evidence.one_signed("digits_sigmoid.coherence"))


def judge(facts: Mapping[str, Fact], names: list[str]) -> dict[str, Ruling]:
    """Return the ruling on each named claim; an unknown name is a `UserError`."""
    rulings = {}
    for name in names:
        if name not in CLAIMS:
            raise UserError(
                where=f"config/article.yaml: claims.{name}",
                found=f"an unknown claim {name!r}",
                expected=f"one of {', '.join(CLAIMS)}",
                remedy="mend the name, or write the claim's function in report/claims.py",
            )
        evidence = Evidence(facts)
        verdict = CLAIMS[name].judge(evidence)
        facts_read = dict(sorted(evidence.read.items()))
        rulings[name] = Ruling(verdict, CLAIMS[name].predicate, facts_read)
    return rulings


def read_rulings(path: Path) -> dict[str, Ruling]:
    """Read what this module wrote; a file of another shape is a `UserError`."""
    record = read_json(path)
    try:
        return {name: Ruling(**entry) for name, entry in record.items()}
    except (AttributeError, TypeError) as error:
        raise UserError(
            where=str(path),
            found=str(error),
            expected="claims with verdict, predicate and facts",
            remedy=remake(path),
        ) from error


def main() -> None:
    """Judge the claims that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", required=True, type=Path)
    parser.add_argument("--names", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    arguments = parser.parse_args()
    rulings = judge(read_facts(arguments.facts), read_json(arguments.names))
    write_json(arguments.output, {name: asdict(ruling) for name, ruling in rulings.items()})


if __name__ == "__main__":
    run_command(main)
