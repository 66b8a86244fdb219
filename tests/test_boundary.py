"""The boundary study: its rows, and that the theory plays no part in what it measures."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from experiments import boundary
from juchi.plan.settings import read_subject
from tests.declared import ROOT

torch.set_num_threads(1)

COMMON = read_subject(ROOT / "config", "experiments")["studies"]["boundary"]["common"]


def test_every_momentum_is_held_up_to_the_bound() -> None:
    settings = {**COMMON, "name": "mine", "momenta": [0, 0.9], "starts": 8, "steps": 2048}
    outcome = boundary.carry_out(settings)
    assert outcome.runs["momentum"].tolist() == [0, 0.9]
    np.testing.assert_allclose(outcome.runs["measured"], outcome.runs["predicted"], rtol=1e-6)
    largest = outcome.runs["relative_error"].max()
    assert outcome.record == {"largest_relative_error": pytest.approx(largest)}


def test_a_wrong_prediction_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary, "largest_stable_rate", lambda sharpness, beta: 2 / sharpness)
    settings = {**COMMON, "name": "mine", "momenta": [0.5], "starts": 8, "steps": 2048}
    error = boundary.carry_out(settings).record["largest_relative_error"]
    assert error == pytest.approx(0.5, abs=1e-4)
