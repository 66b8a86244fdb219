"""The claims ledger: each statement of the seed, put on trial as a predicate over facts.

A claim is one function of the facts, entered with its predicate in words. It reads them by name,
and what it has read is recorded with the verdict. It reads all of them before it decides, so that
the record is the same set of facts whatever their values.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from pipeline.errors import run_command
from pipeline.records import read_json, write_json
from report.evaluation import CONDITIONAL, REFUTED, SUPPORTED, Claims, Evidence, judge
from report.facts import read_facts

__all__ = ["CLAIMS", "main"]

# The sigmoid of zero: a lower output is that of a negative input.
_OUTPUT_AT_ZERO = 0.5

CLAIMS = Claims()
claim = CLAIMS.enter


def _gone(evidence: Evidence, variant: str) -> bool:
    """Return whether the variant's sawtooth is gone: its share of starts is small."""
    return evidence[f"{variant}.sawtooth_share"] <= evidence["threshold.gone"]


def _shown(evidence: Evidence, variant: str) -> bool:
    """Return whether most starts of the variant show a sawtooth."""
    return evidence[f"{variant}.sawtooth_share"] >= evidence["threshold.shown"]


def _learned(evidence: Evidence, variant: str) -> bool:
    """Return whether nearly all starts of the variant arrive near the model's best loss."""
    return evidence[f"{variant}.learned_share"] >= evidence["threshold.learned"]


def _near_one(evidence: Evidence, fact: str) -> bool:
    """Return whether a ratio of variances is one, up to what may count as kept."""
    return abs(evidence[fact] - 1) <= evidence["threshold.variance_kept"]


def _one_signed(evidence: Evidence, fact: str) -> bool:
    """Return whether nearly all gradients have one sign, by the fact that tells their share."""
    return evidence[fact] >= evidence["threshold.one_sign"]


def _cured(evidence: Evidence, variant: str) -> bool:
    """Return whether the sawtooth is gone and the model has learned."""
    gone, learned = _gone(evidence, variant), _learned(evidence, variant)
    return gone and learned


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
    listing, seed = _shown(evidence, "listing"), _shown(evidence, "seed")
    return _verdict(listing and seed)


@claim("Centring the output changes the path beyond same_path, or makes the sawtooth go.")
def output_causes(evidence: Evidence) -> str:
    moved = evidence["control.max_difference"] > evidence["threshold.same_path"]
    gone = _gone(evidence, "control")
    return _verdict(moved or gone)


@claim("The sawtooth stays, goes at a smaller rate, and begins where the curvature foretells.")
def learning_rate_causes(evidence: Evidence) -> str:
    stays, gone = _shown(evidence, "seed_long"), _gone(evidence, "small_step")
    foretold = abs(evidence["rate_sweep.onset_relative_error"]) <= evidence["threshold.onset_error"]
    return _verdict(stays and gone and foretold)


@claim("With nothing but the scale of the inputs changed, the seed's sawtooth goes.")
def data_cause(evidence: Evidence) -> str:
    shown, gone = _shown(evidence, "seed"), _gone(evidence, "scaled_inputs")
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
        _near_one(evidence, "batchnorm.first_variance"),
    )
    still_centred, still_spread = (
        abs(evidence["batchnorm.final_mean"]) <= evidence["threshold.variance_kept"],
        _near_one(evidence, "batchnorm.final_variance"),
    )
    return _in_part(centred and spread, still_centred and still_spread)


@claim("Gone and learned; only with a condition if so with the weight frozen as well.")
def batchnorm_cures(evidence: Evidence) -> str:
    cured, idle = _cured(evidence, "batchnorm"), _cured(evidence, "batchnorm_frozen")
    return _cure(cured and not idle, cured)


@claim("As prescribed: gone and learned. With a condition: so if weaker, where none zigzags.")
def momentum_cures(evidence: Evidence) -> str:
    prescribed, within = _cured(evidence, "momentum"), _cured(evidence, "momentum_within")
    without = _shown(evidence, "no_momentum")
    return _cure(prescribed, within and without)


@claim("As prescribed: gone and learned. With a condition: so at a rate where the sigmoid zigzags.")
def tanh_cures(evidence: Evidence) -> str:
    prescribed, within = _cured(evidence, "tanh"), _cured(evidence, "tanh_small_step")
    without = _shown(evidence, "same_small_step")
    return _cure(prescribed, within and without)


@claim("No draw lies outside, and the distance from the uniform distribution is below the limit.")
def default_range(evidence: Evidence) -> str:
    inside = evidence["default_draws.highest_reach"] <= 1
    uniform = evidence["default_draws.distance"] <= evidence["threshold.uniform_distance"]
    return _verdict(inside and uniform)


@claim("The variance of the draws is the squared width over twelve, up to variance_kept.")
def uniform_variance(evidence: Evidence) -> str:
    return _verdict(_near_one(evidence, "default_draws.variance_ratio"))


@claim("The draws have the variance that the derivation asks for: n Var(w) is one.")
def derivation_gives_range(evidence: Evidence) -> str:
    return _verdict(_near_one(evidence, "default_draws.scaled_variance"))


@claim("Over the samples the formula holds; with a condition if not over the weights.")
def variance_formula(evidence: Evidence) -> str:
    over_samples = _near_one(evidence, "layer_variance.sigmoid_inputs_over_samples")
    over_weights = _near_one(evidence, "layer_variance.sigmoid_inputs_over_weights")
    centred = _near_one(evidence, "layer_variance.standardised_over_weights")
    return _in_part(over_samples and centred, over_weights)


@claim("A layer with the default range keeps the variance, over the samples or the weights.")
def variance_kept(evidence: Evidence) -> str:
    over_samples = _near_one(evidence, "layer_variance.default_over_samples")
    over_weights = _near_one(evidence, "layer_variance.default_over_weights")
    if over_samples != over_weights:
        return CONDITIONAL
    return _verdict(over_samples)


@claim("One sign on sample gradients; with a condition if not on their sum at a calm rate too.")
def one_sign(evidence: Evidence) -> str:
    sample = _one_signed(evidence, "features_raw.sample_one_sign")
    return _in_part(sample, _one_signed(evidence, "features_raw.calm_one_sign"))


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
    sample = _one_signed(evidence, "digits_sigmoid.one_sided")
    return _in_part(sample, _one_signed(evidence, "digits_sigmoid.coherence"))


def main() -> None:
    """Judge the claims that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", required=True, type=Path)
    parser.add_argument("--names", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    arguments = parser.parse_args()
    rulings = judge(CLAIMS, read_facts(arguments.facts), read_json(arguments.names))
    write_json(arguments.output, {name: asdict(ruling) for name, ruling in rulings.items()})


if __name__ == "__main__":
    run_command(main)
