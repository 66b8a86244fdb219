"""Dates in BibTeX that Pandoc passes over in silence: read as they are meant, or refused."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any

from juchi.core.errors import UserError
from juchi.prose.csl_dates import EDTF, follows_the_calendar

__all__ = ["MONTHS", "dated"]

# What CSL calls the fields of dates.
_DATES = {
    **{"date": "issued", "urldate": "accessed"},
    **{"origdate": "original-date", "eventdate": "event-date"},
}
_FULL = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
# The macros of BibTeX.
MONTHS = tuple(name[:3] for name in _FULL)
# What Pandoc reads. A mark of doubt is lost there.
_KNOWN = re.compile(rf"{EDTF}[~?%]?(?:/{EDTF}[~?%]?)?", re.ASCII)
_OPEN = re.compile(r"(-?\d{4})/(?:\.\.)?|(?:\.\.)?/(-?\d{4})")
_DOUBTED = re.compile(r"[?%]")
_DAY = re.compile(
    r"(-?\d{4})(?P<sign>[-./])(\d{1,2})(?P=sign)(\d{1,2})(?:[ T]\d\d?:\d\d(?::\d\d)?)?"
)
_MONTH = re.compile(r"(\d{4})[-.](\d{1,2})")
_CHINESE = re.compile(r"(\d{4})(?:\s?年(?:\s?(\d{1,2})\s?月)?(?:\s?(\d{1,2})\s?日)?)?")
# `{mar # "~5"}`, as BibTeX itself has a day, and names of months with what parts them.
_NAMED = re.compile(r"([A-Za-z]{3,9})\.?(?:[\s~]*(\d{1,2}))?(?:\s*[-–/]+\s*([A-Za-z]{3,9})\.?)?")
_YEARS = re.compile(r"(\d{4})\s*(?:--?|[–/])\s*(\d{4})")
_WORDS = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*\.?")
_UNDATED = re.compile(r"n\.?\s?d\.?|no date|无日期|o\.\s?J\.", re.IGNORECASE)
# As CSL counts them.
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_MACRO = re.compile(r"[A-Za-z][\w:.+/-]*")


def dated(item: dict[str, Any], fields: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return a work with all dates of its entry.

    Parameters
    ----------
    item
        The work as Pandoc has read it.
    fields
        The fields of the entry by their names: where each stands, and its value as it is written.

    Raises
    ------
    UserError
        For a date that cannot be read.
    """
    filled = {name: value for name, value in fields.items() if not _is_empty(value[1])}
    done = _without_empty(item, fields.keys() - filled.keys(), filled)
    return _with_dates(done, filled)


def _with_dates(done: dict[str, Any], fields: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    for field, variable in (*_DATES.items(), ("year", "issued")):
        place, text = _given(fields, field)
        if not text or (field == "year" and "date" in fields):
            continue
        if variable not in done or not _KNOWN.fullmatch(text):
            done[variable] = (_year if field == "year" else _read)(text, place, field)
        elif _DOUBTED.search(text):
            done[variable] = {**done[variable], "circa": True}
    place, text = _given(fields, "month")
    if text and "date" not in fields and len(_parts(done)) == 1:
        text = f"{text} {_given(fields, 'day')[1]}".strip()
        done["issued"] = {"date-parts": _with_month(_parts(done)[0], text, place)}
    if text and not {"date", "year", "pubstate"} & fields.keys():
        raise _unread(place, text, "a month with its year", "write year = 2024 as well")
    _refuse_impossible(done, fields)
    if "status" in done and not _has_date(done, "issued"):
        done["issued"] = {"literal": done["status"]}
    if "literal" in done.get("issued", {}):
        # It stands where the year would: some styles print no status, others would print both.
        done.pop("status", None)
    return done


def _is_empty(raw: str) -> bool:
    return not re.sub(r"[{}\"#\s]", "", raw)


def _without_empty(
    item: dict[str, Any], empty: Container[str], filled: Container[str]
) -> dict[str, Any]:
    """Return a work without the dates of empty fields, which Pandoc takes for the year 0."""
    lost = {variable for field, variable in _DATES.items() if field in empty}
    if "year" in empty and "date" not in filled:
        lost.add("issued")
    return {name: value for name, value in item.items() if name not in lost}


def _refuse_impossible(item: Mapping[str, Any], fields: Mapping[str, tuple[str, str]]) -> None:
    """Refuse days that there are not, and two years for one work."""
    for field, variable in _DATES.items():
        dates = item.get(variable, {}).get("date-parts", [])
        sources = ("date", "day", "year") if field == "date" else (field,)
        source = next((each for each in sources if _given(fields, each)[1]), None)
        if not dates or source is None or (follows_the_calendar(dates) and not _is_beyond(dates)):
            continue
        swapped = follows_the_calendar(dates[::-1])
        expected = "the earlier of two dates first" if swapped else "a day that there is"
        raise _unread(*_given(fields, source), f"{expected}, as 2024-03-05", f"correct {source}")
    place, year = _given(fields, "year")
    years = [date[0] for date in _parts(item)]
    if "date" in fields and year.isdigit() and years and int(year) not in years:
        hint = "leave one of the two fields out: date is the one that counts"
        raise _unread(place, year, f"the year of date, {years[0]}", hint)


def _is_beyond(dates: list[list[int]]) -> bool:
    """Tell whether a month is that of a season of CSL-JSON, which BibTeX counts from 21."""
    return any(len(MONTHS) < date[1] < min(_SEASONS.values()) for date in dates if date[1:])


def _given(fields: Mapping[str, tuple[str, str]], name: str) -> tuple[str, str]:
    """Return where a field stands, and its value without what encloses it; empty for a macro."""
    place, raw = fields.get(name, ("", ""))
    raw = " ".join(raw.split())
    is_macro = _MACRO.fullmatch(raw) and raw.lower() not in MONTHS
    return place, "" if is_macro else re.sub(r"[{}\"#]", "", raw).strip()


def _has_date(item: Mapping[str, Any], variable: str) -> bool:
    value = item.get(variable, {})
    return bool(value.get("literal") or any(value.get("date-parts", [])))


def _parts(item: Mapping[str, Any]) -> list[list[int]]:
    parts: list[list[int]] = item.get("issued", {}).get("date-parts", [])
    return parts


def _read(text: str, place: str, field: str) -> dict[str, Any]:
    if ends := _OPEN.fullmatch(text):
        return {"literal": f"{ends[1] or ''}–{ends[2] or ''}"}
    day = _DAY.fullmatch(text)
    found = [day[1], day[3], day[4]] if day else []
    for form in (_CHINESE, _MONTH):
        if match := form.fullmatch(text):
            found = [part for part in match.groups() if part]
    numbers = [int(part) for part in found]
    if not numbers or not follows_the_calendar([numbers]):
        hint = f"write {field} = {{2024-03-05}}, or 2024-03, or 2024"
        if field == "date" and _WORDS.fullmatch(text):
            hint = f"write pubstate = {{{text}}} instead"
        raise _unread(place, text, "a date, as 2024-03-05, or two with / between", hint)
    return {"date-parts": [numbers]}


def _year(text: str, place: str, field: str) -> dict[str, Any]:
    if _UNDATED.fullmatch(text):
        hint = "leave year out: the style says what it says of works without a date"
        raise _unread(place, text, "a year", hint)
    if years := _YEARS.fullmatch(text):
        return {"date-parts": [[int(years[1])], [int(years[2])]]}
    if any(form.fullmatch(text) for form in (_OPEN, _DAY, _CHINESE)):
        return _read(text, place, field)
    if not re.search(r"\d", text):
        return {"literal": text}
    hint = (
        "write the year alone, in four digits; date = {1900~} is about 1900, "
        "date = {2020/2021} two years, date = {-0043} is 44 BC"
    )
    raise _unread(place, text, "a year, as 2024", hint)


def _with_month(year: list[int], text: str, place: str) -> list[list[int]]:
    """Return the date of a year with the months, or the day, that a field names."""
    if len(year) > 1:
        if year[1] > len(MONTHS):
            raise _unread(place, text, "a month, as mar or 3", "correct the month")
        return [year]
    if season := _SEASONS.get(text.lower()):
        return [[*year, season]]
    match = _NAMED.fullmatch(re.sub(r"^(\d{1,2})[.\s~]+([A-Za-z]+)$", r"\2 \1", text))
    names = [match[1], match[3]] if match else []
    months = [MONTHS.index(name[:3].lower()) + 1 for name in names if name and _is_month(name)]
    if match is None or len(months) != len(list(filter(None, names))):
        hint = "write month = mar, or date = {2024-03-05}; date = {2024-07/2024-08} is two months"
        raise _unread(place, text, "a month, as mar or 3", hint)
    day = [int(match[2])] if match[2] and len(months) == 1 else []
    return [[*year, month, *day] for month in months]


def _is_month(name: str) -> bool:
    return any(month.startswith(name.lower()) for month in _FULL)


def _unread(place: str, found: str, expected: str, hint: str) -> UserError:
    return UserError(place, repr(found), expected, hint)
