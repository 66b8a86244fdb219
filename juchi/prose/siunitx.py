r"""Numbers and units in formulas as the LaTeX package siunitx has them: ``\qty{9.81}{m/s^2}``.

They become LaTeX that every program knows. A unit is what the units of facts are (see
`juchi.results.units`), or commands: ``\metre\per\second\squared``. Powers are printed as written,
and so is the mark of decimals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from juchi.core.errors import UnplacedError
from juchi.prose.printed import unit_in_latex
from juchi.results.units import Unit, UnitError, parse, symbol_of

__all__ = ["ARGUMENTS", "ENGLISH", "Joints", "written"]

_DIGITS = r"(?:\d+(?:[.,]\d+)?|[.,]\d+)"
_NUMBER = re.compile(
    rf"(?P<sign>[-+]?)(?P<digits>(?:{_DIGITS}(?:\(\d+\))?)?)"
    rf"(?:(?<=[\d)])(?:\\pm|\+-)(?P<error>{_DIGITS}))?(?:[eE](?P<power>[-+]?\d+))?"
)
_ANGLE = re.compile(rf"(?:[-+]?{_DIGITS})?")
_ANGLES = (r"^{\circ}", r"^{\prime}", r"^{\prime\prime}")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*(?:\{([^{}]*)\})?\s*")
_PREFIXES = {
    *("quecto", "ronto", "yocto", "zepto", "atto", "femto", "pico", "nano", "micro", "milli"),
    *("centi", "deci", "deca", "deka", "hecto", "kilo", "mega", "giga", "tera", "peta", "exa"),
    *("zetta", "yotta", "ronna", "quetta", "kibi", "mebi", "gibi", "tebi"),
}
# Powers before a unit and behind it; None takes an argument.
_BEFORE = {"square": 2, "cubic": 3, "raiseto": None}
_BEHIND = {"squared": 2, "cubed": 3, "tothe": None}
# Names of siunitx that pint has other names for.
_NAMES = {
    **{"degreeCelsius": "degree_Celsius", "celsius": "degree_Celsius", "percent": "%"},
    **{"electronvolt": "electron_volt", "tonne": "metric_ton", "deka": "deca"},
    **{"astronomicalunit": "astronomical_unit"},
}


@dataclass(frozen=True)
class Joints:
    """What a language has between numbers: of a range, of a list, before the last of a list."""

    range: str = " to "
    list: str = ", "
    last: str = " and "


ENGLISH = Joints()


def written(command: str, arguments: list[str], joints: Joints = ENGLISH) -> str:
    r"""Return what a command stands for, in LaTeX that every program knows.

    Parameters
    ----------
    command, arguments
        One of `ARGUMENTS` without its backslash, and as many texts as it takes.
    joints
        The words of the language that stand between several numbers.

    Raises
    ------
    UnplacedError
        For what is no number or no unit.
    """
    write = _WRITTEN.get(command)
    return write(*arguments) if write else _SEVERAL[command](joints, *arguments)


def _number(text: str) -> str:
    match = _NUMBER.fullmatch(re.sub(r"\s|~", "", text))
    if not match or not (match["digits"] or match["power"]):
        expected = "a number, as 12, -1.5, 1.2e-3, 1.23(4) or 1.23 \\pm 0.04"
        raise UnplacedError(f"{text!r}, which is no number", expected, "correct it")
    number = match["sign"] + _with_mark(match["digits"])
    if match["error"]:
        number += rf" \pm {_with_mark(match['error'])}"
    if not match["power"]:
        return number
    power = rf"10^{{{match['power'].lstrip('+')}}}"
    if not match["digits"]:
        return match["sign"] + power
    return rf"({number}) \times {power}" if match["error"] else rf"{number} \times {power}"


def _with_mark(digits: str) -> str:
    """Return digits whose comma is the mark of decimals, and no punctuation."""
    return digits.replace(",", "{,}")


def _unit(text: str) -> str:
    return unit_in_latex(_parsed(text)).removeprefix(r"\,")


def _quantity(number: str, unit: str) -> str:
    shown = _number(number)
    if r"\pm" in shown and not shown.startswith("("):
        shown = f"({shown})"
    return shown + unit_in_latex(_parsed(unit))


def _range(joints: Joints, first: str, last: str) -> str:
    return _joined([_number(first), _number(last)], joints.range, joints.range)


def _quantity_range(joints: Joints, first: str, last: str, unit: str) -> str:
    return _joined([_quantity(first, unit), _quantity(last, unit)], joints.range, joints.range)


def _list(joints: Joints, numbers: str) -> str:
    return _joined([_number(one) for one in numbers.split(";")], joints.list, joints.last)


def _quantity_list(joints: Joints, numbers: str, unit: str) -> str:
    parts = [_quantity(one, unit) for one in numbers.split(";")]
    return _joined(parts, joints.list, joints.last)


def _joined(parts: Sequence[str], joint: str, last: str) -> str:
    """Return numbers with words between them, each number kept in one piece."""
    *first, end = [f"{{{part}}}" for part in parts]
    return (rf"\text{{{joint}}}".join(first) + rf"\text{{{last}}}" if first else "") + end


def _angle(text: str) -> str:
    parts = [part.strip() for part in text.split(";")]
    is_angle = len(parts) <= len(_ANGLES) and any(parts) and all(map(_ANGLE.fullmatch, parts))
    if not is_angle:
        raise UnplacedError(
            f"{text!r}, which is no angle", "degrees, minutes and seconds, as 12;30;5", "correct it"
        )
    signs = zip(parts, _ANGLES, strict=False)
    return "".join(_with_mark(part) + sign for part, sign in signs if part)


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
    return parse(" ".join(_factors(commands, text)))


def _factors(commands: list[re.Match[str]], text: str) -> list[str]:
    """Return the factors of a unit of commands, each with its power."""
    factors: list[tuple[str, int]] = []
    prefix, sign, power = "", 1, 1
    for command in commands:
        name = command[1]
        if name == "per":
            sign = -1
        elif name in _PREFIXES:
            prefix += _NAMES.get(name, name)
        elif name in _BEFORE:
            power = _BEFORE[name] or _whole(command)
        elif name in _BEHIND and factors and (prefix, sign, power) == ("", 1, 1):
            symbol, raised = factors.pop()
            factors.append((symbol, raised * (_BEHIND[name] or _whole(command))))
        else:
            factors.append((_known(prefix + _NAMES.get(name, name), name), sign * power))
            prefix, sign, power = "", 1, 1
    if (prefix, sign, power) != ("", 1, 1):
        raise UnitError(
            f"no unit at the end of {text}", "a unit behind each of them", "complete it"
        )
    return [f"{symbol}^{power}" for symbol, power in factors]


def _whole(command: re.Match[str]) -> int:
    if not re.fullmatch(r"-?\d+", command[2] or ""):
        raise UnitError(command[0], r"a whole power, as \tothe{4}", "correct it")
    return int(command[2])


def _known(name: str, command: str) -> str:
    """Return a unit that is known, by its symbol."""
    try:
        return symbol_of(parse(name).factors[0].name)
    except UnitError as error:
        raise UnitError(
            rf"the unknown unit \{command}",
            r"a unit of siunitx, as \metre, \kilo\gram or \degreeCelsius",
            error.hint,
        ) from error


_WRITTEN: dict[str, Callable[..., str]] = {
    **{"num": _number, "unit": _unit, "si": _unit, "ang": _angle},
    **{"qty": _quantity, "SI": _quantity},
}
_SEVERAL: dict[str, Callable[..., str]] = {
    **{"numrange": _range, "numlist": _list},
    **{"qtyrange": _quantity_range, "SIrange": _quantity_range},
    **{"qtylist": _quantity_list, "SIlist": _quantity_list},
}
# How many arguments each command takes.
ARGUMENTS = {name: 2 if write is _quantity else 1 for name, write in _WRITTEN.items()} | {
    **{"numrange": 2, "numlist": 1, "qtyrange": 3, "SIrange": 3, "qtylist": 2, "SIlist": 2}
}
