"""Facts are declared with units that are known, and in groups that can be rounded together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.plan.configurations import Experiments
from juchi.plan.facts import DeclaredFacts
from juchi.plan.models import validated
from juchi.plan.result_models import FactFormat, Facts

SETTING = {"of": "facts", "setting": "confidence"}


def declared(tmp_path: Path, named: dict[str, Any], **rest: Any) -> DeclaredFacts:
    """Return facts of one setting, in an article that counts mice."""
    folder = tmp_path / "templates" / "en"
    folder.mkdir(parents=True)
    (folder / "messages.yaml").write_text("units: { mouse: { other: '{number} mice' } }", "utf-8")
    values = {"named": {name: {**SETTING, **how} for name, how in named.items()}, **rest}
    model = validated(Facts, values, "config/facts.yaml")
    read = model.model_dump(mode="json", exclude_none=True)
    experiments = Experiments({"experiments": {}, "analyses": {}, "preset": "default"})
    return DeclaredFacts(read, experiments, tmp_path / "templates")


def refusal(tmp_path: Path, named: dict[str, Any], **rest: Any) -> str:
    with pytest.raises(UserError) as caught:
        declared(tmp_path, named, **rest)
    return str(caught.value)


def test_only_units_of_physics_are_measured(tmp_path: Path) -> None:
    units = {"a.a": "m/s", "a.b": "1", "a.c": "share", "a.d": "step", "a.e": "mouse"}
    facts = declared(tmp_path, {name: {"unit": unit} for name, unit in units.items()})
    measured = {name for name, entry in facts.specification.items() if "measured" in entry}
    assert measured == {"a.a"}


@pytest.mark.parametrize(
    ("how", "fragments"),
    [
        ({"unit": "metr"}, ["named.a.a.unit", "the unknown unit 'metr'", "'metre'"]),
        ({"unit": "mous"}, ["1, share, mouse, point, step", "did you mean 'mouse'?"]),
        ({"unit": "J/kg K"}, ["named.a.a.unit", "read in two ways", "J kg^-1 K^-1"]),
        ({"unit": "m", "style": "percent"}, ["named.a.a.style", "beside the unit m"]),
        ({"below": 0}, ["named.a.a.below", "is printed as less than it"]),
        ({"style": "roman"}, ["named.a.a.style", "permille"]),
    ],
)
def test_what_cannot_be_printed_is_refused_before_anything_runs(
    tmp_path: Path, how: dict[str, Any], fragments: list[str]
) -> None:
    told = refusal(tmp_path, {"a.a": how})
    for fragment in ["config/facts.yaml: ", *fragments]:
        assert fragment in told


@pytest.mark.parametrize(
    ("entry", "fragments"),
    [
        ({"column": "x", "statistic": "quantile"}, ["a quantile without `at`", "add the key 'at'"]),
        ({"column": "x", "statistic": "mean", "at": 0.5}, ["at beside mean", "take out"]),
        ({"column": "x", "statistic": "quantile", "at": 1}, ["a.a.at", "exclusiveMaximum"]),
        ({"key": "x", "at": 0.5}, ["at beside key"]),
        ({"expression": "a.b", "standard_error": "x"}, ["standard_error beside expression"]),
    ],
)
def test_keys_that_do_not_go_together_are_refused(
    entry: dict[str, Any], fragments: list[str]
) -> None:
    with pytest.raises(UserError) as caught:
        validated(Facts, {"named": {"a.a": entry}}, "config/facts.yaml")
    for fragment in fragments:
        assert fragment in str(caught.value)


def test_a_group_is_printed_alike(tmp_path: Path) -> None:
    group = {"facts": ["a.a", "a.b"], "decimals": 1, "total": 1}
    facts = declared(tmp_path, {"a.a": {}, "a.b": {}}, together={"both": group})
    assert facts.formats["a.a"]["together"] == {**group, "name": "both"}
    assert facts.formats["a.a"] == facts.formats["a.b"]


@pytest.mark.parametrize(
    ("named", "groups", "fragments"),
    [
        ({"a.a": {}}, [["a.a", "a.c"]], ["together.g0.facts", "no fact 'a.c'"]),
        ({"a.a": {}}, [["a.a"]], ["together.g0.facts", "minItems"]),
        (
            {"a.a": {}, "a.b": {}},
            [["a.a", "a.b"], ["a.b", "a.a"]],
            ["together.g1.facts", "a.b, which is in the group 'g0' as well"],
        ),
        (
            {"a.a": {"digits": 2}, "a.b": {}},
            [["a.a", "a.b"]],
            ["named.a.a.digits", "digits of a fact of the group 'g0'"],
        ),
        (
            {"a.a": {"style": "percent"}, "a.b": {}},
            [["a.a", "a.b"]],
            ["together.g0.facts", "the styles percent, decimal"],
        ),
        (
            {"a.a": {"style": "scientific"}, "a.b": {"style": "scientific"}},
            [["a.a", "a.b"]],
            ["the style scientific", "decimal, fixed, percent, permille, points"],
        ),
    ],
)
def test_what_cannot_be_rounded_together_is_refused(
    tmp_path: Path, named: dict[str, Any], groups: list[list[str]], fragments: list[str]
) -> None:
    together = {f"g{n}": {"facts": names, "decimals": 1} for n, names in enumerate(groups)}
    told = refusal(tmp_path, named, together=together)
    for fragment in fragments:
        assert fragment in told


def test_how_a_fact_is_printed_is_told_to_whoever_prints_it(tmp_path: Path) -> None:
    how: dict[str, Any] = {"style": "percent", "digits": 1, "sign": True, "below": 0.01}
    assert how.keys() == FactFormat.model_fields.keys()
    facts = declared(tmp_path, {"a.a": how})
    assert facts.formats["a.a"] == how
    assert facts.specification["a.a"] == {"of": "facts", "setting": "confidence"}
