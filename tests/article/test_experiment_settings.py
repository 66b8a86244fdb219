"""The settings of the experiments: as they are declared, what is refused, and what follows."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from experiments.settings import (
    ANALYSES,
    EXPERIMENTS,
    ComparisonSettings,
    OneWeight,
    OneWeightSettings,
    whole,
)
from juchi.core.errors import UserError
from juchi.plan.models import Model, validated
from juchi.plan.settings import canonical
from tests.declared import ANALYSES as DECLARED_ANALYSES
from tests.declared import ENTRIES, NAMES, ONE_WEIGHT, ROOT
from tests.declared import EXPERIMENTS as DECLARED


def chosen(experiment: str, **changes: Any) -> dict[str, Any]:
    """Return the settings of the first configuration of an experiment, some of them changed."""
    entry = DECLARED[experiment]
    own = next(iter(entry["configurations"].values())) or {}
    settings = {"name": "mine", **entry["common"], **own, **changes}
    return {key: value for key, value in settings.items() if key != "like"}


@pytest.mark.parametrize("name", NAMES)
def test_what_the_workflow_passes_is_read_as_it_is_declared(name: str) -> None:
    """Canonical JSON of the plan's entry, as a job has it on its command line."""
    text = canonical({"name": name, **ENTRIES[name]})
    assert OneWeightSettings.model_validate_json(text) == ONE_WEIGHT[name]


@pytest.mark.parametrize("name", NAMES)
def test_json_round_trip(name: str) -> None:
    text = ONE_WEIGHT[name].model_dump_json()
    assert OneWeightSettings.model_validate_json(text) == ONE_WEIGHT[name]
    assert OneWeightSettings.model_validate_json(text).model_dump_json() == text


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_experiment_is_declared_with_all_of_its_settings(experiment: str) -> None:
    validated(EXPERIMENTS[experiment], chosen(experiment), "here")
    assert EXPERIMENTS.keys() == DECLARED.keys()


@pytest.mark.parametrize("analysis", ANALYSES)
def test_every_analysis_is_declared_with_all_of_its_settings(analysis: str) -> None:
    entry = DECLARED_ANALYSES[analysis]
    own = {key: value for key, value in entry.items() if key not in ("of", "files")}
    validated(ANALYSES[analysis], {"name": analysis, **own}, "here")
    assert ANALYSES.keys() == DECLARED_ANALYSES.keys()


@pytest.mark.parametrize("change", [{"momentun": 0.9}, {"starts": None}], ids=["unknown", "absent"])
def test_a_configuration_has_all_of_its_settings_and_no_others(
    change: dict[str, float | None],
) -> None:
    changed = {"name": "post", **ENTRIES["post"], **change}
    entry = {key: value for key, value in changed.items() if value is not None}
    with pytest.raises(UserError, match=r"here: (momentun|starts)\n"):
        validated(OneWeightSettings, entry, "here")


@pytest.mark.parametrize(
    ("experiment", "changes", "key", "told"),
    [
        ("one_weight", {"burn_in": 99}, "burn_in", "99 with 100 steps"),
        ("one_weight", {"model": "biased"}, "model", "biased with engine listing"),
        ("one_weight", {"starts": 200_001}, "steps", "100 steps of 200001 starts"),
        ("one_weight", {"targets": [0.5]}, "targets", "1 targets for 4 inputs"),
        ("cobweb", {"steps": 126}, "steps", "126, with a longest_period of 32"),
        ("cobweb", {"inputs": [1, 2]}, "targets", "4 targets for 2 inputs"),
        ("sweep", {"last_rate": 0.5}, "last_rate", "0.5, where first_rate is 0.5"),
        ("sweep", {"first_rate": 2, "last_rate": 1}, "last_rate", "1, where first_rate is 2"),
        ("sweep", {"window": 127}, "window", "127, with a longest_period of 64"),
        ("sweep", {"marked_window": 127}, "marked_window", "127, with a longest_period of 64"),
        ("sweep", {"rates_per_unit": 1}, "rates_per_unit", "1 from 0.5 to 2.6"),
        ("boundary", {"calm_rate": 3}, "last_rate", "2.5, where calm_rate is 3"),
        ("regimes", {"window": 127}, "window", "127, with a longest_period of 64"),
        ("regimes", {"long_window": 9}, "long_window", "9, with a longest_period of 64"),
        ("regimes", {"early": 1025}, "early", "1025, with a burn_in of 1024"),
        ("variance", {"data": [3, 3, 3]}, "data", "inputs from 3 to 3"),
        ("coordinates", {"samples": 127}, "samples", "127 samples for 64 features"),
        ("coordinates", {"widths": [1, 4]}, "widths", r"\[1, 4\]\n.*2 among them"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    experiment: str, changes: dict[str, Any], key: str, told: str
) -> None:
    with pytest.raises(UserError, match=rf"^error: here: {key}\n  found:    {told}"):
        validated(EXPERIMENTS[experiment], chosen(experiment, **changes), "here")


def test_the_window_of_a_cobweb_rises() -> None:
    cases = DECLARED["cobweb"]["common"]["cases"]
    turned = {**cases["two_cycle"], "window": [1, 0.5]}
    settings = chosen("cobweb", cases={**cases, "two_cycle": turned})
    with pytest.raises(UserError, match=r"cases\.two_cycle\.window\n  found:    \[1, 0\.5\]"):
        validated(EXPERIMENTS["cobweb"], settings, "here")


@pytest.mark.parametrize(
    ("experiment", "key"), [("initialisation", "fan_ins"), ("digits", "rates")]
)
def test_a_value_that_stands_twice_is_refused(experiment: str, key: str) -> None:
    with pytest.raises(UserError, match=rf"here: {key}\n.*\[2, 3, 2\]\n.*uniqueItems"):
        validated(EXPERIMENTS[experiment], chosen(experiment, **{key: [2, 3, 2]}), "here")


def test_a_pair_of_what_the_analysis_does_not_read_is_refused() -> None:
    pairs = {"cure": {"first": "slow", "second": "quck"}}
    declared = {"name": "comparison", "confidence": 0.95, "pairs": pairs, "measures": {"a": "b"}}
    settings = validated(ComparisonSettings, declared, "here")
    assert list(settings.check_inputs({"slow": {}, "quck": {}})) == []
    with pytest.raises(UserError, match=r"comparison\.pairs\.cure\.second\n(?s:.)*'quick'\?"):
        list(settings.check_inputs({"slow": {}, "quick": {}}))


@pytest.mark.parametrize("model", [*EXPERIMENTS.values(), *ANALYSES.values()])
def test_every_setting_is_described(model: type[Model]) -> None:
    schema = model.model_json_schema()
    for each in (schema, *schema.get("$defs", {}).values()):
        for key, entry in each["properties"].items():
            assert entry.get("description"), key


def test_settings_are_read_without_torch() -> None:
    """The plan reads them, whose start is waited for."""
    code = "import sys, experiments.settings; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_whole_number_is_written_as_one() -> None:
    assert [json.dumps(whole(each)) for each in (1.0, 2.8, 0.0)] == ["1", "2.8", "0"]


def test_a_plain_weight_has_no_momentum_and_inputs_as_they_are() -> None:
    plain = OneWeight.plain("mine", "tanh", (1.0, 2.0), (0.5, 0.6), learning_rate=0.5, steps=9)
    assert (plain.model, plain.momentum, plain.learning_rate, plain.steps) == ("scalar", 0, 0.5, 9)
    assert plain.fed_inputs() == (1.0, 2.0)


@pytest.mark.parametrize("scale", [1, 0.1])
@pytest.mark.parametrize(
    ("transform", "mean", "deviation"),
    [("raw", 11.0, np.sqrt(45.5)), ("centred", 0.0, np.sqrt(45.5)), ("standardised", 0.0, 1.0)],
)
def test_inputs_are_transformed_then_scaled(
    transform: str, mean: float, deviation: float, scale: float
) -> None:
    """The post's inputs have the mean 11 and the variance (1 + 81 + 0 + 100) / 4."""
    changes = {"input_transform": transform, "input_scale": scale}
    configuration = ONE_WEIGHT["post"].model_copy(update=changes)
    fed = np.array(configuration.fed_inputs())
    assert fed.mean() == pytest.approx(scale * mean, abs=1e-15)
    assert fed.std() == pytest.approx(scale * deviation, rel=1e-15)
    assert (np.argsort(fed) == np.argsort(configuration.inputs)).all()


def test_raw_inputs_are_fed_as_they_are_declared() -> None:
    assert ONE_WEIGHT["post"].fed_inputs() == ONE_WEIGHT["post"].inputs


def test_inputs_that_are_all_the_same_standardise_to_zero() -> None:
    changes = {"inputs": (3.0, 3.0), "input_transform": "standardised"}
    configuration = ONE_WEIGHT["post"].model_copy(update=changes)
    assert configuration.fed_inputs() == (0.0, 0.0)
