"""The numbers of facts as they are printed: rounded, in their unit, alone or with their group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from juchi.core.errors import UnplacedError, UserError
from juchi.prose.formats import SCALES, NumberFormat, exact, significant_digits
from juchi.prose.printed import Printed
from juchi.prose.uncertainty import with_uncertainty
from juchi.results.facts import Fact
from juchi.results.rounding import rounded_together
from juchi.results.units import DIGITS, PLAIN, STYLES, converted, parse

__all__ = ["Options", "Quantities"]

Options = Mapping[str, Any]
# How far the ends of an interval may be from lying alike around the value, relatively.
_ASYMMETRY = 1e-6
# What facts that add up to a whole may lack of it for their rounding, relatively.
_SLACK = Decimal("1e-9")
# What floating point may make of a whole number.
_ROUNDING = 1e-9


class Quantities:
    """The numbers of facts in one language.

    Parameters
    ----------
    facts, formats
        The facts, and how each is printed, by name; what a call says goes before that.
    numbers
        The numbers of the language.
    nouns
        Units that are words, such as ``step``: what facts count.
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        formats: Mapping[str, Options],
        numbers: NumberFormat,
        nouns: Mapping[str, Any],
    ) -> None:
        self._facts = facts
        self._formats = formats
        self._numbers = numbers
        self._nouns = nouns

    def printed(self, name: str, value: float, options: Options) -> Printed:
        """Return one number of a fact: its value, one of its list, or a bound of its interval."""
        how = self._how(name, options)
        style = self.style(name, options)
        if "together" in how:
            return self._together(name, value, how["together"], options)
        value = self._converted(name, value, options)
        relation = "=" if options.get("relation") else ""
        if self._is_less(name, value, options):
            value, relation = self._converted(name, how["below"], options), "<"
            found = self._numbers.printed(value, "decimal" if style == "probability" else style)
        else:
            found = self._numbers.printed(
                value, style, how.get("digits"), sign=how.get("sign", False)
            )
        return replace(found, unit=self._unit(name, options), relation=relation)

    def require_digits(self, name: str, options: Options) -> None:
        """Refuse all the digits that a computer has of a number: 0.30000000000000004."""
        how, found = self._how(name, options), self._facts[name].value
        if "together" in how or how.get("digits") is not None or isinstance(found, str):
            return
        if self.style(name, options) == "points":
            return
        for each in found if isinstance(found, list) else [found]:
            value = self._converted(name, each, options)
            is_long = not float(value).is_integer() and significant_digits(value) >= DIGITS - 1
            if is_long and not self._is_less(name, each, options):
                raise UnplacedError(
                    f"{name} = {value!r}, of which no digits are said",
                    "as many digits as a reader needs",
                    "say digits= in the call, or `digits` in config/facts.yaml",
                )

    def _is_less(self, name: str, value: float, options: Options) -> bool:
        """Tell whether a value, in the unit that it is printed in, is only told to be less.

        A share of nothing is none; a probability is not zero, only too small for its digits.
        """
        below = self._formats[name].get("below")
        if below is None:
            return False
        is_zero_probability = value == 0 and self.style(name, options) == "probability"
        return 0 < value < self._converted(name, below, options) or is_zero_probability

    def ends(self, first: str, last: str, options: Options) -> tuple[Printed, Printed]:
        """Return the ends of a range, both in the unit of the last one."""
        if self.style(first, options) != self.style(last, options):
            raise UnplacedError(
                f"a range of {first} and {last}, which are printed in different styles",
                "two facts of one style",
                "declare the same style for both",
            )
        low, high = self.single(first), self.single(last)
        unit = options.get("unit") or self.measured_in(last)
        # A fact without a unit says that it has none.
        inner = {**options, "unit": unit} if unit != self.measured_in(first) else options
        ends = self.printed(first, low, inner), self.printed(last, high, options)
        if ends[0].number > ends[1].number:
            raise UnplacedError(
                f"a range from {first} = {ends[0].digits} to {last} = {ends[1].digits}",
                "the lesser value first",
                "exchange the two, or let an analysis return the least and the greatest",
            )
        return ends

    def bounds(
        self, name: str, interval: tuple[float, float], options: Options
    ) -> tuple[Printed, Printed]:
        """Return both ends of the interval of a fact, with the decimals of its value at least."""
        how = self._how(name, options)
        low, high = (self.printed(name, bound, options) for bound in interval)
        is_rounded = self.style(name, options) == "decimal" and how.get("digits") is not None
        if not is_rounded or "together" in how:
            return low, high
        value = self.printed(name, self.single(name), options)
        exact_low, exact_high = (self._converted(name, bound, options) for bound in interval)
        sign = bool(how.get("sign"))
        return (
            self._as_fine(low, exact_low, value, sign=sign),
            self._as_fine(high, exact_high, value, sign=sign),
        )

    def _as_fine(self, end: Printed, exactly: float, value: Printed, *, sign: bool) -> Printed:
        """Return an end of an interval to the last place of the value, if it is rounded coarser."""
        last, wanted = (int(each.number.as_tuple().exponent) for each in (end, value))
        is_plain = end.exponent is None and value.exponent is None and not end.relation
        if not is_plain or last <= wanted:
            return end
        found = self._numbers.printed(exactly, "fixed", -wanted, sign=sign)
        return replace(end, digits=found.digits, number=found.number)

    def measured(self, name: str, options: Options, *, concise: bool, bracketed: bool) -> Printed:
        """Return a fact with its uncertainty; see `with_uncertainty`."""
        unit, own = self._unit(name, options), self.measured_in(name)
        uncertainty = self._uncertainty(name, options)
        if unit and own:
            uncertainty = converted(uncertainty, own, unit.text, difference=True)
        found = with_uncertainty(
            converted(self.single(name), own, unit.text) if unit and own else self.single(name),
            uncertainty,
            self._numbers,
            style=self.style(name, options),
            digits=options.get("digits"),
            concise=concise,
            bracketed=bracketed,
        )
        return replace(found, unit=unit)

    def single(self, name: str) -> float:
        """Return the value of a fact that is a single number; another one is refused."""
        value = self._facts[name].value
        if isinstance(value, list | str):
            raise UnplacedError(
                f"{name} = {value}", "a fact that is a single number", "quote it with fact()"
            )
        return value

    def whole(self, name: str, least: int = 0) -> int:
        """Return the value of a fact that is a whole number; another one is refused."""
        value = self.single(name)
        if not self.is_whole(name) or round(value) < least:
            raise UnplacedError(
                f"{name} = {value}", f"a whole number from {least} on", "quote it with fact()"
            )
        return round(value)

    def is_whole(self, name: str) -> bool:
        """Tell whether a fact is a whole number but for rounding, as a share times a number is."""
        value = self._facts[name].value
        if isinstance(value, str | list) or not math.isfinite(value):
            return False
        return math.isclose(value, round(value), rel_tol=_ROUNDING, abs_tol=_ROUNDING)

    def measured_in(self, name: str) -> str | None:
        """Return a fact's unit of physics; None for a pure number and for what is counted."""
        unit = self._facts[name].unit
        return None if unit in PLAIN or unit in self._nouns else unit

    def has_below(self, name: str) -> bool:
        """Tell whether a fact may be printed as less than something."""
        return "below" in self._formats[name]

    def _how(self, name: str, options: Options) -> Options:
        return {**self._formats[name], **options}

    def style(self, name: str, options: Options) -> str:
        """Return how a fact is printed; a part of a whole has no unit of physics."""
        style = str(self._how(name, options).get("style", "decimal"))
        unit = self.measured_in(name)
        if unit and style not in STYLES:
            raise UnplacedError(
                f"the style {style} for {name}, which is in {unit}",
                "decimal, fixed or scientific for what has a unit",
                "leave the style out, or the unit",
            )
        return style

    def _unit(self, name: str, options: Options) -> Any:  # noqa: ANN401 - a Unit or None
        """Return the unit that a fact is printed in."""
        own, wanted = self.measured_in(name), options.get("unit")
        if wanted and not own:
            raise UnplacedError(
                f"the unit {wanted!r} for {name}, whose unit is {self._facts[name].unit!r}",
                "a fact that is declared with a unit of physics",
                f"add `unit` to {name} in config/facts.yaml",
            )
        return self._numbers.with_pattern(parse(wanted or own)) if own else None

    def _converted(self, name: str, value: float, options: Options) -> float:
        """Return a value in the unit that it is printed in."""
        unit, own = self._unit(name, options), self.measured_in(name)
        if unit is None or own is None or unit.text == own:
            return value
        found = converted(value, own, unit.text)
        is_long = significant_digits(found) >= DIGITS - 1
        if self._how(name, options).get("digits") is None and is_long:
            raise UnplacedError(
                f"{name} in {unit.text}, which is {found} and so on",
                "digits for what is no round number in another unit",
                "say digits= in the call, or `digits` in config/facts.yaml",
            )
        return int(found) if found == int(found) else found

    def _together(
        self, name: str, value: float, group: Mapping[str, Any], options: Options
    ) -> Printed:
        """Return a number of a fact that is rounded with others of its group."""
        if refused := sorted({"unit", "digits", "style"} & options.keys()):
            raise UnplacedError(
                f"{refused[0]} for {name}, which is rounded with {', '.join(group['facts'])}",
                "facts printed as their group in config/facts.yaml says",
                "take the argument out, or the fact out of its group",
            )
        style = self.style(name, {})
        scale = SCALES.get(style, 0)
        number = round(exact(value).scaleb(scale), group["decimals"])
        if "total" in group and value == self._facts[name].value:
            values = [exact(self.single(each)).scaleb(scale) for each in group["facts"]]
            total = _total(group, values, scale)
            rounded = rounded_together(values, group["decimals"], total)
            number = rounded[group["facts"].index(name)]
        sign = bool(self._how(name, options).get("sign"))
        text = self._numbers.written(number, style, sign=sign)
        relation = "=" if options.get("relation") else ""
        return Printed(text, number, None, self._unit(name, {}), relation)

    def _uncertainty(self, name: str, options: Options) -> float:
        """Return the standard error of a fact, or half of its interval where that is asked for."""
        fact, value = self._facts[name], self.single(name)
        if options.get("by") != "interval":
            if fact.standard_error is None:
                raise UnplacedError(
                    f"{name}, a fact without a standard error",
                    "a mean or a share of values that differ, a result that states its "
                    "`standard_error`, or a fact that names it under that key",
                    'quote it with fact(), or with by="interval" for half of its interval',
                )
            return fact.standard_error
        low, high = fact.interval or (value, value)
        if low == high or abs(high + low - 2 * value) > _ASYMMETRY * (high - low):
            raise UnplacedError(
                f"{name}, whose interval is {list(fact.interval) if fact.interval else 'none'}",
                f"an interval that reaches as far below {value:g} as above",
                "quote it with interval(), which prints both ends",
            )
        return (high - low) / 2


def _total(group: Mapping[str, Any], values: Sequence[Decimal], scale: int) -> Decimal:
    """Return what a group adds up to; one that does not is a `UserError`."""
    total, found = exact(group["total"]).scaleb(scale), sum(values, Decimal(0))
    if abs(found - total) > _SLACK * max(Decimal(1), abs(total)):
        raise UserError(
            f"config/facts.yaml: together.{group['name']}.total",
            f"{' + '.join(group['facts'])} = {float(found.scaleb(-scale)):g}",
            f"facts that add up to {group['total']:g}",
            "correct the total, add the fact that is missing, or leave the total out",
        )
    return total
