"""Physical units of facts: read as authors write them, known and converted by pint."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from juchi.core.errors import UnplacedError, nearest
from juchi.results.expressions import calculate
from juchi.results.unit_spellings import hint_for, in_plain_signs

__all__ = [
    "DIGITS",
    "PLAIN",
    "STYLES",
    "TIMES",
    "Factor",
    "Unit",
    "UnitError",
    "calculated",
    "converted",
    "parse",
    "symbol_of",
]

# What a number is of that has no unit.
PLAIN = ("1", "share")
# How what has a unit is printed: not as a part of a hundred, or as a probability.
STYLES = ("decimal", "fixed", "scientific")
# Digits of which the rounding of a conversion leaves nothing to see.
DIGITS = 13

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−", "0123456789-+-")
_FACTOR = re.compile(
    r"(?P<symbol>[^\W\d⁰¹²³⁴-⁹]+|°[CF]?|[%‰′″])"
    r"(?:(?:\^|\*\*)?(?P<power>[-−+]?\d+|[⁻⁺]?[⁰¹²³⁴-⁹]+))?"
)
_PRODUCT = rf"(?:{_FACTOR.pattern})(?:\s*[ *·⋅.]\s*(?:{_FACTOR.pattern}))*".replace(
    "?P<symbol>", "?:"
).replace("?P<power>", "?:")
_UNIT = re.compile(
    rf"(?P<over>1|{_PRODUCT})(?P<slash>\s*/\s*(?:\((?P<under>{_PRODUCT})\)"
    rf"|(?P<one>{_PRODUCT})))?"
)
# Signs that pint knows by name, and the names that it has no sign for.
_NAMES = {"°": "degree", "′": "arcminute", "″": "arcsecond"}
_SYMBOLS = {name: sign for sign, name in _NAMES.items()} | {
    "delta_degree_Celsius": "°C",
    "delta_degree_Fahrenheit": "°F",
    "point": "pt",
    "ten_years": "decade",
}
# Pint's decade is one of a logarithm.
_MEANT = {"decade": "ten_years", "decades": "ten_years"}
# Times in words, which an article may have words of its own for, as for what it counts.
_TIMES = ("second", "minute", "hour", "day", "week", "month", "year", "decade")
TIMES = {*_TIMES, *(f"{time}s" for time in _TIMES), "century", "centuries"}
# Symbols of which pint has another one, and which stay as the author writes them, as times do.
_KEPT = re.compile(rf"\w*(L|yr)|[mµμ]as|hr|{'|'.join(TIMES)}")
# What pint says of units that do not go together, and Python of numbers that are too large.
_UNFIT = (ArithmeticError, AssertionError, AttributeError, TypeError, ValueError)


# How near a unit is that is meant: celsius is not by `cells`.
_ALIKE = 0.75
_NO_NOUN = (
    "write its symbol or its English name; what is counted is no part of another unit: a density "
    "of individuals is in 1/m^2"
)


class UnitError(UnplacedError):
    """What is no unit, or no unit of this quantity."""


@dataclass(frozen=True)
class Factor:
    """One unit of a product: its symbol, the name that pint has for it, and its power."""

    symbol: str
    name: str
    power: int


@dataclass(frozen=True)
class Unit:
    """A unit as the author writes it.

    Attributes
    ----------
    text
        As it is declared.
    factors
        What it is a product of, in the author's order.
    slash
        Whether the author writes ``m/s``, and not ``m s^-1``.
    pattern
        How a language writes a number with it, as ``0 %``; empty where it has no way of its own.
    """

    text: str
    factors: tuple[Factor, ...]
    slash: bool
    pattern: str = ""

    @property
    def is_sign(self) -> bool:
        """Whether it stands right at the number: a degree, minute or second of arc, 5%."""
        if self.pattern:
            return not any(map(str.isspace, self.pattern))
        return self.factors[0].symbol in _NAMES

    @property
    def is_per_cent(self) -> bool:
        """Whether it is per cent or per mille, which each language writes in its own way."""
        return self.text.strip() in ("%", "‰", "％")

    @property
    def canonical(self) -> str:
        """The unit as pint reads it; per degree Celsius means per degree of difference."""
        alone = len(self.factors) == 1 and self.factors[0].power == 1
        names = [each.name if alone else _difference(each.name) for each in self.factors]
        powers = [each.power for each in self.factors]
        return " * ".join(f"{name} ** {power}" for name, power in zip(names, powers, strict=True))


@cache
def _registry() -> Any:  # noqa: ANN401 - imported only by articles with units: it takes a while
    from pint import UnitRegistry  # noqa: PLC0415

    registry: Any = UnitRegistry()
    # Beside the ppm that pint has; its own ppt would be a trillionth of a pint.
    registry.define("ppb = 1e-9")
    registry.define("ppt = 1e-12")
    # What an international unit is depends on the substance, so it is of no other unit.
    registry.define("ten_years = 10 * year")
    registry.define("international_unit = [biological_activity] = IU")
    return registry


@cache
def parse(text: str) -> Unit:
    """Return a unit; whatever is none is a `UnitError`."""
    plain = in_plain_signs(text.strip())
    match = _UNIT.fullmatch(plain)
    if not match or hint_for(plain):
        expected = "units with powers, as m, km/h, m s^-1, J/(kg K) or °C"
        hint = hint_for(plain) or (
            "write one slash, and parentheses behind it: J/(kg K), or powers: m s^-2"
            if plain.count("/") > 1
            else "write units alone, as m, km/h, m s^-1, J/(kg K) or °C, and what more there is to "
            "say of the number, as above sea level, in the text"
        )
        raise UnitError(f"{text!r}, which is no unit", expected, hint)
    if match["one"] and len(_FACTOR.findall(match["one"])) > 1:
        raise UnitError(
            f"{text!r}, which may be read in two ways",
            "one unit behind the slash, or several in parentheses",
            "write J/(kg K) or J kg^-1 K^-1 for joules per kilogram and kelvin",
        )
    over = [] if match["over"] == "1" else _factors(match["over"], 1)
    under = _factors(match["under"] or match["one"] or "", -1)
    return Unit(text, (*over, *under), slash=bool(match["slash"] and over))


def _factors(product: str, sign: int) -> list[Factor]:
    return [
        _factor(match["symbol"], sign * int((match["power"] or "1").translate(_RAISED)))
        for match in _FACTOR.finditer(product)
    ]


def _factor(written: str, power: int) -> Factor:
    name = _NAMES.get(written) or _name(_MEANT.get(written, written))
    return Factor(written if _KEPT.fullmatch(written) else symbol_of(name), name, power)


def symbol_of(name: str) -> str:
    """Return the symbol of a unit that pint has this name for."""
    return _SYMBOLS.get(name) or str(_registry().get_symbol(name))


def _name(written: str) -> str:
    """Return the name that pint has for a symbol or a name; unknown ones are a `UnitError`."""
    registry = _registry()
    try:
        ((name, _),) = registry.Quantity(1.0, written).unit_items()
    except (AttributeError, AssertionError, ValueError) as error:
        raise UnitError(
            f"the unknown unit {written!r}",
            "a unit of physics, as m, km/h, m s^-1, J/(kg K) or °C",
            hint_for(written) or nearest(written, list(registry), _NO_NOUN, cutoff=_ALIKE),
        ) from error
    return str(name)


def _quantity(value: float, unit: str | None) -> Any:  # noqa: ANN401 - pint's, or the number
    return value if unit is None else _registry().Quantity(value, parse(unit).canonical)


def converted(value: float, unit: str, wanted: str, *, difference: bool = False) -> float:
    """Return a value in another unit; of another dimension it is a `UnitError`.

    Parameters
    ----------
    value, unit, wanted
        The value, its unit, and the one that is wanted.
    difference
        Whether the value is a distance from another one, such as a standard error: one of 1 °C is
        one of 1 K.
    """
    if unit == wanted:
        return value
    given, target = parse(unit).canonical, parse(wanted).canonical
    quantity = _registry().Quantity
    try:
        found = quantity(value, given).to(target).magnitude
        if difference:
            found -= quantity(0.0, given).to(target).magnitude
    except _UNFIT as error:
        raise UnitError(
            f"the unit {wanted!r} for what is measured in {unit}",
            f"a unit that {unit} can be converted to",
            "name another unit",
        ) from error
    if not math.isfinite(found):
        raise UnitError(
            f"{value:g} {unit} in {wanted}, which is {found}",
            "a finite number",
            "name another unit",
        )
    return _rounded(found)


def calculated(
    expression: str, values: Mapping[str, float], units: Mapping[str, str], wanted: str | None
) -> tuple[float, str | None]:
    """Return the value of an expression of facts with units, and its unit; None for a pure number.

    Parameters
    ----------
    expression, values
        The expression, and the values of its facts.
    units
        The units of those facts that have one; where none is wanted, the first that fits is taken.
    wanted
        The unit that is declared for the result.

    Raises
    ------
    UnitError
        Where the units of its facts do not go together, or the result is of another dimension.
    """
    parts = {name: _quantity(value, units.get(name)) for name, value in values.items()}
    try:
        result = _registry().Quantity(calculate(expression, parts))
    except (ZeroDivisionError, OverflowError):
        return math.nan, wanted
    except _UNFIT as error:
        raise UnitError(
            f"{expression!r}: {error}",
            "facts whose units go together",
            "correct the expression, or the units of its facts",
        ) from error
    if isinstance(result.magnitude, complex):
        return math.nan, wanted
    if wanted is None and result.dimensionless:
        return float(result.to("").magnitude), None
    return _in_unit(result, [wanted] if wanted else units.values())


def _in_unit(result: Any, units: Iterable[str]) -> tuple[float, str]:  # noqa: ANN401
    """Return a result in the first unit that fits."""
    for unit in units:
        # A difference of temperatures is none: 1 °C more is not 274 K more.
        for text in dict.fromkeys([unit, _difference(parse(unit).factors[0].name)]):
            with suppress(*_UNFIT):
                return _rounded(result.to(parse(text).canonical).magnitude), text
    found = " ".join(
        symbol_of(name) + (f"^{power:g}" if power != 1 else "")
        for name, power in result.unit_items()
    )
    raise UnitError(
        f"a result in {found}" if found else "a result without a unit",
        f"one in {' or '.join(units)}",
        f"declare `unit: {found}`, or correct the expression"
        if found
        else "declare the units of its facts, or correct the expression",
    )


def _difference(name: str) -> str:
    """Return the unit of a difference: that of temperatures in °C has no zero of its own."""
    other = f"delta_{name}"
    return other if name.startswith("degree_") and other in _registry() else name


def _rounded(value: float) -> float:
    """Return the decimal number nearest to one: 12 in are 30.48 cm, and not 30.479999999999997."""
    return float(f"{value:.{DIGITS}g}")
