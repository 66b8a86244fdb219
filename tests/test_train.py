"""One training job: from the variant on its command line to its run and its landscape."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from experiments import train
from experiments.landscape import survey
from experiments.summarise import read_run
from juchi.core.errors import UserError
from juchi.core.records import read_json
from juchi.results.seals import check_seal
from tests.declared import shortened


@pytest.mark.parametrize("name", ["seed", "listing", "batchnorm", "biased"])
def test_the_command_writes_the_run_the_landscape_and_their_seal(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variant = shortened(name, steps=6, starts=3)
    written = []
    for folder in (tmp_path / "first", tmp_path / "second"):
        names = {"run": "run.parquet", "landscape": "landscape.json", "seal": "seal.json"}
        files = [folder / name for name in names.values()]
        options = [f"--{key}={folder / name}" for key, name in names.items()]
        monkeypatch.setattr(sys, "argv", ["train", f"--settings={variant.to_json()}", *options])
        train.main()
        written.append([path.read_bytes() for path in files])
    assert written[0] == written[1]
    expected = train.train_variant(variant)
    read = read_run(files[0])
    assert read.keys() == expected.keys()
    assert all(np.array_equal(read[key], expected[key]) for key in expected)
    assert read_json(files[1]) == asdict(survey(variant))
    check_seal(files[2], json.loads(variant.to_json()), files[:2])


def test_the_listing_gets_what_it_does_not_record_from_its_own_weights() -> None:
    """In float64 at float32 weights: as the engine has it while the two are together."""
    listing = train.train_variant(shortened("listing", steps=4))
    assert np.array_equal(listing["weight"], listing["weight"].astype(np.float32))
    seed = train.train_variant(replace(shortened("seed", steps=4), starts=8))
    assert np.array_equal(listing["saturated"], seed["saturated"])
    np.testing.assert_allclose(listing["lowest_output"], seed["lowest_output"], atol=1e-5)
    assert np.array_equal(listing["lowest_output"][0], seed["lowest_output"][0])


def test_a_biased_model_starts_from_what_its_layer_draws() -> None:
    run = train.train_variant(shortened("biased", steps=3))
    for seed in range(8):
        torch.manual_seed(seed)
        layer = torch.nn.Linear(1, 1)
        assert run["weight"][0, seed] == layer.weight.item()
        assert run["bias"][0, seed] == layer.bias.item()


def test_the_listing_records_no_model_but_the_seeds() -> None:
    variant = replace(shortened("biased"), engine="listing")
    with pytest.raises(UserError, match=r"variants\.biased\.engine\n.*the model biased"):
        train.train_variant(variant)
