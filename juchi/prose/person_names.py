"""Names as authors write them, Chinese catalogues above all: countries, ages, wide commas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["several_in_one", "without_country", "without_field_countries"]

# `[美]` and `（清）` before a name, and behind it of one character: `（武汉）` is of a university.
_BEFORE = r"[\[［（(【〔][\u4e00-\u9fff]{1,3}[\]］）)】〕]\s*"
_BEHIND = r"\s*[\[［（(【〔][\u4e00-\u9fff][\]］）)】〕]"
_COUNTRY = re.compile(rf"^\s*{_BEFORE}(?=\S)|(?<=\S){_BEHIND}\s*$")
_IN_FIELD = re.compile(
    rf"(?:(?<=[{{\"])|(?<=\sand))(?P<gap>\s*){_BEFORE}(?=[^\s,])|{_BEHIND}(?=\s*[}}\"]|\s+and\s)"
)
# By which DBLP tells persons of one name apart.
_COUNTED = re.compile(r"(?<=[^\W\d_]|\.)\s+0\d{3}(?=\s*[}\"]|\s+and\s)")
_LISTED = re.compile("[;；，、]")
# A family and a given name that a wide comma parts.
_PAIR = re.compile(r"[\u4e00-\u9fff]{1,3}[，、][\u4e00-\u9fff]{1,3}")


def without_country(name: str) -> str:
    """Return a name without the country or the age that Chinese catalogues put before it.

    Examples
    --------
    >>> without_country("[美] 卡森"), without_country("蕾切尔·卡森（美）")
    ('卡森', '蕾切尔·卡森')
    """
    return _COUNTRY.sub("", name).strip()


def without_field_countries(field: str) -> str:
    """Return a field of names of BibTeX without their countries and the numbers of DBLP.

    Examples
    --------
    >>> without_field_countries("{[美] 卡森, R. and [英] 昂温, P. S.}")
    '{卡森, R. and 昂温, P. S.}'
    """
    return _COUNTED.sub("", _IN_FIELD.sub(lambda match: match["gap"] or "", field))


def several_in_one(name: Mapping[str, Any]) -> str | None:
    """Return the sign in a name that parts several, or the parts of one, if there is any."""
    if "literal" in name:
        pair = _PAIR.fullmatch(str(name["literal"]))
        found = _LISTED.search(pair[0]) if pair else None
    else:
        found = _LISTED.search(" ".join(map(str, name.values())))
    return found[0] if found else None
