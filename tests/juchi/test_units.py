"""Units are read as authors write them, and converted as pint does."""

from __future__ import annotations

import pytest

from juchi.results.units import UnitError, converted, parse


@pytest.mark.parametrize(
    ("text", "factors", "slash"),
    [
        ("m", [("m", 1)], False),
        ("metre", [("m", 1)], False),
        ("um", [("µm", 1)], False),
        ("µm", [("µm", 1)], False),
        ("ohm", [("Ω", 1)], False),
        ("degC", [("°C", 1)], False),
        ("°", [("°", 1)], False),
        ("%", [("%", 1)], False),
        ("ppb", [("ppb", 1)], False),
        ("ppt", [("ppt", 1)], False),
        # A litre has two symbols, and the author's is kept.
        ("mL", [("mL", 1)], False),
        ("ml", [("ml", 1)], False),
        ("Gyr", [("Gyr", 1)], False),
        ("Ga", [("Ga", 1)], False),
        # So are words for times.
        ("m/year", [("m", 1), ("year", -1)], True),
        ("m/yr", [("m", 1), ("yr", -1)], True),
        ("mm/decade", [("mm", 1), ("decade", -1)], True),
        ("km/hour", [("km", 1), ("hour", -1)], True),
        ("g/day", [("g", 1), ("day", -1)], True),
        ("L/minute", [("L", 1), ("minute", -1)], True),
        ("weeks", [("weeks", 1)], False),
        ("h", [("h", 1)], False),
        ("m/s", [("m", 1), ("s", -1)], True),
        ("m s^-1", [("m", 1), ("s", -1)], False),
        ("m s⁻¹", [("m", 1), ("s", -1)], False),
        ("m·s**-1", [("m", 1), ("s", -1)], False),
        ("m2", [("m", 2)], False),
        ("1/s", [("s", -1)], False),
        ("J/(kg K)", [("J", 1), ("kg", -1), ("K", -1)], True),
        ("kg m² s⁻³", [("kg", 1), ("m", 2), ("s", -3)], False),
        # As other keyboards have them.
        ("℃", [("°C", 1)], False),
        ("º C", [("°C", 1)], False),
        ("deg C", [("°C", 1)], False),
        ("deg", [("°", 1)], False),
        ("％", [("%", 1)], False),
        ("㎏／㎡", [("kg", 1), ("m", -2)], True),
        ("m•s–1", [("m", 1), ("s", -1)], False),
        ("kg m^{-3}", [("kg", 1), ("m", -3)], False),
        ("\u212b", [("Å", 1)], False),
        ("\u2126", [("Ω", 1)], False),
        ("\u03bcm", [("µm", 1)], False),
        ("mas", [("mas", 1)], False),
        ("IU/mL", [("IU", 1), ("mL", -1)], True),
    ],
)
def test_a_unit_keeps_the_order_in_which_it_is_written(
    text: str, factors: list[tuple[str, int]], slash: bool
) -> None:
    unit = parse(text)
    assert [(each.symbol, each.power) for each in unit.factors] == factors
    assert unit.slash == slash


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "which is no unit"),
        ("5 m", "which is no unit"),
        ("m/", "which is no unit"),
        ("m//s", "which is no unit"),
        ("m/s/s", "m s^-2"),
        ("pp", "style: points"),
        ("个百分点", "style: points"),
        ("米/秒", "write 'm'"),
        ("摄氏度", "write '°C'"),
        ("Ohm", "write 'ohm'"),
        ("m^0.5", "which is no unit"),
        ("J/kg K", "may be read in two ways"),
        ("m a.s.l.", "write units alone, as m, km/h, m s^-1, J/(kg K) or °C"),
        ("individuals/m^2", "what is counted is no part of another unit"),
        ("cells/mL", "a density of individuals is in 1/m^2"),
        ("secnd", "did you mean 'second'?"),
        ("__import__", "the unknown unit '__import__'"),
    ],
)
def test_what_is_no_unit_is_refused(text: str, fragment: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse(text)
    assert fragment in str(caught.value)


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "found"),
    [
        (12, "in", "cm", 30.48),
        (36, "km/h", "m/s", 10),
        (25, "°C", "K", 298.15),
        (1, "°C", "°F", 33.8),
        (1, "W/(m^2 °C)", "W m^-2 K^-1", 1),
        (5, "%", "‰", 50),
        (3, "ppb", "ppm", 0.003),
        (3, "ppb", "ppt", 3000),
        (180, "deg", "arcminute", 10800),
        (1, "°C/decade", "K/year", 0.1),
        (0.1, "K/year", "°C/decade", 1),
        (1, "°F/h", "K/h", 0.5555555555556),
        (3, "decade", "year", 30),
        (2, "m/year", "mm/yr", 2000),
    ],
)
def test_values_are_converted(value: float, unit: str, wanted: str, found: float) -> None:
    assert converted(value, unit, wanted) == found


def test_an_uncertainty_has_no_zero() -> None:
    assert converted(1, "°C", "K", difference=True) == 1
    assert converted(1, "°C", "°F", difference=True) == 1.8


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "found"),
    [
        (1, "m", "s", "the unit 's' for what is measured in m"),
        (1, "dBm/s", "mW/s", "the unit 'mW/s' for what is measured in dBm/s"),
        (0, "mW", "dBm", "0 mW in dBm, which is -inf"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_what_cannot_be_converted_is_refused(
    value: float, unit: str, wanted: str, found: str
) -> None:
    with pytest.raises(UnitError, match=found):
        converted(value, unit, wanted)
