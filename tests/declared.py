"""The configurations that the article declares, for tests that hold for every one of them."""

from __future__ import annotations

from pathlib import Path

from experiments.settings import OneWeightSettings
from juchi.plan.configurations import Experiments
from juchi.plan.models import validated
from juchi.plan.settings import read_subject

__all__ = ["ANALYSES", "ENTRIES", "EXPERIMENTS", "NAMES", "ONE_WEIGHT", "ROOT", "shortened"]
__all__ += ["descends_with_one_weight"]

ROOT = Path(__file__).parent.parent
DECLARED = read_subject(ROOT / "config", "experiments")
EXPERIMENTS, ANALYSES = DECLARED["experiments"], DECLARED["analyses"]
_EXPERIMENTS = Experiments(DECLARED)
# The settings of each configuration of the one-weight experiment.
ENTRIES = {
    name: {key: value for key, value in settings.items() if key != "name"}
    for name, settings in _EXPERIMENTS.configurations.items()
    if _EXPERIMENTS.experiment(name) == "one_weight"
}
ONE_WEIGHT = {
    name: validated(OneWeightSettings, {"name": name, **entry}, "config/experiments.yaml")
    for name, entry in ENTRIES.items()
}
NAMES = list(ONE_WEIGHT)


def shortened(name: str, steps: int = 100, starts: int = 8) -> OneWeightSettings:
    """Return a declared configuration with the post's number of steps, or another."""
    changes = {"steps": steps, "burn_in": steps // 2, "starts": starts}
    return ONE_WEIGHT[name].model_copy(update=changes)


def descends_with_one_weight(name: str) -> bool:
    """Tell whether a run is a one-dimensional map: one trained weight and no momentum."""
    return ONE_WEIGHT[name].model == "scalar" and ONE_WEIGHT[name].momentum == 0
