"""The variants that the configuration declares, for tests that hold for every one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from experiments.variant import Variant
from pipeline.plan import Plan
from pipeline.settings import load_settings

__all__ = ["NAMES", "ROOT", "VARIANTS", "descends_with_one_weight", "shortened"]

ROOT = Path(__file__).parent.parent
PLAN = Plan(load_settings(ROOT / "config", {}), ROOT)
VARIANTS = {
    name: Variant.from_config(name, {key: entry[key] for key in entry if key != "name"})
    for name, entry in PLAN.variants.items()
}
NAMES = list(VARIANTS)


def shortened(name: str, steps: int = 100, starts: int = 8) -> Variant:
    """Return a declared variant with the seed's number of steps, or another."""
    return replace(VARIANTS[name], steps=steps, burn_in=steps // 2, starts=starts)


def descends_with_one_weight(name: str) -> bool:
    """Tell whether a variant is a one-dimensional map: one trained weight and no momentum."""
    return VARIANTS[name].model == "scalar" and VARIANTS[name].momentum == 0
