"""The claims ledger: each statement of the post, put on trial as a predicate over facts.

A claim is one function of the facts, entered with its predicate in words and with what has to hold
for it to be judged at all. Predicates and preconditions read facts by name, and what they have read
is recorded with the verdict. They read all of them before they decide, so that the record is the
same set of facts whatever their values.
"""

from __future__ import annotations

from juchi.results.evaluation import (
    CONDITIONAL,
    REFUTED,
    SUPPORTED,
    Claims,
    Evidence,
    Fixed,
    Precondition,
)
from report.findings import FINDINGS
from report.predicates import (
    SAWTOOTH,
    has_learned,
    in_part,
    is_gone,
    is_shown,
    learnable,
    trained_alike,
    verdict,
)

__all__ = ["CLAIMS", "STATEMENTS"]

# The sigmoid of zero: a lower output is that of a negative input.
_OUTPUT_AT_ZERO = 0.5
# The end of the interval that the post speaks of.
_SEED_HALF_WIDTH = 5
# The kurtosis of the uniform and of the normal distribution: the relative variance of a sample
# variance of n values is (kurtosis - 1) / n.
_UNIFORM_KURTOSIS, _NORMAL_KURTOSIS = 1.8, 3.0

CLAIMS = Claims()
claim = CLAIMS.enter


# --- what predicates and preconditions have in common ---


def _near_one(evidence: Evidence, fact: str) -> bool:
    """Return whether a ratio of variances is one, up to what may count as kept."""
    return abs(evidence[fact] - 1) <= evidence["threshold.variance_kept"]


def _occurs(evidence: Evidence, fact: str, without: str) -> bool:
    """Return whether something happens more often than without its cause, as a "may" asks."""
    return evidence[fact] - evidence[without] >= evidence["threshold.may"]


def _as_prescribed(as_prescribed: bool, within_its_bound: bool) -> str:
    if as_prescribed:
        return SUPPORTED
    return CONDITIONAL if within_its_bound else REFUTED


# --- preconditions ---


def _same_loss(evidence: Evidence) -> bool:
    """Return whether the control's loss has the post's minimum, up to rounding."""
    pairs = [
        (evidence[f"control.{key}"], evidence[f"post.{key}"]) for key in ("loss_star", "eta_star")
    ]
    tolerance = evidence["threshold.same_path"]
    return all(abs(own - post) <= tolerance * abs(post) for own, post in pairs)


_SAME_LOSS = Precondition(
    "same_loss",
    "The control has the post's loss: the same least value, and the same bound.",
    _same_loss,
)


def _smaller_rate(configuration: str) -> Precondition:
    return Precondition(
        "smaller_rate",
        "The rate that the post's is compared with is smaller.",
        lambda evidence: (
            evidence[f"{configuration}.learning_rate"] < evidence["post.learning_rate"]
        ),
    )


_SPREAD = Precondition(
    "spread",
    "There is a spread to divide by: what enters the layer is not all alike.",
    lambda evidence: evidence["batchnorm.first_variance"] > 0,
)

_INTERVAL_HELD = Precondition(
    "interval_held",
    "The stretch examined holds the interval that the post speaks of.",
    lambda evidence: evidence["sigmoid_line.reach"] >= _SEED_HALF_WIDTH,
)

_INTERVAL_MEASURED = Precondition(
    "interval_measured",
    "The interval measured is the one that the post speaks of.",
    lambda evidence: evidence["sigmoid_line.half_width"] == _SEED_HALF_WIDTH,
)

_CALLS = Precondition(
    "calls",
    "There are calls to look up: the listing calls methods of its model.",
    lambda evidence: evidence["printed.method_calls"] > 0,
)


def _precise(evidence: Evidence, kurtosis: float, values: float) -> bool:
    """Return whether the relative standard error of a sample variance is within the limit."""
    return kurtosis - 1 <= values * evidence["threshold.variance_kept"] ** 2


def _enough_draws(evidence: Evidence) -> bool:
    return _precise(evidence, _UNIFORM_KURTOSIS, evidence["default_draws.draws"])


def _enough_networks(evidence: Evidence) -> bool:
    neurons = evidence["layer_variance.networks"] * evidence["layer_variance.width"]
    return _precise(evidence, _NORMAL_KURTOSIS, neurons)


_ENOUGH_DRAWS = Precondition(
    "enough_drawn",
    "Enough is drawn: chance moves a variance by less than the limit.",
    _enough_draws,
)

_ENOUGH_NETWORKS = Precondition(
    "enough_drawn",
    "Enough is drawn: chance moves a variance by less than the limit.",
    _enough_networks,
)

_SEVERAL_WEIGHTS = Precondition(
    "several_weights",
    "There are several weights, whose signs can agree.",
    lambda evidence: evidence["features_raw.widest"] > 1,
)

_SEVERAL_INPUTS = Precondition(
    "several_inputs",
    "The layer behind has several inputs: random signs would not all agree.",
    lambda evidence: evidence["digits_sigmoid.chance_coherence"] < 1,
)

_ZIGZAG = Precondition(
    "zigzag",
    "There is a zigzag to explain: at the best rate the path on sigmoid features is a detour.",
    lambda evidence: evidence["features_raw.best_detour"] >= evidence["threshold.zigzag_path"],
)


def _mirrors_turn_signs(evidence: Evidence) -> bool:
    taken = evidence["features_raw.mirrored_one_sign"] < evidence["threshold.shown"]
    given = evidence["features_centred.mirrored_one_sign"] >= evidence["threshold.shown"]
    alone = evidence["features_centred.sample_one_sign"] < evidence["threshold.shown"]
    return taken and given and alone


_MIRRORS = Precondition(
    "mirrors",
    "The mirrors do change the signs: one takes the common sign from most sample gradients, the "
    "other gives it to most.",
    _mirrors_turn_signs,
)


# --- the post's first section: the activation, the listing, the sawtooth ---


@claim(
    "On the stretch examined every value lies above zero and below one.",
    requires=[_INTERVAL_HELD],
    fixed=Fixed.WITH,
)
def sigmoid_range(evidence: Evidence) -> str:
    above_zero, below_one = evidence["sigmoid_line.lowest"], evidence["sigmoid_line.below_one"]
    return verdict(above_zero > 0 and below_one > 0)


@claim(
    "On the post's interval the best line is near enough, and the slope at its end is kept.",
    requires=[_INTERVAL_MEASURED],
    fixed=Fixed.THRESHOLD,
)
def sigmoid_linear(evidence: Evidence) -> str:
    straight = evidence["sigmoid_line.deviation"] <= evidence["threshold.linear_deviation"]
    kept = evidence["sigmoid_line.slope_share"] >= evidence["threshold.slope_kept"]
    return verdict(straight and kept)


@claim(
    "Every method that the listing calls exists; its lost line breaks are not checked against it.",
    requires=[_CALLS],
    fixed=Fixed.AFTER,
)
def listing_runs(evidence: Evidence) -> str:
    return verdict(evidence["printed.unknown_methods"] == 0)


@claim(
    "Most starts show a sawtooth, with the listing in float32 and with the post in float64.",
    requires=[trained_alike("listing")],
    fixed=Fixed.WITH,
)
def sawtooth_appears(evidence: Evidence) -> str:
    listing, post = is_shown(evidence, "listing"), is_shown(evidence, "post")
    return verdict(listing and post)


# --- its second section: how the weights are drawn ---


@claim(
    "No draw lies outside, and the distance from the uniform distribution is below what the tests "
    "of all fan-ins together allow.",
    requires=[_ENOUGH_DRAWS],
    fixed=Fixed.AFTER,
)
def default_range(evidence: Evidence) -> str:
    inside = evidence["default_draws.highest_reach"] <= 1
    uniform = evidence["default_draws.distance"] <= evidence["default_draws.limit"]
    return verdict(inside and uniform)


@claim(
    "The variance of the draws is the squared width over twelve, up to variance_kept.",
    requires=[_ENOUGH_DRAWS],
    fixed=Fixed.THRESHOLD,
)
def uniform_variance(evidence: Evidence) -> str:
    return verdict(_near_one(evidence, "default_draws.variance_ratio"))


@claim(
    "The draws have the variance that the derivation asks for: n Var(w) is one.",
    requires=[_ENOUGH_DRAWS],
    fixed=Fixed.THRESHOLD,
)
def derivation_gives_range(evidence: Evidence) -> str:
    return verdict(_near_one(evidence, "default_draws.scaled_variance"))


@claim(
    "Over the samples the formula holds; with a condition if not over the weights.",
    requires=[_ENOUGH_NETWORKS],
    fixed=Fixed.THRESHOLD,
)
def variance_formula(evidence: Evidence) -> str:
    over_samples = _near_one(evidence, "layer_variance.sigmoid_inputs_over_samples")
    over_weights = _near_one(evidence, "layer_variance.sigmoid_inputs_over_weights")
    centred = _near_one(evidence, "layer_variance.standardised_over_weights")
    return in_part(over_samples and centred, over_weights)


@claim(
    "A layer with the default range keeps the variance, over the samples or the weights.",
    requires=[_ENOUGH_NETWORKS],
    fixed=Fixed.THRESHOLD,
)
def variance_kept(evidence: Evidence) -> str:
    over_samples = _near_one(evidence, "layer_variance.default_over_samples")
    over_weights = _near_one(evidence, "layer_variance.default_over_weights")
    if over_samples != over_weights:
        return CONDITIONAL
    return verdict(over_samples)


# --- its third section: the causes, in the listing and in later layers ---


@claim(
    "The sawtooth stays, goes at a smaller rate, and begins where the curvature foretells.",
    requires=[SAWTOOTH, _smaller_rate("small_step")],
    fixed=Fixed.AFTER,
)
def learning_rate_causes(evidence: Evidence) -> str:
    stays, gone = is_shown(evidence, "post_long"), is_gone(evidence, "small_step")
    foretold = abs(evidence["rate_sweep.onset_relative_error"]) <= evidence["threshold.onset_error"]
    return verdict(stays and gone and foretold)


@claim(
    "With nothing but the scale of the inputs changed, the post's sawtooth goes.",
    requires=[SAWTOOTH, trained_alike("scaled_inputs")],
    fixed=Fixed.WITH,
)
def data_cause(evidence: Evidence) -> str:
    return verdict(is_gone(evidence, "scaled_inputs"))


@claim(
    "Centring the output changes the path beyond same_path, or makes the sawtooth go.",
    requires=[SAWTOOTH, trained_alike("control"), _SAME_LOSS],
    fixed=Fixed.WITH,
)
def output_causes(evidence: Evidence) -> str:
    moved = evidence["control.max_difference"] > evidence["threshold.same_path"]
    gone = is_gone(evidence, "control")
    return verdict(moved or gone)


@claim(
    "One sign is more frequent than with centred features, by what a may asks, on sample "
    "gradients; with a condition if not on their sum at the best rate too.",
    requires=[_SEVERAL_WEIGHTS],
    fixed=Fixed.AFTER,
)
def one_sign(evidence: Evidence) -> str:
    sample = _occurs(evidence, "features_raw.sample_one_sign", "features_centred.sample_one_sign")
    batch = _occurs(evidence, "features_raw.best_one_sign", "features_centred.best_one_sign")
    return in_part(sample, batch)


@claim(
    "Behind the sigmoid one sign is more frequent on sample gradients than behind the centred "
    "one, by what a may asks; with a condition if the signs of their sum agree no better than "
    "random ones.",
    requires=[_SEVERAL_INPUTS],
    fixed=Fixed.AFTER,
)
def network_one_sign(evidence: Evidence) -> str:
    sample = _occurs(evidence, "digits_sigmoid.one_sided", "digits_centred.one_sided")
    chance = evidence["digits_sigmoid.chance_coherence"]
    beyond_chance = evidence["digits_sigmoid.coherence"] - chance
    agree = beyond_chance >= evidence["threshold.coherence_gained"] * (1 - chance)
    return in_part(sample, agree)


@claim(
    "Under gradient descent the path is shorter in the mirror that takes the common sign away, and "
    "longer in the one that gives it; with a condition if one of the two.",
    requires=[_ZIGZAG, _MIRRORS],
    fixed=Fixed.AFTER,
)
def z_path(evidence: Evidence) -> str:
    rounding = evidence["threshold.same_length"]
    own, centred = evidence["features_raw.best_detour"], evidence["features_centred.best_detour"]
    shorter = evidence["features_raw.mirrored_best_detour"] < own * (1 - rounding)
    longer = evidence["features_centred.mirrored_best_detour"] > centred * (1 + rounding)
    if shorter != longer:
        return CONDITIONAL
    return verdict(shorter)


# --- its fourth section: the cures, for each whether the sawtooth goes and whether it learns ---


@claim(
    "Some output of the sigmoid, with the layer before it as in the listing, is below zero; with a "
    "condition if below one half: its input is.",
    requires=[_SPREAD],
    fixed=Fixed.AFTER,
)
def batchnorm_negative(evidence: Evidence) -> str:
    lowest = evidence["batchnorm.lowest_output"]
    return in_part(lowest < _OUTPUT_AT_ZERO, lowest < 0)


@claim(
    "Mean zero and variance one at the start; with a condition if no longer at the end.",
    requires=[_SPREAD],
    fixed=Fixed.THRESHOLD,
)
def batchnorm_standardises(evidence: Evidence) -> str:
    centred, spread = (
        abs(evidence["batchnorm.first_mean"]) <= evidence["threshold.variance_kept"],
        _near_one(evidence, "batchnorm.first_variance"),
    )
    still_centred, still_spread = (
        abs(evidence["batchnorm.final_mean"]) <= evidence["threshold.variance_kept"],
        _near_one(evidence, "batchnorm.final_variance"),
    )
    return in_part(centred and spread, still_centred and still_spread)


@claim(
    "As prescribed, the sawtooth is gone.",
    requires=[SAWTOOTH, trained_alike("batchnorm")],
    fixed=Fixed.AFTER,
)
def batchnorm_calms(evidence: Evidence) -> str:
    return verdict(is_gone(evidence, "batchnorm"))


@claim(
    "As prescribed, the model has learned; with a condition if so with the weight frozen as well.",
    requires=[SAWTOOTH, trained_alike("batchnorm"), learnable("batchnorm")],
    fixed=Fixed.AFTER,
)
def batchnorm_learns(evidence: Evidence) -> str:
    learned, idle = has_learned(evidence, "batchnorm"), has_learned(evidence, "batchnorm_frozen")
    return in_part(learned, not idle)


@claim(
    "As prescribed, the sawtooth is gone.",
    requires=[SAWTOOTH, trained_alike("momentum", but="momentum")],
    fixed=Fixed.AFTER,
)
def momentum_calms(evidence: Evidence) -> str:
    return verdict(is_gone(evidence, "momentum"))


@claim(
    "As prescribed, the model has learned. With a condition: so if weaker, at a rate where without "
    "it there is a sawtooth, and with it none.",
    requires=[SAWTOOTH, trained_alike("momentum", but="momentum"), learnable("momentum")],
    fixed=Fixed.AFTER,
)
def momentum_learns(evidence: Evidence) -> str:
    prescribed, weaker = has_learned(evidence, "momentum"), has_learned(evidence, "momentum_within")
    gone, without = is_gone(evidence, "momentum_within"), is_shown(evidence, "no_momentum")
    return _as_prescribed(prescribed, weaker and gone and without)


@claim(
    "As prescribed, the sawtooth is gone.",
    requires=[SAWTOOTH, trained_alike("tanh")],
    fixed=Fixed.AFTER,
)
def tanh_calms(evidence: Evidence) -> str:
    return verdict(is_gone(evidence, "tanh"))


@claim(
    "As prescribed, the model has learned. With a condition: so at a smaller rate, where the "
    "sigmoid has a sawtooth, and tanh none.",
    requires=[SAWTOOTH, trained_alike("tanh"), learnable("tanh")],
    fixed=Fixed.AFTER,
)
def tanh_learns(evidence: Evidence) -> str:
    prescribed, smaller = has_learned(evidence, "tanh"), has_learned(evidence, "tanh_small_step")
    gone, without = is_gone(evidence, "tanh_small_step"), is_shown(evidence, "same_small_step")
    return _as_prescribed(prescribed, smaller and gone and without)


# All that is on trial: the statements of the post, and the article's own findings.
STATEMENTS = {**CLAIMS, **FINDINGS}
