"""The boundary: its rows, and that the theory plays no part in what it measures."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from experiments import boundary
from experiments.settings import BoundarySettings
from juchi.plan.models import validated
from tests.declared import EXPERIMENTS

torch.set_num_threads(1)

COMMON = EXPERIMENTS["boundary"]["common"]


def small(momenta: list[float]) -> BoundarySettings:
    settings = {**COMMON, "name": "mine", "momenta": momenta, "starts": 8, "steps": 2048}
    return validated(BoundarySettings, settings, "here")


def test_every_momentum_is_held_up_to_the_bound() -> None:
    result = boundary.run(small([0, 0.9]))
    assert result.samples["momentum"].tolist() == [0, 0.9]
    np.testing.assert_allclose(result.samples["measured"], result.samples["predicted"], rtol=1e-6)
    largest = result.samples["relative_error"].max()
    assert result.scalars == {"largest_relative_error": pytest.approx(largest)}


def test_a_wrong_prediction_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary, "largest_stable_rate", lambda sharpness, beta: 2 / sharpness)
    error = boundary.run(small([0.5])).scalars["largest_relative_error"]
    assert error == pytest.approx(0.5, abs=1e-4)
