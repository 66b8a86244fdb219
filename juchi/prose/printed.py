"""A printed number, and how it is written: on a page, in code, in a formula, and read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from babel import Locale
from markupsafe import Markup, escape

from juchi.prose.messages import fill
from juchi.prose.unit_words import in_words
from juchi.results.units import Factor, Unit

__all__ = [
    "CODE",
    "LATEX",
    "MINUS",
    "NBSP",
    "Html",
    "Medium",
    "Printed",
    "Spoken",
    "arranged",
    "unit_in_latex",
]

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
# What groups digits in French. Before units it would be too thin: m s is no millisecond.
THIN = "\N{NARROW NO-BREAK SPACE}"
_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLACE = re.compile(r"\{(\w+)\}")
_SPACED_PERCENT = re.compile(rf"[{NBSP}{THIN}][%‰]$")


@dataclass(frozen=True)
class Printed:
    """A number as a language prints it.

    Attributes
    ----------
    digits
        Its digits with their sign, and a sign of percent; empty for a bare power of ten.
    number
        The same as a number, which decides on plurals.
    exponent
        The power of ten that it is multiplied by; None for none.
    unit
        The unit of physics.
    relation
        What goes before: ``<`` for less than, ``=``.
    """

    digits: str
    number: Decimal
    exponent: int | None = None
    unit: Unit | None = None
    relation: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it has neither sign nor power nor relation, so that it is fit for ``3–5``."""
        return self.exponent is None and not self.relation and self.digits[:1].isalnum()

    def __str__(self) -> str:
        """Return it as the text of a figure has it: its power of ten in raised characters."""
        relation = f"{self.relation}{NBSP}" if self.relation else ""
        number = f"{self.line}{_raised(self.power)}"
        if self.unit:
            number = _joined(number, self.unit, NBSP, _raised)
        return relation + number

    @property
    def power(self) -> str:
        """The exponent with a proper minus."""
        return "" if self.exponent is None else str(self.exponent).replace("-", MINUS)

    @property
    def line(self) -> str:
        """What stands on the line in front of the exponent and the unit."""
        if self.exponent is None:
            return self.digits
        return f"{self.digits}{NBSP}×{NBSP}10" if self.digits else "10"

    @property
    def bare(self) -> Printed:
        """The number without its unit."""
        return replace(self, unit=None)

    def before(self, last: Printed) -> Printed:
        """Return it as the first number of a range whose last one has the same sign of percent.

        One that stands behind a space is said once; in 3%–5% it is part of each number.
        """
        is_spaced = not self.relation and _SPACED_PERCENT.search(last.digits)
        return replace(self, digits=_SPACED_PERCENT.sub("", self.digits)) if is_spaced else self


class Medium(Protocol):
    """Where numbers are written, and how."""

    def number(self, printed: Printed) -> str:
        """Return a number with its unit."""

    def in_unit(self, text: str, printed: Printed) -> str:
        """Return a text that is written already, such as a range, with the unit of a number."""

    def words(self, text: str) -> str:
        """Return words and marks that stand between numbers."""

    def linked(self, fact: str, exact: str, text: str) -> str:
        """Return what is printed of a fact, with where it is from and its exact value."""


def arranged(medium: Medium, pattern: str, **values: str) -> str:
    """Return a pattern with what a medium has written in its places."""
    empty = medium.words("")
    kind = type(empty)
    parts = _PLACE.split(pattern)
    written = [
        medium.words(part) if place % 2 == 0 else fill(kind(f"{{{part}}}"), **values)
        for place, part in enumerate(parts)
    ]
    return empty.join(written)


def _written(
    unit: Unit, space: str, power: Callable[[int], str], symbol: Callable[[str], str] = str
) -> str:
    """Return a unit as its author writes it: with a slash, or with negative powers.

    A space goes before it, except where it is a sign right behind the number.
    """

    def product(factors: list[Factor], sign: int) -> str:
        powers = [sign * each.power for each in factors]
        return space.join(
            symbol(each.symbol) + (power(number) if number != 1 else "")
            for each, number in zip(factors, powers, strict=True)
        )

    before = "" if unit.is_sign else space
    if not unit.slash:
        return before + product(list(unit.factors), 1)
    over = product([each for each in unit.factors if each.power > 0], 1)
    under = [each for each in unit.factors if each.power < 0]
    below = product(under, -1)
    return f"{before}{over}/({below})" if len(under) > 1 else f"{before}{over}/{below}"


def _joined(
    text: str,
    unit: Unit,
    space: str,
    power: Callable[[int], str],
    symbol: Callable[[str], str] = str,
) -> str:
    """Return a number with its unit, as its author or the language writes it."""
    if not unit.pattern:
        return text + _written(unit, space, power, symbol)

    def signs(part: str) -> str:
        # A page has the space of the language, which may be a thin one.
        kept = space == NBSP
        return "".join(symbol(sign) if kept or not sign.isspace() else space for sign in part)

    before, _, behind = unit.pattern.partition("0")
    return signs(before) + text + signs(behind)


def _raised(power: int | str) -> str:
    return str(power).translate(_RAISED)


def unit_in_latex(unit: Unit) -> str:
    """Return a unit behind its number in a formula: upright, a thin space before it."""
    return _written(unit, r"\,", lambda power: f"^{{{power}}}", _tex_symbol)


class Html:
    """A page: exponents are raised, and a unit never begins a line."""

    def number(self, printed: Printed) -> Markup:
        """Return a number with its unit."""
        relation = f"{printed.relation}{NBSP}" if printed.relation else ""
        raised = Markup("<sup>{}</sup>").format(printed.power) if printed.power else ""
        number = Markup("{}{}{}").format(relation, printed.line, raised)
        return self.in_unit(number, printed)

    def in_unit(self, text: str, printed: Printed) -> Markup:
        """Return a text with the unit of a number; powers have characters, so that it is copied."""
        if not printed.unit:
            return escape(text)
        # What is joined is a text that is escaped, and signs that need no escape.
        return Markup(_joined(escape(text), printed.unit, NBSP, _raised))

    def words(self, text: str) -> Markup:
        """Return words with markup made harmless."""
        return escape(text)

    def linked(self, fact: str, exact: str, text: str) -> Markup:
        """Return what is printed as it is."""
        return escape(text)


class Code:
    """Code, addresses, and whatever else has neither raised characters nor thin spaces."""

    def number(self, printed: Printed) -> str:
        """Return a number with a caret before its exponent."""
        relation = f"{printed.relation}{NBSP}" if printed.relation else ""
        power = f"^{printed.power}" if printed.power else ""
        return self.in_unit(f"{relation}{printed.line}{power}".replace(THIN, NBSP), printed)

    def in_unit(self, text: str, printed: Printed) -> str:
        """Return a text with the unit of a number."""
        if not printed.unit:
            return text
        return _joined(text, printed.unit, " ", lambda power: f"^{power}".replace("-", MINUS))

    def words(self, text: str) -> str:
        """Return words as they are."""
        return text

    def linked(self, fact: str, exact: str, text: str) -> str:
        """Return what is printed as it is."""
        return text


_TEX = {
    **{"%": r"\%", "‰": r"\text{‰}", NBSP: r"\,", THIN: r"\,", MINUS: "-", "–": r"\text{–}"},
    **{"×": r"\times ", "±": r"\pm ", ",": "{,}", "’": r"\text{’}"},
}
_TEX_SYMBOLS = {"°": r"^{\circ}", "′": r"^{\prime}", "″": r"^{\prime\prime}", "%": r"\%"}


class Latex(Code):
    """Formulas: units upright, and commas in numbers that are no punctuation."""

    def number(self, printed: Printed) -> str:
        """Return a number with its unit."""
        line = "".join(_TEX.get(sign, sign) for sign in printed.line)
        # TeX itself puts space around what stands between two numbers.
        line = re.sub(r"\\,(\\times |\\pm )\\,", r"\1", line)
        power = f"^{{{printed.exponent}}}" if printed.power else ""
        return self.in_unit(f"{printed.relation}{line}{power}", printed)

    def in_unit(self, text: str, printed: Printed) -> str:
        """Return a text with the unit of a number."""
        if not printed.unit:
            return text
        return _joined(text, printed.unit, r"\,", lambda power: f"^{{{power}}}", _tex_symbol)

    def words(self, text: str) -> str:
        """Return marks as they are, and words as text."""
        if text.isascii() and not any(map(str.isalpha, text)):
            return text.replace(", ", r",\ ")
        return rf"\text{{{text}}}" if text else ""


def _tex_symbol(symbol: str) -> str:
    if symbol in _TEX_SYMBOLS:
        return _TEX_SYMBOLS[symbol]
    if symbol.startswith("°"):
        return rf"{{}}^{{\circ}}\mathrm{{{symbol[1:]}}}"
    return rf"\mathrm{{{symbol}}}" if symbol.isascii() else rf"\text{{{symbol}}}"


class Spoken(Code):
    """Words for those who listen, such as the alternative text of a figure.

    Parameters
    ----------
    words, locale
        The language's words, and its locale.
    """

    def __init__(self, words: Mapping[str, Any], locale: Locale) -> None:
        self._words = words["spoken"]
        self._locale = locale

    def number(self, printed: Printed) -> str:
        """Return a number with its unit, its power of ten and its relation in words."""
        text = printed.digits.replace(f"{NBSP}±{NBSP}", self._words["plus_minus"])
        if printed.exponent is not None:
            pattern = self._words["times_power" if text else "power"]
            text = fill(pattern, number=text, base="10", exponent=printed.power)
        text = self.in_unit(text.replace(THIN, NBSP), printed)
        if printed.relation:
            key = {"<": "less", "=": "equal"}[printed.relation]
            text = fill(self._words[key], number=text)
        return text

    def in_unit(self, text: str, printed: Printed) -> str:
        """Return a text with the unit of a number in words, or its symbols where there are none."""
        if not printed.unit:
            return text
        said = in_words(printed.unit, abs(printed.number), text, self._locale)
        return said or super().in_unit(text, printed)


CODE, LATEX = Code(), Latex()
