"""What the Snakefile lays the rules out by: refusals, and parts that change alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.plan.plan import Plan
from juchi.plan.settings import load_settings
from juchi.plan.yaml_files import read_yaml
from tests.declared import ENTRIES, NAMES, ROOT

Settings = dict[str, Any]
PARTS = (
    "variants",
    "measures",
    "fact_sources",
    "fact_formats",
    "fact_settings",
    "claims",
    "article",
)


def settings() -> Settings:
    return load_settings(ROOT / "config", {})


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Give the plan of the configuration as it stands."""
    return Plan(settings(), ROOT)


def put(*keys: str | int, value: Any) -> Callable[[Settings], None]:
    """Return a change of the settings: `value` where `keys` lead."""

    def apply(changed: Settings) -> None:
        place: Any = changed
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return apply


def variant(name: str, **values: Any) -> Callable[[Settings], None]:
    return put("experiments", "variants", name, value=values)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        pytest.param(
            variant("tanh", burn_in=99),
            ["variants.tanh.burn_in", "99 with 100 steps", "at most steps - 2"],
            id="a window with one update",
        ),
        pytest.param(
            put("experiments", "common", "burn_in", value=400),
            ["variants.listing.burn_in", "400 with 100 steps", "lower burn_in or raise steps"],
            id="a window past the end, for all",
        ),
        pytest.param(
            variant("tanh", targets=[0.1, 0.2]),
            ["variants.tanh.targets", "2 targets for 4 inputs", "as many targets as inputs"],
            id="unpaired targets",
        ),
        pytest.param(
            variant("faithful", engine="listing", model="batchnorm"),
            ["variants.faithful.model", "batchnorm with engine listing", "engine batched"],
            id="the listing with more than a weight",
        ),
        pytest.param(
            variant("control", starts=3),
            ["variants.control.starts", "3, where variant seed has", "the same starts"],
            id="a control from other starts",
        ),
        pytest.param(
            variant("tanh_long", like="tahn"),
            ["variants.tanh_long.like", "unknown variant 'tahn'", "did you mean 'tanh'?"],
            id="like nothing declared",
        ),
        pytest.param(
            variant("seed", like="tanh_long"),
            ["tanh.like", "a circle: ", "seed is like tanh_long is like tanh is like seed"],
            id="like itself in the end",
        ),
        pytest.param(
            variant("tanh_near", like="tanh_long", steps=100),
            ["variants.tanh_near.burn_in", "500 with 100 steps (burn_in as in variants.tanh_long)"],
            id="at odds with what it has from another",
        ),
        pytest.param(
            variant("listing", engine="listing", steps=200),
            ["variants.listing.steps", "200, where variant seed has 100", "compared"],
            id="a listing of another length",
        ),
        pytest.param(
            variant("listing", engine="listing", starts=200_000),
            ["variants.listing.starts", "200000, where variant seed has"],
            id="a listing from starts that the seed has not",
        ),
        pytest.param(
            put("article", "outcomes", value=["seed", "tahn"]),
            ["article.yaml: outcomes", "unknown variant 'tahn'", "tanh_small_step"],
            id="an unknown outcome",
        ),
        pytest.param(
            put("article", "explorer", "cases", value=["seed", "tahn"]),
            ["article.yaml: explorer.cases", "unknown variant 'tahn'", "tanh_small_step"],
            id="an unknown case of the live model",
        ),
        pytest.param(
            put("article", "explorer", "cases", value=["seed", "batchnorm"]),
            ["variants.batchnorm.model", "'batchnorm' in a case", "'scalar'", "explorer.cases"],
            id="a case with more than a weight",
        ),
        pytest.param(
            put("article", "explorer", "cases", value=["seed", "centred_inputs"]),
            ["variants.centred_inputs.input_transform", "'centred' in a case", "'raw'"],
            id="a case with other inputs than scaled ones",
        ),
        pytest.param(
            variant("tanh", activation="relu"),
            ["variants.tanh.activation", "'relu' in a case", "centred_sigmoid"],
            id="a case with an activation that the live model lacks",
        ),
        pytest.param(
            variant("tanh", burn_in=60),
            ["variants.tanh.burn_in", "60 of 100 steps in a case", "half of the steps"],
            id="a case measured over another window",
        ),
        pytest.param(
            variant("tanh", inputs=[1, 2], targets=[0.1, 0.2]),
            ["variants.tanh.inputs", "[1, 2] in a case", "those of all cases"],
            id="a case with data of its own",
        ),
        pytest.param(
            variant("tanh", target_shift=0.1),
            ["variants.tanh.target_shift", "0.1 in a case", "activation sigmoid"],
            id="a case that shifts the targets as no other does",
        ),
        pytest.param(
            put("article", "explorer", "controls", "momentum", "most", value=0.5),
            ["variants.momentum.momentum", "0.9 in a case", "from 0 to 0.5", "widen the control"],
            id="a case beyond the end of a control",
        ),
        pytest.param(
            put("article", "explorer", "start", value="seed.opening"),
            ["article.yaml: explorer.start", "unknown fact 'seed.opening'"],
            id="a live model that begins nowhere",
        ),
        pytest.param(
            put("article", "explorer", "regimes", value="rate_sweep"),
            ["article.yaml: explorer.regimes", "'rate_sweep'", "regime_map"],
            id="tolerances of no map of regimes",
        ),
        pytest.param(
            variant("tanh", steps=50_000),
            ["variants.tanh.steps", "50000 steps of 512 starts", "at most 20,000,000"],
            id="more than the memory holds",
        ),
        pytest.param(
            put("experiments", "studies", "sweep", "common", "targets", value=[0.1]),
            ["studies.sweep.variants.rate_sweep.targets", "1 targets for 4 inputs"],
            id="unpaired targets of a study",
        ),
        pytest.param(
            put("experiments", "studies", "sweep", "common", "last_rate", value=0.1),
            ["rate_sweep.last_rate", "0.1, where first_rate is", "in order"],
            id="rates in the wrong order",
        ),
        pytest.param(
            put("experiments", "studies", "sweep", "common", "rates_per_unit", value=1),
            ["rate_sweep.rates_per_unit", "steps no larger than first_rate"],
            id="steps of rates too coarse",
        ),
        pytest.param(
            put("experiments", "studies", "regimes", "common", "window", value=9),
            ["regime_map.window", "9, with a longest_period of 64", "has 9 steps"],
            id="a window shorter than two periods",
        ),
        pytest.param(
            put("experiments", "studies", "regimes", "common", "early", value=2000),
            ["regime_map.early", "2000, with a burn_in of 1024", "raise burn_in"],
            id="early after the burn-in",
        ),
        pytest.param(
            put("experiments", "studies", "boundary", "common", "calm_rate", value=9),
            ["stability.last_rate", "where calm_rate is 9"],
            id="a calm rate above the last",
        ),
        pytest.param(
            put("experiments", "studies", "variance", "common", "data", value=[3, 3.0000000001]),
            ["layer_variance.data", "inputs that differ"],
            id="inputs without variance",
        ),
        pytest.param(
            put("article", "figures", value={"sawtoth": []}),
            ["article.yaml: figures", "'sawtoth', but no report/figures/sawtoth.py"],
            id="an unknown figure",
        ),
        pytest.param(
            put("article", "figures", value={"sawtooth": ["path"]}),
            ["article.yaml: figures.sawtooth", "unknown table or variant 'path'", "paths"],
            id="a figure from nowhere",
        ),
        pytest.param(
            put("facts", "every_trial", value={"sweeps": {}}),
            ["facts.yaml: every_trial.sweeps", "unknown study", "declare the study"],
            id="facts of an unknown study",
        ),
        pytest.param(
            put("experiments", "studies", value={"s": {"common": {}, "variants": {"seed": {}}}}),
            ["studies.s.variants.seed", "a name that is taken", "printed"],
            id="a name for two variants",
        ),
        pytest.param(
            put("article", "tables", value=["outcome"]),
            ["article.yaml: tables", "'outcome', but no report/tables/outcome.py"],
            id="an unknown table",
        ),
        pytest.param(
            put("article", "sections", value=["introduction", "epilogue"]),
            ["templates/en/epilogue.md", "no such file", "language 'en'", "has its twin"],
            id="a section without prose",
        ),
    ],
)
def test_what_no_schema_sees_is_refused(
    change: Callable[[Settings], None], parts: list[str]
) -> None:
    changed = settings()
    change(changed)
    with pytest.raises(UserError) as refused:
        plan = Plan(changed, ROOT)
        plan.part("fact_sources")
        for figure in changed["article"]["figures"]:
            plan.figure_tables(figure)
    for part in parts:
        assert part in str(refused.value)


def test_the_last_window_that_holds_two_updates_is_taken() -> None:
    changed = settings()
    variant("biased", burn_in=98)(changed)
    assert Plan(changed, ROOT).variants["biased"]["burn_in"] == 98


@pytest.mark.parametrize("name", ["words.yaml", "abstract.md", "verdicts.md"])
def test_a_language_lacks_one_file(tmp_path: Path, name: str) -> None:
    for folder in ("config", "templates", "report"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    Plan(settings(), tmp_path)
    missing = tmp_path / "templates" / "zh" / name
    missing.unlink()
    with pytest.raises(UserError) as refused:
        Plan(settings(), tmp_path)
    assert f"error: templates/zh/{name}\n" in str(refused.value)
    assert "language 'zh'" in str(refused.value)


def test_a_font_that_is_not_installed_is_named(tmp_path: Path) -> None:
    for folder in ("config", "templates", "report"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    with pytest.raises(UserError, match=r"fonts\.yaml\n.* node_modules/(.*\n)*.*make setup"):
        Plan(settings(), tmp_path).font_files()


def test_a_variant_is_the_one_it_is_like_with_its_changes(plan: Plan) -> None:
    """Each is what `like` names but for its own keys; without it, what is common to all."""
    declared = settings()["experiments"]
    for name, changes in declared["variants"].items():
        own = {key: value for key, value in changes.items() if key != "like"}
        base = plan.variants[changes["like"]] if "like" in changes else declared["common"]
        assert plan.variants[name] == {**base, **own, "name": name}
        # What it says it changes, it changes.
        assert not [key for key, value in own.items() if base[key] == value], name


def test_a_control_follows_its_source(plan: Plan) -> None:
    """It differs from it in what it controls, whatever becomes of the source."""
    controlled = {
        ("control", "seed"): {"activation", "target_shift"},
        ("momentum", "seed"): {"momentum"},
        ("tanh", "seed"): {"activation"},
        ("batchnorm", "seed"): {"model"},
        ("batchnorm_frozen", "batchnorm"): {"model"},
        ("scaled_inputs", "seed"): {"input_scale"},
        ("listing", "seed"): {"engine", "starts"},
        ("seed_long", "seed"): {"steps", "burn_in"},
        ("small_step", "seed_long"): {"learning_rate"},
        ("momentum_within", "no_momentum"): {"momentum"},
        ("same_small_step", "tanh_small_step"): {"activation"},
    }
    changed = settings()
    variant("seed", learning_rate=0.3, inputs=[1, 2, 3, 4])(changed)
    for each in (plan, Plan(changed, ROOT)):
        for (name, source), keys in controlled.items():
            own, other = each.variants[name], each.variants[source]
            assert {key for key in own if own[key] != other[key]} == {"name", *keys}
        assert each.variants["control"]["learning_rate"] == each.variants["seed"]["learning_rate"]
    assert Plan(changed, ROOT).variants["tanh_long"]["inputs"] == [1, 2, 3, 4]


def test_a_variant_is_the_common_settings_with_its_changes(plan: Plan) -> None:
    assert plan.variants == {name: {"name": name, **ENTRIES[name]} for name in NAMES}
    seed, long = plan.variants["seed"], plan.variants["momentum_long"]
    changed = {key for key in seed if seed[key] != long[key]}
    assert changed == {"name", "momentum", "steps", "burn_in"}


def test_the_order_of_languages_is_that_of_the_configuration(plan: Plan) -> None:
    changed = settings()
    languages = changed["article"]["languages"]
    changed["article"]["languages"] = dict(reversed(languages.items()))
    assert Plan(changed, ROOT).languages == list(reversed(plan.languages))


def test_prose_is_one_file_for_each_section_of_each_language(plan: Plan) -> None:
    assert len(plan.all_prose()) == len(set(plan.all_prose()))
    for language in plan.languages:
        assert f"templates/{language}/abstract.md" in plan.prose(language)
        assert set(plan.prose(language)) <= set(plan.all_prose())


def test_modules_are_given_by_the_project_and_relative_to_it(plan: Plan) -> None:
    files = plan.code("experiments.train")
    assert "experiments/engine.py" in files
    assert "juchi/core/tables.py" in files
    assert len(plan.digest("experiments.train")) == 64


def test_parts_hold_what_their_readers_need(plan: Plan) -> None:
    read = settings()
    parts = {name: json.loads(plan.part(name)) for name in PARTS}
    assert [entry["name"] for entry in parts["variants"]] == NAMES
    assert "confidence" not in parts["measures"]
    assert parts["fact_settings"]["measures"] == read["experiments"]["measures"]
    assert parts["fact_settings"]["threshold"]["gone"] == read["thresholds"]["gone"]["value"]
    assert parts["fact_settings"]["tanh"]["activation"] == "tanh"
    assert parts["fact_formats"]["tanh_small_step.eta_star"] == {"digits": 3}
    assert parts["fact_sources"]["seed.w_star"] == {"landscape": "w_star"}
    article = parts["article"]
    assert parts["claims"] == [*article["claims"], *article["findings"]]


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        pytest.param(
            variant("seed", starts=ENTRIES["seed"]["starts"]), set(), id="a setting said twice"
        ),
        pytest.param(variant("tanh", momentum=0.1), {"variants", "fact_settings"}, id="variant"),
        pytest.param(
            put("experiments", "measures", "learned_gap", value=0.1),
            {"measures", "fact_settings"},
            id="a measure",
        ),
        pytest.param(
            put("experiments", "measures", "confidence", value=0.99),
            {"fact_settings"},
            id="the confidence level",
        ),
        pytest.param(
            put("thresholds", "gone", "value", value=0.1), {"fact_settings"}, id="a threshold"
        ),
        pytest.param(put("thresholds", "gone", "why", value="because"), set(), id="its reason"),
        pytest.param(
            put("facts", "named", "seed.w_star", "digits", value=7), {"fact_formats"}, id="digits"
        ),
        pytest.param(
            put("facts", "named", "seed.travel", "statistic", value="mean"),
            {"fact_sources"},
            id="a statistic",
        ),
        pytest.param(put("article", "author", value="Me"), {"article"}, id="the author"),
    ],
)
def test_a_change_moves_only_the_parts_that_hold_it(
    plan: Plan, change: Callable[[Settings], None], moved: set[str]
) -> None:
    changed = settings()
    change(changed)
    other = Plan(changed, ROOT)
    assert {name for name in PARTS if other.part(name) != plan.part(name)} == moved


def test_the_order_of_keys_moves_nothing(plan: Plan) -> None:
    changed = settings()
    for key in ("common", "measures"):
        section = changed["experiments"][key]
        changed["experiments"][key] = dict(reversed(section.items()))
    changed["facts"]["named"] = dict(reversed(changed["facts"]["named"].items()))
    other = Plan(changed, ROOT)
    assert [other.part(name) for name in PARTS] == [plan.part(name) for name in PARTS]


@pytest.mark.parametrize("name", ["smoke", "large"])
def test_an_overlay_names_itself_and_changes_sizes_only(plan: Plan, name: str) -> None:
    overlay = read_yaml(ROOT / "config" / f"{name}.yaml")
    other = Plan(load_settings(ROOT / "config", overlay), ROOT)
    assert other.article["preset"] == name
    assert list(other.variants) == list(plan.variants)
    assert list(other.trials) == list(plan.trials)
    assert json.loads(other.part("fact_sources")) == json.loads(plan.part("fact_sources"))


def test_a_comparison_of_an_unknown_variant_is_refused() -> None:
    changed = settings()
    pair = {"first": "digits_sigmoid", "second": "digits_sinus"}
    changed["experiments"]["comparisons"]["pairs"] = {"pair": pair}
    with pytest.raises(UserError, match=r"comparisons\.pairs\n.*'digits_sinus'"):
        _ = Plan(changed, ROOT).compared
