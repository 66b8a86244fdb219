"""Numbers as a language prints them."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from decimal import Context, Decimal, localcontext

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, format_percent, get_decimal_symbol
from markupsafe import Markup

from juchi.core.errors import UnplacedError, UserError
from juchi.prose.printed import CODE, MINUS, NBSP, Html, Printed
from juchi.results.units import Unit

__all__ = [
    "MINUS",
    "NBSP",
    "SCALES",
    "NumberFormat",
    "exact",
    "is_raised",
    "require_year",
    "significant",
    "significant_digits",
]

# More digits than the largest float has, with its decimals, when it is written out.
_PRECISION = 400
# Below this a probability has more zeros than a reader counts.
TINY = 0.001
# Below this any other number has.
_TINIER = 1e-6
# By how many places a style moves the point.
SCALES = {"percent": 2, "points": 2, "permille": 3, "fixed": 0}
# Where CLDR 48 groups digits by three from five digits on, and from six on; else from four on.
_FROM_FIVE = (
    "be be_BY be_TARASK bg bg_BG es es_EA es_ES es_GQ es_IC es_PH et et_EE hu hu_HU hy hy_AM ia "
    "ia_001 ie ie_EE it it_CH it_IT it_SM it_VA ka ka_GE lv lv_LV pl pl_PL pt_CH pt_CV pt_GQ pt_GW "
    "pt_LU pt_MO pt_MZ pt_PT pt_ST pt_TL ru_UA sl sl_SI sq sq_AL sq_MK sq_XK"
)
_FROM_SIX = "ee ee_GH ee_TG"
# Four digits are read at a glance, and science does not group them in these languages.
_READ_AT_A_GLANCE = ("en", "zh")
_GROUPED = re.compile(r"[#,]*0")


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
        return CODE.number(self.printed(value, style, digits))

    def html(self, value: float, style: str, digits: int | None) -> Markup:
        """Return a number as HTML, with a raised exponent."""
        return Html().number(self.printed(value, style, digits))

    def printed(
        self, value: float, style: str = "decimal", digits: int | None = None, *, sign: bool = False
    ) -> Printed:
        """Return a number, rounded as its style wants it.

        Parameters
        ----------
        value
            A finite number.
        style, digits
            As ``config/facts.yaml`` declares them.
        sign
            Whether a number above zero has a plus.

        Raises
        ------
        UnplacedError
            Where a year is no whole number, or digits are said of it.
        """
        if style == "year":
            require_year(value, digits)
        with localcontext(Context(prec=_PRECISION)):
            if is_raised(value, style):
                return self._scientific(value, digits, sign)
            number = exact(value).scaleb(SCALES.get(style, 0))
            if style in ("points", "year"):
                number = round(number, digits or 0)
            elif style in SCALES:
                number = number.normalize() if digits is None else round(number, digits)
            elif digits is not None:
                number = significant(value, digits)
            return Printed(self.written(number, style, sign=sign), number)

    def written(self, number: Decimal, style: str = "decimal", *, sign: bool = False) -> str:
        """Return a number with all of its decimals; one of percent is a hundred for the whole.

        What has been rounded to nothing has no sign.
        """
        with localcontext(Context(prec=_PRECISION)):
            number = abs(number) if number == 0 else number
            if style in ("percent", "permille"):
                # CLDR's own pattern sets the sign and the space before it.
                pattern = self.locale.percent_formats[None].pattern
                pattern = pattern.replace("%", "‰") if style == "permille" else pattern
                pattern = self._pattern(pattern, number, style)
                share = number.scaleb(-SCALES[style])
                text = format_percent(share, format=pattern, locale=self.locale)
            else:
                whole = self.locale.decimal_formats[None].pattern.partition(".")[0]
                pattern = self._pattern(whole, number, style)
                text = format_decimal(number, format=pattern, locale=self.locale)
        return ("+" if sign and number > 0 else "") + str(text).replace("-", MINUS)

    def _pattern(self, pattern: str, number: Decimal, style: str) -> str:
        """Return CLDR's pattern with the decimals of a number, and grouped only if that is so."""
        grouped = abs(number) >= 10 ** (2 + self._ungrouped(style))
        return _GROUPED.sub(
            lambda match: (match[0] if grouped else "0") + _zeros(number), pattern, count=1
        )

    def _ungrouped(self, style: str) -> float:
        """Return how many digits a number has to have before the group of three for it to count."""
        if style in ("points", "year"):
            return math.inf
        name = str(self.locale)
        least = 3 if name in _FROM_SIX.split() else 2 if name in _FROM_FIVE.split() else 1
        if self.locale.language in _READ_AT_A_GLANCE and style in ("decimal", "fixed"):
            return max(2, least)
        return least

    def with_pattern(self, unit: Unit) -> Unit:
        """Return a unit with the language's way to write it: 5% in English, 5 % in German."""
        if not unit.is_per_cent:
            return unit
        pattern = _GROUPED.sub("0", self.locale.percent_formats[None].pattern, count=1)
        return replace(unit, pattern=pattern.replace("%", unit.factors[0].symbol))

    def plural(self, number: Decimal) -> str:
        """Return the plural category of a number as it is printed."""
        return str(self.locale.plural_form(number))

    def _scientific(self, value: float, digits: int | None, sign: bool) -> Printed:
        """Return mantissa and exponent; no mantissa for a power of ten that was declared one."""
        number = exact(value) if digits is None else significant(value, digits)
        exponent = number.adjusted()
        mantissa = number.scaleb(-exponent)
        if digits is None and mantissa == 1 and not sign:
            return Printed("", number, exponent)
        point = get_decimal_symbol(self.locale)
        text = str(mantissa).replace(".", point).replace("-", MINUS)
        return Printed(("+" if sign and number > 0 else "") + text, number, exponent)


def require_year(value: float, digits: int | None) -> None:
    """Refuse a year that is no whole number, and digits for one."""
    if digits is not None or not float(value).is_integer():
        raise UnplacedError(
            f"{value!r} in the style year"
            + (f" with {digits} digits" if digits is not None else ""),
            "a whole number, as 1875, and no digits",
            "take the digits out, or choose another style",
        )


def is_raised(value: float, style: str) -> bool:
    """Return whether a number is printed with a power of ten: one without a style if it is tiny."""
    if style == "scientific":
        return value != 0
    limit = {"probability": TINY, "decimal": _TINIER}.get(style, 0)
    return 0 < abs(value) < limit


def exact(value: float | Decimal) -> Decimal:
    """Return a number as its shortest decimal form says it; NaN and infinity are refused."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number to print")
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def significant(value: float | Decimal, digits: int) -> Decimal:
    """Return a number with so many significant digits."""
    digits = max(1, digits)  # no number but zero can be told with none
    # Rounded first, since 9.996 becomes 10.0: its last digit then stands one place further left.
    number = Context(prec=digits).create_decimal(exact(value))
    if number == 0:
        return Decimal(0)
    return round(number, digits - 1 - number.adjusted())


def significant_digits(value: float) -> int:
    """Return how many significant digits the shortest form of a number has."""
    return len(exact(value).normalize().as_tuple().digits)


def _zeros(number: Decimal) -> str:
    """Return the part of a number pattern that keeps every decimal of a number."""
    exponent = number.as_tuple().exponent
    return "." + "0" * -exponent if isinstance(exponent, int) and exponent < 0 else ""
