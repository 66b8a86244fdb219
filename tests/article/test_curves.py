"""Curves are read by name out of a series."""

from __future__ import annotations

import numpy as np
import pytest

from juchi.core.errors import UserError
from report.curves import curve

SERIES = {
    "quantity": np.array(["steps", "loss", "loss"], dtype=object),
    "x": np.array([1.0, 1.0, 2.0]),
    "value": np.array([9.0, 0.5, 0.25]),
    "low": np.array([8.0, 0.4, 0.2]),
    "high": np.array([10.0, 0.6, 0.3]),
}


def test_a_curve_is_its_rows_in_order() -> None:
    loss = curve(SERIES, "loss")
    assert loss.x.tolist() == [1, 2]
    assert loss.value.tolist() == [0.5, 0.25]
    assert loss.low.tolist() == [0.4, 0.2]
    assert loss.high.tolist() == [0.6, 0.3]


def test_an_unknown_quantity_is_named() -> None:
    with pytest.raises(UserError, match=r"quantity 'lass'\n.*\n.*one of loss, steps"):
        curve(SERIES, "lass")
