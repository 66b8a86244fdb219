"""Dates of CSL-JSON: those of the calendar, which citeproc prints whether they exist or not."""

from __future__ import annotations

import calendar
import re

from juchi.prose.csl_names import DATE_PARTS

__all__ = ["EDTF", "follows_the_calendar", "is_date"]

# A date as BibLaTeX and CSL have it in one text.
EDTF = r"-?\d{4}(?:-\d{2}(?:-\d{2}(?:T\S+)?)?)?"
_RAW = re.compile(
    rf"{EDTF}[~?%]?(?:/{EDTF}[~?%]?)?|[^\d/]+(?:(?:\d\d?, )?\d{{4}})?|\d{{4}}", re.ASCII
)
# What stands in the place of a month: the seasons, as CSL 1.0.1 and as EDTF counts them.
_SEASONS = (*range(13, 17), *range(21, 25))


def is_date(value: object) -> bool:
    """Tell whether a value is a date of CSL that is printed as it is meant."""
    if not isinstance(value, dict) or not value or not set(value) <= DATE_PARTS:
        return False
    words = [value[name] for name in ("literal", "raw") if name in value]
    if not all(isinstance(text, str) and text.strip() for text in words):
        return False
    if "raw" in value and not _RAW.fullmatch(value["raw"]):
        return False
    parts = value.get("date-parts")
    return bool(words) if parts is None else _are_dates(parts)


def _are_dates(parts: object) -> bool:
    """Tell whether these are the numbers of a date, or of the first and the last one of several."""
    if not isinstance(parts, list) or len(parts) not in {1, 2}:
        return False
    if not all(isinstance(date, list) and _are_numbers(date) for date in parts):
        return False
    return follows_the_calendar([[int(str(part)) for part in date] for date in parts])


def _are_numbers(date: list[object]) -> bool:
    return len(date) in {1, 2, 3} and all(re.fullmatch(r"-?\d+", str(part)) for part in date)


def follows_the_calendar(dates: list[list[int]]) -> bool:
    """Tell whether there are such days, and the second of two is not before the first.

    Examples
    --------
    >>> follows_the_calendar([[2024, 2, 29]]), follows_the_calendar([[2023, 2, 29]])
    (True, False)
    """
    if dates[1:] == [[0]]:  # open, as 1990–
        return _exists(*dates[0])
    # Seasons tell no order: winter is at both ends of a year.
    years = [date[: 1 if any(part in _SEASONS for part in date[1:2]) else 3] for date in dates]
    common = min(map(len, years))
    return all(_exists(*date) for date in dates) and years[0][:common] <= years[-1][:common]


def _exists(year: int, month: int = 1, day: int | None = None) -> bool:
    if year == 0:
        return False
    if month in _SEASONS:
        return day is None
    if not 1 <= month <= 12:  # noqa: PLR2004 - of the calendar
        return False
    leaps = month == 2 and calendar.isleap(year + (year < 0))  # noqa: PLR2004
    return day is None or 1 <= day <= calendar.monthrange(2001, month)[1] + leaps
