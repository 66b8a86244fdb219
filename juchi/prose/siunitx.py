r"""Numbers and units in formulas as the LaTeX package siunitx has them: ``\qty{9.81}{m/s^2}``.

They become LaTeX that every program knows. A unit is what the units of facts are (see
`juchi.results.units`), or commands: ``\metre\per\second\squared``. Powers are printed as written,
and so is the mark of decimals.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from juchi.core.errors import UnplacedError, nearest
from juchi.prose.printed import unit_in_latex
from juchi.results.units import Unit, UnitError, parse

__all__ = ["ARGUMENTS", "written"]

_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?P<digits>\d*(?:[.,]\d+)?)(?P<bracket>\(\d+\))?"
    r"(?:(?:\\pm|\+-)(?P<error>\d*(?:[.,]\d+)?))?(?:[eE](?P<power>[-+]?\d+))?"
)
_ANGLE = re.compile(r"([-+]?\d*(?:[.,]\d+)?)")
_ANGLES = (r"^{\circ}", r"^{\prime}", r"^{\prime\prime}")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*(?:\{([^{}]*)\})?\s*")
_PREFIXES = (
    *("quecto", "ronto", "yocto", "zepto", "atto", "femto", "pico", "nano", "micro", "milli"),
    *("centi", "deci", "deca", "deka", "hecto", "kilo", "mega", "giga", "tera", "peta", "exa"),
    *("zetta", "yotta", "ronna", "quetta", "kibi", "mebi", "gibi", "tebi"),
)
_POWERS = {"square": 2, "cubic": 3, "squared": 2, "cubed": 3}
# Names of siunitx that pint has other names for.
_NAMES = {
    **{"degreeCelsius": "degree_Celsius", "celsius": "degree_Celsius", "percent": "%"},
    **{"electronvolt": "electron_volt", "tonne": "metric_ton", "deka": "deca"},
    **{"astronomicalunit": "astronomical_unit"},
}


def written(command: str, arguments: list[str]) -> str:
    r"""Return what a command stands for, in LaTeX that every program knows.

    Parameters
    ----------
    command, arguments
        One of `ARGUMENTS` without its backslash, and as many texts as it takes.

    Raises
    ------
    UnplacedError
        For what is no number or no unit.
    """
    return _WRITTEN[command](*arguments)


def _number(text: str) -> str:
    match = _NUMBER.fullmatch(re.sub(r"\s|~", "", text))
    if not match or not (match["digits"] or match["power"]):
        expected = "a number, as 12, -1.5, 1.2e-3, 1.23(4) or 1.23 \\pm 0.04"
        raise UnplacedError(f"{text!r}, which is no number", expected, "correct it")
    parts = match["sign"] + match["digits"].replace(",", "{,}") + (match["bracket"] or "")
    if match["error"]:
        parts += rf" \pm {match['error'].replace(',', '{,}')}"
    if not match["power"]:
        return parts
    power = rf"10^{{{match['power'].lstrip('+')}}}"
    if not match["digits"]:
        return match["sign"] + power
    return rf"({parts}) \times {power}" if match["error"] else rf"{parts} \times {power}"


def _unit(text: str) -> str:
    return unit_in_latex(_parsed(text)).removeprefix(r"\,")


def _quantity(number: str, unit: str) -> str:
    shown = _number(number)
    if r"\pm" in shown and not shown.startswith("("):
        shown = f"({shown})"
    return shown + unit_in_latex(_parsed(unit))


def _angle(text: str) -> str:
    parts = [part.strip() for part in text.split(";")]
    if (
        len(parts) > len(_ANGLES)
        or not all(_ANGLE.fullmatch(part) for part in parts)
        or not any(parts)
    ):
        raise UnplacedError(
            f"{text!r}, which is no angle", "degrees, minutes and seconds, as 12;30;5", "correct it"
        )
    signs = zip(parts, _ANGLES, strict=False)
    return "".join(part.replace(",", "{,}") + sign for part, sign in signs if part)


def _parsed(text: str) -> Unit:
    """Return a unit of commands, or one that is written out."""
    if "\\" not in text.replace(r"\%", "%"):
        return parse(re.sub(r"[{}]", "", text).replace("~", " ").replace(r"\%", "%"))
    commands = list(_COMMAND.finditer(text))
    rest = _COMMAND.sub("", text).strip()
    if rest:
        raise UnitError(
            f"{rest!r} beside commands in the unit {text}",
            "a unit of commands alone, or one without any, as m/s^2",
            "write it in one of the two ways",
        )
    return parse(" ".join(_factors(commands)))


def _factors(commands: list[re.Match[str]]) -> list[str]:
    """Return the factors of a unit of commands, each with its power."""
    factors: list[list[str | int]] = []
    prefix, sign, power = "", 1, 1
    for command in commands:
        name = command[1]
        if name == "per":
            sign = -1
        elif name in _PREFIXES:
            prefix = _NAMES.get(name, name)
        elif name in ("square", "cubic"):
            power = _POWERS[name]
        elif name in ("squared", "cubed", "tothe", "raiseto"):
            raised = _POWERS.get(name) or _whole(command)
            if name == "raiseto":
                power = raised
            elif factors:
                factors[-1][1] = int(factors[-1][1]) * raised
        else:
            factors.append([_known(prefix + _NAMES.get(name, name), name), sign * power])
            prefix, sign, power = "", 1, 1
    return [f"{symbol}^{power}" for symbol, power in factors]


def _whole(command: re.Match[str]) -> int:
    if not re.fullmatch(r"-?\d+", command[2] or ""):
        raise UnitError(command[0], r"a whole power, as \tothe{4}", "correct it")
    return int(command[2])


def _known(name: str, command: str) -> str:
    """Return a unit that is known, by its symbol."""
    try:
        return parse(name).factors[0].symbol
    except UnitError as error:
        raise UnitError(
            rf"the unknown unit \{command}",
            r"a unit of siunitx, as \metre, \kilo\gram or \degreeCelsius",
            nearest(command, sorted(_COMMON), "write its English name"),
        ) from error


_COMMON = {
    *("metre", "meter", "second", "gram", "kilogram", "ampere", "kelvin", "mole", "candela"),
    *("hertz", "newton", "pascal", "joule", "watt", "coulomb", "volt", "farad", "ohm", "siemens"),
    *("weber", "tesla", "henry", "degreeCelsius", "lumen", "lux", "becquerel", "gray", "sievert"),
    *("katal", "minute", "hour", "day", "degree", "litre", "liter", "tonne", "electronvolt"),
    *("percent", "bar"),
}

_WRITTEN: dict[str, Callable[..., str]] = {
    **{"num": _number, "unit": _unit, "si": _unit, "ang": _angle},
    **{"qty": _quantity, "SI": _quantity},
}
# How many arguments each command takes.
ARGUMENTS = {"num": 1, "unit": 1, "si": 1, "ang": 1, "qty": 2, "SI": 2}
