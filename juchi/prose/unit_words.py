"""Units in words, as CLDR has them: ten micrometres, 10微米."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from babel.units import format_compound_unit, format_unit

from juchi.results.units import Factor, Unit

__all__ = ["in_words"]

# Of pint's names those that CLDR has another one for.
_CLDR = {
    "arcminute": "arc-minute",
    "arcsecond": "arc-second",
    "degree_Celsius": "celsius",
    "degree_Fahrenheit": "fahrenheit",
    "delta_degree_Celsius": "celsius",
    "delta_degree_Fahrenheit": "fahrenheit",
    "electron_volt": "electronvolt",
    "metric_ton": "tonne",
    "millimeter_Hg": "millimeter-ofhg",
    "ppb": "portion-per-1e9",
    "ppm": "permillion",
    "standard_atmosphere": "atmosphere",
    "ten_years": "decade",
}
_POWERS = {1: "", 2: "square-", 3: "cubic-"}


def in_words(unit: Unit, number: Decimal, text: str, locale: Locale) -> str | None:
    """Return a number, whose text is given, with its unit in words; None where CLDR has none."""
    over = _identifier(each for each in unit.factors if each.power > 0)
    under = _identifier(each for each in unit.factors if each.power < 0)
    known = {str(name).partition("-")[2]: str(name) for name in locale.unit_display_names}
    whole = f"{over}-per-{under}" if under else over
    names = [known.get(whole, "")]
    # Babel takes millimoles per litre for moles per litre, which end alike.
    is_part = any(each.endswith(whole) for each in known)
    if not names[0] and not is_part and over in known and under in known:
        names = [known[over], known[under]]
    digits = format_decimal(number, locale=locale)
    # Of many units Chinese has short names only, which are words as well.
    for length in ("long", "short") if names[0] else ():
        said = _said(number, names, length, locale)
        # Where there is none of that length, the unit's name in CLDR stands for it.
        is_word = length == "long" or not any(map(str.isascii, filter(str.isalpha, said)))
        if is_word and digits in said and not any(name in said for name in names):
            return said.replace(digits, text, 1)
    return None


def _said(number: Decimal, names: list[str], length: Any, locale: Locale) -> str:  # noqa: ANN401
    """Return a number with a unit, or with one over another."""
    if len(names) == 1:
        return format_unit(number, names[0], length, locale=locale)
    over, under = names
    return (
        format_compound_unit(number, over, denominator_unit=under, length=length, locale=locale)
        or ""
    )


def _identifier(factors: Iterable[Factor]) -> str:
    """Return what CLDR calls a product, as ``newton-meter``; of nothing that it has, a bad name."""
    return "-".join(
        _POWERS.get(abs(each.power), "?") + _CLDR.get(each.name, each.name.replace("_", "-"))
        for each in factors
    )
