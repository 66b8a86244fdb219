"""One variant: from the configuration, to JSON and back."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from experiments.variant import Variant
from juchi.plan.settings import canonical
from tests.declared import ENTRIES, NAMES, VARIANTS


@pytest.mark.parametrize("name", NAMES)
def test_json_round_trip(name: str) -> None:
    variant = VARIANTS[name]
    assert Variant.from_json(variant.to_json()) == variant
    assert Variant.from_json(variant.to_json()).to_json() == variant.to_json()


@pytest.mark.parametrize("name", NAMES)
def test_what_the_workflow_passes_is_read_as_it_is_declared(name: str) -> None:
    """Canonical JSON of the plan's entry, as the rule `train` has it on its command line."""
    assert Variant.from_json(canonical({"name": name, **ENTRIES[name]})) == VARIANTS[name]


def test_json_is_canonical() -> None:
    turned = Variant.from_config("seed", dict(reversed(ENTRIES["seed"].items())))
    assert turned.to_json() == VARIANTS["seed"].to_json()
    assert list(json.loads(turned.to_json())) == sorted(json.loads(turned.to_json()))
    assert " " not in turned.to_json()


@pytest.mark.parametrize("change", [{"momentun": 0.9}, {"starts": None}], ids=["unknown", "absent"])
def test_a_variant_has_all_of_its_settings_and_no_others(change: dict[str, float | None]) -> None:
    changed = {**ENTRIES["seed"], **change}
    entry = {key: value for key, value in changed.items() if value is not None}
    with pytest.raises(TypeError, match=r"momentun|starts"):
        Variant.from_config("seed", entry)


@pytest.mark.parametrize("scale", [1, 0.1])
@pytest.mark.parametrize(
    ("transform", "mean", "deviation"),
    [("raw", 11.0, np.sqrt(45.5)), ("centred", 0.0, np.sqrt(45.5)), ("standardised", 0.0, 1.0)],
)
def test_inputs_are_transformed_then_scaled(
    transform: str, mean: float, deviation: float, scale: float
) -> None:
    """The seed's inputs have the mean 11 and the variance (1 + 81 + 0 + 100) / 4."""
    variant = replace(VARIANTS["seed"], input_transform=transform, input_scale=scale)
    fed = np.array(variant.fed_inputs())
    assert fed.mean() == pytest.approx(scale * mean, abs=1e-15)
    assert fed.std() == pytest.approx(scale * deviation, rel=1e-15)
    assert (np.argsort(fed) == np.argsort(variant.inputs)).all()


def test_raw_inputs_are_fed_as_they_are_declared() -> None:
    assert VARIANTS["seed"].fed_inputs() == VARIANTS["seed"].inputs


def test_inputs_that_are_all_the_same_standardise_to_zero() -> None:
    variant = replace(VARIANTS["seed"], inputs=(3.0, 3.0), input_transform="standardised")
    assert variant.fed_inputs() == (0.0, 0.0)
