"""Numbers rounded together, so that what they add up to is what they are printed to add up to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Context, Decimal, localcontext

__all__ = ["rounded_together"]

# More digits than any float has.
_PRECISION = 400


def rounded_together(values: Sequence[Decimal], decimals: int, total: Decimal) -> list[Decimal]:
    """Return values rounded to so many decimals that add up to the rounded total.

    By the largest remainder (Hamilton): all are rounded down, and what is lacking goes to those of
    which most was cut off, the first one where two are alike. Each is less than one unit of the
    last place from what it was.
    """
    with localcontext(Context(prec=_PRECISION)):
        step = Decimal(1).scaleb(-decimals)
        floors = [value.quantize(step, ROUND_FLOOR) for value in values]
        lacking = int((round(total, decimals) - sum(floors)) / step)
        cut = sorted(range(len(values)), key=lambda place: floors[place] - values[place])
        return [
            floor + step if place in cut[:lacking] else floor for place, floor in enumerate(floors)
        ]
