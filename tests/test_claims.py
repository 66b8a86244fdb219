"""Every claim gives each of its verdicts when the facts cross its thresholds, and records all."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pytest

from pipeline.errors import UserError
from pipeline.records import write_json
from report import claims
from report.claims import CLAIMS
from report.evaluation import VERDICTS, Evidence, Ruling, judge, read_rulings
from report.facts import Fact
from tests.samples import command

SUPPORTED, CONDITIONAL, REFUTED = VERDICTS
JUST = 1e-9  # as far past a threshold as a share of a few hundred starts can never be

THRESHOLDS = {
    "threshold.gone": 0.05,
    "threshold.shown": 0.5,
    "threshold.learned": 0.95,
    "threshold.same_path": 1e-6,
    "threshold.onset_error": 0.01,
    "threshold.linear_deviation": 0.05,
    "threshold.slope_kept": 0.5,
    "threshold.uniform_distance": 1.63,
    "threshold.variance_kept": 0.125,
    "threshold.one_sign": 0.95,
    "threshold.zigzag_path": 1.5,
}

# For each claim, the facts with which it is supported, each one exactly on its threshold.
SUPPORTING: dict[str, dict[str, float]] = {
    "sigmoid_range": {"sigmoid_line.lowest": JUST, "sigmoid_line.below_one": JUST},
    "sigmoid_linear": {"sigmoid_line.deviation": 0.05, "sigmoid_line.slope_share": 0.5},
    "listing_runs": {"printed.unknown_methods": 0},
    "sawtooth_appears": {"listing.sawtooth_share": 0.5, "seed.sawtooth_share": 0.5},
    "output_causes": {"control.max_difference": 1e-6 + JUST, "control.sawtooth_share": 1},
    "learning_rate_causes": {
        "seed_long.sawtooth_share": 0.5,
        "small_step.sawtooth_share": 0.05,
        "rate_sweep.onset_relative_error": -0.01,
    },
    "data_cause": {"seed.sawtooth_share": 0.5, "scaled_inputs.sawtooth_share": 0.05},
    "batchnorm_negative": {"batchnorm.lowest_output": -JUST},
    "batchnorm_standardises": {
        "batchnorm.first_mean": -0.125,
        "batchnorm.first_variance": 1.125,
        "batchnorm.final_mean": 0.125,
        "batchnorm.final_variance": 0.875,
    },
    "batchnorm_cures": {
        "batchnorm.sawtooth_share": 0.05,
        "batchnorm.learned_share": 0.95,
        "batchnorm_frozen.sawtooth_share": 0.05,
        "batchnorm_frozen.learned_share": 0.95 - JUST,
    },
    "momentum_cures": {
        "momentum.sawtooth_share": 0.05,
        "momentum.learned_share": 0.95,
        "momentum_within.sawtooth_share": 0.05,
        "momentum_within.learned_share": 0.95,
        "no_momentum.sawtooth_share": 0.5,
    },
    "tanh_cures": {
        "tanh.sawtooth_share": 0.05,
        "tanh.learned_share": 0.95,
        "tanh_small_step.sawtooth_share": 0.05,
        "tanh_small_step.learned_share": 0.95,
        "same_small_step.sawtooth_share": 0.5,
    },
    "default_range": {"default_draws.highest_reach": 1, "default_draws.distance": 1.63},
    "uniform_variance": {"default_draws.variance_ratio": 1.125},
    "derivation_gives_range": {"default_draws.scaled_variance": 0.875},
    "variance_formula": {
        "layer_variance.sigmoid_inputs_over_samples": 1.125,
        "layer_variance.sigmoid_inputs_over_weights": 0.875,
        "layer_variance.standardised_over_weights": 1.125,
    },
    "variance_kept": {
        "layer_variance.default_over_samples": 0.875,
        "layer_variance.default_over_weights": 1.125,
    },
    "one_sign": {"features_raw.sample_one_sign": 0.95, "features_raw.calm_one_sign": 0.95},
    "z_path": {
        "features_raw.calm_detour": 1.5,
        "features_raw.mixed_single_detour": 1 + JUST,
        "features_raw.common_single_detour": 1,
        "features_raw.mixed_detour": 1 + JUST,
        "features_raw.common_detour": 1,
    },
    "network_one_sign": {"digits_sigmoid.one_sided": 0.95, "digits_sigmoid.coherence": 0.95},
}

NOT_GONE, NOT_SHOWN, NOT_LEARNED = 0.05 + JUST, 0.5 - JUST, 0.95 - JUST
NOT_KEPT, NOT_ONE_SIGN, NOT_LONG = 1.125 + JUST, 0.95 - JUST, 1.5 - JUST

# What moves a claim away from that: the facts changed, each just across its threshold.
CASES: list[tuple[str, dict[str, float], str]] = [
    *((name, {}, SUPPORTED) for name in SUPPORTING),
    ("listing_runs", {"printed.unknown_methods": 1}, REFUTED),
    ("sawtooth_appears", {"listing.sawtooth_share": NOT_SHOWN}, REFUTED),
    ("sawtooth_appears", {"seed.sawtooth_share": NOT_SHOWN}, REFUTED),
    ("output_causes", {"control.max_difference": 1e-6}, REFUTED),
    (
        "output_causes",
        {"control.max_difference": 0, "control.sawtooth_share": 0.05},
        SUPPORTED,
    ),
    (
        "output_causes",
        {"control.max_difference": 0, "control.sawtooth_share": NOT_GONE},
        REFUTED,
    ),
    ("learning_rate_causes", {"seed_long.sawtooth_share": NOT_SHOWN}, REFUTED),
    ("learning_rate_causes", {"small_step.sawtooth_share": NOT_GONE}, REFUTED),
    ("learning_rate_causes", {"rate_sweep.onset_relative_error": 0.01 + JUST}, REFUTED),
    ("sigmoid_range", {"sigmoid_line.lowest": 0}, REFUTED),
    ("sigmoid_range", {"sigmoid_line.below_one": 0}, REFUTED),
    ("sigmoid_linear", {"sigmoid_line.deviation": 0.05 + JUST}, REFUTED),
    ("sigmoid_linear", {"sigmoid_line.slope_share": 0.5 - JUST}, REFUTED),
    ("batchnorm_standardises", {"batchnorm.first_mean": 0.125 + JUST}, REFUTED),
    ("batchnorm_standardises", {"batchnorm.first_variance": NOT_KEPT}, REFUTED),
    ("batchnorm_standardises", {"batchnorm.final_mean": -0.125 - JUST}, CONDITIONAL),
    ("batchnorm_standardises", {"batchnorm.final_variance": NOT_KEPT}, CONDITIONAL),
    ("default_range", {"default_draws.highest_reach": 1 + JUST}, REFUTED),
    ("default_range", {"default_draws.distance": 1.63 + JUST}, REFUTED),
    ("uniform_variance", {"default_draws.variance_ratio": NOT_KEPT}, REFUTED),
    ("derivation_gives_range", {"default_draws.scaled_variance": NOT_KEPT}, REFUTED),
    ("variance_formula", {"layer_variance.sigmoid_inputs_over_samples": NOT_KEPT}, REFUTED),
    ("variance_formula", {"layer_variance.standardised_over_weights": NOT_KEPT}, REFUTED),
    ("variance_formula", {"layer_variance.sigmoid_inputs_over_weights": NOT_KEPT}, CONDITIONAL),
    ("variance_kept", {"layer_variance.default_over_samples": NOT_KEPT}, CONDITIONAL),
    ("variance_kept", {"layer_variance.default_over_weights": NOT_KEPT}, CONDITIONAL),
    (
        "variance_kept",
        {f"layer_variance.default_over_{each}": NOT_KEPT for each in ("samples", "weights")},
        REFUTED,
    ),
    ("one_sign", {"features_raw.sample_one_sign": NOT_ONE_SIGN}, REFUTED),
    ("one_sign", {"features_raw.calm_one_sign": NOT_ONE_SIGN}, CONDITIONAL),
    ("z_path", {"features_raw.calm_detour": NOT_LONG}, CONDITIONAL),
    ("z_path", {"features_raw.mixed_single_detour": 1}, REFUTED),
    ("z_path", {"features_raw.mixed_detour": 1}, REFUTED),
    ("network_one_sign", {"digits_sigmoid.one_sided": NOT_ONE_SIGN}, REFUTED),
    ("network_one_sign", {"digits_sigmoid.coherence": NOT_ONE_SIGN}, CONDITIONAL),
    ("data_cause", {"seed.sawtooth_share": NOT_SHOWN}, REFUTED),
    ("data_cause", {"scaled_inputs.sawtooth_share": NOT_GONE}, REFUTED),
    ("batchnorm_negative", {"batchnorm.lowest_output": 0}, CONDITIONAL),
    ("batchnorm_negative", {"batchnorm.lowest_output": 0.5}, REFUTED),
    ("batchnorm_cures", {"batchnorm_frozen.learned_share": 0.95}, CONDITIONAL),
    ("batchnorm_cures", {"batchnorm.sawtooth_share": NOT_GONE}, REFUTED),
    ("batchnorm_cures", {"batchnorm.learned_share": NOT_LEARNED}, REFUTED),
    (
        "batchnorm_cures",
        {"batchnorm.learned_share": NOT_LEARNED, "batchnorm_frozen.learned_share": 1},
        REFUTED,
    ),
    *(
        case
        for cure, within in (("momentum", "momentum_within"), ("tanh", "tanh_small_step"))
        for fact, value in (("sawtooth_share", NOT_GONE), ("learned_share", NOT_LEARNED))
        for case in (
            (f"{cure}_cures", {f"{cure}.{fact}": value}, CONDITIONAL),
            (f"{cure}_cures", {f"{within}.{fact}": value}, SUPPORTED),
            (f"{cure}_cures", {f"{cure}.{fact}": value, f"{within}.{fact}": value}, REFUTED),
        )
    ),
    *(
        case
        for cure, control in (("momentum", "no_momentum"), ("tanh", "same_small_step"))
        for case in (
            (f"{cure}_cures", {f"{control}.sawtooth_share": NOT_SHOWN}, SUPPORTED),
            (
                f"{cure}_cures",
                {f"{cure}.learned_share": 0, f"{control}.sawtooth_share": NOT_SHOWN},
                REFUTED,
            ),
        )
    ),
]


def as_facts(values: Mapping[str, float]) -> dict[str, Fact]:
    return {name: Fact(value, "1", None, None, "") for name, value in values.items()}


def ruling(name: str, changes: Mapping[str, float]) -> Ruling:
    values = {**THRESHOLDS, **SUPPORTING[name], **changes}
    return judge(CLAIMS, as_facts(values), [name])[name]


@pytest.mark.parametrize(("name", "changes", "verdict"), CASES)
def test_a_fact_across_its_threshold_turns_the_verdict(
    name: str, changes: dict[str, float], verdict: str
) -> None:
    given = ruling(name, changes)
    assert given.verdict == verdict
    assert given.facts.items() <= {**THRESHOLDS, **SUPPORTING[name], **changes}.items()


def test_every_claim_has_its_cases() -> None:
    assert set(SUPPORTING) == set(CLAIMS)
    verdicts = {name: {case[2] for case in CASES if case[0] == name} for name in CLAIMS}
    assert all({SUPPORTED, REFUTED} <= given for given in verdicts.values())


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_reads_the_same_facts_whatever_their_values(name: str) -> None:
    own = SUPPORTING[name]
    records = {
        frozenset(ruling(name, dict(zip(own, values, strict=True))).facts)
        for values in itertools.product((-1.0, 0.0, 1.0, 2.0), repeat=len(own))
    }
    assert len(records) == 1
    assert set(own) <= set(*records)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_ruling_states_its_predicate_and_sorts_its_facts(name: str) -> None:
    given = ruling(name, {})
    assert given.predicate == CLAIMS[name].predicate
    assert given.predicate
    assert list(given.facts) == sorted(given.facts)


def test_rulings_follow_the_order_that_is_asked_for() -> None:
    names = ["tanh_cures", "listing_runs"]
    values = {**THRESHOLDS, **SUPPORTING["tanh_cures"], **SUPPORTING["listing_runs"]}
    assert list(judge(CLAIMS, as_facts(values), names)) == names


def test_an_unknown_claim_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        judge(CLAIMS, {}, ["tanh_curse"])
    message = str(caught.value)
    assert message.startswith("error: config/article.yaml: claims.tanh_curse\n")
    for fragment in ("'tanh_curse'", "tanh_cures", "report/claims.py"):
        assert fragment in message


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, "a claim reads a fact that is not declared"),
        ({"seed.inputs": Fact([1.0, 2.0], "1", None, None, "")}, "the list [1.0, 2.0]"),
    ],
)
def test_evidence_that_is_no_number_is_refused(facts: dict[str, Fact], found: str) -> None:
    evidence = Evidence(facts)
    with pytest.raises(UserError) as caught:
        evidence["seed.inputs"]
    assert "fact 'seed.inputs'" in str(caught.value)
    assert found in str(caught.value)
    assert not evidence.read


def test_the_command_writes_what_is_read_again(tmp_path: Path) -> None:
    values = {**THRESHOLDS, **SUPPORTING["tanh_cures"]}
    paths = {name: tmp_path / f"{name}.json" for name in ("facts", "names", "output")}
    write_json(paths["facts"], {name: asdict(fact) for name, fact in as_facts(values).items()})
    write_json(paths["names"], ["tanh_cures"])
    command(claims.main, **paths)
    assert read_rulings(paths["output"]) == {"tanh_cures": ruling("tanh_cures", {})}


@pytest.mark.parametrize("record", [[], {"tanh_cures": "supported"}, {"tanh_cures": {"facts": {}}}])
def test_damaged_rulings_are_refused(tmp_path: Path, record: object) -> None:
    path = tmp_path / "claims.json"
    path.write_text(json.dumps(record), "utf-8")
    with pytest.raises(UserError) as caught:
        read_rulings(path)
    assert str(caught.value).startswith(f"error: {path}\n")
    assert "verdict, predicate and facts" in str(caught.value)
