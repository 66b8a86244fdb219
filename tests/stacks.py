"""The Chinese font stacks that the tests of fonts and typefaces share."""

from __future__ import annotations

from tests.project import ROOT

__all__ = ["CATALOGUE", "CHINESE", "ROOT"]

CATALOGUE = ROOT / "juchi" / "theme" / "fonts.yaml"
_WITHOUT = "“”‘’…—·"
CHINESE = {
    "serif": [{"family": "STIX Two Text", "without": _WITHOUT}, {"family": "Noto Serif SC"}],
    "sans": [{"family": "Inter", "without": _WITHOUT}, {"family": "Noto Sans SC"}],
    "math": [{"family": "STIX Two Math"}],
}
