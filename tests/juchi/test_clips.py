"""Drawings whose layouts differ in the last bit alone are the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt

from juchi.exhibits.draw import save
from juchi.exhibits.style import styled, themes
from juchi.prose.formats import NumberFormat


def drawn(left: float, path: Path) -> bytes:
    with styled(next(iter(themes().values())), ["DejaVu Sans"]):
        figure = plt.figure(figsize=(4, 3), layout="none")
        for bottom in (0.1, 0.6):
            figure.add_axes((left, bottom, 0.8, 0.3)).plot([0, 1], [0, 1])
        save(figure, path, "here", {}, NumberFormat("en_GB", ", "))
    return path.read_bytes()


def test_a_clip_is_not_named_after_the_last_bit_of_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("juchi.exhibits.draw.check_glyphs", lambda usages, fonts: None)
    once = drawn(0.1, tmp_path / "once.svg")
    assert once == drawn(float(np.nextafter(0.1, 1)), tmp_path / "again.svg")
    assert b'<clipPath id="clip-1">' in once
    assert b'<clipPath id="clip-2">' in once
