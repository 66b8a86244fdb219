"""Panels stand side by side on paper, and one below the other on a phone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from juchi.exhibits.draw import Drawing
from juchi.exhibits.layout import lay_out
from juchi.exhibits.style import NARROW, WIDTH, themes
from juchi.prose.formats import NumberFormat

WIDE = Drawing({}, {}, {}, NumberFormat("en_GB", ", "), themes()["light"])
PHONE = replace(WIDE, narrow=True)
ROWS = [["first", "second"], ["third", "second"]]


def test_panels_stand_as_the_rows_say() -> None:
    figure, axes = lay_out(WIDE, ROWS, 3, 2, width_ratios=[2, 1])
    assert figure.get_size_inches().tolist() == [WIDTH, 3]
    assert list(axes) == ["first", "second", "third"]
    assert axes["second"].get_position().x0 > axes["first"].get_position().x0


@pytest.mark.parametrize(("heights", "height"), [(2, 6), ([1, 2, 1.5], 4.5)])
def test_on_a_phone_each_has_a_row_of_its_own(heights: float | list[float], height: float) -> None:
    figure, axes = lay_out(PHONE, ROWS, 3, heights, width_ratios=[2, 1])
    assert figure.get_size_inches().tolist() == [NARROW, height]
    tops = [axes[name].get_position().y1 for name in ("first", "second", "third")]
    assert tops == sorted(tops, reverse=True)
    assert len({axis.get_position().x0 for axis in axes.values()}) == 1


def test_on_a_phone_rows_may_be_others() -> None:
    _, axes = lay_out(PHONE, ROWS, 3, 2, narrow_rows=[["first", "second"], ["third", "third"]])
    assert axes["first"].get_position().y0 == axes["second"].get_position().y0
