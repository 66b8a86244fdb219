"""Numbers and days that a file of data writes in a way that no program reads as such."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

__all__ = ["Unread", "is_plain_number", "unread"]

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_DIGITS = r"[+-]?\d{1,3}(?:([,.' ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?|[+-]?\d+(?:[.,]\d+)?"
_CHINESE = "〇零一二三四五六七八九十百千万亿兆两"
# How a cell may look, in the usual characters, and what is to be written instead.
_FORMS = {
    rf"(?:{_DIGITS})\s*[%‰]": "write the share itself, as 0.37 for 37%, and `style: percent`",
    r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d{1,3}(?:[' ]\d{3})+(?:[.,]\d+)?": "write the number "
    "without separators of thousands, as 1234567",
    r"[+-]?\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|[+-]?\d{1,3}(?:\.\d{3})+,\d+": "write the number "
    "without separators of thousands, and with a decimal point, as 1234.5",
    r"[+-]?\d+,\d+": "write a decimal point, as 1.5",
    r"[+-]?\d{19,}": "it has more digits than a number keeps: round it, as 1.23e19",
    rf"\d+(?:\.\d+)?[{_CHINESE}]+|[{_CHINESE}]*[十百千万亿兆][{_CHINESE}]+": "write it in digits, "
    "as 370000",
    r"[$€£¥₹]\s*[+-]?\d[\d,.]*|[+-]?\d[\d,.]*\s*[$€£¥₹元]": "write the number alone, and the "
    "currency into the head of the column",
    r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./]\d{1,2}[./]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日": "write "
    "a day as 2026-02-28",
}
_ASCII = "write it in the digits and signs of a keyboard, as -37.5: "
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_UNIT = re.compile(r"[+-]?\d[\d,.]*\s*(\D*\D)")

# The place of a cell among others, the cell, and what to do about it.
Unread = tuple[int, str, str]


def is_plain_number(cell: object) -> bool:
    """Tell whether a cell is a text that a program reads as a number."""
    return isinstance(cell, str) and _PLAIN.fullmatch(cell.strip()) is not None


def unread(cells: Sequence[object]) -> Unread | None:
    """Return the first text of a column that was meant as a number or a day; None for none.

    Examples
    --------
    >>> unread(["12", "1,5"])
    (1, '1,5', 'write a decimal point, as 1.5')
    >>> unread(["Rome", "2-propanol"])
    """
    texts = [(at, cell) for at, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()]
    for at, cell in texts:
        if hint := _hint(cell):
            return at, cell, hint
    return _mixed(texts) or _with_unit(texts)


def _hint(cell: str) -> str | None:
    usual = unicodedata.normalize("NFKC", cell).replace("−", "-").replace("’", "'").strip()
    for form, hint in _FORMS.items():
        if re.fullmatch(form, usual):
            return hint
    if _DAY.fullmatch(usual) and not _is_day(usual):
        return "there is no such day: correct it"
    is_other = _PLAIN.fullmatch(usual) and not is_plain_number(cell)
    return f"{_ASCII}it has others that only look like them" if is_other else None


def _is_day(cell: str) -> bool:
    try:
        return bool(date.fromisoformat(cell))
    except ValueError:
        return False


def _mixed(texts: Sequence[tuple[int, str]]) -> Unread | None:
    """Return the first text beside numbers."""
    others = [(at, cell) for at, cell in texts if not is_plain_number(cell)]
    if not others or len(others) == len(texts):
        return None
    at, cell = others[0]
    return at, cell, "other cells of the column are numbers: correct it, or leave it empty"


def _with_unit(texts: Sequence[tuple[int, str]]) -> Unread | None:
    """Return the first of several numbers that have one unit behind them."""
    found = [_UNIT.fullmatch(cell.strip()) for _, cell in texts]
    units = {match[1].strip() for match in found if match}
    if not texts or not all(found) or len(units) > 1 or len(texts) == 1:
        return None
    return *texts[0], "write the number alone, and the unit into the head of the column"
