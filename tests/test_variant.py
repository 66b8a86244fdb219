"""One variant: from the configuration, to JSON and back."""

from __future__ import annotations

import json

import pytest

from experiments.variant import Variant
from pipeline.settings import canonical
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
