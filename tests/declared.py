"""The variants that the configuration declares, for tests that hold for every one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from experiments.variant import Variant
from juchi.plan.settings import read_subject
from juchi.plan.variants import resolved

__all__ = ["ENTRIES", "NAMES", "ROOT", "VARIANTS", "descends_with_one_weight", "shortened"]

ROOT = Path(__file__).parent.parent
EXPERIMENTS = read_subject(ROOT / "config", "experiments")
ENTRIES = {
    name: {key: value for key, value in settings.items() if key != "name"}
    for name, settings in resolved(EXPERIMENTS["common"], EXPERIMENTS["variants"]).items()
}
VARIANTS = {name: Variant.from_config(name, entry) for name, entry in ENTRIES.items()}
NAMES = list(VARIANTS)


def shortened(name: str, steps: int = 100, starts: int = 8) -> Variant:
    """Return a declared variant with the seed's number of steps, or another."""
    return replace(VARIANTS[name], steps=steps, burn_in=steps // 2, starts=starts)


def descends_with_one_weight(name: str) -> bool:
    """Tell whether a variant is a one-dimensional map: one trained weight and no momentum."""
    return VARIANTS[name].model == "scalar" and VARIANTS[name].momentum == 0
