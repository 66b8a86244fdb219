"""Numbers as a language prints them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Context, Decimal, localcontext
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, get_decimal_symbol
from babel.numbers import format_percent as babel_percent
from markupsafe import Markup, escape

from juchi.core.errors import UserError
from juchi.results.facts import Fact

__all__ = ["MINUS", "NBSP", "NumberFormat", "as_html", "as_text"]

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
# Four digits are read at a glance, in both scripts; a separator only helps beyond them.
GROUPED_FROM = 10_000
# More digits than the largest float has, with its decimals, when it is written out.
_PRECISION = 400
# Below this a probability has more zeros than a reader counts.
TINY = 0.001


class NumberFormat:
    """How one language prints numbers.

    Parameters
    ----------
    locale
        A CLDR locale, such as ``en_GB``.
    separator
        What stands between the members of a list.
    """

    def __init__(self, locale: str, separator: str) -> None:
        try:
            self.locale = Locale.parse(locale)
        except (UnknownLocaleError, ValueError) as error:
            raise UserError(
                f"config/article.yaml: languages.*.locale: {locale}",
                str(error),
                "a CLDR locale, such as en_GB or zh_Hans_CN",
                "fix the locale",
            ) from error
        self.separator = separator

    def text(self, value: float, style: str, digits: int | None) -> str:
        """Return a number as plain text; scientific as ``2.4e-10`` would be: ``2.4 × 10^−10``."""
        if _raised(value, style):
            mantissa, exponent = self._scientific(value, digits)
            power = f"10^{exponent}"
            return power if mantissa is None else f"{mantissa}{NBSP}×{NBSP}{power}"
        return self._plain(value, style, digits)

    def html(self, value: float, style: str, digits: int | None) -> Markup:
        """Return a number as HTML, with a raised exponent."""
        if _raised(value, style):
            mantissa, exponent = self._scientific(value, digits)
            power = Markup("10<sup>{}</sup>").format(exponent)
            if mantissa is None:
                return power
            return Markup("{}{}×{}{}").format(mantissa, NBSP, NBSP, power)
        return escape(self._plain(value, style, digits))

    def _plain(self, value: float, style: str, digits: int | None) -> str:
        with localcontext(Context(prec=_PRECISION)):
            return self._written_out(value, style, digits)

    def _written_out(self, value: float, style: str, digits: int | None) -> str:
        if style == "points":
            number = round(_exact(value) * 100, digits or 0)
            text = format_decimal(number, format="0" + _zeros(number), locale=self.locale)
        elif style == "percent":
            share = _exact(value)
            decimals = _zeros(
                (share * 100).normalize() if digits is None else Decimal(1).scaleb(-digits)
            )
            # The pattern fixes the decimals; CLDR's own sets the sign and the space before it.
            pattern = self.locale.percent_formats[None].pattern.replace("#,##0", f"#,##0{decimals}")
            text = babel_percent(share, format=pattern, locale=self.locale)
        else:
            number = _exact(value) if digits is None else _significant(value, digits)
            pattern = ("#,##0" if abs(number) >= GROUPED_FROM else "0") + _zeros(number)
            text = format_decimal(number, format=pattern, locale=self.locale)
        # What rounds to nothing has no sign.
        nothing = not any(character in "123456789" for character in text)
        return str(text).replace("-", "" if nothing else MINUS)

    def plural(self, value: float, style: str, digits: int | None) -> str:
        """Return the plural category of a number as it is printed."""
        if digits is None or style != "decimal":
            return str(self.locale.plural_form(value))
        return str(self.locale.plural_form(_significant(value, digits)))

    def _scientific(self, value: float, digits: int | None) -> tuple[str | None, str]:
        """Return mantissa and exponent; no mantissa for a power of ten that was declared one."""
        number = _exact(value) if digits is None else _significant(value, digits)
        exponent = number.adjusted()
        mantissa = number.scaleb(-exponent)
        shown = str(exponent).replace("-", MINUS)
        if digits is None and mantissa == 1:
            return None, shown
        point = get_decimal_symbol(self.locale)
        return str(mantissa).replace(".", point).replace("-", MINUS), shown


def _raised(value: float, style: str) -> bool:
    """Return whether a number is printed with a power of ten; a probability is where it is tiny."""
    if style == "probability":
        return 0 < value < TINY
    return style == "scientific" and value != 0


def _exact(value: float) -> Decimal:
    """Return a number as its shortest decimal form says it; NaN and infinity are refused."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number to print")
    return Decimal(repr(value))


def _significant(value: float, digits: int) -> Decimal:
    digits = max(1, digits)  # no number but zero can be told with none
    # Rounded first, since 9.996 becomes 10.0: its last digit then stands one place further left.
    number = Context(prec=digits).create_decimal(_exact(value))
    if number == 0:
        return Decimal(0)
    return round(number, digits - 1 - number.adjusted())


def _zeros(number: Decimal) -> str:
    """Return the part of a number pattern that keeps every decimal of a number."""
    exponent = number.as_tuple().exponent
    return "." + "0" * -exponent if isinstance(exponent, int) and exponent < 0 else ""


def _values(fact: Fact) -> list[float]:
    """Return the numbers of a fact; one whose value is a word is for `FactFormatter`."""
    if isinstance(fact.value, str):
        raise TypeError(f"{fact.value!r} is no number to print")
    return fact.value if isinstance(fact.value, list) else [fact.value]


def as_text(fact: Fact, how: Mapping[str, Any], numbers: NumberFormat) -> str:
    """Return a fact's value as plain text."""
    style, digits = how.get("style", "decimal"), how.get("digits")
    values = _values(fact)
    return numbers.separator.join(numbers.text(value, style, digits) for value in values)


def as_html(fact: Fact, how: Mapping[str, Any], numbers: NumberFormat) -> Markup:
    """Return a fact's value as HTML."""
    style, digits = how.get("style", "decimal"), how.get("digits")
    values = _values(fact)
    return escape(numbers.separator).join(numbers.html(value, style, digits) for value in values)
