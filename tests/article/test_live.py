"""What the live model of the page is given: settings of configurations that it can show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.plan.plan import Plan
from juchi.plan.settings import load_settings
from report.live import live_part

ROOT = Path(__file__).parents[2]


def planned(live: dict[str, Any] | None = None, **one_weight: Any) -> Plan:
    """Lay out the article with other settings of the live model, or of configurations."""
    changes = {"one_weight": {"configurations": one_weight}}
    overlay = {"article": {"live": live or {}}, "experiments": {"experiments": changes}}
    return Plan(load_settings(ROOT / "config", overlay), ROOT)


def test_it_is_given_the_settings_and_measures_of_its_cases() -> None:
    plan = planned()
    given = live_part(plan)
    declared = plan.article["live"]
    assert [case["name"] for case in given["cases"]] == declared["cases"]
    for case in given["cases"]:
        settings = plan.configurations[case["name"]]
        assert case["settings"] == {key: settings[key] for key in case["settings"]}
    post = plan.configurations["post"]
    assert given["inputs"] == post["inputs"]
    assert given["measures"] == {key: post[key] for key in given["measures"]}
    assert {"update_tolerance", "sawtooth_flip_share", "learned_gap"} == given["measures"].keys()
    assert [control["name"] for control in given["controls"]] == list(declared["controls"])
    assert given["regimes"]["window"] == plan.configurations["regime_map"]["window"]


@pytest.mark.parametrize(
    ("live", "parts"),
    [
        pytest.param(
            {"cases": ["post", "batchnorm"]},
            ["configurations.batchnorm.model", "'batchnorm' in a case", "'scalar'", "live.cases"],
            id="a case with more than a weight",
        ),
        pytest.param(
            {"cases": ["post", "centred_inputs"]},
            ["configurations.centred_inputs.input_transform", "'centred' in a case", "'raw'"],
            id="a case with other inputs than scaled ones",
        ),
        pytest.param(
            {"cases": ["post", "rate_sweep"]},
            ["article.yaml: live.cases", "'rate_sweep', no configuration of one_weight", "post,"],
            id="a case of another experiment",
        ),
        pytest.param(
            {"controls": {"momentum": {"most": 0.5}}},
            ["configurations.momentum.momentum", "0.9 in a case", "from 0 to 0.5", "widen"],
            id="a case beyond a control",
        ),
        pytest.param(
            {"start": "post.opening"},
            ["article.yaml: live.start", "unknown fact 'post.opening'"],
            id="a live model that begins nowhere",
        ),
        pytest.param(
            {"controls": {"learning_rate": {"track": {"least": 0.001}}}},
            ["controls.learning_rate.track", "a track from 0.001 to 2.2", "from 0.01 to 100"],
            id="a track beyond its field",
        ),
        pytest.param(
            {"regimes": "rate_sweep"},
            ["article.yaml: live.regimes", "'rate_sweep'", "regime_map"],
            id="tolerances of no map of regimes",
        ),
    ],
)
def test_what_it_cannot_show_is_refused(live: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(UserError) as refused:
        live_part(planned(live))
    for part in parts:
        assert part in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        pytest.param(
            {"burn_in": 60},
            ["configurations.tanh.burn_in", "60 of 100 steps in a case", "half of the steps"],
            id="measured over another window",
        ),
        pytest.param(
            {"inputs": [1, 2], "targets": [0.1, 0.2]},
            ["configurations.tanh.inputs", "[1, 2] in a case", "those of all cases"],
            id="with data of its own",
        ),
        pytest.param(
            {"activation": "sigmoid", "target_shift": 0.1},
            ["configurations.tanh.target_shift", "0.1 in a case", "activation sigmoid"],
            id="with targets shifted as in no other",
        ),
    ],
)
def test_a_case_that_differs_from_the_others_is_refused(
    changes: dict[str, Any], parts: list[str]
) -> None:
    with pytest.raises(UserError) as refused:
        live_part(planned(tanh={"like": "post", **changes}))
    for part in parts:
        assert part in str(refused.value)


def test_a_diagram_of_another_model_is_refused() -> None:
    with pytest.raises(UserError, match=r"rate_sweep\.activation\n.*sigmoid in the sweep"):
        live_part(planned({"cases": ["tanh", "post"]}))


def test_a_case_with_an_activation_that_it_lacks_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = planned()
    monkeypatch.setattr("report.live.ACTIVATIONS", ("sigmoid", "centred_sigmoid"))
    with pytest.raises(UserError, match=r"configurations\.tanh\.activation\n.*'tanh' in a case"):
        live_part(plan)
