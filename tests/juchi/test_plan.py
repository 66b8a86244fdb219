"""What the Snakefile lays the rules out by: refusals, and parts that change alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import snakemake.api  # noqa: F401 - before its own parts, which import one another

from juchi.core.errors import UserError
from juchi.plan.plan import Plan
from juchi.plan.settings import canonical, load_settings
from juchi.plan.yaml_files import read_yaml
from juchi.runtime.declare import Declarations
from tests.declared import ENTRIES, NAMES, ROOT
from tests.samples import copied

Settings = dict[str, Any]
PARTS = (
    "configuration",
    "fact_sources",
    "fact_formats",
    "fact_settings",
    "claims",
    "article",
)
# What the jobs of the experiments and of the analyses are given.
JOBS = "jobs"


def settings() -> Settings:
    return load_settings(ROOT / "config", {})


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Give the plan of the configuration as it stands."""
    return Plan(settings(), ROOT)


def parts(plan: Plan) -> dict[str, str]:
    """Return the parts of the settings as rules have them."""
    given = {name: plan.part(name) for name in PARTS}
    return {**given, JOBS: canonical([plan.configurations, plan.analyses])}


def put(*keys: str | int, value: Any) -> Callable[[Settings], None]:
    """Return a change of the settings: `value` where `keys` lead."""

    def apply(changed: Settings) -> None:
        place: Any = changed
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return apply


def experiment(name: str, *keys: str, value: Any) -> Callable[[Settings], None]:
    return put("experiments", "experiments", name, *keys, value=value)


def one_weight(name: str, **values: Any) -> Callable[[Settings], None]:
    return experiment("one_weight", "configurations", name, value=values)


def common(name: str, key: str, value: Any) -> Callable[[Settings], None]:
    return experiment(name, "common", key, value=value)


def analysis(name: str, **values: Any) -> Callable[[Settings], None]:
    return put("experiments", "analyses", name, value=values)


def named(name: str, **values: Any) -> Callable[[Settings], None]:
    return put("facts", "named", name, value=values)


# In the message of a refusal.
WEIGHT = "experiments.yaml: experiments.one_weight"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(
            one_weight("tanh", burn_in=99),
            [f"{WEIGHT}.configurations.tanh.burn_in", "99 with 100 steps", "at most steps - 2"],
            id="a window with one update",
        ),
        pytest.param(
            common("one_weight", "burn_in", 400),
            ["configurations.listing.burn_in", "400 with 100 steps", "lower burn_in or raise"],
            id="a window past the end, for all",
        ),
        pytest.param(
            one_weight("tanh", targets=[0.1, 0.2]),
            ["configurations.tanh.targets", "2 targets for 4 inputs", "as many targets as inputs"],
            id="unpaired targets",
        ),
        pytest.param(
            one_weight("faithful", engine="listing", model="batchnorm"),
            ["configurations.faithful.model", "batchnorm with engine listing", "engine batched"],
            id="the listing with more than a weight",
        ),
        pytest.param(
            one_weight("tanh", momentun=0.9),
            ["configurations.tanh.momentun", "unknown key 'momentun'", "did you mean 'momentum'?"],
            id="a setting that the experiment has not",
        ),
        pytest.param(
            common("one_weight", "momentum", 1),
            [f"{WEIGHT}.common.momentum\n", "found:    1\n", "from 0 to less than 1"],
            id="a value out of bounds, where it is declared",
        ),
        pytest.param(
            one_weight("control", starts=3),
            ["configurations.control.starts", "3, where post has", "the same starts"],
            id="a control from other starts",
        ),
        pytest.param(
            one_weight("tanh_long", like="tahn"),
            [
                f"{WEIGHT}.configurations.tanh_long.like",
                "an unknown configuration 'tahn'",
                "one of listing, post",
                "did you mean 'tanh'?",
            ],
            id="like nothing declared",
        ),
        pytest.param(
            experiment("digits", "configurations", "digits_tanh", value={"like": "tanh"}),
            ["digits.configurations.digits_tanh.like", "unknown configuration 'tanh'"],
            id="like a configuration of another experiment",
        ),
        pytest.param(
            one_weight("post", like="tanh_long"),
            [
                "configurations.tanh.like",
                "a circle: ",
                "post is like tanh_long is like tanh is like post",
                "settings of its own, without like",
            ],
            id="like itself in the end",
        ),
        pytest.param(
            experiment("sweep", "configurations", "cascade", value={"like": "cascade"}),
            ["sweep.configurations.cascade.like", "a circle: cascade is like cascade"],
            id="like itself",
        ),
        pytest.param(
            one_weight("tanh_near", like="tanh_long", steps=100),
            [
                "configurations.tanh_near.burn_in",
                "500 with 100 steps (burn_in as in experiments.one_weight.configurations.tanh_long",
            ],
            id="at odds with what it has from another",
        ),
        pytest.param(
            one_weight("listing", engine="listing", steps=200),
            ["configurations.listing.steps", "200, where post has 100", "compared"],
            id="a listing of another length",
        ),
        pytest.param(
            one_weight("listing", engine="listing", starts=200_000),
            ["configurations.listing.starts", "200000, where post has"],
            id="a listing from starts that the post has not",
        ),
        pytest.param(
            one_weight("tanh", steps=50_000),
            ["configurations.tanh.steps", "50000 steps of 512 starts", "at most 20,000,000"],
            id="more than the memory holds",
        ),
        pytest.param(
            common("sweep", "targets", [0.1]),
            ["sweep.configurations.rate_sweep.targets", "1 targets for 4 inputs"],
            id="unpaired targets of a sweep",
        ),
        pytest.param(
            common("sweep", "last_rate", 0.1),
            ["rate_sweep.last_rate", "0.1, where first_rate is", "in order"],
            id="rates in the wrong order",
        ),
        pytest.param(
            common("sweep", "rates_per_unit", 1),
            ["rate_sweep.rates_per_unit", "steps no larger than first_rate"],
            id="steps of rates too coarse",
        ),
        pytest.param(
            common("regimes", "window", 9),
            ["regime_map.window", "9, with a longest_period of 64", "has 9 steps"],
            id="a window shorter than two periods",
        ),
        pytest.param(
            common("regimes", "early", 2000),
            ["regime_map.early", "2000, with a burn_in of 1024", "raise burn_in"],
            id="early after the burn-in",
        ),
        pytest.param(
            common("boundary", "calm_rate", 9),
            ["stability.last_rate", "where calm_rate is 9"],
            id="a calm rate above the last",
        ),
        pytest.param(
            common("variance", "data", [3, 3.0000000001]),
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
            [
                "article.yaml: figures.sawtooth",
                "an unknown configuration or analysis 'path'",
                "one of listing, post",
                "did you mean 'paths'?",
            ],
            id="a figure from nowhere",
        ),
        pytest.param(
            put("facts", "every", value={"sweeps": {}}),
            ["facts.yaml: every.sweeps", "an unknown experiment", "did you mean 'sweep'?"],
            id="facts of every configuration of an unknown experiment",
        ),
        pytest.param(
            put("facts", "every", value={"cascade": {}}),
            ["facts.yaml: every.cascade", "an unknown experiment", "one of one_weight, "],
            id="facts of every configuration",
        ),
        pytest.param(
            named("pest.w_star", key="w_star"),
            [
                "facts.yaml: named.pest.w_star",
                "a fact of 'pest', which is neither a configuration nor an analysis",
                "one of listing, post",
                "did you mean 'post'?",
                "`file` any other result",
            ],
            id="a fact of an unknown configuration",
        ),
        pytest.param(
            named("post.w_star", of="digits", key="w_star"),
            ["facts.yaml: named.post.w_star", "a fact of 'digits', which is neither"],
            id="a fact of a whole experiment",
        ),
        pytest.param(
            named("threshold.gone", key="gone"),
            ["facts.yaml: named.threshold.gone", "a fact of 'threshold', which is neither"],
            id="a result of what has none",
        ),
        pytest.param(
            put("facts", "every", "one_weight", "twice", value={"expression": "2 * loss_star +"}),
            ["facts.yaml: every.one_weight.twice", "'2 * loss_star +', which is no expression"],
            id="no expression, for all",
        ),
        pytest.param(
            experiment("cobweb", "configurations", value={"post": {}}),
            [
                "experiments.yaml: experiments.cobweb.configurations.post",
                "a name that is taken",
                "a name of its own for each configuration and analysis",
            ],
            id="a name for two configurations",
        ),
        pytest.param(
            experiment("cobweb", "configurations", value={"paths": {}}),
            ["experiments.cobweb.configurations.paths", "a name that is taken"],
            id="a configuration with the name of an analysis",
        ),
        pytest.param(
            experiment("cobweb", "configurations", value={"threshold": {}}),
            ["cobweb.configurations.threshold", "taken", "threshold, facts are reserved"],
            id="a configuration with a name that facts have",
        ),
        pytest.param(
            experiment("analyses", value={"common": {}, "configurations": {"mine": {}}}),
            ["experiments.yaml: experiments.analyses\n", "a name that is taken", "rename it"],
            id="an experiment with the name of the folder of analyses",
        ),
        pytest.param(
            experiment("drawing", value={"common": {}, "configurations": {"mine": {}}}),
            ["experiments.yaml: experiments\n", "'drawing', but no experiments/drawing.py"],
            id="an experiment without a module",
        ),
        pytest.param(
            analysis("pathes", of=["one_weight"]),
            ["experiments.yaml: analyses\n", "'pathes', but no experiments/pathes.py", "write the"],
            id="an analysis without a module",
        ),
        pytest.param(
            analysis("paths", of=["one_wheight"]),
            [
                "experiments.yaml: analyses.paths.of",
                "an unknown experiment or configuration 'one_wheight'",
                "one of one_weight, ",
                "did you mean 'one_weight'?",
            ],
            id="an analysis of what is unknown",
        ),
        pytest.param(
            analysis("bands", of=["paths"]),
            ["analyses.bands.of", "an unknown experiment or configuration 'paths'"],
            id="an analysis of an analysis",
        ),
        pytest.param(
            analysis("paths", of=["one_weight"], starts=3),
            ["experiments.yaml: analyses.paths.starts", "an unknown key 'starts'"],
            id="a setting that the analysis has not",
        ),
        pytest.param(
            put("experiments", "analyses", "trajectory_comparison", "control", value="tanh"),
            ["analyses.trajectory_comparison.control", "'tanh'", "one of post, control, listing"],
            id="a control that the comparison does not read",
        ),
        pytest.param(
            put("article", "tables", value={"outcome": None}),
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
def test_what_the_models_of_the_files_do_not_see_is_refused(
    change: Callable[[Settings], None], told: list[str]
) -> None:
    changed = settings()
    change(changed)
    with pytest.raises(UserError) as refused:
        lay_out(changed)
    for part in told:
        assert part in str(refused.value)


def lay_out(changed: Settings) -> Plan:
    """Ask a plan for all that the rules ask it for."""
    plan = Plan(changed, ROOT)
    for figure in changed["article"]["figures"]:
        plan.figure_tables(figure)
    for name in plan.analyses:
        plan.experiments.inputs_of(name)
    return plan


def test_a_column_that_is_a_bare_name_is_given_as_a_mapping() -> None:
    changed, kept = settings(), {"column": "rain", "digits": 2}
    tables = {"bare": {"data": "data/cities.csv", "columns": ["city", kept]}}
    changed["article"]["tables"] = tables
    assert Plan(changed, ROOT).article["tables"]["bare"]["columns"] == [{"column": "city"}, kept]


@pytest.mark.parametrize(
    ("change", "place", "file"),
    [
        (named("rain.depth", file="rain.csv", column="depth"), "named.rain.depth", "rain.csv"),
        (
            put("facts", "every", "digits", "rain", value={"file": "results/a/b.json", "key": "x"}),
            "every.digits.rain",
            "a/b.json",
        ),
    ],
)
def test_a_fact_of_a_file_that_no_rule_makes_is_refused(
    change: Callable[[Settings], None], place: str, file: str
) -> None:
    changed = settings()
    change(changed)
    plan = lay_out(changed)
    Declarations(plan, Mock(makes=lambda _: True)).require_makers()
    others = Declarations(plan, Mock(makes=lambda path: path != f"results/{file}"))
    with pytest.raises(UserError) as refused:
        others.require_makers()
    message = str(refused.value)
    assert message.startswith(f"error: config/facts.yaml: {place}.file\n")
    assert f"results/{file}, which no rule makes" in message
    assert "correct the name, or write the rule" in message


def test_the_last_window_that_holds_two_updates_is_taken() -> None:
    changed = settings()
    one_weight("biased", burn_in=98, moved_burn_ins=[])(changed)
    assert Plan(changed, ROOT).configurations["biased"]["burn_in"] == 98


@pytest.mark.parametrize("name", ["messages.yaml", "abstract.md", "verdicts.md"])
def test_a_language_lacks_one_file(tmp_path: Path, name: str) -> None:
    copied(tmp_path)
    Plan(settings(), tmp_path)
    missing = tmp_path / "templates" / "zh" / name
    missing.unlink()
    with pytest.raises(UserError) as refused:
        Plan(settings(), tmp_path)
    assert f"error: templates/zh/{name}\n" in str(refused.value)
    assert "language 'zh'" in str(refused.value)


def test_a_font_that_is_not_installed_is_named(tmp_path: Path) -> None:
    copied(tmp_path)
    message = r"catalogue of typefaces\n.* node_modules/(.*\n)*.*make setup"
    with pytest.raises(UserError, match=message):
        Plan(settings(), tmp_path).font_files()


def test_a_configuration_is_the_one_it_is_like_with_its_changes(plan: Plan) -> None:
    """Each is what `like` names but for its own keys; without it, what is common to all."""
    for entry in settings()["experiments"]["experiments"].values():
        for name, changes in entry["configurations"].items():
            own = {key: value for key, value in (changes or {}).items() if key != "like"}
            like = plan.experiments.like(name)
            base = plan.configurations[like] if like else entry["common"]
            assert plan.configurations[name] == {**base, **own, "name": name}
            # What it says it changes, it changes.
            assert not [key for key, value in own.items() if base.get(key) == value], name


def test_a_control_follows_its_source(plan: Plan) -> None:
    """It differs from it in what it controls, whatever becomes of the source."""
    controlled = {
        ("control", "post"): {"activation", "target_shift"},
        ("momentum", "post"): {"momentum"},
        ("tanh", "post"): {"activation"},
        ("batchnorm", "post"): {"model"},
        ("batchnorm_frozen", "batchnorm"): {"model"},
        ("scaled_inputs", "post"): {"input_scale"},
        ("listing", "post"): {"engine", "starts"},
        ("post_long", "post"): {"steps", "burn_in"},
        ("small_step", "post_long"): {"learning_rate"},
        ("momentum_within", "no_momentum"): {"momentum"},
        ("same_small_step", "tanh_small_step"): {"activation"},
    }
    changed = settings()
    one_weight("post", learning_rate=0.3, inputs=[1, 2, 3, 4])(changed)
    # Behind the slider of the live model stands a sweep of the case that it opens with.
    sweeps = changed["experiments"]["experiments"]["sweep"]["configurations"]
    sweeps["rate_sweep"] = {**(sweeps["rate_sweep"] or {}), "inputs": [1, 2, 3, 4]}
    for each in (plan, Plan(changed, ROOT)):
        made = each.configurations
        for (name, source), keys in controlled.items():
            own, other = made[name], made[source]
            assert {key for key in own if own[key] != other[key]} == {"name", *keys}
        assert made["control"]["learning_rate"] == made["post"]["learning_rate"]
    assert Plan(changed, ROOT).configurations["tanh_long"]["inputs"] == [1, 2, 3, 4]


def test_a_configuration_may_be_like_another_in_every_experiment() -> None:
    changed = settings()
    finer = {"like": "tanh_sweep", "rates_per_unit": 600}
    experiment("sweep", "configurations", "finer", value=finer)(changed)
    plan = Plan(changed, ROOT)
    made = plan.configurations
    assert made["finer"] == {**made["tanh_sweep"], "name": "finer", "rates_per_unit": 600}
    assert plan.experiments.experiment("finer") == "sweep"


def test_a_configuration_is_the_common_settings_with_its_changes(plan: Plan) -> None:
    made = {name: plan.configurations[name] for name in NAMES}
    assert made == {name: {"name": name, **ENTRIES[name]} for name in NAMES}
    assert [*plan.configurations][: len(NAMES)] == NAMES
    post, long = made["post"], made["momentum_long"]
    changed = {key for key in post if post[key] != long[key]}
    assert changed == {"name", "momentum", "steps", "burn_in"}


def test_an_analysis_is_given_its_settings_and_not_what_it_reads(plan: Plan) -> None:
    declared = settings()["experiments"]["analyses"]["trajectory_comparison"]
    given = plan.analyses["trajectory_comparison"]
    assert given == {"name": "trajectory_comparison"} | {
        key: value for key, value in declared.items() if key not in ("of", "files")
    }
    assert plan.analyses["printed_listing"] == {"name": "printed_listing"}
    read = plan.experiments.sources_of("printed_listing")
    assert read == ["experiments/data/printed_listing.txt"]


def test_an_analysis_reads_configurations_and_whole_experiments_once() -> None:
    changed = settings()
    analysis("paths", of=["tanh_sweep", "sweep", "post"])(changed)
    experiments = Plan(changed, ROOT).experiments
    assert experiments.read_by("paths") == ["tanh_sweep", "rate_sweep", "cascade", "post"]
    assert experiments.inputs_of("paths")[:5] == [
        "results/sweep/tanh_sweep.samples.parquet",
        "results/sweep/tanh_sweep.curves.parquet",
        "results/sweep/tanh_sweep.scalars.json",
        "results/sweep/tanh_sweep.checksums.json",
        "results/sweep/rate_sweep.samples.parquet",
    ]
    assert experiments.read_by("bands") == NAMES
    assert experiments.inputs_of("printed_listing") == []


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
    files = plan.code("experiments.one_weight")
    assert "experiments/engine.py" in files
    assert "juchi/core/tables.py" in files
    assert len(plan.digest("experiments.one_weight")) == 64


def test_parts_hold_what_their_readers_need(plan: Plan) -> None:
    read = settings()
    given = {name: json.loads(text) for name, text in parts(plan).items()}
    made, analyses = given[JOBS]
    assert sorted(made) == sorted(plan.configurations)
    assert {*analyses} == {*read["experiments"]["analyses"]}
    # The level of the intervals of facts is no setting of what makes the results.
    assert "confidence" not in made["post"]
    assert given["fact_settings"]["facts"] == {"confidence": read["facts"]["confidence"]}
    assert given["fact_settings"]["post"] == made["post"]
    assert given["fact_settings"]["comparison"] == analyses["comparison"]
    assert given["fact_settings"]["threshold"]["gone"] == read["thresholds"]["gone"]["value"]
    assert given["fact_settings"]["tanh"]["activation"] == "tanh"
    assert given["fact_formats"]["tanh_small_step.eta_star"] == {"digits": 3}
    article = given["article"]
    assert given["claims"] == [*article["claims"], *article["findings"]]


@pytest.mark.parametrize(
    ("fact", "taken", "place"),
    [
        (
            "post.w_star",
            {"key": "w_star", "of": "post", "file": "results/one_weight/post.scalars.json"},
            "named.post.w_star",
        ),
        (
            "post.flip_share",
            {
                "column": "flip_share",
                "statistic": "mean",
                "unit": "share",
                "of": "post",
                "file": "results/one_weight/post.samples.parquet",
            },
            "named.post.flip_share",
        ),
        (
            "control.max_difference",
            {
                "key": "max_difference",
                "of": "trajectory_comparison",
                "file": "results/analyses/trajectory_comparison.scalars.json",
            },
            "named.control.max_difference",
        ),
        ("tanh.momentum", {"setting": "momentum", "of": "tanh"}, "every.one_weight.momentum"),
        (
            "digits_relu.stability_start",
            {
                "key": "stability_start",
                "of": "digits_relu",
                "file": "results/digits/digits_relu.scalars.json",
            },
            "every.digits.stability_start",
        ),
        (
            "post.rate_ratio",
            {"expression": "post.learning_rate / post.eta_star"},
            "named.post.rate_ratio",
        ),
    ],
)
def test_a_fact_is_taken_from_the_result_of_what_it_is_of(
    plan: Plan, fact: str, taken: dict[str, str], place: str
) -> None:
    assert plan.facts.specification[fact] == taken
    assert plan.facts.places[fact] == place


def test_a_fact_of_a_file_of_the_articles_own_is_taken_from_there() -> None:
    changed = settings()
    named("rain.depth", file="a/rain.csv", column="depth", statistic="mean", digits=2)(changed)
    plan = Plan(changed, ROOT)
    taken = {"file": "results/a/rain.csv", "column": "depth", "statistic": "mean"}
    assert plan.facts.specification["rain.depth"] == taken
    assert "results/a/rain.csv" in plan.published_results()


def test_a_figure_names_each_file_that_it_is_drawn_from_once(plan: Plan) -> None:
    """All configurations of an experiment are published as one."""
    tables = plan.figure_tables("condition")
    assert len(tables) == 10
    drawn = plan.article["drawn_from"]["condition"]
    assert drawn == [
        "fewest_steps.samples.csv",
        "fewest_steps.curves.csv",
        "coordinates.samples.csv",
        "coordinates.curves.csv",
    ]


@pytest.mark.parametrize("part", ["samples", "curves"])
def test_a_figure_may_be_drawn_from_one_table_of_a_result(part: str) -> None:
    changed = settings()
    put("article", "figures", value={"sawtooth": [f"paths:{part}", f"post:{part}"]})(changed)
    plan = Plan(changed, ROOT)
    tables = [f"results/{name}.{part}.parquet" for name in ("analyses/paths", "one_weight/post")]
    assert plan.figure_tables("sawtooth") == tables
    assert plan.article["drawn_from"]["sawtooth"] == [f"paths.{part}.csv", f"one_weight.{part}.csv"]
    assert set(tables) <= {*plan.published_results()}


def test_a_shared_expression_is_one_of_each_configuration_s_own_facts() -> None:
    changed = settings()
    entry = {"expression": "loss_star / max(eta_star, threshold.gone)"}
    put("facts", "every", "one_weight", "mine", value=entry)(changed)
    named("tanh.mine", setting="steps")(changed)
    taken = Plan(changed, ROOT).facts.specification
    assert taken["post.mine"] == {
        "expression": "post.loss_star / max(post.eta_star, threshold.gone)"
    }
    # One that is declared by its full name goes before it.
    assert taken["tanh.mine"] == {"setting": "steps", "of": "tanh"}


def test_a_threshold_that_no_fact_holds_is_refused() -> None:
    changed = settings()
    put("thresholds", "lonely", value={"value": 0.5, "why": "half"})(changed)
    with pytest.raises(UserError) as refused:
        Plan(changed, ROOT).part("fact_settings")
    assert "config/thresholds.yaml: lonely" in str(refused.value)
    assert "threshold.lonely: { setting: lonely }" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        pytest.param(
            one_weight("post", starts=ENTRIES["post"]["starts"]),
            {"configuration"},
            id="a setting said twice",
        ),
        pytest.param(
            one_weight("tanh", activation="tanh", momentum=0.1),
            {JOBS, "configuration", "fact_settings"},
            id="a configuration",
        ),
        pytest.param(
            common("one_weight", "learned_gap", 0.1),
            {JOBS, "configuration", "fact_settings"},
            id="a measure",
        ),
        pytest.param(
            put("experiments", "analyses", "comparison", "confidence", value=0.99),
            {JOBS, "configuration", "fact_settings"},
            id="an analysis",
        ),
        pytest.param(
            put("facts", "confidence", value=0.99),
            {"configuration", "fact_settings"},
            id="the confidence level",
        ),
        pytest.param(
            put("thresholds", "gone", "value", value=0.1),
            {"configuration", "fact_settings"},
            id="a threshold",
        ),
        pytest.param(
            put("thresholds", "gone", "why", value="because"), {"configuration"}, id="its reason"
        ),
        pytest.param(
            put("facts", "named", "post.w_star", "digits", value=7), {"fact_formats"}, id="digits"
        ),
        pytest.param(
            put("facts", "named", "post.travel", "statistic", value="mean"),
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
    before, after = parts(plan), parts(Plan(changed, ROOT))
    assert {name for name in before if after[name] != before[name]} == moved


def test_the_order_of_keys_moves_nothing(plan: Plan) -> None:
    changed = settings()
    for entry in changed["experiments"]["experiments"].values():
        entry["common"] = dict(reversed(entry["common"].items()))
    for name, entry in changed["experiments"]["analyses"].items():
        changed["experiments"]["analyses"][name] = dict(reversed(entry.items()))
    changed["facts"]["named"] = dict(reversed(changed["facts"]["named"].items()))
    assert parts(Plan(changed, ROOT)) == parts(plan)


@pytest.mark.parametrize("name", ["smoke", "large"])
def test_an_overlay_names_itself_and_changes_sizes_only(plan: Plan, name: str) -> None:
    overlay = read_yaml(ROOT / "config" / f"{name}.yaml")
    other = Plan(load_settings(ROOT / "config", overlay), ROOT)
    assert other.article["preset"] == name
    assert list(other.configurations) == list(plan.configurations)
    assert list(other.analyses) == list(plan.analyses)
    assert json.loads(other.part("fact_sources")) == json.loads(plan.part("fact_sources"))


def test_a_comparison_of_an_unknown_configuration_is_refused() -> None:
    changed = settings()
    pair = {"first": "digits_sigmoid", "second": "digits_sinus"}
    changed["experiments"]["analyses"]["comparison"]["pairs"] = {"pair": pair}
    with pytest.raises(UserError, match=r"comparison\.pairs\.pair\.second\n.*'digits_sinus'"):
        Plan(changed, ROOT)
