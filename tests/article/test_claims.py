"""Every claim gives each of its verdicts when the facts cross its thresholds, and records all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from juchi.check.check import Known, check_claims
from juchi.check.translation_check import Prose
from juchi.core.errors import UserError
from juchi.core.records import write_json
from juchi.prose.calls import read_messages
from juchi.prose.reading import Quote
from juchi.results import verdicts
from juchi.results.evaluation import (
    VERDICTS,
    Evaluation,
    Evidence,
    Fixed,
    evaluate,
    read_evaluations,
)
from juchi.results.facts import Fact
from report.claims import CLAIMS, STATEMENTS
from tests.samples import ARTICLE, LANGUAGES, ROOT, command

SUPPORTED, CONDITIONAL, REFUTED, VOID = VERDICTS
JUST = 1e-9  # as far past a threshold as a share of a few hundred starts can never be

THRESHOLDS = {
    "threshold.gone": 0.05,
    "threshold.shown": 0.5,
    "threshold.learned": 0.95,
    "threshold.same_path": 1e-6,
    "threshold.onset_error": 0.01,
    "threshold.linear_deviation": 0.05,
    "threshold.slope_kept": 0.5,
    "threshold.variance_kept": 0.125,
    "threshold.may": 0.0625,
    "threshold.coherence_gained": 0.125,
    "threshold.zigzag_path": 1.4,
    "threshold.same_length": 1e-6,
}

POST = {"post.learning_rate": 1, "post.momentum": 0, "post.length": 100}
SAWTOOTH = {"post.sawtooth_share": 0.5}
# As few draws and networks as will do for the limit: chance is just what the limit allows.
DRAWS = {"default_draws.draws": 51.2}
NETWORKS = {"layer_variance.networks": 32, "layer_variance.width": 4}


def trained_alike(configuration: str, *, but: str = "") -> dict[str, float]:
    own = {name.replace("post", configuration): value for name, value in POST.items()}
    both = POST | own
    return {name: value for name, value in both.items() if not name.endswith(f".{but}")}


def learnable(configuration: str) -> dict[str, float]:
    return {f"{configuration}.loss_star": 0.1, "post.constant_loss": 0.1 + JUST}


# For each claim, the facts with which it is supported, each one exactly on its threshold.
SUPPORTING: dict[str, dict[str, float]] = {
    "sigmoid_range": {
        "sigmoid_line.lowest": JUST,
        "sigmoid_line.below_one": JUST,
        "sigmoid_line.reach": 5,
    },
    "sigmoid_linear": {
        "sigmoid_line.deviation": 0.05,
        "sigmoid_line.slope_share": 0.5,
        "sigmoid_line.half_width": 5,
    },
    "listing_runs": {"printed.unknown_methods": 0, "printed.method_calls": 1},
    "sawtooth_appears": {
        "listing.sawtooth_share": 0.5,
        **SAWTOOTH,
        **trained_alike("listing"),
    },
    "output_causes": {
        "control.max_difference": 1e-6 + JUST,
        "control.sawtooth_share": 1,
        "control.loss_star": 0.25,
        "post.loss_star": 0.25,
        "control.eta_star": 0.5 * (1 + 1e-7),
        "post.eta_star": 0.5,
        **SAWTOOTH,
        **trained_alike("control"),
    },
    "learning_rate_causes": {
        "post_long.sawtooth_share": 0.5,
        "small_step.sawtooth_share": 0.05,
        "rate_sweep.onset_relative_error": -0.01,
        "small_step.learning_rate": 1 - JUST,
        "post.learning_rate": 1,
        **SAWTOOTH,
    },
    "data_cause": {
        "scaled_inputs.sawtooth_share": 0.05,
        **SAWTOOTH,
        **trained_alike("scaled_inputs"),
    },
    "batchnorm_negative": {"batchnorm.lowest_output": -JUST, "batchnorm.first_variance": JUST},
    "batchnorm_standardises": {
        "batchnorm.first_mean": -0.125,
        "batchnorm.first_variance": 1.125,
        "batchnorm.final_mean": 0.125,
        "batchnorm.final_variance": 0.875,
    },
    "batchnorm_calms": {
        "batchnorm.sawtooth_share": 0.05,
        **SAWTOOTH,
        **trained_alike("batchnorm"),
    },
    "batchnorm_learns": {
        "batchnorm.learned_share": 0.95,
        "batchnorm_frozen.learned_share": 0.95 - JUST,
        **SAWTOOTH,
        **trained_alike("batchnorm"),
        **learnable("batchnorm"),
    },
    "momentum_calms": {
        "momentum.sawtooth_share": 0.05,
        **SAWTOOTH,
        **trained_alike("momentum", but="momentum"),
    },
    "momentum_learns": {
        "momentum.learned_share": 0.95,
        "momentum_within.sawtooth_share": 0.05,
        "momentum_within.learned_share": 0.95,
        "no_momentum.sawtooth_share": 0.5,
        **SAWTOOTH,
        **trained_alike("momentum", but="momentum"),
        **learnable("momentum"),
    },
    "tanh_calms": {"tanh.sawtooth_share": 0.05, **SAWTOOTH, **trained_alike("tanh")},
    "tanh_learns": {
        "tanh.learned_share": 0.95,
        "tanh_small_step.sawtooth_share": 0.05,
        "tanh_small_step.learned_share": 0.95,
        "same_small_step.sawtooth_share": 0.5,
        **SAWTOOTH,
        **trained_alike("tanh"),
        **learnable("tanh"),
    },
    "default_range": {
        "default_draws.highest_reach": 1,
        "default_draws.distance": 1.75,
        "default_draws.limit": 1.75,
        **DRAWS,
    },
    "uniform_variance": {"default_draws.variance_ratio": 1.125, **DRAWS},
    "derivation_gives_range": {"default_draws.scaled_variance": 0.875, **DRAWS},
    "variance_formula": {
        "layer_variance.sigmoid_inputs_over_samples": 1.125,
        "layer_variance.sigmoid_inputs_over_weights": 0.875,
        "layer_variance.standardised_over_weights": 1.125,
        **NETWORKS,
    },
    "variance_kept": {
        "layer_variance.default_over_samples": 0.875,
        "layer_variance.default_over_weights": 1.125,
        **NETWORKS,
    },
    "one_sign": {
        "features_raw.sample_one_sign": 0.5625,
        "features_centred.sample_one_sign": 0.5,
        "features_raw.best_one_sign": 0.3125,
        "features_centred.best_one_sign": 0.25,
        "features_raw.widest": 2,
    },
    "network_one_sign": {
        "digits_sigmoid.one_sided": 0.0625,
        "digits_centred.one_sided": 0,
        "digits_sigmoid.coherence": 0.5625,
        "digits_sigmoid.chance_coherence": 0.5,
    },
    "z_path": {
        "features_raw.best_detour": 1.4,
        "features_raw.mirrored_best_detour": 1.4 * (1 - 2e-6),
        "features_centred.best_detour": 2,
        "features_centred.mirrored_best_detour": 2 * (1 + 2e-6),
        "features_raw.mirrored_one_sign": 0.5 - JUST,
        "features_centred.mirrored_one_sign": 0.5,
        "features_centred.sample_one_sign": 0.5 - JUST,
    },
}

# For each precondition of each claim, facts that break it, each just across the line.
UNTRAINED_ALIKE: dict[str, float] = {"post.learning_rate": 0.3}
BREAKING: dict[str, dict[str, dict[str, float]]] = {
    "sigmoid_range": {"interval_held": {"sigmoid_line.reach": 5 - JUST}},
    "sigmoid_linear": {"interval_measured": {"sigmoid_line.half_width": 5 + JUST}},
    "listing_runs": {"calls": {"printed.method_calls": 0}},
    "sawtooth_appears": {"trained_alike": UNTRAINED_ALIKE},
    "default_range": {"enough_drawn": {"default_draws.draws": 51}},
    "uniform_variance": {"enough_drawn": {"default_draws.draws": 51}},
    "derivation_gives_range": {"enough_drawn": {"default_draws.draws": 51}},
    "variance_formula": {"enough_drawn": {"layer_variance.networks": 31}},
    "variance_kept": {"enough_drawn": {"layer_variance.width": 3}},
    "learning_rate_causes": {
        "sawtooth": {"post.sawtooth_share": 0.5 - JUST},
        "smaller_rate": {"small_step.learning_rate": 1},
    },
    "data_cause": {
        "sawtooth": {"post.sawtooth_share": 0.5 - JUST},
        "trained_alike": {"scaled_inputs.momentum": 0.9},
    },
    "output_causes": {
        "sawtooth": {"post.sawtooth_share": 0.5 - JUST},
        "trained_alike": UNTRAINED_ALIKE,
        "same_loss": {"control.loss_star": 0.25 * (1 + 2e-6)},
    },
    "one_sign": {"several_weights": {"features_raw.widest": 1}},
    "network_one_sign": {"several_inputs": {"digits_sigmoid.chance_coherence": 1}},
    "z_path": {
        "zigzag": {"features_raw.best_detour": 1.4 - JUST},
        "mirrors": {"features_raw.mirrored_one_sign": 0.5},
    },
    "batchnorm_negative": {"spread": {"batchnorm.first_variance": 0}},
    "batchnorm_standardises": {"spread": {"batchnorm.first_variance": 0}},
    **{
        f"{cure}_{part}": {
            "sawtooth": {"post.sawtooth_share": 0.5 - JUST},
            "trained_alike": {f"{cure}.length": 1000},
            **({"learnable": {f"{cure}.loss_star": 0.2}} if part == "learns" else {}),
        }
        for cure in ("batchnorm", "momentum", "tanh")
        for part in ("calms", "learns")
    },
}

NOT_GONE, NOT_SHOWN, NOT_LEARNED = 0.05 + JUST, 0.5 - JUST, 0.95 - JUST
NOT_KEPT = 1.125 + JUST

# What moves a claim away from that: the facts changed, each just across its threshold.
CASES: list[tuple[str, dict[str, float], str]] = [
    *((name, {}, SUPPORTED) for name in SUPPORTING),
    *(
        (name, changes, VOID)
        for name, preconditions in BREAKING.items()
        for changes in preconditions.values()
    ),
    ("z_path", {"features_centred.mirrored_one_sign": 0.5 - JUST}, VOID),
    ("z_path", {"features_centred.sample_one_sign": 0.5}, VOID),
    ("output_causes", {"control.eta_star": 0.5 * (1 + 2e-6)}, VOID),
    ("output_causes", {"control.momentum": 0.9}, VOID),
    ("momentum_calms", {"momentum.learning_rate": 0.3}, VOID),
    ("listing_runs", {"printed.unknown_methods": 1}, REFUTED),
    ("sawtooth_appears", {"listing.sawtooth_share": NOT_SHOWN}, REFUTED),
    ("sawtooth_appears", {"post.sawtooth_share": NOT_SHOWN}, REFUTED),
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
    ("learning_rate_causes", {"post_long.sawtooth_share": NOT_SHOWN}, REFUTED),
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
    ("default_range", {"default_draws.distance": 1.75 + JUST}, REFUTED),
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
    ("one_sign", {"features_raw.sample_one_sign": 0.5625 - JUST}, REFUTED),
    ("one_sign", {"features_centred.sample_one_sign": 0.5 + JUST}, REFUTED),
    ("one_sign", {"features_raw.best_one_sign": 0.3125 - JUST}, CONDITIONAL),
    ("z_path", {"features_raw.mirrored_best_detour": 1.4 * (1 - 5e-7)}, CONDITIONAL),
    ("z_path", {"features_centred.mirrored_best_detour": 2 * (1 + 5e-7)}, CONDITIONAL),
    (
        "z_path",
        {"features_raw.mirrored_best_detour": 1.4, "features_centred.mirrored_best_detour": 2},
        REFUTED,
    ),
    (
        "z_path",
        {"features_raw.mirrored_best_detour": 9, "features_centred.mirrored_best_detour": 1},
        REFUTED,
    ),
    ("network_one_sign", {"digits_sigmoid.one_sided": 0.0625 - JUST}, REFUTED),
    ("network_one_sign", {"digits_sigmoid.coherence": 0.5625 - JUST}, CONDITIONAL),
    ("data_cause", {"scaled_inputs.sawtooth_share": NOT_GONE}, REFUTED),
    ("batchnorm_negative", {"batchnorm.lowest_output": 0}, CONDITIONAL),
    ("batchnorm_negative", {"batchnorm.lowest_output": 0.5}, REFUTED),
    ("batchnorm_calms", {"batchnorm.sawtooth_share": NOT_GONE}, REFUTED),
    ("batchnorm_learns", {"batchnorm_frozen.learned_share": 0.95}, CONDITIONAL),
    ("batchnorm_learns", {"batchnorm.learned_share": NOT_LEARNED}, REFUTED),
    (
        "batchnorm_learns",
        {"batchnorm.learned_share": NOT_LEARNED, "batchnorm_frozen.learned_share": 1},
        REFUTED,
    ),
    *(
        case
        for cure, within, control in (
            ("momentum", "momentum_within", "no_momentum"),
            ("tanh", "tanh_small_step", "same_small_step"),
        )
        for case in (
            (f"{cure}_calms", {f"{cure}.sawtooth_share": NOT_GONE}, REFUTED),
            (f"{cure}_learns", {f"{cure}.learned_share": NOT_LEARNED}, CONDITIONAL),
            *(
                (f"{cure}_learns", {fact: value}, SUPPORTED)
                for fact, value in (
                    (f"{within}.sawtooth_share", NOT_GONE),
                    (f"{within}.learned_share", NOT_LEARNED),
                    (f"{control}.sawtooth_share", NOT_SHOWN),
                )
            ),
            *(
                (f"{cure}_learns", {f"{cure}.learned_share": 0, fact: value}, REFUTED)
                for fact, value in (
                    (f"{within}.sawtooth_share", NOT_GONE),
                    (f"{within}.learned_share", NOT_LEARNED),
                    (f"{control}.sawtooth_share", NOT_SHOWN),
                )
            ),
        )
    ),
]


def as_facts(values: Mapping[str, float]) -> dict[str, Fact]:
    return {name: Fact(value, "1", None, None, "") for name, value in values.items()}


def evaluation(name: str, changes: Mapping[str, float]) -> Evaluation:
    values = {**THRESHOLDS, **SUPPORTING[name], **changes}
    return evaluate(CLAIMS, as_facts(values), [name])[name]


@pytest.mark.parametrize(("name", "changes", "verdict"), CASES)
def test_a_fact_across_its_threshold_turns_the_verdict(
    name: str, changes: dict[str, float], verdict: str
) -> None:
    given = evaluation(name, changes)
    assert given.verdict == verdict
    assert given.facts.items() <= {**THRESHOLDS, **SUPPORTING[name], **changes}.items()


def test_every_claim_has_its_cases() -> None:
    assert set(SUPPORTING) == set(CLAIMS)
    verdicts = {name: {case[2] for case in CASES if case[0] == name} for name in CLAIMS}
    assert all({SUPPORTED, REFUTED, VOID} <= given for given in verdicts.values())


def test_every_claim_says_what_has_to_hold_for_it_to_be_judged() -> None:
    """A claim without a precondition, or with one that no case here breaks, fails."""
    required = {name: [each.name for each in CLAIMS[name].requires] for name in CLAIMS}
    assert all(required.values())
    assert {name: sorted(broken) for name, broken in BREAKING.items()} == {
        name: sorted(names) for name, names in required.items()
    }


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_with_a_broken_precondition_is_void_and_stops_the_build(name: str) -> None:
    """Whatever its predicate says: the build names the sentences, the claim and what is missing."""
    for precondition, changes in BREAKING[name].items():
        given = evaluation(name, changes)
        assert (given.verdict, given.unmet) == (VOID, [precondition])
        missing = given.preconditions[precondition]
        assert given.nothing_to_judge == missing
        for written_for in (SUPPORTED, CONDITIONAL, REFUTED):
            prose = Prose("en", {}, [Quote("claim", (name, written_for), "seen.md:7", "seen")])
            (fault,) = check_claims([prose], Known({}, {name: given}, {}, [], []))
            assert fault.startswith(
                f"seen.md:7: the sentence is written for {name!r} being {written_for!r}, "
                f"but there is nothing to judge: {missing} ("
            )
            assert all(f"{fact} = {value:g}" in fault for fact, value in changes.items())
        prose = Prose("en", {}, [Quote("claim", (name, VOID), "seen.md:7", "seen")])
        assert not list(check_claims([prose], Known({}, {name: given}, {}, [], [])))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_what_a_ruling_says(language: str) -> None:
    words = read_messages(ROOT / "templates" / language / "messages.yaml")
    assert set(words["verdicts"]) == set(VERDICTS)
    assert set(words["fixed"]) == set(Fixed)
    required = {each.name for claim in STATEMENTS.values() for each in claim.requires}
    assert set(words["preconditions"]) == required
    assert set(words["claims"]) == set(STATEMENTS)


def test_passages_of_the_seed_are_whole() -> None:
    """No ellipsis cuts out a "may"; what speaks of later layers says so in its own claims."""
    claims = ARTICLE["claims"]
    passages = {name: [each["words"] for each in claims[name]["quotes"]] for name in claims}
    assert not [words for each in passages.values() for words in each if "…" in words]
    for name in ("one_sign", "network_one_sign", "z_path"):
        assert all("可能" in words for words in passages[name])
        assert any("后续层" in words for words in passages[name])
    assert not any("后续层" in words for words in passages["output_causes"])
    assert any("具体看业务" in words for words in passages["tanh_calms"])


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_reads_the_same_facts_whatever_their_values(name: str) -> None:
    own = SUPPORTING[name]
    rng = np.random.default_rng(0)
    records = {
        frozenset(evaluation(name, dict(zip(own, values, strict=True))).facts)
        for values in rng.choice([-1.0, 0.5, 1.0, 2.0], (500, len(own))).tolist()
    }
    assert len(records) == 1
    assert set(own) <= set(*records)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_ruling_states_its_predicate_and_sorts_its_facts(name: str) -> None:
    given = evaluation(name, {})
    assert given.predicate == CLAIMS[name].predicate
    assert given.predicate
    assert list(given.facts) == sorted(given.facts)


def test_rulings_follow_the_order_that_is_asked_for() -> None:
    names = ["tanh_learns", "listing_runs"]
    values = {**THRESHOLDS, **SUPPORTING["tanh_learns"], **SUPPORTING["listing_runs"]}
    assert list(evaluate(CLAIMS, as_facts(values), names)) == names


def test_an_unknown_claim_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        evaluate(CLAIMS, {}, ["tanh_curse"])
    message = str(caught.value)
    assert message.startswith("error: config/article.yaml: claims or findings: tanh_curse\n")
    for fragment in ("'tanh_curse'", "tanh_learns", "report/claims.py"):
        assert fragment in message


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, "a claim reads a fact that is not declared"),
        ({"post.inputs": Fact([1.0, 2.0], "1", None, None, "")}, "the list [1.0, 2.0]"),
    ],
)
def test_evidence_that_is_no_number_is_refused(facts: dict[str, Fact], found: str) -> None:
    evidence = Evidence(facts)
    with pytest.raises(UserError) as caught:
        evidence["post.inputs"]
    assert "fact 'post.inputs'" in str(caught.value)
    assert found in str(caught.value)
    assert not evidence.read


def test_the_command_writes_what_is_read_again(tmp_path: Path) -> None:
    values = {**THRESHOLDS, **SUPPORTING["tanh_learns"]}
    paths = {name: tmp_path / f"{name}.json" for name in ("facts", "names", "output")}
    write_json(paths["facts"], {name: asdict(fact) for name, fact in as_facts(values).items()})
    write_json(paths["names"], ["tanh_learns"])
    command(verdicts.main, **paths)
    read = read_evaluations(paths["output"], as_facts(values))
    assert read == {"tanh_learns": evaluation("tanh_learns", {})}


def test_an_article_without_claims_has_no_verdict(tmp_path: Path) -> None:
    paths = {name: tmp_path / f"{name}.json" for name in ("facts", "names", "output")}
    write_json(paths["facts"], {})
    with mock.patch.object(verdicts, "article_value", lambda *_: {}):
        write_json(paths["names"], [])
        command(verdicts.main, **paths)
        assert json.loads(paths["output"].read_text("utf-8")) == {}
        write_json(paths["names"], ["tanh_learns"])
        with pytest.raises(UserError, match=r"report/claims\.py has no claim"):
            command(verdicts.main, **paths)


@pytest.mark.parametrize(
    "record", [[], {"tanh_learns": "supported"}, {"tanh_learns": {"facts": {}}}]
)
def test_damaged_rulings_are_refused(tmp_path: Path, record: object) -> None:
    path = tmp_path / "claims.json"
    path.write_text(json.dumps(record), "utf-8")
    with pytest.raises(UserError) as caught:
        read_evaluations(path, {})
    assert str(caught.value).startswith(f"error: {path}\n")
    assert "verdict, predicate, facts and preconditions" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"verdict": "supportd"}, "the verdict 'supportd'"),
        ({"verdict": "void"}, "the verdict void, unmet: none"),
        ({"unmet": ["nothing"]}, "the verdict supported, unmet: nothing"),
        ({"verdict": "void", "unmet": ["nothing"]}, "an unmet precondition 'nothing'"),
        ({"facts": {"tanh.learned_share": 0.25}}, "tanh.learned_share = 0.25"),
        ({"facts": {"tanh.nothing": 0.25}}, "tanh.nothing = 0.25"),
    ],
)
def test_rulings_that_contradict_themselves_or_the_facts_are_refused(
    tmp_path: Path, changes: dict[str, object], found: str
) -> None:
    path = tmp_path / "claims.json"
    facts = as_facts({**THRESHOLDS, **SUPPORTING["tanh_learns"]})
    entry = asdict(evaluate(CLAIMS, facts, ["tanh_learns"])["tanh_learns"])
    path.write_text(json.dumps({"tanh_learns": entry | changes}), "utf-8")
    with pytest.raises(UserError) as caught:
        read_evaluations(path, facts)
    assert str(caught.value).startswith(f"error: {path}: tanh_learns\n  found:    {found}\n")
    assert f"delete {path} and build again" in str(caught.value)
