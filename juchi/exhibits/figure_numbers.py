"""Numbers that Matplotlib writes into a figure, as the language of the figure prints them.

Matplotlib writes them with a decimal point. What authors write themselves stays as it is: they have
`Drawing.numbers` for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from babel.numbers import get_decimal_symbol
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import (
    FormatStrFormatter,
    Formatter,
    LogFormatter,
    LogitFormatter,
    PercentFormatter,
    ScalarFormatter,
    StrMethodFormatter,
)

from juchi.prose.formats import MINUS, NumberFormat

__all__ = ["localized", "localized_tick", "written_by_matplotlib"]

# Those whose labels hold nothing but numbers, with what goes before and behind.
_OF_NUMBERS = (
    FormatStrFormatter,
    LogFormatter,
    LogitFormatter,
    PercentFormatter,
    ScalarFormatter,
    StrMethodFormatter,
)
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?(?P<percent>\s?%)?(?![\d.,])"
)
# Four digits may be a year, which nobody groups.
_LONGEST_YEAR = 4


def localized(text: str, numbers: NumberFormat) -> str:
    """Return a text with its numbers, written with a decimal point, as a language prints them.

    Examples
    --------
    >>> localized("−1.50", NumberFormat("de_DE", ", "))
    '−1,50'
    >>> localized("2000", NumberFormat("de_DE", ", ")), localized("20000", NumberFormat("de", ", "))
    ('2000', '20.000')
    """

    def printed(match: re.Match[str]) -> str:
        whole, decimals = match["whole"].replace(",", ""), match["decimals"]
        if whole.startswith("00"):
            return match[0]
        number = Decimal(f"{whole}.{decimals}" if decimals else whole)
        if match["percent"]:
            return numbers.written(number, "percent")
        if len(whole) > _LONGEST_YEAR or "," in match["whole"]:
            return numbers.written(number)
        return match[0].replace(".", get_decimal_symbol(numbers.locale))

    return _NUMBER.sub(printed, text)


def localized_tick(label: str, place: float, formatter: Formatter, numbers: NumberFormat) -> str:
    """Return the label of a tick; one that its author wrote, if it is the number of its place."""
    is_number = isinstance(formatter, _OF_NUMBERS) or _is_said(label, place)
    return localized(label, numbers) if is_number else label


def _is_said(label: str, value: float) -> bool:
    """Tell whether a label, read with a decimal point, is a value or its hundredfold in percent."""
    match = _NUMBER.fullmatch(label.lstrip(f"+-{MINUS}"))
    if not match:
        return False
    decimals = match["decimals"] or ""
    said = float(f"{match['whole'].replace(',', '')}.{decimals or 0}")
    scales = (1, 100) if match["percent"] else (1,)
    half = 0.5 * 10 ** -len(decimals) * (1 + 1e-9)
    return any(abs(said - abs(value) * scale) <= half for scale in scales)


def written_by_matplotlib(figure: Figure) -> Iterator[Text]:
    """Yield the numbers beside contours and bars that are written as they are."""
    for contours in figure.findobj(ContourSet):
        yield from getattr(contours, "labelTexts", [])
    for axes in figure.findobj(Axes):
        bars = [each for each in axes.containers if isinstance(each, BarContainer)]
        values = [value for each in bars for value in np.asarray(each.datavalues, float).ravel()]
        for text in axes.texts:
            if any(_is_said(text.get_text(), value) for value in values):
                yield text
