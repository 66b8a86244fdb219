"""What the article itself concludes, put on trial like the statements of the post.

A sentence of the article that a result could turn out otherwise rests on one of these, where it
does not rest on a claim of the ledger's first part (`report.claims`).
"""

from __future__ import annotations

from juchi.results.evaluation import Claims, Evidence, Fixed, Precondition
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

__all__ = ["FINDINGS"]

FINDINGS = Claims()
finding = FINDINGS.enter

# The limit of the ratio of the intervals between doublings (Feigenbaum 1978).
_FEIGENBAUM = 4.669
# The power of the width in the condition number, derived in the section on the mean.
_POWER = 2
_METHODS = ("gradient_descent", "heavy_ball", "adam", "rmsprop")
# Where the mean of the features lies.
_FORMS = ("diagonal", "axis")
_COORDINATES = ("raw", "centred", "scaled", "sparse")
# Shares of the bound: those at which no swing lasts long, and those near the bound.
_LOWER_RATES, _HIGHER_RATES = ("0_5", "1", "1_5"), ("1_8", "1_9", "1_95")
# Gradient descent comes first.
_FULL_BATCH = ("later_descent", "later_momentum", "later_adam")
_LATER = ("later_descent", "later_momentum", "later_adam", "later_batches")
_ACTIVATIONS = ("sigmoid", "centred", "scaled", "tanh", "relu")
# The remedies that work, each at the longer training, with the post's rate or the one it needs.
_WORKING = (
    "batchnorm_long",
    "standardised_inputs_biased",
    "momentum_within",
    "tanh_small_step",
    "small_step",
    "scaled_inputs_long",
    "biased",
)


# --- preconditions ---


def _same_model(evidence: Evidence) -> bool:
    bounds = evidence["rate_sweep.onset_predicted"] / evidence["post.eta_star"]
    same_bound = abs(bounds - 1) <= evidence["threshold.same_path"]
    return evidence["rate_sweep.marked_rate"] == evidence["post.learning_rate"] and same_bound


_SWEPT = Precondition(
    "swept",
    "The sweep is of the post's model: it has the post's bound, and marks the post's rate.",
    _same_model,
)


def _chaotic(evidence: Evidence) -> bool:
    return evidence.interval("rate_sweep.lyapunov")[0] > 0


_CHAOS = Precondition(
    "chaos", "The post's rate is chaotic: the exponent's interval lies above zero.", _chaotic
)

_CELLS = Precondition(
    "cells",
    "The map reaches beyond the bound.",
    lambda evidence: evidence["regime_map.above_cells"] > 0,
)

_WIDTHS = Precondition(
    "widths",
    "The widths tried go from two weights to many more.",
    lambda evidence: evidence["features_raw.widest"] >= evidence["threshold.many_weights"],
)


_DETOUR = Precondition(
    "detour",
    "There is a detour to explain: near the bound the way on sigmoid features is one.",
    lambda evidence: evidence["detours_raw.detour_1_95"] >= evidence["threshold.zigzag_path"],
)

_WIDTHS_APART = Precondition(
    "widths_apart",
    "The widths of the networks are far apart.",
    lambda evidence: (
        evidence["network_widths.widest"]
        >= evidence["threshold.by_far"] * evidence["network_widths.narrowest"]
    ),
)


def _all_reached(evidence: Evidence) -> bool:
    shares = [evidence[f"digits_{activation}.reached"] for activation in _ACTIVATIONS]
    return all(share == 1 for share in shares)


_REACHED = Precondition(
    "reached", "Every run reaches the target, with every activation.", _all_reached
)


def _all_arrived(evidence: Evidence) -> bool:
    amiss = [evidence[f"{name}.{key}"] for name in _LATER for key in ("given_up", "at_edge")]
    return not any(amiss)


_ARRIVED = Precondition(
    "arrived",
    "The second network of each pair arrives in every run, and no rate that is chosen for a pair "
    "is at an end of its grid.",
    _all_arrived,
)


def _sign_taken(evidence: Evidence) -> bool:
    before, behind = evidence["adam.one_sign"], evidence["adam.flipped_one_sign"]
    return before > evidence["threshold.shown"] > behind


_SIGN_TAKEN = Precondition(
    "sign_taken",
    "The change of signs changes something: most sample gradients have one sign before it, and "
    "most have not behind it.",
    _sign_taken,
)


def _arrive(*methods: str) -> Precondition:
    def holds(evidence: Evidence) -> bool:
        steps = [evidence[f"{name}.{form}_steps"] for name in methods for form in _FORMS]
        return max(steps) < evidence["adam.limit"]

    return Precondition(
        "arrive",
        "Most runs arrive, with the mean on the diagonal and on the axis.",
        holds,
    )


# --- the sawtooth and its rate ---


@finding(
    "In the longer training, too, nearly all starts show a sawtooth.",
    requires=[SAWTOOTH, trained_alike("post_long", but="length")],
    fixed=Fixed.AFTER,
)
def sawtooth_lasts(evidence: Evidence) -> str:
    return verdict(evidence["post_long.sawtooth_share"] >= evidence["threshold.lasting"])


@finding(
    "The doublings follow each other before chaos begins, and the last ratio of their intervals is "
    "near Feigenbaum's constant.",
    requires=[_SWEPT],
    fixed=Fixed.AFTER,
)
def period_doubling(evidence: Evidence) -> str:
    rates = [
        evidence["rate_sweep.onset"],
        *(evidence[f"cascade.period_{period}"] for period in (4, 8, 16)),
        evidence["rate_sweep.chaos"],
    ]
    off = abs(evidence["cascade.feigenbaum"] / _FEIGENBAUM - 1)
    near = off <= evidence["threshold.feigenbaum_error"]
    return verdict(rates == sorted(rates) and near)


@finding(
    "At the post's rate the interval of the Lyapunov exponent lies above zero.",
    requires=[SAWTOOTH, _SWEPT],
    fixed=Fixed.AFTER,
)
def chaotic_rate(evidence: Evidence) -> str:
    return verdict(_chaotic(evidence))


@finding(
    "Just below the post's rate some rates are periodic, though not all; just above it the "
    "exponent is larger, beyond its interval.",
    requires=[_SWEPT, _CHAOS],
    fixed=Fixed.AFTER,
)
def beside_window(evidence: Evidence) -> str:
    below = evidence["rate_sweep.windows_below"]
    larger = evidence["rate_sweep.exponent_beyond"] > evidence.interval("rate_sweep.lyapunov")[1]
    return verdict(0 < below < 1 and larger)


@finding(
    "No cell above the bound holds a start that converges, and more of those below it fail than "
    "may count as gone; momentum as prescribed is below it, and most of its starts end saturated.",
    requires=[_CELLS],
    fixed=Fixed.AFTER,
)
def bound_not_enough(evidence: Evidence) -> str:
    necessary = evidence["regime_map.converged_above"] == 0
    failing = evidence["regime_map.failing_below"] > evidence["threshold.gone"]
    below = evidence["momentum.learning_rate"] < evidence["momentum.eta_star"]
    flat = evidence["regime_map.prescribed_saturated"] >= evidence["threshold.shown"]
    return verdict(necessary and failing and below and flat)


# --- the cures ---


@finding(
    "As prescribed, momentum and tanh take the sawtooth away, but most samples end saturated, and "
    "most starts have not learned.",
    requires=[SAWTOOTH, trained_alike("momentum", but="momentum"), trained_alike("tanh")],
    fixed=Fixed.AFTER,
)
def stranded(evidence: Evidence) -> str:
    most = evidence["threshold.shown"]
    cures = ("momentum", "tanh")
    calm = [is_gone(evidence, cure) for cure in cures]
    flat = [evidence[f"{cure}.saturated"] >= most for cure in cures]
    lost = [evidence[f"{cure}.learned_share"] < most for cure in cures]
    return verdict(all(calm) and all(flat) and all(lost))


@finding(
    "With batch normalisation the sawtooth is gone and the model has learned, while the weight has "
    "moved by next to nothing of what it moves in the post, and has next to no share in the "
    "learning.",
    requires=[SAWTOOTH, trained_alike("batchnorm"), learnable("batchnorm")],
    fixed=Fixed.AFTER,
)
def weight_idle(evidence: Evidence) -> str:
    nothing = evidence["threshold.next_to_nothing"]
    still = evidence["batchnorm.travel"] <= nothing * evidence["post.travel"]
    idle = evidence["batchnorm.weight_share"] <= nothing
    calm, taught = is_gone(evidence, "batchnorm"), has_learned(evidence, "batchnorm")
    return verdict(calm and taught and still and idle)


@finding(
    "The bound of the model with batch normalisation is that of the model with standardised inputs "
    "and a bias.",
    requires=[
        trained_alike("batchnorm"),
        trained_alike("standardised_inputs_biased", but="length"),
    ],
    fixed=Fixed.AFTER,
)
def same_as_standardised(evidence: Evidence) -> str:
    bounds = evidence["batchnorm.eta_star"] / evidence["standardised_inputs_biased.eta_star"]
    return verdict(abs(bounds - 1) <= evidence["threshold.onset_error"])


@finding(
    "With a bias and nothing else changed but the length of the training, the sawtooth is gone and "
    "the model has learned.",
    requires=[SAWTOOTH, trained_alike("biased", but="length"), learnable("biased")],
    fixed=Fixed.AFTER,
)
def bias_cures(evidence: Evidence) -> str:
    calm, taught = is_gone(evidence, "biased"), has_learned(evidence, "biased")
    return verdict(calm and taught)


@finding(
    "Each of these remedies works, the sawtooth gone and the model taught, and its rate is below "
    "the bound of its own model.",
    requires=[SAWTOOTH],
    fixed=Fixed.AFTER,
)
def works_below_bound(evidence: Evidence) -> str:
    works = [(is_gone(evidence, remedy), has_learned(evidence, remedy)) for remedy in _WORKING]
    below = [
        evidence[f"{remedy}.learning_rate"] < evidence[f"{remedy}.eta_star"] for remedy in _WORKING
    ]
    return verdict(all(all(pair) for pair in works) and all(below))


@finding(
    "From its own seed and from most others the script that readers may take home shows the "
    "sawtooth; with its three lines it is gone, and the model has learned in as many steps.",
    requires=[SAWTOOTH],
    fixed=Fixed.AFTER,
)
def script_cures(evidence: Evidence) -> str:
    own, shown = evidence["take_home.own_sawtooth"] == 1, is_shown(evidence, "take_home")
    gone, learned = is_gone(evidence, "take_home_cured"), has_learned(evidence, "take_home_cured")
    return verdict(own and shown and gone and learned)


# --- the mean, on paper ---


@finding(
    "At every width the condition number is what the derivation gives; between the two widest its "
    "growth has come near the square, from less between the two narrowest. With a condition if it "
    "has not yet, or has gone beyond.",
    requires=[_WIDTHS],
    fixed=Fixed.AFTER,
)
def width_law(evidence: Evidence) -> str:
    derived = evidence["features_raw.condition_error"] <= evidence["threshold.theory_error"]
    first, last = (
        evidence["features_raw.first_local_exponent"],
        evidence["features_raw.last_local_exponent"],
    )
    near = abs(last - _POWER) <= evidence["threshold.exponent_error"]
    return in_part(derived, near and first < last)


@finding(
    "The mean multiplies the condition number, and by more the more weights there are; without it "
    "the condition number is what the derivation gives, which the width does not raise but for the "
    "finite sample.",
    requires=[_WIDTHS],
    fixed=Fixed.AFTER,
)
def mean_costs(evidence: Evidence) -> str:
    narrow, wide = evidence["features_raw.mean_cost"], evidence["features_raw.widest_mean_cost"]
    derived = evidence["features_centred.condition_error"] <= evidence["threshold.theory_error"]
    grows = narrow * evidence["threshold.by_far"] <= wide
    return verdict(narrow > 1 and grows and derived)


@finding(
    "At the largest width the centred sigmoid's condition number is by far larger than that of the "
    "one that is scaled as well.",
    requires=[_WIDTHS],
    fixed=Fixed.AFTER,
)
def scale_matters(evidence: Evidence) -> str:
    plain, scaled = (
        evidence["features_centred.widest_condition"],
        evidence["features_scaled.widest_condition"],
    )
    return verdict(plain >= evidence["threshold.by_far"] * scaled)


# --- signs and axes ---


@finding(
    "With half of the signs changed, every run of all four methods, at every width and rate, takes "
    "exactly as many steps as without.",
    requires=[_SIGN_TAKEN],
    fixed=Fixed.BEFORE,
)
def signs_idle(evidence: Evidence) -> str:
    return verdict(max(evidence[f"{method}.sign_difference"] for method in _METHODS) == 0)


@finding(
    "With the mean on an axis, no run of gradient descent and heavy ball that arrives takes more "
    "than one step more or fewer than with the mean on the diagonal.",
    requires=[_arrive("gradient_descent", "heavy_ball")],
    fixed=Fixed.BEFORE,
)
def axes_idle(evidence: Evidence) -> str:
    largest = max(
        evidence[f"{method}.axis_difference"] for method in ("gradient_descent", "heavy_ball")
    )
    return verdict(largest <= evidence["threshold.same_steps"])


@finding(
    "With 16 features, at each form's best rate, the median quotient of the steps with the mean on "
    "the diagonal and on the axis has an interval beyond the factor, up or down, for Adam and for "
    "RMSprop. With a condition if for one of them.",
    requires=[_arrive("adam", "rmsprop")],
    fixed=Fixed.BEFORE,
)
def axes_count(evidence: Evidence) -> str:
    factor = evidence["threshold.axes_factor"]

    def beyond(method: str) -> bool:
        low, high = evidence.interval(f"{method}.axis_quotient")
        return low > factor or high < 1 / factor

    each = [beyond(method) for method in ("adam", "rmsprop")]
    return in_part(any(each), all(each))


@finding(
    "With the most features Adam takes by far more steps where the mean lies on the diagonal than "
    "where it lies on an axis, each at its best rate.",
    requires=[_arrive("adam")],
    fixed=Fixed.AFTER,
)
def axes_count_wide(evidence: Evidence) -> str:
    return verdict(evidence["adam.widest_quotient"] >= evidence["threshold.by_far"])


def _alike(evidence: Evidence, rates: tuple[str, ...]) -> bool:
    """Return whether at each of the rates the four detours are within the factor."""
    factor = evidence["threshold.detour_factor"]
    at_each = [
        [evidence[f"detours_{name}.detour_{rate}"] for name in _COORDINATES] for rate in rates
    ]
    return all(max(detours) <= factor * min(detours) for detours in at_each)


@finding(
    "At equal shares of the bound the largest of the four median detours is within the factor of "
    "the smallest. With a condition if so at the lower rates alone.",
    requires=[_DETOUR],
    fixed=Fixed.BEFORE,
)
def rate_makes_detour(evidence: Evidence) -> str:
    return in_part(_alike(evidence, _LOWER_RATES), _alike(evidence, _HIGHER_RATES))


# --- the mean, in front of a later layer ---


def _above_one(evidence: Evidence, quotient: str) -> list[bool]:
    """Return for each method whether the interval of a quotient lies above one."""
    return [evidence.interval(f"{name}.{quotient}")[0] > 1 for name in _LATER]


@finding(
    "For each of four methods the quotient of the updates with the sigmoid and with the centred "
    "sigmoid, each at its best rate, has an interval above one. With a condition if for gradient "
    "descent and one other.",
    requires=[_ARRIVED],
    fixed=Fixed.AFTER,
)
def later_mean(evidence: Evidence) -> str:
    above = _above_one(evidence, "mean_quotient")
    return in_part(above[0] and sum(above) > 1, all(above))


@finding(
    "By each of three methods on the full batch, the quotient of the updates of the sigmoid and of "
    "the sigmoid that begins as the centred one's function has an interval that lies below that of "
    "the quotient of the sigmoid and the centred sigmoid. With a condition if so by gradient "
    "descent.",
    requires=[_ARRIVED],
    fixed=Fixed.AFTER,
)
def later_start(evidence: Evidence) -> str:
    less = [
        evidence.interval(f"{name}.start_quotient")[1]
        < evidence.interval(f"{name}.mean_quotient")[0]
        for name in _FULL_BATCH
    ]
    return in_part(less[0], all(less))


@finding(
    "For each of four methods, at the rate chosen for the sigmoid with layer normalisation, no "
    "seed takes more than one update more or fewer with the centred sigmoid; and the quotient of "
    "the updates without and with it has an interval above one. With a condition if the former "
    "alone.",
    requires=[_ARRIVED],
    fixed=Fixed.AFTER,
)
def later_layer(evidence: Evidence) -> str:
    limit = evidence["threshold.same_steps"]
    same = [evidence[f"{name}.normed_difference"] <= limit for name in _LATER]
    return in_part(all(same), all(_above_one(evidence, "norm_quotient")))


@finding(
    "For each of four methods the quotient of the updates with batch normalisation before and "
    "behind the sigmoid has an interval above one. With a condition if for gradient descent.",
    requires=[_ARRIVED],
    fixed=Fixed.AFTER,
)
def later_batch(evidence: Evidence) -> str:
    above = _above_one(evidence, "place_quotient")
    return in_part(above[0], all(above))


# --- the mean, in a network ---


@finding(
    "At the start, the power of the width by which the sigmoid's largest curvature exceeds the "
    "centred one's has an interval above the limit. With a condition if above zero alone.",
    requires=[_WIDTHS_APART],
    fixed=Fixed.BEFORE,
)
def network_width_law(evidence: Evidence) -> str:
    low, _ = evidence.interval("network_widths.power")
    return in_part(low > 0, low > evidence["threshold.least_power"])


def _fewer_steps(evidence: Evidence, pair: str) -> bool:
    """Return whether the second activation of a pair takes significantly fewer steps."""
    significant = evidence[f"comparison.{pair}_steps_p_holm"] < evidence["threshold.family_error"]
    fewer = evidence.interval(f"comparison.{pair}_steps_difference")[1] < 0
    return significant and fewer


@finding(
    "The centred sigmoid takes fewer steps than the sigmoid: the interval of the difference lies "
    "below zero, and it is significant after Holm's correction.",
    requires=[_REACHED],
    fixed=Fixed.AFTER,
)
def mean_slows(evidence: Evidence) -> str:
    return verdict(_fewer_steps(evidence, "sigmoid_centred"))


@finding(
    "At a small rate the two take alike many steps; at the sigmoid's own rate, and at the centred "
    "one's, the centred one takes by far fewer.",
    requires=[_REACHED],
    fixed=Fixed.AFTER,
)
def large_steps(evidence: Evidence) -> str:
    sigmoid, centred = (
        evidence["digits_sigmoid.steps_at_2_8"],
        evidence["digits_centred.steps_at_2_8"],
    )
    tolerance = evidence["threshold.alike"]
    alike = abs(centred / sigmoid - 1) <= tolerance
    at_sigmoids, own = (
        evidence["digits_centred.steps_at_11"],
        evidence["digits_centred.steps_at_22"],
    )
    fewer = own < at_sigmoids < evidence["digits_sigmoid.steps_at_11"] * (1 - tolerance)
    return verdict(alike and fewer)


@finding(
    "Between the centred sigmoid and the scaled one there is no significant difference in steps, "
    "and it is small beside the steps themselves.",
    requires=[_REACHED],
    fixed=Fixed.AFTER,
)
def gain_idle(evidence: Evidence) -> str:
    unseen = (
        evidence["comparison.centred_scaled_steps_p_holm"] >= evidence["threshold.family_error"]
    )
    difference = abs(evidence["comparison.centred_scaled_steps_difference"])
    small = evidence["threshold.alike"] * evidence["digits_centred.steps_to_target"]
    return verdict(unseen and difference <= small)


@finding(
    "The steps that the mean costs are by far more than those that gain and shape change.",
    requires=[_REACHED],
    fixed=Fixed.AFTER,
)
def mean_largest(evidence: Evidence) -> str:
    mean, gain, shape = (
        abs(evidence[f"comparison.{pair}_steps_difference"])
        for pair in ("sigmoid_centred", "centred_scaled", "scaled_tanh")
    )
    return verdict(mean >= evidence["threshold.by_far"] * max(gain, shape))


@finding(
    "Tanh takes fewer steps than the sigmoid, significantly so; with a condition if the mean alone "
    "makes less than half of the difference.",
    requires=[_REACHED],
    fixed=Fixed.AFTER,
)
def tanh_faster(evidence: Evidence) -> str:
    mean, whole = (
        evidence["comparison.sigmoid_centred_steps_difference"],
        evidence["comparison.sigmoid_tanh_steps_difference"],
    )
    mostly = mean <= evidence["threshold.shown"] * whole
    return in_part(_fewer_steps(evidence, "sigmoid_tanh"), mostly)


@finding(
    "The interval of each of the differences in accuracy that mean, gain and shape make, which "
    "allows for the tuning, contains zero.",
    requires=[_REACHED],
    fixed=Fixed.AFTER,
)
def accuracy_open(evidence: Evidence) -> str:
    pairs = ("sigmoid_centred", "centred_scaled", "scaled_tanh")
    ends = [evidence.interval(f"comparison.{pair}_accuracy_difference") for pair in pairs]
    return verdict(all(low <= 0 <= high for low, high in ends))
