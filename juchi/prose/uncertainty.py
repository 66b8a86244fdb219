"""A value with its uncertainty, rounded as physics does: 1.23 ± 0.04, or 1.23(4)."""

from __future__ import annotations

from decimal import Context, Decimal

from juchi.prose.formats import SCALES, NumberFormat, exact, is_raised, significant
from juchi.prose.printed import NBSP, Printed

__all__ = ["FORMS", "with_uncertainty"]

FORMS = ("plus-minus", "concise")
# The Particle Data Group's rule: of three significant digits of an uncertainty, up to 354 two are
# kept and up to 949 one; beyond that it is rounded to 1000, of which again two are kept.
_TWO_UP_TO, _ONE_UP_TO = 354, 949
# More digits than the largest float has, written out.
_EXACT = Context(prec=400)


def with_uncertainty(
    value: float,
    uncertainty: float,
    numbers: NumberFormat,
    *,
    style: str = "decimal",
    digits: int | None = None,
    concise: bool = False,
    bracketed: bool = False,
) -> Printed:
    """Return a value with its uncertainty, the value rounded to the last digit of that.

    Parameters
    ----------
    value, uncertainty
        The value, and its uncertainty above zero.
    numbers
        How the language prints numbers.
    style
        That of the fact; a scientific or tiny one has one power of ten for both.
    digits
        How many digits of the uncertainty are kept; None for the Particle Data Group's rule.
    concise
        Whether the uncertainty stands in parentheses, in units of the last digit of the value.
    bracketed
        Whether a unit follows, which is that of both.
    """
    scale = SCALES.get(style, 0)
    number, error = _rounded(exact(value).scaleb(scale), exact(uncertainty).scaleb(scale), digits)
    exponent = None
    if style == "scientific" or is_raised(max(abs(value), uncertainty), style):
        exponent = (number if abs(number) > error else error).adjusted()
        number, error = number.scaleb(-exponent), error.scaleb(-exponent)
    number, error = _written_out(number), _written_out(error)
    plain = numbers.written(number, "year" if style == "year" else "decimal")
    if concise:
        last = number.as_tuple().exponent
        digits_of_error = error.scaleb(-int(last)) if int(last) < 0 else error
        text = f"{plain}({numbers.written(digits_of_error.to_integral_value())})"
    else:
        text = f"{plain}{NBSP}±{NBSP}{numbers.written(error)}"
        if bracketed or exponent is not None or style in ("percent", "permille"):
            text = f"({text})"
    if style in ("percent", "permille"):
        text = numbers.written(number, style).replace(plain, text)
    return Printed(text, number, exponent)


def _rounded(value: Decimal, error: Decimal, digits: int | None) -> tuple[Decimal, Decimal]:
    """Return an uncertainty with its significant digits, and the value to the same place."""
    if digits is None:
        first = int(significant(error, 3).scaleb(2 - significant(error, 3).adjusted()))
        digits = 1 if _TWO_UP_TO < first <= _ONE_UP_TO else 2
    kept = significant(error, digits)
    places = digits - 1 - kept.adjusted()
    return round(value, places), round(kept, places)


def _written_out(number: Decimal) -> Decimal:
    """Return a number whose last digit is left of the units with its zeros: 12300, not 1.23e4."""
    whole = int(number.as_tuple().exponent) > 0
    return number.quantize(Decimal(1), context=_EXACT) if whole else number
